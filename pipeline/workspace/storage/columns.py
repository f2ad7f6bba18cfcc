"""Columns beside rows: arrays that are mapped from disk, so that what reads some of their rows holds no others.

They can be made again of the rows and are never the only place of anything. Each has its SHA-256: an altered one counts
as none, and is made again. Hashing all of them takes as long as a page may (a second and a half of processor, and a
gigabyte read, of ten million rows): who opens them asks size and time of change, and hashes what these leave in doubt
and what is small; the examination of the folder hashes all. In the same way they know the files of rows that they were
made of: beside other rows they count as none.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pipeline import atomic
from pipeline.workspace.storage import atomic_files

FOLDER, EVENTS = "columns", "events"  # what is counted from; the rows as events, one by one
FOLDERS = frozenset({FOLDER, EVENTS})
FORMAT = 2  # of these folders: another is made again
SMALL = 1 << 20  # bytes of a file that is always hashed when a process opens it first
_FACTS, _SUM, _SOURCES = "facts.json", "sha256", "sources"


@dataclass(frozen=True)
class _File:
    """A file as it was when the columns were written: an array's, or one of rows."""

    name: str  # of the array, or of the file
    size: int
    changed_ns: int
    sha256: str


def write_columns(
    arrays: Iterable[tuple[str, np.ndarray]],
    facts: Mapping[str, Any],
    above: Path,
    staging: Path,
    *,
    name: str = FOLDER,
    of: Sequence[str] = (),
) -> None:
    """Keeps arrays, of which no more than one need be in hand, and facts about them (JSON; read when all arrays are
    written) as a folder (`name`, of FOLDERS) within `above`, whole or not at all. What another process kept there
    meanwhile stays. `of`: the names of the files within `above` that they are made of, those that are there.
    """
    stale = above / name
    if stale.exists() and read_columns(above, name, of) is None:
        atomic_files.remove(stale)
    sources = [_told(above / one, one) for one in of if (above / one).exists()]  # before they are read
    try:
        with atomic_files.new_folder(above / name, staging) as draft:
            files = [_write(_path(draft, place), key, array) for place, (key, array) in enumerate(arrays)]
            plain = {
                "format": FORMAT,
                "arrays": [asdict(file) for file in files],
                _SOURCES: [asdict(file) for file in sources],
                "facts": dict(facts),
            }
            atomic_files.write_new(draft / _FACTS, _text({**plain, _SUM: _sum(plain)}))
    except OSError:
        if read_columns(above, name, of) is None:
            raise


def read_columns(
    above: Path, name: str = FOLDER, of: Sequence[str] = ()
) -> tuple[dict[str, np.ndarray], dict[str, Any]] | None:
    """What `write_columns` kept, mapped; None where there is nothing, or nothing that can be opened and is whole, or it
    was made of other files than are there now (of a cache that has not fetched them, `sources` tells).
    """
    folder = above / name
    try:
        plain = _facts(folder)
        if plain["format"] != FORMAT or (of and not _are_beside(above, plain[_SOURCES])):
            return None
        files = [_File(**one) for one in plain["arrays"]]
        if not all(_seems_whole(_path(folder, place), file) for place, file in enumerate(files)):
            return None
        return {file.name: _mapped(_path(folder, place)) for place, file in enumerate(files)}, plain["facts"]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _are_beside(above: Path, sources: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the files that columns were made of are as they were, those of them that are there."""
    files = [_File(**one) for one in sources]
    return all(_seems_whole(above / file.name, file) for file in files if (above / file.name).exists())


def sources(folder: Path) -> dict[str, str]:
    """The SHA-256 of the files that a folder of columns was made of, by their names; {} where nothing tells."""
    try:
        return {one["name"]: one["sha256"] for one in _facts(folder)[_SOURCES]}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def stamp(above: Path, name: str = FOLDER) -> tuple[int, int] | None:
    """What changes whenever the columns within `above` are made again; None where there are none."""
    try:
        found = (above / name / _FACTS).stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


def is_damaged(folder: Path) -> bool:
    """Whether a folder of columns is not what was written, each byte of it read; one of another format is none."""
    try:
        plain = _facts(folder)
        if plain["format"] != FORMAT:
            return False
        files = [_File(**one) for one in plain["arrays"]]
        return any(_sha256(_path(folder, place)) != file.sha256 for place, file in enumerate(files))
    except (OSError, ValueError, KeyError, TypeError):
        return True


def _path(folder: Path, place: int) -> Path:
    return folder / f"{place:03d}.npy"


def _write(path: Path, name: str, array: np.ndarray) -> _File:
    with atomic.create(path) as file:
        np.save(file, array)
        atomic.settle(file)
    return _told(path, name)


def _told(path: Path, name: str) -> _File:
    told = path.stat()
    return _File(name, told.st_size, told.st_mtime_ns, _sha256(path))


def _facts(folder: Path) -> dict[str, Any]:
    """What is told of the arrays. ValueError where that was altered."""
    plain: dict[str, Any] = json.loads((folder / _FACTS).read_text("utf-8"))
    if plain.pop(_SUM, None) != _sum(plain) and plain["format"] == FORMAT:
        raise ValueError("altered")
    return plain


def _text(plain: Mapping[str, Any]) -> bytes:
    return json.dumps(plain, ensure_ascii=False).encode()


def _sum(plain: Mapping[str, Any]) -> str:
    return hashlib.sha256(_text(plain)).hexdigest()


def _seems_whole(path: Path, file: _File) -> bool:
    """Whether a file is as long as it was, and of the same time or else, or if it is small, of the same content."""
    told = path.stat()
    if told.st_size != file.size:
        return False
    if told.st_mtime_ns == file.changed_ns and file.size > SMALL:
        return True
    return _known_sha256(path, told.st_ino, told.st_mtime_ns) == file.sha256


@functools.lru_cache(maxsize=4096)
def _known_sha256(path: Path, _number: int, _changed_ns: int) -> str:
    """Hashed once in this process, as long as it is the same file."""
    return _sha256(path)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _mapped(path: Path) -> np.ndarray:
    """An array as it lies on disk; no mapping of one without values, which no system allows."""
    try:
        found: np.ndarray = np.load(path, mmap_mode="r", allow_pickle=False)
    except ValueError:
        found = np.load(path, allow_pickle=False)
        if found.size:
            raise
    return found.view(np.ndarray)
