"""What is done about an event: who answers its comment, until when, what came of it; who changed that, and when.

Moments are aware datetimes, to the second.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from pipeline.records.numbers import Interval


class FollowUpState(StrEnum):
    """How far it is. The first two are open: somebody still has to do something."""

    NEW = "new"
    ANSWERING = "answering"
    ANSWERED = "answered"
    RESOLVED = "resolved"
    UNREACHED = "unreached"  # tried, and nobody could be reached


@dataclass(frozen=True)
class Asked:
    """An event that may ask for an answer: the key of its row (16 hex digits), the row's number in its file, and within
    how many hours an answer is due; None where none is.
    """

    key: str
    row: int
    hours: int | None = None


@dataclass(frozen=True)
class FollowUp:
    """What is done about one event. `version` counts its changes: 0 where nobody has done anything yet."""

    key: str
    state: FollowUpState
    owner: str  # whoever took it on, as they call themselves; "" for nobody
    taken_in: dt.datetime  # when the clinic first sent it
    due: dt.datetime | None
    answered: dt.datetime | None = None  # the first answer
    updated: dt.datetime | None = None
    version: int = 0
    notes: int = 0


@dataclass(frozen=True)
class FollowUpChange:
    """What is to be changed; None leaves a thing as it is. `who`: the person who does it, as they call themselves."""

    state: FollowUpState | None = None
    owner: str | None = None
    note: str = ""
    who: str = ""


@dataclass(frozen=True)
class FollowUpEvent:
    """One thing that was done. `what`: "state" (`before` and `after` are states), "owner" (names) or "note"."""

    at: dt.datetime
    actor: str  # as the audit log names it
    who: str
    what: str
    before: str = ""
    after: str = ""
    note: str = ""


@dataclass(frozen=True)
class FollowUpFilter:
    """Which follow-ups are looked at; all of it must hold. `owner` None: whoever; "": those that nobody took on."""

    states: tuple[FollowUpState, ...] = ()  # none: all
    owner: str | None = None
    overdue: bool = False


@dataclass(frozen=True)
class FollowUpCounts:
    """How many there are: all, in each state (their sum is all), of each owner ("" for nobody; their sum is all),
    open, open after the moment until which an answer was due, and open without such a moment.
    """

    total: int
    states: tuple[tuple[FollowUpState, int], ...]
    owners: tuple[tuple[str, int], ...]
    open: int
    overdue: int
    undue: int = 0


@dataclass(frozen=True)
class AnswerMeasure:
    """How fast a group's comments are answered.

    `hours`: the median from taking in to the first answer, of the `answered`. `in_time`: of the `judged` (an answer was
    due, and came or is late), the share that came in time. `waiting`: due, and there is still time; `unreached`: due,
    and nobody could be reached. Those two are judged in neither sense.
    """

    group: str  # "" for all, or where the file doesn't say
    events: int
    answered: int
    hours: float | None
    judged: int
    in_time: Interval | None
    waiting: int
    unreached: int
