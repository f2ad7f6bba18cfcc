"""The door of this room: a file of FHIR, as text or packed with others, → a RawTable."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, cast

from pipeline.errors import UnreadableFile
from pipeline.ingestion.reading.fhir.documents import Located, looks_like_json, opened, resources
from pipeline.ingestion.reading.fhir.table import table_of
from pipeline.ingestion.reading.file_type import unpack_gzip
from pipeline.ingestion.reading.limits import Limits
from pipeline.ingestion.reading.raw_table import RawTable
from pipeline.ingestion.reading.text.encoding import to_utf8
from pipeline.resource_declarations import ResourceTable

FORMAT = "fhir"
_ENDINGS = (".ndjson", ".json", ".ndjson.gz", ".json.gz")
_HEAD = 1 << 12
_MARKS = b"\xef\xbb\xbf\xff\xfe"  # of encodings
_MOST_PARTS = 500  # files within a zip
_CHUNK = 1 << 20
_APART = 1 << 40  # between the scopes of two files


def is_json(path: Path) -> bool:
    """Whether a text begins like JSON, in whatever encoding."""
    with path.open("rb") as file:
        return looks_like_json(file.read(_HEAD).lstrip(_MARKS).replace(b"\0", b""))


def is_packed(path: Path) -> bool:
    """Whether `path` is a zip of files of JSON and of nothing else."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = [m.filename for m in _files(archive)]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False
    return bool(names) and all(name.lower().endswith(_ENDINGS) for name in names)


def _files(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The members that hold something of the sender's."""
    return [m for m in archive.infolist() if not m.is_dir() and not m.filename.startswith("__MACOSX/")]


def read_text(path: Path, folder: Path, name: str, limits: Limits, tables: Sequence[ResourceTable]) -> RawTable:
    """A text of JSON. UnreadableFile where it is no FHIR, or holds no row."""
    text = to_utf8(path, folder, name, replace(limits, max_line_bytes=limits.max_unpacked_bytes))
    found = _read([text.path], name, limits, tables, text.encoding)
    return replace(found, notes=text.notes + found.notes)


def read_packed(path: Path, folder: Path, name: str, limits: Limits, tables: Sequence[ResourceTable]) -> RawTable:
    """A zip of such texts, as one: what one of them points to may stand in another. UnreadableFile as above, and where
    it is damaged or over a limit.
    """
    return _read(_unpacked(path, folder, name, limits), name, limits, tables, "UTF-8")


def _read(paths: list[Path], name: str, limits: Limits, tables: Sequence[ResourceTable], encoding: str) -> RawTable:
    with ExitStack() as stack:
        texts = [stack.enter_context(opened(path)) for path in paths]

        def read() -> Iterator[Located]:
            for number, text in enumerate(texts):
                yield from resources(text, name, number * _APART)

        table, notes = table_of(read, tables, name, limits)
    rows = range(1, table.num_rows + 1)
    return RawTable(table, rows, name, "", 0, FORMAT, encoding, None, None, (), tuple(notes))


def _unpacked(path: Path, folder: Path, name: str, limits: Limits) -> list[Path]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = _files(archive)
            if any(m.flag_bits & 1 for m in members):
                raise UnreadableFile("reading.zip_password", name=name)
            if len(members) > _MOST_PARTS or sum(m.file_size for m in members) > limits.max_unpacked_bytes:
                raise UnreadableFile("reading.book_unpacks_too_far", name=name, limit=limits.max_unpacked_bytes)
            members.sort(key=lambda m: m.filename)
            paths = [_one(archive, m, folder / f"part{n}", name, limits) for n, m in enumerate(members)]
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, ValueError):
        raise UnreadableFile("reading.zip_damaged", name=name) from None
    found = [path for path in paths if path.stat().st_size]
    if not found:
        raise UnreadableFile("reading.empty", name=name)
    if sum(path.stat().st_size for path in found) > limits.max_unpacked_bytes:
        raise UnreadableFile("reading.book_unpacks_too_far", name=name, limit=limits.max_unpacked_bytes)
    return found


def _one(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, name: str, limits: Limits) -> Path:
    """A member as a file, unpacked again where it is a gzip; zipfile gives no more than its table says."""
    with archive.open(member) as packed:
        if member.filename.lower().endswith(".gz"):
            unpack_gzip(cast(BinaryIO, packed), target, name, limits)
            return target
        with target.open("wb") as out:
            while part := packed.read(_CHUNK):
                out.write(part)
    return target
