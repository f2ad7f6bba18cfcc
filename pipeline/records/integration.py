"""What other systems are to a workspace: the keys they call with, and what they sent that waits to be read."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from pipeline.records.note import Note
from pipeline.records.workspace import Progress


class KeyScope(StrEnum):
    """What a key is made for. Which permissions each gives: `pipeline.access.roles`."""

    SEND = "send"  # records in, training asked for
    SCORE = "score"  # rows in, risks out; no row is kept
    READ = "read"  # what is here: data sets, models, groups, lists, comments
    CONTACTS = "contacts"  # who is to be called, and what came of it


@dataclass(frozen=True)
class ApiKey:
    """A system's way in. `shown`: its first characters, by which people tell keys apart; the key itself is not kept,
    its SHA-256 is. Moments are seconds since 1970; `used` and `revoked` are None while they did not happen. `units`:
    the ones whose rows are all that it is given; none for all.
    """

    id: str
    name: str
    shown: str
    scopes: tuple[KeyScope, ...]
    made_by: str
    created: float
    until: float
    used: float | None = None
    revoked: float | None = None
    units: tuple[str, ...] = ()

    def holds(self, moment: float) -> bool:
        """Whether it opens anything at this moment."""
        return self.revoked is None and moment < self.until


@dataclass(frozen=True)
class MadeKey:
    """A new key and its text, which is told once."""

    key: ApiKey
    text: str


class ArrivalKind(StrEnum):
    """In which form something was sent."""

    JSON = "json"  # an array of records
    NDJSON = "ndjson"  # a record a line
    CSV = "csv"
    FILE = "file"  # any file that an upload may be, by its name
    FHIR = "fhir"


class ArrivalState(StrEnum):
    """Where an arrival stands."""

    WAITING = "waiting"
    READING = "reading"
    DONE = "done"
    REFUSED = "refused"


FOLDER_SENDER = "folder"  # who sent what was found in the watched folder


@dataclass(frozen=True)
class ScoringAsked:
    """How rows that were sent are to be scored: by which model, with or without what its series knows of the patients,
    and seen from which day (None: as the rows tell).
    """

    model: str
    history: bool = True
    as_of: dt.date | None = None


@dataclass(frozen=True)
class Arrival:
    """Something that came from outside: for which series, from whom, and what became of it.

    `sender`: the id of a key, or `FOLDER_SENDER`; `batch`: the arrivals that were read together share it, "" before;
    `rows`: records that it held, and of these `rejected` ones were left out; `note`: why it was refused. `scoring`:
    how it is to be scored, where its records are not to be kept.
    """

    id: str
    product: str
    series: str
    sender: str
    kind: ArrivalKind
    name: str
    sha256: str
    size: int
    idempotency_key: str
    state: ArrivalState
    created: str
    progress: Progress = Progress()
    batch: str = ""
    dataset_id: str = ""
    rows: int = 0
    rejected: int = 0
    note: Note | None = None
    ended: str = ""
    scoring: ScoringAsked | None = None


@dataclass(frozen=True)
class RejectedRow:
    """A record of an arrival that was left out: its place (from 1), the code of why, and the field that it is about
    ("" where it is about the record as a whole).
    """

    row: int
    code: str
    field: str


@dataclass(frozen=True)
class Received:
    """What became of a sending. `repeated`: the same had been sent under its idempotency key before."""

    arrival: Arrival
    repeated: bool = False
