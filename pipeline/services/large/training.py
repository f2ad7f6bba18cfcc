"""A model trained by shards: the rows of a file cut by patient, counted and turned into columns by workers.

What teaches is gathered in the order of the file, and the trainer goes on as of rows in hand: the model has the very
bytes of one that was trained on the whole file in memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import numpy as np
import pandas as pd

from pipeline.contract import Product
from pipeline.errors import PresencaError
from pipeline.executing import Kept, Task
from pipeline.ingestion.dataset import Dataset, RowsInParts
from pipeline.modeling.features.surroundings import Surroundings
from pipeline.modeling.file_rows import Counting, Making
from pipeline.records import Progress, note
from pipeline.services.large import sharding, train_shard
from pipeline.services.large.spread import Doing, Report
from pipeline.shards.layout import number_for
from pipeline.shards.store import ShardedRows

MODULES = (train_shard.__name__,)  # what the tasks of workers need
_PREPARED, _PREPARED_OF_ALL = 0.3, 0.05  # shares of the time when what teaches is gathered: of a part, of all rows
_CUT = 0.3  # of these, when rows are cut
_PASSES = 3  # over all shards before the first booster: counts, columns, columns as an earlier list saw them
_ALL_ROWS = 0.02  # share of a pass in which columns of all rows are made that teach
_PREPARING = 0.015  # of a training's own share: what it says before its rows are gathered


class ShareOfTraining:
    """Progress of the whole: what shards say, then what the trainer says, each in its share; it never goes back.

    `learns_all`: whether all rows are learnt from, which takes longer than all else.
    """

    def __init__(self, tell: Report | None, *, learns_all: bool = False) -> None:
        self._tell, self.share = tell or (lambda _: None), 0.0
        self._prepared = _PREPARED_OF_ALL if learns_all else _PREPARED
        self.cut = self._prepared * _CUT
        self._stage = ""  # which the trainer is at

    def until(self, number: int) -> float:
        """The share that is done after a pass over the shards, the first being 0."""
        if number < _PASSES:
            return max(self.share, self.cut + (self._prepared - self.cut) * (number + 1) / _PASSES)
        if self._stage == "training.past_risks":  # the last of all
            return max(self.share, 0.99)
        gathers = self._stage in ("training.recipe_of_part", "training.searching")
        return min(0.99, self.share + _ALL_ROWS) if gathers else self.share

    def of_shards(self, progress: Progress) -> None:
        """What is said while shards are worked on."""
        self._say(progress, progress.share)

    def of_trainer(self, progress: Progress) -> None:
        """What the trainer says: nothing of it counts before what teaches is gathered."""
        share = progress.share
        self._stage = getattr(progress.stage, "code", "")
        self._say(progress, self.share if share <= _PREPARING else self._prepared + (1 - self._prepared) * share)

    def _say(self, progress: Progress, share: float) -> None:
        self.share = max(self.share, round(share, 4))
        self._tell(Progress(self.share, progress.stage, progress.rows, progress.rounds, progress.best))


class RowColumns(Protocol):
    """The rows of a file as columns of all of them, and some of them whole: what is asked of `RowsInShards` beside its
    shards. See modeling.file_rows.FileRows.
    """

    def __len__(self) -> int:
        """How many there are."""
        ...

    def __contains__(self, key: object) -> bool:
        """Whether they have that column."""
        ...

    def __getitem__(self, key: str) -> pd.Series:
        """One column of all of them."""
        ...

    def some(self, places: np.ndarray) -> pd.DataFrame:
        """Those at these places (rising)."""
        ...


class RowsOfFile:
    """Of a file that was read and checked: made of its codes when they are asked for, a column at a time."""

    def __init__(self, dataset: Dataset) -> None:
        self._rows = RowsInParts.of(dataset)

    def __len__(self) -> int:
        return len(self._rows.usable)

    def __contains__(self, key: object) -> bool:
        return key in {"row", "state", "outcome"} or key in self._rows

    def __getitem__(self, key: str) -> pd.Series:
        match key:
            case "row":
                return pd.Series(self._rows.sheet.rows[self._rows.usable])
            case "state":
                return self._rows.state()
            case "outcome":
                return pd.Series(self._rows.outcomes)
            case _:
                return self._rows[key]

    def some(self, places: np.ndarray) -> pd.DataFrame:
        """See RowColumns.some."""
        return self._rows.some(places)


class RowsInShards:
    """The rows of a file (see modeling.file_rows.FileRows), whose shards workers read."""

    def __init__(self, rows: RowColumns, shards: ShardedRows, kept: Kept, doing: Doing, said: ShareOfTraining) -> None:
        self._rows, self._shards = rows, shards
        self._kept, self._doing, self._said = kept, doing, said
        numbers = rows["row"].to_numpy()
        self._places = [
            np.searchsorted(numbers, shards.read(k, ["row"])["row"]).astype(np.int32) for k in range(shards.number)
        ]
        self._passes = 0

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, key: object) -> bool:
        return key in self._rows

    def __getitem__(self, key: str) -> pd.Series:
        return self._rows[key]

    def some(self, places: np.ndarray) -> pd.DataFrame:
        """See FileRows.some."""
        return self._rows.some(places)

    def counted(self, asked: Counting, only: np.ndarray | None = None) -> Surroundings:
        """See FileRows.counted."""
        tasks = [
            Task(train_shard.count, (self._shards, shard, asked, None if only is None else only[at]))
            for shard, at in enumerate(self._places)
        ]
        return Surroundings.merged(list(self._done(tasks, "large.counting")))

    def parts(
        self, asked: Making, chosen: np.ndarray, ahead: np.ndarray | None = None
    ) -> Iterator[tuple[np.ndarray, pd.DataFrame]]:
        """See FileRows.parts. What a shard gave is kept, so that a second run goes on from there."""
        name = f"columns-{self._passes:02d}"
        wanted = [shard for shard, at in enumerate(self._places) if chosen[at].any()]
        names = {shard: f"{name}-{shard + 1:04d}-of-{self._shards.number:04d}.parquet" for shard in wanted}
        tasks = []
        for shard in wanted:
            at = self._places[shard]
            given = (asked, chosen[at], None if ahead is None else ahead[at], self._kept, names[shard])
            if not self._kept.sound(names[shard]):
                tasks.append(Task(train_shard.make, (self._shards, shard, *given)))
        if len(tasks) < len(wanted):
            went_on = note("large.went_on", done=len(wanted) - len(tasks), of=len(wanted))
            self._said.of_shards(Progress(self._said.share, went_on, self._doing.rows))
        for _ in self._done(tasks, "large.making"):
            pass
        for shard in wanted:
            at = self._places[shard]
            yield at[chosen[at]], train_shard.made(self._kept.place(names[shard]))

    def _done(self, tasks: Sequence[Task], stage: str) -> Iterator[Any]:
        begin, end = self._said.share, self._said.until(self._passes)
        self._passes += 1
        return self._doing.all(tasks, stage, begin, end)


def rows_of(
    dataset: Dataset, declared: Product, kept: Kept, doing: Doing, said: ShareOfTraining, shards: int | None
) -> RowsInShards:
    """The rows of a file in shards (`shards` of them, or as many as suit it), where the workers find them.
    PresencaError where they do not see the folder.
    """
    if not doing.executor.sees(kept.folder):
        raise PresencaError("executing.not_shared", name=kept.folder.name)
    number = shards or number_for(doing.rows)
    said.of_shards(Progress(0.01, note("large.cutting", count=number), doing.rows))
    cut = sharding.in_shards(kept, "rows", sharding.to_cut([dataset], declared)[0], declared, number)
    said.of_shards(Progress(said.cut, note("large.cutting", count=number), doing.rows))
    return RowsInShards(RowsOfFile(dataset), cut, kept, doing, said)
