"""What is to do now, and what changed since yesterday: counts alone, nothing of anybody."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from pipeline.records.folder import FolderFile


@dataclass(frozen=True)
class TodayCalls:
    """The newest call list and the day on which it was `made`: patients to call now, how many come back `later`, calls
    made today and that a day holds.

    `left`: calls that are left today; `units`: patients to call now by unit, most first.
    """

    waiting: int
    later: int
    called: int
    holds: int
    made: dt.date
    units: tuple[tuple[str, int], ...] = ()

    @property
    def left(self) -> int:
        """How many of the day's calls are not made yet."""
        return min(self.waiting, max(self.holds - self.called, 0))


@dataclass(frozen=True)
class TodayList:
    """The list in Agenda of those to come, from which the queue of calls is made: the day as known on which it is
    `made`, or None. `by_job`: its rows are so many that a job is to make it; `being_made`: one does. `may_plan`:
    whether whoever asks may make a queue of it.
    """

    made: dt.date | None
    by_job: bool = False
    being_made: bool = False
    may_plan: bool = True


@dataclass(frozen=True)
class TodaySlots:
    """Slots to come that were given up and are free, the day of the first, by unit; offers of them that are `out`, and
    how many of those run out today. `waiting`: how many wait for a slot; `awaited`: of the slots, those that
    somebody waits for.
    """

    emptied: int
    first: dt.date | None
    units: tuple[tuple[str, int], ...]
    out: int
    expiring: int
    waiting: int
    awaited: int = 0


@dataclass(frozen=True)
class TodayComments:
    """Of the newest `days` of comments: those that may not wait and are open, all that ask for an answer, and those of
    them that are overdue. `read`: whether they were read at all. `units` and `late_units`: of the first and of the last
    by unit, most first.
    """

    read: bool
    days: int
    grave: int = 0
    open: int = 0
    overdue: int = 0
    units: tuple[tuple[str, int], ...] = ()
    late_units: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class FileTaken:
    """A file that was taken in: its rows, those of events that no older file has, and outcomes that none told."""

    id: str
    name: str
    rows: int
    new: int
    outcomes: int


@dataclass(frozen=True)
class Today:
    """What a series asks for now. None: the product has no such thing, or there is nothing yet that could have it.

    `ahead`: appointments to come in the newest agenda; `files`: taken in since the day before `day`, the newest first;
    `contacts`: calls made since then; `folder`: what the watched folder brought since then; `retrained`: whether the
    house itself began to train anew since then; `call_list`: of those ahead.
    """

    day: dt.date
    ahead: int
    calls: TodayCalls | None
    slots: TodaySlots | None
    comments: TodayComments | None
    files: tuple[FileTaken, ...]
    contacts: int
    folder: tuple[FolderFile, ...] = ()
    retrained: bool = False
    call_list: TodayList | None = None

    @property
    def outcomes(self) -> int:
        """Outcomes that came."""
        return sum(one.outcomes for one in self.files)
