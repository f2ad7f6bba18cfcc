"""A sealed copy of a whole workspace in one file, as it was at one moment, while others go on working.

Within, a tar: what it is (`about.json`), the files, and last what each must be (`manifest.json`). Not in it: what is
just being written, logs, and copies of older records, which may hold what was erased since.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import shutil
import tarfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from pipeline import atomic
from pipeline.errors import WorkspaceError
from pipeline.privacy import fingerprint
from pipeline.records import BackupMade
from pipeline.workspace.base import DATABASE
from pipeline.workspace.engine import schema
from pipeline.workspace.engine.database import now
from pipeline.workspace.maintenance.sealed_stream import CHUNK, Sealer, Secret
from pipeline.workspace.storage import atomic_files, columns, shelf
from pipeline.workspace.storage.copied import KINDS
from pipeline.workspace.storage.sidecars import DATASETS_FOLDER, MODELS_FOLDER
from pipeline.workspace.store import Workspace

ABOUT, MANIFEST, FORMAT = "about.json", "manifest.json", 1


def unheard(_share: float) -> None:
    """Nobody asks how far a copy is."""


def write(workspace: Workspace, out: Path, secret: Secret, tell: Callable[[float], None] = unheard) -> BackupMade:
    """Writes the copy, which appears whole or not at all; `tell` hears what share of its bytes is written.

    WorkspaceError if it would lie within the workspace.
    """
    refuse_within(workspace, out)
    with atomic_files.explained("doing.back_up_all"), _moment(workspace) as (folder, known):
        with atomic.replacing(out, mode=atomic.PRIVATE) as unfinished, unfinished.open("wb") as target:
            files = _seal(folder, fingerprint(workspace.key), target, secret, tell)
        size = out.stat().st_size
    return BackupMade(len(known[DATASETS_FOLDER]), len(known[MODELS_FOLDER]), files, size)


def refuse_within(workspace: Workspace, place: Path) -> None:
    """WorkspaceError for a place within the workspace, which whatever takes the one would take, too."""
    if place.resolve().is_relative_to(workspace.home.resolve()):
        raise WorkspaceError("backup.within_data")


@contextlib.contextmanager
def _moment(workspace: Workspace) -> Iterator[tuple[Path, dict[str, set[str]]]]:
    """A folder with the workspace as it is now, and the ids in its records; it goes at the end.

    Files are never changed in their place, only replaced: a second name for each is a copy that costs nothing. No
    record changes meanwhile. Records are a SQLite file in it, whatever holds them here, and go back into either.
    """
    folder = atomic_files.private_folder(workspace.staging / f"backup-{os.getpid()}-{time.monotonic_ns()}")
    try:
        _fetch(workspace, workspace.recorded(ready=True))  # all of a store, before anybody waits for us
        with workspace.database.write():
            known = workspace.recorded(ready=True)
            _fetch(workspace, known)
            atomic.create(folder / DATABASE).close()
            workspace.database.copy_out(folder / DATABASE)
            for path in _files(workspace.home, known):
                target = folder / path.relative_to(workspace.home)
                atomic_files.private_folders(folder, target.parent)
                _link(path, target)
        yield folder, known
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _fetch(workspace: Workspace, known: dict[str, set[str]]) -> None:
    """Sees to it that the folder has the files of these ids, and none that was erased elsewhere."""
    for one in sorted(known[DATASETS_FOLDER]):
        workspace.dataset_folder(one)
    for one in sorted(known[MODELS_FOLDER]):
        workspace.bundle_file(one)


def _files(home: Path, known: dict[str, set[str]]) -> Iterator[Path]:
    """What belongs to the records, what is done about events, and what lies aside."""
    tops = [home / DATASETS_FOLDER / one for one in sorted(known[DATASETS_FOLDER])]
    tops += [home / MODELS_FOLDER / f"{one}{end}" for one in sorted(known[MODELS_FOLDER]) for end in (".zip", ".json")]
    for top in (*tops, *(home / kind.folder for kind in KINDS), home / shelf.SHELF):
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            made_again = path.parent.name in columns.FOLDERS
            if path.is_file() and not path.is_symlink() and not made_again:
                yield path


def _link(path: Path, target: Path) -> None:
    with contextlib.suppress(FileNotFoundError):  # what nobody's record knows any more is just being removed
        try:
            os.link(path, target)
        except FileNotFoundError:
            raise
        except OSError:  # a disk on which a file has but one name
            shutil.copyfile(path, target)


@dataclass
class _Hashed(io.RawIOBase):
    """A file that is hashed while it is read."""

    file: BinaryIO
    digest: hashlib._Hash = field(default_factory=hashlib.sha256)

    def read(self, size: int = -1) -> bytes:
        """As a file's, of at most `size` bytes."""
        content = self.file.read(size)
        self.digest.update(content)
        return content


def _seal(folder: Path, key: str, target: BinaryIO, secret: Secret, tell: Callable[[float], None]) -> int:
    """Writes the sealed tar of a folder; gives the number of its files."""
    sealer = Sealer(target, secret)
    manifest: dict[str, tuple[int, str]] = {}
    with tarfile.open(fileobj=sealer, mode="w|", bufsize=CHUNK, format=tarfile.PAX_FORMAT) as tar:
        about = {"format": FORMAT, "schema": schema.MIGRATIONS[-1].version, "created": now(), "key": key}
        _add(tar, ABOUT, about)
        paths, done = sorted(p for p in folder.rglob("*") if p.is_file()), 0
        whole = max(sum(path.stat().st_size for path in paths), 1)
        for path in paths:
            name = path.relative_to(folder).as_posix()
            with path.open("rb") as file:
                info, hashed = tarfile.TarInfo(name), _Hashed(file)
                info.size, info.mode = os.fstat(file.fileno()).st_size, atomic.PRIVATE
                tar.addfile(info, hashed)  # type: ignore[arg-type]  # it is only read
            manifest[name] = (info.size, hashed.digest.hexdigest())
            done += info.size
            tell(min(done / whole, 1.0))
            os.utime(folder)  # it is still at work: the sweep leaves it alone
        _add(tar, MANIFEST, manifest)
    sealer.finish()
    return len(manifest)


def _add(tar: tarfile.TarFile, name: str, plain: object) -> None:
    content = json.dumps(plain).encode()
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(content), atomic.PRIVATE
    tar.addfile(info, io.BytesIO(content))
