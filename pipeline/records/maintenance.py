"""What was done to a workspace as a whole: copied, taken back, examined."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from pipeline.records.note import Note


@dataclass(frozen=True)
class BackupMade:
    """A sealed copy of a workspace: what is in it, and how large it is."""

    datasets: int
    models: int
    files: int
    size: int  # bytes of the copy


@dataclass(frozen=True)
class Restored:
    """A workspace that was taken back from a copy; `found` and `newest`: versions of its records before and after;
    `logins` and `invitations`: how many of the copy's were ended.
    """

    created: str  # when the copy was made
    datasets: int
    models: int
    files: int
    size: int  # bytes on disk
    found: int
    newest: int
    logins: int = 0
    invitations: int = 0


@dataclass(frozen=True)
class Finding:
    """Something in a workspace that is not as it should be; `mend`: what can be done about it here, if anything."""

    what: Note
    mend: Note | None = None
    is_loss: bool = False  # something is gone or can't be read; without, it only is untidy


@dataclass(frozen=True)
class Examination:
    """What was looked at and what was found; `mended`: what was found before and is so no more; `unseen`: what was not
    looked at.
    """

    findings: tuple[Finding, ...]
    datasets: int = 0
    models: int = 0
    mended: tuple[Finding, ...] = ()
    unseen: tuple[Note, ...] = ()


@dataclass(frozen=True)
class CopyKept:
    """A sealed copy that lies on the server. `outlived`: patients were erased since, and it brings them back."""

    name: str  # of its file
    made: dt.datetime
    size: int  # bytes
    outlived: bool = False


@dataclass(frozen=True)
class CopyShelf:
    """The folder of the copies: what lies in it, newest first, and what is being done."""

    folder: str
    copies: tuple[CopyKept, ...]
    is_making: bool  # by whomever, in whichever process
    share: float | None  # of the bytes of the one being made, where this process makes it
    failed: Note | None  # why the last one that this process began was not made
    is_due: bool  # the last is older than it may be, or there is none


@dataclass(frozen=True)
class KeyPlace:
    """Where the key of a workspace is kept, and when somebody was told it."""

    fingerprint: str
    file: str  # "" where it was given by the environment
    told: dt.datetime | None  # in the app; None where it was not yet
