"""The watched folder on the disk: which files lie there, are they whole, and where each goes when it was judged.

No link is followed. A file leaves the folder as the last step, by a rename: whoever is killed before finds it again.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from pipeline import atomic
from pipeline.errors import PresencaError
from pipeline.ingestion.reading.limits import LIMITS
from pipeline.services.data.folder_log import READ, REFUSED

READY = ".pronto"  # `agenda.csv.pronto` says that agenda.csv is whole
_PASSING = (".part", ".partial", ".tmp", ".temp", ".crdownload", ".filepart", ".swp", READY)
_HIDDEN = (".", "~")
_NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)


@dataclass(frozen=True)
class Whole:
    """A file that arrived whole: its name in the folder and what it holds."""

    name: str
    content: bytes

    @property
    def sha256(self) -> str:
        """Of what it holds."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass
class Still:
    """Since when each file has stood as it stands. `clock`: seconds that only go forward."""

    seconds: float
    clock: Callable[[], float]
    _seen: dict[str, tuple[int, int, float]] = field(default_factory=dict)

    def whole(self, root: Path) -> list[str]:
        """The files that are whole, by name, the oldest first; the others are looked at again."""
        there = {entry.name: entry.stat(follow_symlinks=False) for entry in waiting(root)}
        self._seen = {name: self._since(name, found) for name, found in there.items()}
        now = self.clock()
        done = [n for n, one in self._seen.items() if now - one[2] >= self.seconds or _is_marked(root / n, there[n])]
        return sorted(done, key=lambda name: (there[name].st_mtime_ns, name))

    @property
    def names(self) -> tuple[str, ...]:
        """All that lay there at the last look."""
        return tuple(self._seen)

    def _since(self, name: str, found: os.stat_result) -> tuple[int, int, float]:
        size, changed = found.st_size, found.st_mtime_ns
        before = self._seen.get(name)
        is_still = before is not None and before[:2] == (size, changed)
        return before if is_still and before is not None else (size, changed, self.clock())


def waiting(root: Path) -> Iterator[os.DirEntry[str]]:
    """Plain files that are no passing ones of a program that writes, edits or downloads them."""
    with os.scandir(root) as entries:
        for entry in entries:
            passing = entry.name.startswith(_HIDDEN) or entry.name.lower().endswith(_PASSING)
            if not passing and entry.is_file(follow_symlinks=False):
                yield entry


def _is_marked(path: Path, found: os.stat_result) -> bool:
    """Whether a mark not older than the file lies beside it: one that is older was another file's."""
    with suppress(OSError):
        mark = os.lstat(path.with_name(path.name + READY))
        return stat.S_ISREG(mark.st_mode) and mark.st_mtime_ns >= found.st_mtime_ns
    return False


def read(root: Path, name: str) -> Whole | None:
    """What a file holds; None where it changed meanwhile. OSError where it is locked or may not be read;
    PresencaError for one that is larger than any that is read.
    """
    handle = os.open(root / name, os.O_RDONLY | _NO_LINK)
    with os.fdopen(handle, "rb") as file:
        before = os.fstat(handle)
        if not stat.S_ISREG(before.st_mode):
            return None
        if before.st_size > LIMITS.max_file_bytes:
            raise PresencaError("folder.too_large", limit=LIMITS.max_file_bytes)
        content = file.read(LIMITS.max_file_bytes + 1)
        after = os.fstat(handle)
    is_same = before.st_size == after.st_size == len(content) and before.st_mtime_ns == after.st_mtime_ns
    return Whole(name, content) if is_same else None


def to_read(root: Path, name: str, month: str) -> None:
    """Moves a file to those that were read. `month`: as in `2026-11`."""
    _move(root, name, root / READ / month)
    aside = root / REFUSED
    if not (aside / name).exists():  # what was said of it there is no longer so
        for ending in (".txt", ".html"):
            (aside / f"{name}{ending}").unlink(missing_ok=True)


def to_refused(root: Path, name: str, said: str, report: bytes) -> None:
    """Sets a file aside with the sentence of why and its report (HTML): both are there before it is."""
    folder = _folder(root / REFUSED)
    free = _free(folder, name)
    write(folder, f"{free}.txt", f"{said}\n".encode("utf-8-sig"))
    write(folder, f"{free}.html", report)
    _move(root, name, folder)


def write(folder: Path, name: str, content: bytes) -> None:
    """Writes a file that appears whole; a link of that name is replaced, not followed."""
    target = _folder(folder) / name
    if target.is_symlink():
        target.unlink()
    atomic.write(target, content)


def _move(root: Path, name: str, folder: Path) -> None:
    target = _folder(folder) / _free(folder, name)
    (root / f"{name}{READY}").unlink(missing_ok=True)  # first: a mark that stays would be the next file's
    (root / name).rename(target)
    atomic.settle_folder(folder)
    atomic.settle_folder(root)


def _free(folder: Path, name: str) -> str:
    """The name, or the first of `name (2)`, `name (3)` that is free."""
    path, place = folder / name, 1
    while os.path.lexists(path):
        place += 1
        path = folder / f"{Path(name).stem} ({place}){Path(name).suffix}"
    return path.name


def _folder(path: Path) -> Path:
    """The folder, made if need be. OSError for a link."""
    if path.is_symlink():
        raise OSError(f"{path.name} is a link")
    path.mkdir(parents=True, exist_ok=True)
    return path
