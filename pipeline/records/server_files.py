"""Files that lie in the folder of the server from which data may be taken."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ServerFile:
    """A plain file below the folder. `path`: its name there, folders before it with "/"; it may name somebody, and is
    neither kept nor logged. `size`: bytes; `changed_ns`: when it was last written, nanoseconds since 1970.

    `mark` tells the file, as it stands, from any other and from itself once it is written anew.
    """

    path: str
    size: int
    changed_ns: int
    mark: str

    @property
    def name(self) -> str:
        """Without the folders before it."""
        return self.path.rpartition("/")[2]

    @property
    def folder(self) -> str:
        """The folders before it; "" for what lies at the top."""
        return self.path.rpartition("/")[0]


@dataclass(frozen=True)
class ServerFiles:
    """What lies in the folder: the files of known endings, the newest first. `aside`: how many of these endings are no
    plain files (links, also hard ones, pipes, devices), and are not offered; `is_cut`: whether there are more than are
    told.
    """

    files: tuple[ServerFile, ...]
    aside: int = 0
    is_cut: bool = False
