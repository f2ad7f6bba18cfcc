"""The door of the reading room: a path or bytes → a table of text, every cell as it stands in the file.

What a file is gets told by its bytes, never by its name. Each refusal says where, what and how to go on; each row
that is read keeps the number it has in the spreadsheet.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import scratch
from pipeline.errors import UnreadableFile
from pipeline.ingestion.reading import cells_file
from pipeline.ingestion.reading.cells_file import HeldCells
from pipeline.ingestion.reading.excel.calamine import read_other_book
from pipeline.ingestion.reading.excel.ods_repeats import check_repeats
from pipeline.ingestion.reading.excel.xlsx import SheetCells, read_workbook
from pipeline.ingestion.reading.fhir import files as fhir
from pipeline.ingestion.reading.file_type import check_zip, kind_of, unpack_gzip
from pipeline.ingestion.reading.limits import LIMITS, Limits, of_other_kinds
from pipeline.ingestion.reading.parquet import read_parquet
from pipeline.ingestion.reading.raw_table import RawTable
from pipeline.ingestion.reading.text.encoding import SAMPLE, to_utf8
from pipeline.ingestion.reading.text.fast_csv import read_text
from pipeline.ingestion.reading.text.guarded import unguarded
from pipeline.ingestion.reading.text.html_table import read_html
from pipeline.ingestion.reading.text_columns import taken
from pipeline.ingestion.reading.vocabulary import NO_HEADER
from pipeline.records import note
from pipeline.resource_declarations import ResourceTable
from pipeline.scrubbing.labels import safe_file_name

__all__ = ["LIMITS", "Limits", "RawTable", "on_disk", "read"]

UNNAMED = "arquivo"
_EXAMPLES = 3


def read(
    source: Path | bytes,
    file_name: str | None = None,
    *,
    sheet: str | None = None,
    limits: Limits = LIMITS,
    folder: Path | None = None,
    resources: Sequence[ResourceTable] = (),
) -> RawTable:
    """Reads CSV-like text (also gzipped), Parquet, .xlsx, .xls, .xlsb, .ods, a page with a table, or FHIR as JSON (also
    packed): `resources` says which of them are rows. `sheet` chooses a sheet.

    In this process: somebody else's file is read by `apart.read`. `folder`: where temporary files may lie.
    UnreadableFile where the file is no table, is damaged or is over a limit.
    """
    name = safe_file_name(file_name or (source.name if isinstance(source, Path) else UNNAMED))
    with nullcontext(folder) if folder else scratch.folder() as folder:
        path = on_disk(source, folder, name, limits)
        with ThreadPoolExecutor(1) as worker:  # hashing runs beside the reading
            digest = worker.submit(_sha256, path)
            raw = _read(path, folder, name, sheet, limits, resources)
            return _tidied(folder, replace(raw, sha256=digest.result(), size=path.stat().st_size))


def on_disk(source: Path | bytes, folder: Path, name: str, limits: Limits) -> Path:
    """The file as a path, once its size is known to be within the limit."""
    if isinstance(source, Path):
        if source.is_dir():
            raise UnreadableFile("reading.folder", name=name)
        if not source.is_file():
            raise UnreadableFile("reading.no_such_file", name=name)
        size = source.stat().st_size
    else:
        size = len(source)
    _check_size(size, name, limits)
    if isinstance(source, Path):
        return source
    path = folder / "upload"
    path.write_bytes(source)
    return path


def _check_size(size: int, name: str, limits: Limits) -> None:
    if size > limits.max_file_bytes:
        raise UnreadableFile("reading.too_large", name=name, size=size, limit=limits.max_file_bytes)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read(
    path: Path, folder: Path, name: str, sheet: str | None, limits: Limits, resources: Sequence[ResourceTable]
) -> RawTable:
    """What `path` holds, unpacked where it is a gzip; hash and size are filled in later."""
    kind = _kind(path, name)
    if kind == "gzip":
        unpacked = folder / "unpacked"
        with path.open("rb") as packed:
            unpack_gzip(packed, unpacked, name, limits, path.stat().st_size)
        path, kind = unpacked, _kind(unpacked, name)
        if kind == "gzip":
            raise UnreadableFile("reading.packed_twice", name=name)
    if kind == "parquet":
        return read_parquet(path, folder, name, limits)
    if kind != "text" or fhir.is_json(path):
        limits = of_other_kinds(limits)
        _check_size(path.stat().st_size, name, limits)
    if kind == "zip":
        if fhir.is_packed(path):
            return fhir.read_packed(path, folder, name, limits, resources)
        kind = check_zip(path, name, limits)
    elif kind == "ole":
        kind = "xls"
    if kind != "text":
        return _of_sheet(_read_sheet(kind, path, folder, name, sheet, limits), name, kind)
    if fhir.is_json(path):
        return fhir.read_text(path, folder, name, limits, resources)
    return _of_text(path, folder, name, limits)


def _of_sheet(found: SheetCells, name: str, kind: str) -> RawTable:
    sheet = found.sheet or None
    return RawTable(found.table, found.rows, name, "", 0, kind, None, None, sheet, found.sheets, found.notes)


def _of_text(path: Path, folder: Path, name: str, limits: Limits) -> RawTable:
    text = to_utf8(path, folder, name, limits)
    cells = read_text(text, folder, name, limits)
    held, taken = HeldCells(cells.table, cells.file), 0
    if text.apostrophes:
        held, taken = unguarded(held, folder)
    taken_off = (note("reading.apostrophes", count=taken),) if taken else ()
    notes = text.notes + cells.notes + taken_off
    return RawTable(
        held.table, cells.rows, name, "", 0, "csv", text.encoding, cells.delimiter, None, (), notes, held.file
    )


def _read_sheet(kind: str, path: Path, folder: Path, name: str, sheet: str | None, limits: Limits) -> SheetCells:
    if kind == "html":
        return read_html(path, name, limits)
    if kind == "xlsx":
        return read_workbook(_as_xlsx(path, folder), name, sheet, limits)
    if kind == "ods":
        check_repeats(path, name, limits)
    return read_other_book(path, folder, name, sheet, limits)


def _kind(path: Path, name: str) -> str:
    with path.open("rb") as file:
        return kind_of(file.read(SAMPLE), name)


def _as_xlsx(path: Path, folder: Path) -> Path:
    """openpyxl judges by the ending of the name; we have judged by the bytes."""
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        return path
    return Path(shutil.copyfile(path, folder / "book.xlsx"))


def _tidied(folder: Path, raw: RawTable) -> RawTable:
    """Without rows and nameless columns that hold nothing, and with a note on what is odd; refuses no rows at all."""
    table, rows, notes = raw.table, raw.rows, list(raw.notes)
    nameless = [n for n in table.column_names if n.startswith(NO_HEADER) and table[n].null_count == table.num_rows]
    if _two_tables(table.column_names, nameless):
        notes.append(note("reading.two_tables"))
    held = HeldCells(table.drop_columns(nameless), raw.cells and raw.cells.only(_others(table, nameless)))
    if held.table.num_columns:
        empty = _empty_rows(held.table)
        if empty is not None:
            held, rows = _without_rows(held, empty, folder), rows[~empty]
    table = held.table
    if not table.num_rows:
        raise UnreadableFile("reading.no_rows", name=raw.file_name)
    blank = int(rows[-1] - rows[0]) + 1 - len(rows)
    if blank:
        notes.append(note("reading.blank_rows", count=blank))
    repeats = _repeated_headers(table)
    if repeats.any():
        told = rows[repeats][:_EXAMPLES].tolist()
        notes.append(note("reading.repeated_header", count=int(repeats.sum()), rows=told))
    numbers: np.ndarray | range = rows
    if len(rows) and rows[-1] - rows[0] + 1 == len(rows):
        numbers = range(int(rows[0]), int(rows[-1]) + 1)
    return replace(raw, table=table, row_numbers=numbers, notes=tuple(notes), cells=held.file)


def _others(table: pa.Table, names: list[str]) -> list[int]:
    """The places of the columns that aren't among `names`."""
    return [place for place, name in enumerate(table.column_names) if name not in names]


def _without_rows(held: HeldCells, left: np.ndarray, folder: Path) -> HeldCells:
    """The cells without the rows of a mask."""
    keep = ~left
    return cells_file.changed(held, lambda t, first: t.filter(pa.array(keep[first : first + t.num_rows])), folder)


def _two_tables(names: list[str], nameless: list[str]) -> bool:
    """Whether an empty column stands between columns with names, two or more on each side."""
    gaps = [i for i, name in enumerate(names) if name in nameless]
    return any(
        sum(n not in nameless for n in names[:gap]) > 1 and sum(n not in nameless for n in names[gap + 1 :]) > 1
        for gap in gaps
    )


def _empty_rows(table: pa.Table) -> np.ndarray | None:
    """Which rows hold nothing but white space; None where none do.

    The fullest column goes first: it rules out nearly all rows, and the others are looked at only where it is blank.
    """
    left = np.arange(table.num_rows)
    for column in sorted(table.columns, key=lambda c: c.null_count):
        cells = column if len(left) == table.num_rows else taken(column, left)
        blank = pc.fill_null(pc.equal(pc.utf8_ltrim_whitespace(cells), ""), True)
        left = left[blank.to_numpy()]
        if not len(left):
            return None
    empty = np.zeros(table.num_rows, bool)
    empty[left] = True
    return empty


def _repeated_headers(table: pa.Table) -> np.ndarray:
    """Which rows say the header again."""
    same = None
    for name in table.column_names:
        equal = pc.fill_null(pc.equal(table[name], name), name.startswith(NO_HEADER))
        same = equal if same is None else pc.and_(same, equal)
        if not pc.any(same).as_py():
            return np.zeros(table.num_rows, bool)
    return np.asarray(same)
