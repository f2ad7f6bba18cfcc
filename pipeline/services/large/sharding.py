"""A file's typed rows into shards: made part by part, so that all of them are never in hand at once.

Patients are numbers there, in the order in which the files name them: who a number is, only the process that read the
file knows. Ids of events are made before, from what the clinic wrote.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.contract import Field, Product, Role
from pipeline.executing import Kept
from pipeline.ingestion.dataset import Dataset, RowsInParts
from pipeline.ingestion.event_id import EVENT_ID, ids_of_parts, with_event_ids
from pipeline.shards import store
from pipeline.shards.layout import ROWS_OF_A_SHARD, shard_of
from pipeline.shards.store import ShardedRows


@dataclass(frozen=True)
class Patients:
    """The numbers of patients, over the files of one piece of work: an index of their texts."""

    known: pd.Index

    @staticmethod
    def of(datasets: Sequence[Dataset], product: Product) -> Patients:
        """Of all that the files name, in their order."""
        field = product.by_role(Role.PATIENT)
        if field is None:
            return Patients(pd.Index([], dtype="str"))
        texts = [pd.Index(_texts(dataset, field), dtype="str") for dataset in datasets]
        return Patients(texts[0].append(texts[1:]).unique() if texts else pd.Index([], dtype="str"))

    def numbered(self, column: pd.Series) -> pd.Series:
        """A column of patients as the texts of their numbers, a category; the order of its categories is kept."""
        places = self.known.get_indexer(column.cat.categories)
        used = np.unique(column.cat.codes[column.cat.codes >= 0])
        codes = np.full(len(places) + 1, -1)  # the last one serves what is missing
        codes[used] = np.arange(len(used))
        names = pd.Index([f"n{place}" for place in places[used].tolist()], dtype="str")
        return pd.Series(pd.Categorical.from_codes(codes[column.cat.codes], categories=names), index=column.index)


def _texts(dataset: Dataset, field: Field) -> list[str]:
    labels = dataset.sheet.columns[field.key].labels
    return [] if labels is None else labels.to_pylist()


def in_shards(
    kept: Kept, name: str, dataset: Dataset, product: Product, patients: Patients, number: int
) -> ShardedRows:
    """The typed rows of a file, with their `event_id`, in `number` shards; those that an earlier run wrote, if any."""
    address = str(kept.place(name))
    found = store.opened(address)
    if found is not None:
        return found
    parts = RowsInParts.of(dataset)
    shards, events = _layout(parts, product, patients, number)

    def frame(shard: int) -> pd.DataFrame:
        places = np.flatnonzero(shards == shard)
        rows = parts.some(places)
        rows = with_event_ids(rows, product) if events is None else rows.assign(**{EVENT_ID: events[places]})
        field = product.by_role(Role.PATIENT)
        return rows if field is None else rows.assign(**{field.key: patients.numbered(rows[field.key])})

    return store.written(address, product, dataset.raw.sha256, number, frame)


def _layout(
    parts: RowsInParts, product: Product, patients: Patients, number: int
) -> tuple[np.ndarray, np.ndarray | None]:
    """The shard of each usable row; and the ids of their events where equal rows may lie anywhere."""
    numbers, field = parts.sheet.rows[parts.usable], product.by_role(Role.PATIENT)
    if field is not None:
        column = patients.numbered(parts.column(field.key))
        return shard_of(pd.DataFrame({"row": numbers, field.key: column}), product, number), None
    events = ids_of_parts(_in_file_order(parts), product, len(parts.usable))
    return shard_of(pd.DataFrame({"row": numbers, EVENT_ID: events}), product, number), events


def _in_file_order(parts: RowsInParts) -> Iterator[pd.DataFrame]:
    for start in range(0, max(1, len(parts.usable)), ROWS_OF_A_SHARD):
        yield parts.some(np.arange(start, min(start + ROWS_OF_A_SHARD, len(parts.usable))))
