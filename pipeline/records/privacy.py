"""What is kept of one patient, what an erasure took, requests of review, and how long things stay."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum


class Source(StrEnum):
    """Where something of a patient is kept."""

    ROWS = "rows"
    SHEET = "sheet"
    SHELVED = "shelved"
    RISKS = "risks"
    CONTACTS = "contacts"
    LISTS = "lists"
    OVERRIDES = "overrides"
    REVIEWS = "reviews"
    NEVER = "never"
    WAITING = "waiting"
    OFFERS = "offers"
    FOLLOW_UPS = "follow_ups"


@dataclass(frozen=True)
class PatientRows:
    """Spreadsheet rows of a data set, or of the waiting list of a series, that are of one patient."""

    of: str  # id of the data set, or of the series
    rows: tuple[int, ...]


@dataclass(frozen=True)
class PatientTarget:
    """All that says where something of one patient is: their pseudonyms (one for each spelling), the rows of each data
    set, the keys of their events in each series, the rows of waiting lists. It rests sealed, and only until the
    erasure is done.
    """

    pseudonyms: tuple[str, ...]
    datasets: tuple[PatientRows, ...] = ()
    events: tuple[tuple[str, tuple[str, ...]], ...] = ()  # (series, keys)
    waiting: tuple[PatientRows, ...] = ()
    shelved: tuple[PatientRows, ...] = ()  # of data sets that were put aside

    @property
    def found(self) -> bool:
        """Whether there is anything."""
        return bool(self.datasets or self.events or self.waiting or self.shelved)


@dataclass(frozen=True)
class KeptPart:
    """Things of one kind that are kept of a patient, in a data set or a series: how many."""

    source: Source
    place: str  # name of the data set or the series
    count: int


@dataclass(frozen=True)
class PatientTable:
    """What one source holds of a patient, as it is: `columns` are keys of the source's own (fields of the product,
    headers of the file, names of facts), `rows` their texts.
    """

    source: Source
    place: str  # name of the data set or the series
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class LearntModel:
    """A model that learnt from a data set in which the patient was."""

    id: str
    created: str
    dataset: str  # name


@dataclass(frozen=True)
class PatientFound:
    """What is kept of one patient, in numbers; `target` says where. `unread`: names of folders that were put aside and
    can't be opened: sealed with another key, or damaged.
    """

    target: PatientTarget
    parts: tuple[KeptPart, ...]
    models: tuple[LearntModel, ...]
    unread: tuple[str, ...] = ()


@dataclass(frozen=True)
class ErasureFacts:
    """What an erasure took, without the patient: rows by data set, other things by kind, models that had learnt."""

    rows: tuple[tuple[str, int], ...] = ()  # (data set, rows)
    taken: tuple[tuple[str, int], ...] = ()  # (kind, how many)
    models: tuple[str, ...] = ()
    backups: int = 0  # copies of the database from before a migration that went because they held the patient


@dataclass(frozen=True)
class Erasure:
    """An erasure that a patient asked for; `done` is False while it waits to be ended."""

    id: str
    at: str
    actor: str
    done: bool
    facts: ErasureFacts = field(default_factory=ErasureFacts)


class ReviewDecision(StrEnum):
    """What a person made of a risk that they were asked to look at."""

    KEPT = "kept"
    CHANGED = "changed"


@dataclass(frozen=True)
class RiskReview:
    """A patient's request that a person look at a risk: who wrote it down and why, who decided, what changed, when.

    Risks are fractions; `risk` is what the model said when it was asked for, `risk_after` what counts since.
    """

    id: str
    key: str  # of the event
    patient: str  # pseudonym; "" where the row has none
    asked_at: dt.datetime
    asked_by: str
    why: str
    risk: float | None
    decided_at: dt.datetime | None = None
    decided_by: str = ""
    decision: ReviewDecision | None = None
    risk_after: float | None = None
    reason: str = ""


@dataclass(frozen=True)
class ChainState:
    """What a check of the whole log found: `faults` are codes with the number of the entry (0: of the log as a
    whole), in order; none: whole.
    """

    entries: int
    started: str | None  # since when entries are sealed as they are written; those before were sealed that day
    faults: tuple[tuple[str, int], ...]


class RetentionKind(StrEnum):
    """What goes by itself."""

    SHEET = "sheet"  # of a data set, as it came
    WAITING = "waiting"  # the sheet of a waiting list
    SHELVED = "shelved"  # sheets of folders that were put aside
    ARRIVALS = "arrivals"  # what became of sendings of other systems
    DELIVERIES = "deliveries"  # the log of what other systems were told
    ERASURE = "erasure"  # erasures that had been cut short
    LEFTOVERS = "leftovers"  # half written files of a process that was killed


@dataclass(frozen=True)
class Retained:
    """Something that went by itself: `of` a data set (id), or "" where it is of none."""

    kind: RetentionKind
    of: str
    count: int


@dataclass(frozen=True)
class Due:
    """Something that will go by itself after its last day."""

    kind: RetentionKind
    name: str
    last: dt.date


@dataclass(frozen=True)
class KeptPlace:
    """A data set as the account of processing names it: how many rows and patients, since when, and until when its
    sheet is kept (None: it is erased already).
    """

    id: str
    product: str
    name: str
    since: str
    rows: int
    patients: int | None  # None: no field names patients
    sheet_until: dt.date | None
    erased: int  # rows erased because their patient asked


@dataclass(frozen=True)
class Access:
    """Who saw or took out what, as far as the audit log knows: an action of an actor, how often, first and last."""

    actor: str
    action: str
    times: int
    first: str
    last: str


@dataclass(frozen=True)
class Account:
    """What the register of processing (LGPD, art. 37), the impact report (art. 38) and an incident's scope are made of:
    the workspace as it is. `raw_days`, `raw_most`: how many days sheets are kept after the last date, and at most.
    """

    places: tuple[KeptPlace, ...]
    series: int
    models: int
    contacts: int
    follow_ups: int
    offers: int
    raw_days: int
    raw_most: int
    least_cell: int
    access: tuple[Access, ...]
    reviews: tuple[int, int]  # asked for, still open
    erasures: int
