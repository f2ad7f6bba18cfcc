"""Files and folders of the workspace that survive a crash: `pipeline.atomic`, in a staging folder that is swept.

Everything here is readable by its owner alone (0700 folders, 0600 files), and a full disk or a missing
permission becomes a refusal that says what could not be done.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from pipeline import atomic, scratch
from pipeline.errors import WorkspaceError
from pipeline.records import Note, note

T = TypeVar("T")
REMOVED = "removed-"
LEFTOVER_SECONDS = 3600.0  # what a killed process left half written is swept after this long


@contextlib.contextmanager
def explained(doing: str) -> Iterator[None]:
    """Turns an OSError into a WorkspaceError; `doing`: the code of what was tried."""
    try:
        yield
    except OSError as error:
        raise WorkspaceError("disk.refused", doing=note(doing), why=_reason(error)) from error


def _reason(error: OSError) -> Note:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return note("disk.full")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return note("disk.no_permission")
    if error.errno == errno.ENOENT:
        return note("disk.gone")
    if error.errno is None:  # not the system's but pyarrow's, of a file whose content makes no sense
        return note("disk.damaged")
    return note("disk.no_access")


def is_full(error: WorkspaceError) -> bool:
    """Whether a refusal says that the disk is full, be it of a file or of the records."""
    why = error.note.params.get("why")
    return error.note.code == "records.disk_full" or (isinstance(why, dict) and why.get("code") == "disk.full")


def erasing(change: Callable[[], T], erase: Callable[[], object]) -> T:
    """Carries out the change of the records that an erasure comes with, also on a full disk: there, the files go first
    (`erase`, which needs no room), and the change finds the room that they leave.
    """
    try:
        return change()
    except WorkspaceError as error:
        if not is_full(error):
            raise
    erase()
    return change()


def private_folder(path: Path) -> Path:
    """The folder, made if need be, open to its owner only."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if os.name == "posix" and path.stat().st_mode & 0o077:
        path.chmod(0o700)
    return path


def private_folders(above: Path, folder: Path) -> Path:
    """`folder`, made if need be with each one between it and `above`, open to its owner only."""
    for step in reversed([folder, *folder.parents]):
        if step.is_relative_to(above):
            private_folder(step)
    return folder


def write_new(path: Path, content: bytes) -> None:
    """Writes a new file and waits until it is on the disk; for files within a folder that is renamed later."""
    with atomic.create(path) as file:
        file.write(content)
        atomic.settle(file)


def put(content: bytes, target: Path, staging: Path) -> None:
    """Writes `target`, or replaces it, so that a reader sees the old content or the new, never a part."""
    atomic.write(target, content, staging=staging, mode=atomic.PRIVATE)


@contextlib.contextmanager
def new_folder(target: Path, staging: Path) -> Iterator[Path]:
    """A folder to fill, which becomes `target` in one step at the end, or vanishes if filling it fails."""
    temporary = private_folder(staging / f"{target.name}-{os.getpid()}-{time.monotonic_ns()}")
    try:
        yield temporary
        atomic.settle_folder(temporary)
        temporary.rename(target)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    atomic.settle_folder(target.parent)


def remove(path: Path) -> None:
    """Removes a file or a folder with all in it, if it is there, and waits until that is on the disk."""
    if path.is_dir():
        try:
            shutil.rmtree(path)
        except FileNotFoundError:  # another process is removing it, too
            shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
    if path.parent.is_dir():
        atomic.settle_folder(path.parent)


def discard(path: Path, staging: Path) -> None:
    """Removes a folder that must not come back: out of its place in one step, then for good."""
    gone = staging / f"{REMOVED}{path.name}-{os.getpid()}-{time.monotonic_ns()}"
    try:
        path.rename(gone)
    except FileNotFoundError:
        return
    except OSError:  # Windows does not move what somebody reads
        remove(path)
        return
    atomic.settle_folder(path.parent)
    remove(gone)


def sweep(staging: Path) -> int:
    """Removes what was to be removed,
    and what a killed process left half written and nobody has touched for an hour; how many there were. Folders of
    work that takes hours (see `scratch`) go when its process is gone.
    """
    swept = 0
    for entry in staging.iterdir():
        if scratch.is_named(entry.name):
            continue
        with contextlib.suppress(FileNotFoundError):  # another process sweeps, too
            if entry.name.startswith(REMOVED) or time.time() - entry.stat().st_mtime > LEFTOVER_SECONDS:
                remove(entry)
                swept += 1
    return swept
