"""Data from a folder of the server, for what is larger than the browser sends: what lies there, looked at and kept.

Whoever looks after the server names the folder (`PRESENCA_IMPORT`); nothing leads out of it (`pipeline.enclosed`). A
file is copied into the private scratch folder before it is read: what is read is what was looked at, whatever becomes
of the file meanwhile. What is large is kept by a job (`server_reading`).
"""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath

from pipeline import enclosed, memory, scratch
from pipeline.errors import PresencaError, UnreadableFile
from pipeline.ingestion.intake import NOTHING
from pipeline.ingestion.reading.limits import within
from pipeline.records import DatasetInfo, Progress, Recipe, note
from pipeline.records.server_files import ServerFile, ServerFiles
from pipeline.scrubbing.labels import safe_file_name
from pipeline.services.data import datasets, joining
from pipeline.services.data.datasets import RECOGNISED, Preview
from pipeline.services.data.placing import Into
from pipeline.services.session import Permission, Session, needs
from pipeline.workspace.audit import FileName
from pipeline.workspace.storage import atomic_files
from pipeline.workspace.store import Workspace

VARIABLE = "PRESENCA_IMPORT"
ENDINGS = (".csv", ".txt", ".gz", ".xlsx", ".xls", ".ods", ".parquet", ".json", ".ndjson")
AT_ONCE = 50_000_000  # bytes that a page reads itself; what is larger a job does
MOST_AT_ONCE = 200  # files
_TEXTS = (".csv", ".txt", ".ndjson")  # any beginning of these is one itself
_HEAD, _UNPACKED = 8_000_000, 8  # bytes of a text that show its columns; what packed bytes count for, times
_COPIED = 0.15  # of the whole way
_WIDE = (b"\xff\xfe", b"\xfe\xff")  # how UTF-16 begins

Tell = Callable[[Progress], None]


@needs(Permission.CHANGE_DATA)
def is_set(session: Session) -> bool:
    """Whether whoever looks after the server has named a folder."""
    return bool(os.environ.get(VARIABLE, "").strip())


@needs(Permission.CHANGE_DATA)
def listed(session: Session) -> ServerFiles:
    """What lies in the folder, the newest first. PresencaError where it can't be looked at."""
    try:
        return enclosed.look(root(session.workspace), ENDINGS)
    except OSError:
        raise PresencaError("server_files.no_folder", variable=VARIABLE) from None


def root(workspace: Workspace) -> Path:
    """The folder. PresencaError where it is none, or lies in the workspace or around it."""
    told = Path(os.environ.get(VARIABLE, "").strip())
    if not told.is_absolute() or not told.is_dir():
        raise PresencaError("server_files.no_folder", variable=VARIABLE)
    whole, own = told.resolve(), workspace.home.resolve()
    if whole.is_relative_to(own) or own.is_relative_to(whole):
        raise PresencaError("server_files.of_workspace", variable=VARIABLE)
    return whole


def weight(files: Sequence[ServerFile]) -> int:
    """The bytes that files count for: what is packed holds more than it is large."""
    return sum(one.size * (_UNPACKED if one.name.lower().endswith(".gz") else 1) for one in files)


def is_large(files: Sequence[ServerFile]) -> bool:
    """Whether reading them is a job's work, and not a page's."""
    return weight(files) > AT_ONCE


@needs(Permission.CHANGE_DATA)
def preview(
    session: Session, product_key: str, file: ServerFile, sheet: str | None = None, into: str | None = None
) -> Preview:
    """As `datasets.preview`, of a file of the folder; of a large text its beginning alone (`Preview.is_beginning`)."""
    name = safe_file_name(file.name)
    with scratch.folder() as own:
        beginning = _beginning(session, file, own)
        if beginning is not None:
            try:
                found = datasets.preview(session, product_key, beginning, name, sheet, into)
                return replace(found, is_beginning=True)
            except UnreadableFile:  # it is no text after all, or was cut where it can't be
                pass
        whole = _copied(session, [file], own, None)
        return datasets.preview(session, product_key, whole[0], name, sheet, into)


def _beginning(session: Session, file: ServerFile, own: Path) -> Path | None:
    """A file with the first lines of a text; None where the file is none, or is read whole as fast."""
    ending = PurePosixPath(file.name.lower()).suffix
    if ending not in (*_TEXTS, ".gz") or weight([file]) <= _HEAD:
        return None
    content = enclosed.head(root(session.workspace), file, _HEAD)
    if ending == ".gz":
        content = _unpacked(content)
    path = own / "beginning"
    path.write_bytes(_whole_lines(content))
    return path


def _unpacked(packed: bytes) -> bytes:
    """The beginning of what was packed, `_HEAD` bytes at most; nothing where it is not packed so."""
    try:
        return zlib.decompressobj(wbits=zlib.MAX_WBITS | 16).decompress(packed, _HEAD)
    except (zlib.error, gzip.BadGzipFile):
        return b""


def _whole_lines(content: bytes) -> bytes:
    if content.startswith(_WIDE):
        return content[: len(content) // 2 * 2]
    return content[: content.rfind(b"\n") + 1] or content


@needs(Permission.CHANGE_DATA)
def keep(
    session: Session,
    product_key: str,
    files: Sequence[ServerFile],
    *,
    recipe: Recipe = NOTHING,
    into: Into = RECOGNISED,
    progress: Tell | None = None,
) -> DatasetInfo:
    """As `datasets.keep`, of a file of the folder, or `joining.keep_joined`, of several. Who took what is noted."""
    checked(files)
    names = [safe_file_name(one.name) for one in files]
    with scratch.folder() as own:
        copies = _copied(session, files, own, progress)
        later = _later(progress)
        if len(files) == 1:
            info = datasets.keep(session, product_key, copies[0], names[0], recipe=recipe, into=into, progress=later)
        else:
            info = joining.keep_joined(session, product_key, list(zip(copies, names, strict=True)), recipe, later, into)
    for one in files:
        session.audit("server_file_taken", file=FileName(one.path), bytes=one.size, dataset=info.id)
    return info


def largest() -> int:
    """Bytes of the largest file that is read on this machine."""
    return within(memory.budget()).max_file_bytes


def checked(files: Sequence[ServerFile]) -> None:
    """PresencaError for no files or too many, or for one that is larger than any that is read."""
    if not 0 < len(files) <= MOST_AT_ONCE:
        raise PresencaError("server_files.how_many", most=MOST_AT_ONCE)
    most = largest()
    for one in files:
        enclosed.steps(one.path)
        if one.size > most:
            raise UnreadableFile("reading.too_large", name=safe_file_name(one.name), size=one.size, limit=most)


def _copied(session: Session, files: Sequence[ServerFile], own: Path, tell: Tell | None) -> list[Path]:
    """Private copies, in their order."""
    above, total, done, copies = root(session.workspace), sum(one.size for one in files), 0, []
    for place, one in enumerate(files):
        target = own / f"{place:04d}{PurePosixPath(one.name.lower()).suffix}"
        with _told_of(one, len(files)), atomic_files.explained("doing.copy_server_file"):
            enclosed.copy(above, one, target, _copying(tell, done, total))
        done += one.size
        copies.append(target)
    return copies


@contextmanager
def _told_of(file: ServerFile, count: int) -> Iterator[None]:
    """The refusal of one of several names it."""
    try:
        yield
    except PresencaError as error:
        if count == 1 or not error.note.code.startswith("server_files."):
            raise
        raise PresencaError("joining.part_refused", name=safe_file_name(file.name), why=error.note) from None


def _copying(tell: Tell | None, before: int, total: int) -> Callable[[int], None]:
    if tell is None:
        return lambda _: None
    return lambda part: tell(Progress(_COPIED * (before + part) / max(total, 1), note("server_files.copying")))


def _later(tell: Tell | None) -> Tell | None:
    """What is done after the copying, as the rest of the way."""
    if tell is None:
        return None
    tell(Progress(_COPIED, note("server_files.opening")))
    return lambda told: tell(replace(told, share=_COPIED + (1 - _COPIED) * told.share))
