"""The rows of data sets of a workspace cut into shards: as `sharding` cuts a file's, of rows that rest already.

They are mapped column by column and shards are taken of them, so that no more than a column of all rows, or a shard of
them, is in hand. Patients are the workspace's own pseudonyms; both rows and shards lie in a folder that goes with the
work.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline import per_row
from pipeline.contract import Product, Role
from pipeline.ingestion.event_id import EVENT_ID
from pipeline.services.data import series
from pipeline.shards import store
from pipeline.shards.layout import shard_of
from pipeline.shards.store import ShardedRows
from pipeline.workspace.storage.mapped import MappedFrame, MappedWriter
from pipeline.workspace.store import Workspace


@dataclass(frozen=True)
class KeptRows:
    """The rows of a data set, mapped: their places by shard, those of a shard in the order of the file, and where each
    shard begins among them.
    """

    frame: MappedFrame
    places: np.ndarray
    begin: np.ndarray

    @staticmethod
    def of(space: Workspace, dataset_id: str, product: Product, number: int, folder: Path) -> KeptRows:
        """Of a data set, written anew into a folder."""
        written(space, dataset_id, folder)
        return KeptRows.opened(folder, product, number)

    @staticmethod
    def opened(folder: Path, product: Product, number: int) -> KeptRows:
        """Of a folder that they were written into."""
        frame, field = MappedFrame.opened(folder), product.by_role(Role.PATIENT)
        asked = [name for name in ("row", EVENT_ID, field.key if field is not None else "") if name in frame.names]

        def shards(block: slice) -> np.ndarray:
            some = frame.some(np.arange(block.start, block.stop), asked, used=store.own_columns(product))
            return shard_of(some, product, number)

        of_row = per_row.made(frame.rows, np.min_scalar_type(number), shards)
        return KeptRows(frame, *per_row.grouped(of_row, number))

    def shard(self, number: int, product: Product) -> pd.DataFrame:
        """Its rows in the order of the file; those who are named are the shard's alone."""
        own = self.places[self.begin[number] : self.begin[number + 1]]
        return self.frame.some(own, used=store.own_columns(product))


def written(space: Workspace, dataset_id: str, folder: Path) -> None:
    """Writes the rows of a data set into a new folder, a column at a time."""
    folder.mkdir(mode=0o700)
    writer: MappedWriter | None = None
    for name in space.columns_of_rows(dataset_id):
        coded = space.coded_column(dataset_id, name)
        if coded is not None:
            writer = writer or MappedWriter(folder, len(coded.codes))
            writer.coded(name, coded)
            pa.default_memory_pool().release_unused()  # millions of names were read to be written down
            continue
        column = space.rows(dataset_id, [name])[name]
        writer = writer or MappedWriter(folder, len(column))
        writer.column(name, column)
    assert writer is not None, "rows have columns"
    writer.end({})


def in_shards(files: Sequence[KeptRows], product: Product, number: int, folder: Path) -> ShardedRows:
    """Rows of several files in shards, each appointment once: as the first that holds it has it. ValueError without
    any file.
    """

    def frame(shard: int) -> pd.DataFrame:
        found = series.each_once((one.shard(shard, product) for one in files), product)
        if found is None:
            raise ValueError("rows of no file have no shards")
        own = {key: found[key].cat.remove_unused_categories() for key in store.own_columns(product) if key in found}
        return found.assign(**own)

    return store.written(str(folder), product, "", number, frame)


def days_told(rows: ShardedRows, product: Product) -> pd.DataFrame:
    """The states of all rows and the days of their events, each pair once: what tells the day of a list."""
    told = (rows.read(shard, ["state", product.time.key]) for shard in range(rows.number))
    days = [one.assign(**{product.time.key: one[product.time.key].dt.normalize()}).drop_duplicates() for one in told]
    return pd.concat(days, ignore_index=True).drop_duplicates(ignore_index=True)
