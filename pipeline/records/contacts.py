"""Who is contacted before an appointment, by whom, how, and what came of it; and the rules of the queue of callers.

Moments are aware datetimes, to the second. An appointment is named by its event's key (16 hex digits), a patient by
the pseudonym that the rows hold; a booking of nobody's is a patient of its own, named "=" and its key.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum

ALONE = "="  # begins the name of whoever is called about a booking that names no patient


class Channel(StrEnum):
    """How somebody was contacted."""

    CALL = "call"
    WHATSAPP = "whatsapp"
    SMS = "sms"
    EMAIL = "email"
    IN_PERSON = "in_person"


class ContactOutcome(StrEnum):
    """What came of a contact, for one appointment."""

    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    RESCHEDULED = "rescheduled"
    NO_ANSWER = "no_answer"
    WRONG_NUMBER = "wrong_number"
    MESSAGE_LEFT = "message_left"
    REFUSED = "refused"  # doesn't want to be contacted, or to talk


class Barrier(StrEnum):
    """What the patient named as standing in the way."""

    TRANSPORT = "transport"
    WORK = "work"
    COST = "cost"
    FORGOT = "forgot"
    SOLVED = "solved"
    FEAR = "fear"
    PREPARATION = "preparation"
    OTHER = "other"


class Offered(StrEnum):
    """What was offered against a barrier."""

    OTHER_TIME = "other_time"
    REMOTE = "remote"
    TRANSPORT = "transport"
    PREPARATION = "preparation"
    OTHER = "other"


@dataclass(frozen=True)
class Contact:
    """One contact about one appointment, as it is written down; it is never changed.

    `call` is alike for all appointments that were spoken of at once: an attempt is a call. An entry with `undoes` takes
    back the call of that name, and tells nothing else.
    """

    key: str
    patient: str
    at: dt.datetime
    channel: Channel
    outcome: ContactOutcome
    call: str
    barrier: Barrier | None = None
    offered: Offered | None = None
    who: str = ""  # as they call themselves
    note: str = ""
    list_id: str = ""
    undoes: str = ""
    actor: str = ""


@dataclass(frozen=True)
class CallTold:
    """What a caller tells of one call to a patient: what came of it for each appointment (by key). `call` names it, so
    that the same call told twice counts once.
    """

    patient: str
    outcomes: tuple[tuple[str, ContactOutcome], ...]
    call: str
    channel: Channel = Channel.CALL
    barrier: Barrier | None = None
    offered: Offered | None = None
    note: str = ""
    list_id: str = ""


@dataclass(frozen=True)
class RiskOverride:
    """A risk that somebody who knows more set for an appointment, with the reason; None: the model's counts again."""

    key: str
    risk: float | None
    reason: str
    at: dt.datetime
    who: str = ""


@dataclass(frozen=True)
class ConfirmedRatio:
    """By what a confirmation multiplies a risk, and of how many confirmed appointments with an outcome it was measured
    (`n`; 0: it is a trial's).
    """

    value: float
    n: int = 0
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Caller:
    """Who sits at a page: `holder` tells two sessions apart, `who` is how they call themselves."""

    holder: str
    who: str = ""


@dataclass(frozen=True)
class Lease:
    """A patient whom somebody is calling right now; it runs out by itself."""

    patient: str
    who: str
    until: dt.datetime
    holder: str = ""


class NeverKind(StrEnum):
    """What is never called."""

    PATIENT = "patient"
    PROCEDURE = "procedure"
    UNIT = "unit"


@dataclass(frozen=True)
class Never:
    """A patient (by pseudonym), a procedure or a unit that is never called."""

    kind: NeverKind
    value: str


@dataclass(frozen=True)
class Mute:
    """For how many days after a contact nobody is called again: everywhere, and in units that say otherwise."""

    days: int = 7
    units: tuple[tuple[str, int], ...] = ()

    def of(self, unit: str) -> int:
        """The days in a unit."""
        return dict(self.units).get(unit, self.days)


class ComparedKind(StrEnum):
    """What two ways of contacting differ in."""

    CHANNEL = "channel"
    WORDING = "wording"


FIRST_WAY, SECOND_WAY = 1, 2  # of two that are compared; 0: none was drawn


@dataclass(frozen=True)
class Compared:
    """Two ways of contacting that a list draws against each other, patient by patient.

    Channels: `first` and `second` are Channel keys. Wordings: the first is that of the scripts (`first` is ""), and
    `second` is the text in their place. `share`: of those to contact, who are drawn for the second.
    """

    kind: ComparedKind
    first: str
    second: str
    share: float = 0.5

    @property
    def name(self) -> tuple[str, str, str]:
        """What makes it the same comparison in another list."""
        return str(self.kind), self.first, self.second

    def channel(self, way: int) -> Channel | None:
        """The channel that a patient was drawn for; None where channels are not what is compared."""
        if self.kind is not ComparedKind.CHANNEL or way not in (FIRST_WAY, SECOND_WAY):
            return None
        return Channel(self.first if way == FIRST_WAY else self.second)

    def text(self, way: int) -> str:
        """The text that a patient was drawn for in place of the scripts'; "" for these."""
        return self.second if self.kind is ComparedKind.WORDING and way == SECOND_WAY else ""


@dataclass(frozen=True)
class QueueSettings:
    """How a series calls: who there is to call, how far ahead, and whom to leave alone.

    `days_ahead` are working days, in the UF of each appointment; `floor` is the risk (fraction) under which nobody is
    called; after no answer or a message, the patient comes back `retry_hours` later, `most_attempts` calls in all.
    """

    people: int = 1
    calls_a_day: int = 40  # of each person
    calling_days: int = 1  # for which a list is made
    days_ahead: int = 3
    floor: float = 0.0
    mute: Mute = field(default_factory=Mute)
    retry_hours: int = 3
    most_attempts: int = 3
    control_share: float = 0.0
    seed: int = 7
    compared: Compared | None = None

    @property
    def capacity(self) -> int:
        """How many calls a list is for."""
        return self.people * self.calls_a_day * self.calling_days

    @property
    def today(self) -> int:
        """How many calls a day holds."""
        return self.people * self.calls_a_day


@dataclass(frozen=True)
class CallList:
    """A list as it was made: of which data, by which model, as known on which day, when and how."""

    id: str
    series: str
    dataset_id: str
    model_id: str
    as_of: dt.date
    made_at: dt.datetime
    settings: QueueSettings
    units: tuple[str, ...] = ()  # that it was made for; none: all


@dataclass(frozen=True)
class ListEntry:
    """An appointment that a list was made of. `arm`: "contact" or "control"; `stratum`: quarter of risk,
    1 (the lowest) to 4; `way`: FIRST_WAY or SECOND_WAY where two ways of contacting are compared."""

    key: str
    patient: str
    arm: str
    risk: float
    day: dt.date
    unit: str = ""
    plan: str = ""
    stratum: int = 1
    value: float | None = None  # R$ of the slot, where it is known
    way: int = 0


class QueueState(StrEnum):
    """Where a patient of a list stands."""

    WAITING = "waiting"
    CALLING = "calling"  # somebody holds a lease
    LATER = "later"  # not reached, comes back
    DONE = "done"  # reached: confirmed, cancelled, rescheduled or refused
    UNREACHED = "unreached"  # as often as allowed, or a wrong number
    MUTED = "muted"  # contacted a few days ago
    NEVER = "never"
    BELOW = "below"  # its risk was set under the floor
    OVER = "over"  # the appointment is past, or no longer stands
    CONTROL = "control"


@dataclass(frozen=True)
class QueueEntry:
    """A patient to call, with all appointments to come (keys, soonest first), and where they stand."""

    patient: str
    keys: tuple[str, ...]
    risk: float  # the highest, as known now
    day: dt.date  # of the first
    unit: str
    state: QueueState
    attempts: int = 0
    again_at: dt.datetime | None = None
    who: str = ""  # whoever is calling
    gain: float | None = None  # events a call is expected to avoid, where an effect is known
    way: int = 0  # that the patient was drawn for


@dataclass(frozen=True)
class QueueCounts:
    """How many patients of a list stand where (their sum is `patients`), and the day's calls."""

    patients: int
    states: tuple[tuple[QueueState, int], ...]
    called_today: int
    today: int  # how many the day holds

    def of(self, state: QueueState) -> int:
        """How many stand in `state`."""
        return dict(self.states).get(state, 0)


@dataclass(frozen=True)
class Unmatched:
    """A line of a file of outcomes that was not taken, with the code of the reason."""

    line: int
    why: str


@dataclass(frozen=True)
class OutcomesRead:
    """What a file of outcomes brought: new contacts, lines that were known already, and lines that were not taken."""

    lines: int
    new: int
    known: int
    empty: int  # without an outcome: nobody was called
    unmatched: tuple[Unmatched, ...] = ()


@dataclass(frozen=True)
class CallTaken:
    """What another system's call brought: of how many appointments it was new, and those that were not taken, by their
    place in it (from 1).
    """

    new: int
    unmatched: tuple[Unmatched, ...] = ()
