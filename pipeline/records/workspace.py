"""What rests in the workspace, and what is being done."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from pipeline.records.note import Note


@dataclass(frozen=True)
class SeriesInfo:
    """A clinic's or network's own run of files of one product: what is learnt or remembered in it stays in it."""

    id: str
    product: str
    name: str
    created: str
    is_sample: bool
    model_id: str = ""  # the model in use; "" while there is none
    headers: tuple[str, ...] = ()  # keys of the sets of headers that its files had


@dataclass(frozen=True)
class DatasetInfo:
    """A kept data set, without its rows."""

    id: str
    product: str
    name: str
    created: str
    rows: int
    is_sample: bool
    purpose: str  # "past" | "future" | "mixed"
    first_date: dt.date | None
    last_date: dt.date | None
    usable_for: tuple[str, ...]
    vault_until: dt.date | None
    sha256: str
    series: str = ""  # id; "" until the workspace was sorted into series


STARTER_NAME = "presenca-starter"  # the data that a starter reader learnt from: invented, and of no clinic


@dataclass(frozen=True)
class ModelInfo:
    """A kept model, without its boosters."""

    id: str
    product: str
    created: str
    dataset_id: str | None  # None: loaded from a file
    dataset_name: str
    trained_until: dt.date | None  # None: what it learnt from has no dates
    auc_ahead: float | None
    sha256: str
    dataset_deleted: bool = False  # the data set it learnt from is no more; dataset_id is None then too
    series: str = ""  # id; "" where it belongs to none

    @property
    def is_starter(self) -> bool:
        """Whether it is the reader that ships with the app: it knows no clinic, and gives way to any own model."""
        return self.dataset_name == STARTER_NAME


@dataclass(frozen=True)
class JobInfo:
    """A job: what it is to do, where it stands, and what became of it."""

    id: str
    kind: str  # "train" | "sense" | "read"
    product: str
    dataset_id: str  # "" of one that is to make a data set, and has not yet
    state: str  # queued | running | done | failed | cancelled | orphaned
    created: str
    progress: Progress
    model_id: str | None
    message: Note | None  # why it ended, or that it is about to; None while there is nothing to say
    begun: str = ""  # when its process took it (ISO, with its zone); "" while it waits, or where nobody noted it

    @property
    def is_active(self) -> bool:
        """Whether it waits or runs."""
        return self.state in ("queued", "running")


@dataclass(frozen=True)
class Progress:
    """What is being done now; `share` 0..1."""

    share: float = 0.0
    stage: Note | str = ""  # what is being done; a job of an earlier version kept the sentence
    rows: int = 0
    rounds: int = 0
    best: float | None = None  # AUC so far


@dataclass(frozen=True)
class Shelved:
    """A data set or model that lay in the folder and not in the records, and was put aside on `day`."""

    kind: str  # "datasets" | "models"
    id: str
    day: dt.date
    name: str  # "" where its files don't tell
    rows: int = 0
    can_return: bool = True


@dataclass(frozen=True)
class Recovered:
    """What was taken back, and what could not be: (name, why)."""

    datasets: int
    models: int
    refused: tuple[tuple[str, Note], ...] = ()
