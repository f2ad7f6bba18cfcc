"""Files that survive a crash: temporary file or folder, fsync, rename, fsync of the folder above.

Everything here is readable by its owner alone (0700 folders, 0600 files), and a full disk or a missing
permission becomes a refusal that says what could not be done.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from pipeline.errors import WorkspaceError
from pipeline.records import Note, note

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


def private_folder(path: Path) -> Path:
    """The folder, made if need be, open to its owner only."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if os.name == "posix" and path.stat().st_mode & 0o077:
        path.chmod(0o700)
    return path


def create(path: Path) -> BinaryIO:
    """A new file, 0600, open for writing; FileExistsError if there is one."""
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(path, flags, 0o600), "wb")


def write_new(path: Path, content: bytes) -> None:
    """Writes a new file and waits until it is on the disk; for files within a folder that is renamed later."""
    with create(path) as file:
        file.write(content)
        settle(file)


def settle(file: BinaryIO) -> None:
    """Waits until what was written to `file` is on the disk."""
    file.flush()
    os.fsync(file.fileno())


def settle_folder(path: Path) -> None:
    """Waits until the names in a folder are on the disk. Windows has no such call and needs none."""
    if os.name == "posix":
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def put(content: bytes, target: Path, staging: Path) -> None:
    """Writes `target`, or replaces it, so that a reader sees the old content or the new, never a part."""
    temporary = staging / f"{target.name}-{os.getpid()}-{time.monotonic_ns()}"
    try:
        write_new(temporary, content)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    settle_folder(target.parent)


@contextlib.contextmanager
def new_folder(target: Path, staging: Path) -> Iterator[Path]:
    """A folder to fill, which becomes `target` in one step at the end, or vanishes if filling it fails."""
    temporary = private_folder(staging / f"{target.name}-{os.getpid()}-{time.monotonic_ns()}")
    try:
        yield temporary
        settle_folder(temporary)
        temporary.rename(target)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    settle_folder(target.parent)


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
        settle_folder(path.parent)


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
    settle_folder(path.parent)
    remove(gone)


def sweep(staging: Path) -> None:
    """Removes what was to be removed, and what a killed process left half written and nobody has touched for an hour."""
    for entry in staging.iterdir():
        with contextlib.suppress(FileNotFoundError):  # another process sweeps, too
            if entry.name.startswith(REMOVED) or time.time() - entry.stat().st_mtime > LEFTOVER_SECONDS:
                remove(entry)
