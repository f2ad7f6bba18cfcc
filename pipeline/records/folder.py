"""The watched folder: how it is set, and what became of each file that was dropped into it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pipeline.records.note import Note


class FolderState(StrEnum):
    """What became of a file of the folder."""

    TAKEN = "taken"  # it is a data set
    REFUSED = "refused"  # it was set aside, with why
    LATER = "later"  # it could not be read or kept now, and lies where it was: it is tried again


@dataclass(frozen=True)
class FolderFile:
    """A file that came by the watched folder. `name`: as it may be shown; `at`: when (ISO, São Paulo).

    `rows`: of the data set; `to_call`: patients in the list that was made of it, None where none was; `note`: why it
    was refused, or why there is no list.
    """

    name: str
    sha256: str
    at: str
    state: FolderState
    product: str = ""
    series: str = ""
    dataset_id: str = ""
    rows: int = 0
    to_call: int | None = None
    note: Note | None = None


@dataclass(frozen=True)
class FolderSettings:
    """How a folder is watched. `out`: where lists and reports go ("": a folder within it); `product`: whose files they
    are ("": told by their columns); `seconds`: how long a file must stand still to be whole.

    `lists`, `reports`: what is written out; `identified`: the list with the file's own columns; `retrain`: whether a
    model is trained anew where watching it advises so (it is proposed, never put to use).
    """

    path: str = ""
    out: str = ""
    product: str = ""
    is_on: bool = False
    seconds: int = 10
    lists: bool = True
    reports: bool = True
    identified: bool = False
    retrain: bool = False
