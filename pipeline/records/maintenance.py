"""What was done to a workspace as a whole: copied, taken back, examined."""

from __future__ import annotations

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
    """What was looked at and what was found; `mended`: what was found before and is so no more."""

    findings: tuple[Finding, ...]
    datasets: int = 0
    models: int = 0
    mended: tuple[Finding, ...] = ()
