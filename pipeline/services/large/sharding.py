"""A file's typed rows into shards: made part by part, so that all of them are never in hand at once.

Patients are numbers there, in the order in which the files name them: who a number is, only the process that read the
file knows. Ids of events are made before, from what the clinic wrote.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import per_row
from pipeline.contract import Product, Role
from pipeline.executing import Kept
from pipeline.ingestion.dataset import Dataset, RowsInParts
from pipeline.ingestion.event_id import EVENT_ID, ids_of_parts, with_event_ids
from pipeline.shards import store
from pipeline.shards.layout import ROWS_OF_A_SHARD, shard_of, shard_of_numbers
from pipeline.shards.store import ShardedRows


@dataclass(frozen=True, eq=False)
class ToCut:
    """Rows of a file that go into shards. `patients` (int32 per usable row): whose each is, as a number over the files
    of one piece of work, -1 where nobody's; None where the product has no patients. `chosen`: the places of those that
    go, among the usable ones; None: all do.
    """

    dataset: Dataset
    patients: np.ndarray | None
    chosen: np.ndarray | None = None

    def __len__(self) -> int:
        return len(RowsInParts.of(self.dataset).usable) if self.chosen is None else len(self.chosen)

    def of(self, places: np.ndarray | slice) -> np.ndarray:
        """Places among those that go as places among the usable ones."""
        if self.chosen is not None:
            return self.chosen[places]
        return np.arange(places.start, places.stop) if isinstance(places, slice) else places


def to_cut(datasets: Sequence[Dataset], product: Product) -> list[ToCut]:
    """All rows of several files, their patients numbered in the order in which the files name them."""
    field = product.by_role(Role.PATIENT)
    if field is None:
        return [ToCut(dataset, None) for dataset in datasets]
    known, count, found = [pa.array([], pa.string())], 0, []
    for dataset in datasets:
        codes, labels = RowsInParts.of(dataset).codes(field.key)
        places = pc.index_in(labels, value_set=pa.chunked_array(known))
        new = places.is_null()
        numbers = pc.fill_null(places, -1).to_numpy(zero_copy_only=False).astype(np.int32)
        numbers[numbers < 0] = count + np.arange(np.count_nonzero(numbers < 0))
        known.append(labels.filter(new))
        count += len(known[-1])
        found.append(ToCut(dataset, per_row.spread(np.append(numbers, np.int32(-1)), codes)))
    return found


def of_patients(past: ToCut, rows: ToCut) -> ToCut:
    """Those of a past's rows that are of a patient of the rows: of no other does a row's risk ask more than counts."""
    if past.patients is None or rows.patients is None:
        return past
    last = max(int(numbers.max(initial=-1)) for numbers in (past.patients, rows.patients))
    named = np.zeros(last + 2, dtype=np.bool_)
    for block in per_row.blocks(len(rows.patients)):
        named[rows.patients[block]] = True
    named[-1] = False  # nobody's number
    return ToCut(past.dataset, past.patients, per_row.places_of(per_row.spread(named, past.patients)))


def in_shards(kept: Kept, name: str, cut: ToCut, product: Product, number: int) -> ShardedRows:
    """The typed rows of a file, with their `event_id`, in `number` shards; those that an earlier run wrote, if any."""
    address = str(kept.place(name))
    found = store.opened(address)
    if found is not None:
        return found
    parts, field = RowsInParts.of(cut.dataset), product.by_role(Role.PATIENT)
    shards, events = _layout(cut, product, number)

    def frame(shard: int) -> pd.DataFrame:
        places = cut.of(np.flatnonzero(shards == shard))
        rows = parts.some(places)
        rows = with_event_ids(rows, product) if events is None else rows.assign(**{EVENT_ID: events[places]})
        if field is None or cut.patients is None:
            return rows
        return rows.assign(**{field.key: _as_texts(cut.patients[places], rows.index)})

    return store.written(address, product, cut.dataset.raw.sha256, number, frame)


def _as_texts(patients: np.ndarray, index: pd.Index) -> pd.Series:
    """Patients as the texts of their numbers, a category."""
    known = patients >= 0
    numbers, places = np.unique(patients[known], return_inverse=True)
    codes = np.full(len(patients), -1)
    codes[known] = places
    names = pd.Index([f"n{one}" for one in numbers.tolist()], dtype="str")
    return pd.Series(pd.Categorical.from_codes(codes, categories=names), index=index)


def _layout(cut: ToCut, product: Product, number: int) -> tuple[np.ndarray, np.ndarray | None]:
    """The shard of each row that goes; and the ids of the events of usable rows where equal ones may lie anywhere."""
    parts = RowsInParts.of(cut.dataset)
    if cut.patients is None:
        events = ids_of_parts(_in_file_order(parts), product, len(parts.usable))
        rows = pd.DataFrame({"row": parts.sheet.rows[parts.usable], EVENT_ID: events})
        return shard_of(rows, product, number), events
    patients = cut.patients

    def of_block(block: slice) -> np.ndarray:
        places = cut.of(block)
        return shard_of_numbers(patients[places], parts.sheet.rows[parts.usable[places]], number)

    return per_row.made(len(cut), np.uint16, of_block), None


def _in_file_order(parts: RowsInParts) -> Iterator[pd.DataFrame]:
    for start in range(0, max(1, len(parts.usable)), ROWS_OF_A_SHARD):
        yield parts.some(np.arange(start, min(start + ROWS_OF_A_SHARD, len(parts.usable))))
