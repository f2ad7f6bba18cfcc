"""A folder that nothing leads out of: its files are listed and opened step by step, and no link is followed.

Where the system can open a name beside an open folder (`openat`), each step is taken so: a folder or file that is
swapped for a link between look and open leads nowhere. What is opened is judged by its handle: a plain file that has
one name alone (a hard link may be a file of elsewhere), and the very one that was listed.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from pipeline.errors import PresencaError
from pipeline.records.server_files import ServerFile, ServerFiles

MOST_FILES, _MOST_SEEN, _DEEPEST = 2_000, 50_000, 8  # files that are told; names that are looked at; folders in folders
_CHUNK = 1 << 20
_HIDDEN = (".", "~")
_BESIDE = os.open in os.supports_dir_fd and os.scandir in os.supports_fd and hasattr(os, "O_NOFOLLOW")
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_FILE = os.O_RDONLY | _NO_LINK | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)  # a pipe is not waited for
_SIZE_OF_MARK = 12  # bytes

Above = int | Path  # an open folder, or where there is no `openat` its path


def look(root: Path, endings: Sequence[str]) -> ServerFiles:
    """The plain files below `root` whose names end so (small letters), the newest first. OSError where `root` can't be
    looked at; a folder within it that can't be is passed over.
    """
    found: list[ServerFile] = []
    aside, seen = 0, 0
    waiting: list[tuple[str, ...]] = [()]
    while waiting and seen < _MOST_SEEN:
        parts = waiting.pop()
        for name, told in _within(root, parts):
            seen += 1
            if name.startswith(_HIDDEN):
                continue
            if stat.S_ISDIR(told.st_mode):
                waiting += [(*parts, name)] if len(parts) < _DEEPEST else []
            elif name.lower().endswith(tuple(endings)):
                if _is_plain(told):
                    found.append(_told("/".join((*parts, name)), told))
                else:
                    aside += 1
    newest = sorted(found, key=lambda one: (-one.changed_ns, one.path))
    return ServerFiles(tuple(newest[:MOST_FILES]), aside, bool(waiting) or len(newest) > MOST_FILES)


def _within(root: Path, parts: Sequence[str]) -> Iterator[tuple[str, os.stat_result]]:
    try:
        with _opened_folder(root, parts) as above, os.scandir(above) as entries:
            for entry in entries:
                with suppress(OSError):  # gone by now
                    # on Windows an entry itself tells neither its number nor its names
                    told = entry.stat(follow_symlinks=False) if _BESIDE else os.lstat(entry.path)
                    if not _is_turned(told):
                        yield entry.name, told
    except OSError:
        if not parts:
            raise


def steps(path: str) -> tuple[str, ...]:
    """The names that a path is made of. PresencaError for one that could lead elsewhere: a whole path, a step up."""
    parts = tuple(path.split("/"))
    foreign = ("\0", "\\", ":") if os.name == "nt" else ("\0",)
    if any(part in ("", ".", "..") or any(sign in part for sign in foreign) for part in parts):
        raise PresencaError("server_files.outside")
    return parts


@contextmanager
def opened(root: Path, file: ServerFile) -> Iterator[BinaryIO]:
    """The file that was listed, open. PresencaError where it is gone, is another by now, is no plain file or may not
    be read.
    """
    *folders, name = steps(file.path)
    handle = _handle(root, folders, name)
    with os.fdopen(handle, "rb") as content:
        told = os.fstat(handle)
        if not _is_plain(told):
            raise PresencaError("server_files.not_plain")
        if _told(file.path, told).mark != file.mark:
            raise PresencaError("server_files.changed")
        yield content


def _handle(root: Path, folders: Sequence[str], name: str) -> int:
    try:
        with _opened_folder(root, folders) as above:
            # a device may do something when it is opened, so it is asked before what is there
            if not _is_plain(_judged(above, name)):
                raise PresencaError("server_files.not_plain")
            return os.open(name, _FILE, dir_fd=above) if isinstance(above, int) else os.open(above / name, _FILE)
    except FileNotFoundError:
        raise PresencaError("server_files.gone") from None
    except OSError as error:
        code = "server_files.not_plain" if error.errno in (errno.ELOOP, errno.ENOTDIR) else "server_files.locked"
        raise PresencaError(code) from None


def _judged(above: Above, name: str) -> os.stat_result:
    if isinstance(above, int):
        return os.stat(name, dir_fd=above, follow_symlinks=False)
    return os.lstat(above / name)


@contextmanager
def _opened_folder(root: Path, parts: Sequence[str]) -> Iterator[Above]:
    """The folder at the end of `parts`, each opened beside the one before. OSError for a link on the way."""
    if not _BESIDE:
        yield _walked(root, parts)
        return
    handle = os.open(root, _FOLDER)
    try:
        for part in parts:
            inner = os.open(part, _FOLDER | _NO_LINK, dir_fd=handle)
            os.close(handle)
            handle = inner
        yield handle
    finally:
        os.close(handle)


def _walked(root: Path, parts: Sequence[str]) -> Path:
    for part in parts:
        root = root / part
        told = os.lstat(root)
        if not stat.S_ISDIR(told.st_mode) or _is_turned(told):
            raise OSError(errno.ELOOP, "a link")
    return root


def _is_plain(told: os.stat_result) -> bool:
    return stat.S_ISREG(told.st_mode) and told.st_nlink == 1 and not _is_turned(told)


def _is_turned(told: os.stat_result) -> bool:
    """Whether it is what Windows turns elsewhere: a junction or another reparse point."""
    return bool(getattr(told, "st_file_attributes", 0) & getattr(stat, "FILE_ATTRIBUTE_REPARSE_POINT", 0x400))


def _told(path: str, told: os.stat_result) -> ServerFile:
    identity = f"{told.st_dev}:{told.st_ino}:{told.st_size}:{told.st_mtime_ns}:"
    own = hashlib.blake2b(identity.encode() + os.fsencode(path), digest_size=_SIZE_OF_MARK)
    return ServerFile(path, told.st_size, told.st_mtime_ns, own.hexdigest())


def head(root: Path, file: ServerFile, length: int) -> bytes:
    """Its first bytes, `length` at most. PresencaError as `opened`."""
    with opened(root, file) as content:
        return content.read(length)


def copy(root: Path, file: ServerFile, target: Path, tell: Callable[[int], None] = lambda _: None) -> None:
    """Copies it to a new file, whole: what is written to it meanwhile is a refusal, not a mixture. `tell`: bytes so
    far. PresencaError as `opened`; OSError where there is no room.
    """
    done = 0
    with opened(root, file) as content, target.open("xb") as copied:
        # of one that grows no more than was told: it might grow for ever
        while done <= file.size and (part := content.read(min(_CHUNK, file.size - done + 1))):
            copied.write(part)
            done += len(part)
            tell(done)
        after = os.fstat(content.fileno())
    if done != file.size or _told(file.path, after).mark != file.mark:
        raise PresencaError("server_files.changed")
