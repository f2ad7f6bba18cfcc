"""Slots of an agenda: attendances as a distribution, extra bookings and whom they burden, offers of emptied slots.

Chances are fractions, waits are minutes, moments are aware datetimes to the second.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from pipeline.records.numbers import Interval

# times of day, by their hours
SHIFTS = {"morning": (0.0, 12.0), "afternoon": (12.0, 18.0), "evening": (18.0, 24.0)}


@dataclass(frozen=True)
class Coverage:
    """A distribution of attendances against what came, over `groups` (a unit, day and professional or procedure each).

    `inside80`, `inside95`: how often the count lay in the interval; `promised…`: what the interval holds, more than its
    name as counts come in steps; `pit`: ten shares, each a tenth where the distribution is right.
    """

    groups: int
    bookings: int
    inside80: Interval | None
    promised80: float
    inside95: Interval | None
    promised95: float
    pit: tuple[float, ...]


@dataclass(frozen=True)
class Attendance:
    """How many of `booked` will come: mean, variance, 80 and 95 % intervals (both ends included), and the chance that
    more than `capacity` do.
    """

    booked: int
    mean: float
    variance: float
    inside80: tuple[int, int]
    inside95: tuple[int, int]
    capacity: int
    over: float


@dataclass(frozen=True)
class ClinicSession:
    """The slots of one unit, day and professional (or procedure), in the order of their hours.

    `come`: the chance that whoever is booked comes, 0 where nobody is; `refill`: the chance that an emptied slot is
    filled from the waiting list and attended, 0 elsewhere; `groups`: of each slot, the groups of whoever is booked, as
    "dimension=value". `minutes`: the length of a slot; `unanswered`: people of the waiting list who may
    still take an emptied slot, asked or not.
    """

    key: str
    come: tuple[float, ...]
    refill: tuple[float, ...]
    groups: tuple[tuple[str, ...], ...]
    minutes: float
    unanswered: int = 0


@dataclass(frozen=True)
class OverbookingPolicy:
    """What the clinic allows.

    `chance`: of more people coming than there are slots; `share` and `most`: extra bookings of a session, as a share
    of its slots and in all; `bound`: by what share the burden of the worst-off group may lie above the mean; `least`:
    groups of fewer people who come are taken together; `overtime`: minutes of waiting that weigh as one of overtime;
    `show`: the chance that an extra booking comes.
    """

    chance: float = 0.05
    share: float = 0.10
    most: int = 2
    bound: float = 0.25
    least: int = 10
    overtime: float = 1.5
    show: float = 0.8


@dataclass(frozen=True)
class QueueOutcome:
    """A session as it is expected to go: minutes that somebody booked waits (mean of who comes), that somebody booked
    beyond the slots waits, of overtime, and of idleness.
    """

    wait: float
    extra_wait: float
    overtime: float
    idle: float


@dataclass(frozen=True)
class SessionPlan:
    """What is allowed in a session: which slots (from 0) take an extra booking, and what comes of it.

    `why`: what held the number down: "chance", "cap", "group_burden", "refill_first" or "nobody_booked".
    """

    key: str
    slots: tuple[int, ...]
    attendance: Attendance
    queue: QueueOutcome
    why: str


@dataclass(frozen=True)
class GroupBurden:
    """Minutes that extra bookings make somebody of a group wait, mean of the `people` expected to come."""

    group: str
    people: float
    minutes: float


@dataclass(frozen=True)
class OverbookingPlan:
    """Extra bookings over several sessions. `mean`: minutes that all wait more; `groups`: the worst-off first, none
    above (1 + bound) × mean; `dropped`: extra bookings that this bound cost.
    """

    sessions: tuple[SessionPlan, ...]
    mean: float
    groups: tuple[GroupBurden, ...]
    dropped: int

    @property
    def extra(self) -> int:
        """How many extra bookings there are in all."""
        return sum(len(session.slots) for session in self.sessions)


class OfferState(StrEnum):
    """How far an offer is. Only the first is open; an accepted one can be withdrawn, the slot being needed again."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Acceptance:
    """How likely an offer is accepted: a Beta distribution of `yes` and `no` (what was known before, as if so many had
    been offered, and what the clinic counted). `offers`: its own alone; `group`: whose, "" for all.
    """

    yes: float
    no: float
    offers: int
    group: str = ""

    @property
    def chance(self) -> float:
        """The mean."""
        return self.yes / (self.yes + self.no)


@dataclass(frozen=True)
class OfferPlan:
    """How many offers a slot needs: `offers` at most, by which it is filled with `filled`.

    `expected`: how many are made on average (fewer, where one waits for each answer); `turned_away`: how many say yes
    to a slot that is gone, on average (none, where one waits). `enough`: whether the people and the time suffice for
    the chance that was wished.
    """

    offers: int
    filled: float
    expected: float
    turned_away: float
    enough: bool


@dataclass(frozen=True)
class EmptiedSlot:
    """A slot that was booked and is free again. `key`: of the event that was cancelled; `hour`: of the day, None where
    the file doesn't say; `procedure`, `unit`, `professional`: "" where it doesn't.
    """

    key: str
    day: dt.date
    hour: float | None = None
    minutes: float = 30.0
    unit: str = ""
    procedure: str = ""
    professional: str = ""


@dataclass(frozen=True)
class WaitingEntry:
    """Somebody who waits: pseudonym, for what, where, since when; `weekdays` (0 is Monday) and `shifts` that they can
    come on, none for any; `group`: by which offers are bounded.
    """

    key: str
    patient: str
    since: dt.date
    procedure: str = ""
    unit: str = ""
    weekdays: tuple[int, ...] = ()
    shifts: tuple[str, ...] = ()
    group: str = ""
    row: int = 0  # of the sheet


@dataclass(frozen=True)
class WaitingChange:
    """A list against the one whose place it takes: waits that are new, that are gone, and that go on."""

    new: int
    gone: int
    same: int


@dataclass(frozen=True)
class WaitingList:
    """The waiting list of a series as it was last sent.

    `rows` of the sheet are `waiting`, `over` (attended, gone or booked since), `repeated`, or `left_out` by the code of
    the rule that they fail; these add up. `missing`: keys of the fields that the sheet doesn't have; `vault_until`: the
    last day on which the raw sheet is kept, None once it is erased; `columns`: what somebody chose (field, header or
    None), before the proposal; `change`: None for the first list.
    """

    id: str
    name: str
    created: str
    rows: int
    waiting: int
    over: int
    repeated: int
    left_out: tuple[tuple[str, int], ...]
    missing: tuple[str, ...]
    patient_column: int  # of the sheet, from 0
    vault_until: dt.date | None = None
    columns: tuple[tuple[str, str | None], ...] = ()
    change: WaitingChange | None = None


@dataclass(frozen=True)
class Offer:
    """A slot as it was offered to one who waits. `version` counts its changes."""

    id: str
    slot: EmptiedSlot
    entry: str  # key of the waiting entry
    patient: str
    made: dt.datetime
    until: dt.datetime | None
    state: OfferState = OfferState.OPEN
    answered: dt.datetime | None = None
    group: str = ""
    version: int = 0


@dataclass(frozen=True)
class OfferCounts:
    """How many offers are in each state (their sum is all), how many slots they were of, and how many of those are
    taken; `acceptance`: the share of answered offers that were accepted.
    """

    states: tuple[tuple[OfferState, int], ...]
    slots: int
    filled: int
    acceptance: Interval | None


@dataclass(frozen=True)
class LateComing:
    """Bookings of the next `days` days, and how many of them are expected to be given up at most `within` days before
    theirs; by `rows` past bookings of the series, of which `late` were.
    """

    within: int
    days: int
    bookings: int
    expected: Interval
    rows: int
    late: int


@dataclass(frozen=True)
class SlotStanding:
    """An emptied slot as it stands: how many offers it needs, how many of those are still to be made (`first`, in
    order, of `fitting` who may be asked), and the offers that are open.
    """

    slot: EmptiedSlot
    plan: OfferPlan
    first: tuple[WaitingEntry, ...]
    fitting: int
    open: tuple[Offer, ...]


@dataclass(frozen=True)
class SlotBoard:
    """A page of the emptied slots of a file (`slots` in all), those that somebody waits for; the first of those for
    which nobody does (`nobody` in all), where there is a waiting list; open offers of slots that it doesn't hold any
    more; the slots that were taken; how long each who was offered something has waited, by the key of the wait.
    """

    slots: int
    standing: tuple[SlotStanding, ...]
    elsewhere: tuple[Offer, ...]
    accepted: tuple[Offer, ...]
    since: dict[str, dt.date]
    counts: OfferCounts
    number: int
    pages: int
    unawaited: tuple[EmptiedSlot, ...] = ()
    nobody: int = 0

    @property
    def opened(self) -> int:
        """How many offers wait for an answer."""
        return dict(self.counts.states).get(OfferState.OPEN, 0)
