"""How the work on many rows is spread, and how far it is."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.executing import Task, Workers, opened, run
from pipeline.records import Note, Progress, note

Report = Callable[[Progress], None]

LARGE = 1_000_000  # rows of a file, from which on it is worked on by shards without being asked
_HERE = 1  # shards that are in hand at a time where nobody asked for workers


@dataclass(frozen=True)
class Spread:
    """What was asked for: worker processes, a scheduler's address, a folder in which what is finished is kept.

    `shards`: into how many parts, where that is not left to the number of rows; no result shows it.
    """

    workers: int | None = None
    scheduler: str | None = None
    work: Path | None = None
    shards: int | None = None

    @property
    def asked(self) -> bool:
        """Whether any of it was."""
        return any(one is not None for one in (self.workers, self.scheduler, self.work, self.shards))

    def suits(self, rows: int) -> bool:
        """Whether a file of so many rows is worked on by shards."""
        return self.asked or rows >= LARGE


@dataclass(frozen=True)
class Doing:
    """Workers that stand, and whom to tell how far their tasks are; `rows` of all shards together."""

    executor: Workers
    rows: int
    tell: Report
    cancelled: Callable[[], bool] | None = None

    def all(self, tasks: Sequence[Task], stage: str, begin: float, end: float) -> Iterator[Any]:
        """The results of the tasks, in their order. `begin`, `end`: the share of the whole work that they are."""
        began = time.monotonic()

        def told(done: int, of: int) -> None:
            left = (time.monotonic() - began) / done * (of - done)
            self.tell(Progress(begin + (end - begin) * done / of, _stage(stage, done, of, left), self.rows))

        return run(self.executor, tasks, tell=told, cancelled=self.cancelled)


def _stage(code: str, done: int, of: int, seconds: float) -> Note:
    return note("large.parts", what=note(code), done=done, of=of, minutes=round(seconds / 60), seconds=round(seconds))


@contextlib.contextmanager
def doing(
    spread: Spread, rows: int, tell: Report | None, cancelled: Callable[[], bool] | None = None
) -> Iterator[Doing]:
    """Workers as they were asked for, until the end of the block. PresencaError where they can't be had."""
    with opened(spread.scheduler, spread.workers) as executor:
        yield Doing(executor, rows, tell or (lambda _: None), cancelled)
