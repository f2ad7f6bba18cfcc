"""How the work on many rows is spread, and how far it is."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import Cancelled
from pipeline.executing import Task, Workers, ending, opened, run
from pipeline.records import Progress, note

Report = Callable[[Progress], None]

LARGE = 1_000_000  # rows of a file, from which on it is worked on by shards without being asked


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

    def check(self) -> None:
        """Cancelled where that was asked for."""
        if self.cancelled is not None and self.cancelled():
            raise Cancelled

    def all(self, tasks: Sequence[Task], stage: str, begin: float, end: float) -> Iterator[Any]:
        """The results of the tasks, in their order. `begin`, `end`: the share of the whole work that they are."""

        def told(done: int, of: int) -> None:
            what = note("large.parts", what=note(stage), done=done, of=of)
            self.tell(Progress(begin + (end - begin) * done / of, what, self.rows))

        return run(self.executor, tasks, tell=told, cancelled=self.cancelled)


@contextlib.contextmanager
def standing(spread: Spread, modules: Sequence[str], at_once: bool) -> Iterator[Callable[[], Workers]]:
    """What gives the workers that were asked for, until the end of the block; PresencaError where they can't be had.

    `at_once`: they stand before it is called, and load `modules`, what their tasks need, while this process reads.
    """
    with contextlib.ExitStack() as until:
        stand = functools.cache(lambda: until.enter_context(opened(spread.scheduler, spread.workers, modules)))
        if at_once:
            stand()
        yield stand


@contextlib.contextmanager
def doing(
    executor: Workers, rows: int, tell: Report | None, cancelled: Callable[[], bool] | None = None
) -> Iterator[Doing]:
    """A piece of work on workers; where it ends by an error they are stopped with it, before its files go."""
    with ending(executor):
        yield Doing(executor, rows, tell or (lambda _: None), cancelled)
