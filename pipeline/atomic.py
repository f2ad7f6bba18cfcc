"""Files that appear whole or not at all: a temporary file, fsync, rename, fsync of the folder above.

The workspace and the command line write through this alone; a run that is killed leaves the file of before, or none.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

PRIVATE, SHARED = 0o600, 0o666  # SHARED: what the process' own mask leaves of it, as for any file that is written


def create(path: Path, mode: int = PRIVATE) -> BinaryIO:
    """A new file open for writing; FileExistsError if there is one."""
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(path, flags, mode), "wb")


def settle(file: BinaryIO) -> None:
    """Waits until what was written to `file` is on the disk."""
    file.flush()
    os.fsync(file.fileno())


def settle_path(path: Path) -> None:
    """`settle` for a file that somebody else has written and closed."""
    handle = os.open(path, os.O_RDWR)  # Windows refuses to settle a file that is open for reading only
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def settle_folder(path: Path) -> None:
    """Waits until the names in a folder are on the disk. Windows has no such call and needs none."""
    if os.name == "posix":
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def replacing(target: Path, *, staging: Path | None = None, mode: int = SHARED) -> Iterator[Path]:
    """An empty file to write into, which takes the place of `target` in one step at the end, or vanishes.

    It lies beside `target`, or in `staging` (of the same disk). What `target` links to is what is replaced.
    """
    target = target.resolve()
    unfinished = (staging or target.parent) / f".presenca-{secrets.token_hex(6)}.tmp"
    try:
        create(unfinished, mode).close()
        yield unfinished
        settle_path(unfinished)
        unfinished.replace(target)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    settle_folder(target.parent)


def write(target: Path, content: bytes, *, staging: Path | None = None, mode: int = SHARED) -> None:
    """Writes `target`, or replaces it, so that a reader sees the old content or the new, never a part."""
    with replacing(target, staging=staging, mode=mode) as unfinished:
        unfinished.write_bytes(content)
