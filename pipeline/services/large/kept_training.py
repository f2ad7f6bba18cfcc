"""The rows of a data set of the workspace, as a training asks for them: mapped column by column, and cut into shards.

No more than a column of all rows, or a shard of them, is in hand; the model has the bytes that the whole frame gives.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.contract import Product
from pipeline.executing import Kept
from pipeline.modeling.contacted import CONTACTED
from pipeline.records import Progress, note
from pipeline.services.data import contacted
from pipeline.services.large import kept_rows
from pipeline.services.large.spread import Doing
from pipeline.services.large.training import RowsInShards, ShareOfTraining
from pipeline.services.session import Permission, Session, needs
from pipeline.shards import store
from pipeline.shards.layout import number_for
from pipeline.shards.store import ShardedRows
from pipeline.workspace.storage.mapped import MappedFrame

_MAPPED, _ROWS = "mapped", "rows"  # names of results


class MappedRows:
    """Rows mapped from disk, as columns of all of them, with those marked whose patient was sought, if any was."""

    def __init__(self, frame: MappedFrame, declared: Product) -> None:
        self._frame, self._own = frame, store.own_columns(declared)
        self.sought: np.ndarray | None = None

    def __len__(self) -> int:
        return self._frame.rows

    def __contains__(self, key: object) -> bool:
        return key in self._frame.names or (key == CONTACTED and self.sought is not None)

    def __getitem__(self, key: str) -> pd.Series:
        if key == CONTACTED and self.sought is not None:
            return pd.Series(self.sought)
        return self._frame.some(np.arange(len(self)), [key], used=())[key]

    def some(self, places: np.ndarray) -> pd.DataFrame:
        """See large.training.RowColumns.some."""
        return self._frame.some(places, used=self._own)


@needs(Permission.CHANGE_MODELS)
def rows_of(
    session: Session,
    dataset_id: str,
    declared: Product,
    work: tuple[Kept, Doing],
    said: ShareOfTraining,
    number: int | None = None,
) -> RowsInShards:
    """The typed rows of a data set in shards (`number` of them, or as many as suit it) for a training; those that an
    earlier attempt wrote, where they are as it left them. Cancelled.
    """
    kept, doing = work
    number = number or number_for(doing.rows)
    said.of_shards(Progress(0.01, note("large.cutting", count=number), doing.rows))
    if not kept.sound(_MAPPED):
        kept_rows.written(session.workspace, dataset_id, kept.place(_MAPPED))
        kept.seal(_MAPPED)
    cut = _cut(kept, doing, declared, number)
    rows = MappedRows(MappedFrame.opened(kept.place(_MAPPED)), declared)
    sought = contacted.mask(session, dataset_id, rows, declared)
    rows.sought = sought if sought.any() else None
    said.of_shards(Progress(said.cut, note("large.cutting", count=number), doing.rows))
    return RowsInShards(rows, cut, kept, doing, said)


def _cut(kept: Kept, doing: Doing, declared: Product, number: int) -> ShardedRows:
    found = store.opened(str(kept.place(_ROWS))) if kept.sound(_ROWS) else None
    if found is not None:
        return found
    held = kept_rows.KeptRows.opened(kept.place(_MAPPED), declared, number)

    def frame(shard: int) -> pd.DataFrame:
        doing.check()
        rows = held.shard(shard, declared)
        own = [key for key in store.own_columns(declared) if key in rows]
        return rows.assign(**{key: rows[key].cat.remove_unused_categories() for key in own})

    cut = store.written(str(kept.place(_ROWS)), declared, "", number, frame)
    kept.seal(_ROWS)
    return cut
