"""Files at an address: a folder of this machine (or one that machines share), or what fsspec opens, such as s3://…

A file appears whole or not at all. fsspec is asked only where an address needs it.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from pipeline import atomic
from pipeline.errors import PresencaError


def is_remote(address: str) -> bool:
    """Whether an address is not a path."""
    return "://" in address


def joined(address: str, name: str) -> str:
    """The address of a file or folder within another."""
    return f"{address.rstrip('/')}/{name}" if is_remote(address) else os.path.join(address, name)


def exists(address: str) -> bool:
    """Whether there is something."""
    if not is_remote(address):
        return os.path.exists(address)
    files, path = _files(address)
    return bool(files.exists(path))


def make_folder(address: str) -> None:
    """A folder that only we may open; what holds objects has none and needs none."""
    if not is_remote(address):
        Path(address).mkdir(mode=0o700, exist_ok=True)


def opened(address: str) -> BinaryIO:
    """The file, for reading; OSError where it can't be opened."""
    if not is_remote(address):
        return open(address, "rb")  # noqa: SIM115 - the caller closes it
    files, path = _files(address)
    found: BinaryIO = files.open(path, "rb")
    return found


def write(address: str, fill: Callable[[BinaryIO], object]) -> None:
    """Writes a file, or replaces it, by what `fill` writes into it."""
    if not is_remote(address):
        with (
            atomic.replacing(Path(address), mode=atomic.PRIVATE) as unfinished,
            unfinished.open("wb") as file,
        ):
            fill(file)
        return
    files, path = _files(address)
    unfinished_ = f"{path}.{secrets.token_hex(6)}.tmp"  # some systems of files show what is half written
    try:
        with files.open(unfinished_, "wb") as target:
            fill(target)
        files.mv(unfinished_, path)
    except BaseException:
        with suppress(OSError):
            files.rm(unfinished_)
        raise


def _files(address: str) -> tuple[Any, str]:
    """The file system of an address, and the path in it."""
    try:
        import fsspec
    except ImportError:
        raise PresencaError("shards.no_fsspec", address=address) from None
    try:
        files, path = fsspec.core.url_to_fs(address)
    except (ImportError, ValueError) as error:  # the library of that protocol is not there, or nobody knows it
        raise PresencaError("shards.no_fsspec", address=address) from error
    return files, str(path)
