"""What is finished, kept: a result is a file that appears whole or not at all, named by what it depends on.

A second run with the same inputs, parameters and code finds it and goes on from there; any other run has names of its
own. What a kill left half written lies in a folder named after the process, which the next run sweeps.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline import atomic, scratch
from pipeline.executing.worker import code_version

_SEAL = ".sha256"


@dataclass(frozen=True)
class Kept:
    """The folder of one piece of work. `staging` (of the same disk) is where files are written before they appear."""

    folder: Path
    staging: Path

    def place(self, name: str) -> Path:
        """Where the result of that name is, or is to be."""
        return self.folder / name

    def has(self, name: str) -> bool:
        """Whether that result is finished."""
        return self.place(name).exists()

    @contextlib.contextmanager
    def writing(self, name: str) -> Iterator[Path]:
        """A file to write a result into; it appears under its name at the end of the block, or not at all."""
        with atomic.replacing(self.place(name), staging=self.staging, mode=atomic.PRIVATE) as unfinished:
            yield unfinished

    def count(self, pattern: str = "*") -> int:
        """How many results are finished whose names are like that."""
        return sum(1 for _ in self.folder.glob(pattern))

    def seal(self, name: str) -> None:
        """Says that a result, a file or a folder of files, is finished, and what it is made of: `sound` asks."""
        with self.writing(f"{name}{_SEAL}") as unfinished:
            unfinished.write_text(_digest(self.place(name)), encoding="ascii")

    def sound(self, name: str) -> bool:
        """Whether that result is finished and as it was when it was sealed; one that is not goes."""
        place, sealed = self.place(name), self.place(f"{name}{_SEAL}")
        if place.exists() and sealed.exists() and sealed.read_text(encoding="ascii") == _digest(place):
            return True
        for one in (sealed, place):
            if one.is_dir():
                shutil.rmtree(one)
            else:
                one.unlink(missing_ok=True)
        return False

    def text(self, name: str, make: Callable[[], str]) -> str:
        """The text that is finished under that name and sound, or what `make` gives, put aside at once."""
        if self.sound(name):
            return self.place(name).read_bytes().decode()
        made = make()
        with self.writing(name) as unfinished:
            unfinished.write_bytes(made.encode())
        self.seal(name)
        return made


def _digest(place: Path) -> str:
    """SHA-256 of a file, or of the names and contents of a folder's files."""
    if not place.is_dir():
        with place.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    whole = hashlib.sha256()
    for path in sorted(one for one in place.rglob("*") if one.is_file()):
        whole.update(f"{path.relative_to(place).as_posix()} {_digest(path)}\n".encode())
    return whole.hexdigest()


def key_of(parts: Mapping[str, Any]) -> str:
    """16 hex digits of what results depend on (plain values: hashes of inputs, parameters), and of this code."""
    told = json.dumps({**parts, "code": code_version()}, sort_keys=True, ensure_ascii=True, default=str)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


@contextlib.contextmanager
def kept(work: Path | None, parts: Mapping[str, Any]) -> Iterator[Kept]:
    """The results of the work that depends on `parts`, until it is all done: then they go.

    With `work`, a folder that is made if it is not there, what is finished outlives an error, a cancel and a kill.
    Without, it lies in the private scratch folder and goes with the run.
    """
    if work is None:
        with scratch.folder() as own:
            folder, staging = own / "kept", own / "staging"
            folder.mkdir(mode=0o700)
            staging.mkdir(mode=0o700)
            yield Kept(folder, staging)
        return
    work.mkdir(mode=0o700, parents=True, exist_ok=True)
    if os.name == "posix":
        work.chmod(0o700)
    folder = work / f"work-{key_of(parts)}"
    folder.mkdir(mode=0o700, exist_ok=True)
    with scratch.folder(work) as staging:
        yield Kept(folder, staging)
    shutil.rmtree(folder)
    with contextlib.suppress(OSError):  # somebody keeps other things there
        work.rmdir()
