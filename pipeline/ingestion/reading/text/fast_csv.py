"""CSV and its kin → columns of text: DuckDB where the file is regular, Python's csv where it isn't.

DuckDB is never allowed to guess, to pad or to drop: it gets the dialect, and what it read is counted against the
line feeds of the file. Where it refuses or the count differs, the slower reader takes every record as it is.
"""

from __future__ import annotations

import mmap
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.ingestion.reading import cells_file
from pipeline.ingestion.reading.cells_file import BATCH, CellsFile, HeldCells
from pipeline.ingestion.reading.header_row import header_notes, names_of
from pipeline.ingestion.reading.limits import Limits, weigh
from pipeline.ingestion.reading.text import tolerant_csv
from pipeline.ingestion.reading.text.dialect import Dialect, sniff
from pipeline.ingestion.reading.text.encoding import SAMPLE, TextFile
from pipeline.records import Note

_GLOB = frozenset("*?[]{}")
_UNSAFE_STARTS = ("http:", "https:", "s3:", "hf:", "gcs:")
_PART = 1 << 22  # bytes looked at at once


@dataclass(frozen=True)
class Cells:
    """Named columns of text, an empty cell null, and the spreadsheet row of each line; `file`: where they lie, if on
    disk.
    """

    table: pa.Table
    rows: np.ndarray
    delimiter: str
    notes: tuple[Note, ...]
    file: CellsFile | None = None


def read_text(text: TextFile, folder: Path, name: str, limits: Limits) -> Cells:
    """All records under the header."""
    with text.path.open("rb") as file:
        raw = file.read(SAMPLE)
        whole = not file.read(1)
    sample = raw.decode("utf-8-sig", "ignore")
    dialect = sniff(sample, whole, name, limits)
    above = sum(any(c and not c.isspace() for c in r) for r in dialect.records[: dialect.header])
    below = [r for r in dialect.records[dialect.header + 1 :] if r]
    notes = header_notes(dialect.names, dialect.header_row, above, below)
    weigh(text.lines - dialect.lines - 1, dialect.width, name, limits)
    regular = _read_regular(text, dialect, folder, name, limits)
    if regular is None:
        slow = tolerant_csv.read_all(text, dialect, folder, name, limits)
        return Cells(slow.cells.table, slow.rows, dialect.delimiter, (*notes, *slow.notes), slow.cells.file)
    held, rows = regular
    return Cells(held.table, rows, dialect.delimiter, tuple(notes), held.file)


def _read_regular(
    text: TextFile, dialect: Dialect, folder: Path, name: str, limits: Limits
) -> tuple[HeldCells, np.ndarray] | None:
    """DuckDB's reading, or None where it can't be had or can't be trusted."""
    if not dialect.simple or dialect.width < 2:  # one column: an empty cell is a blank line
        return None
    if text.quotes and _spaced_quotes(text.path, dialect.delimiter):
        return None
    path = _plain_path(text.path, folder)
    try:
        held = _duckdb_cells(path, dialect, folder, name, limits)
    except (duckdb.Error, _Stopped):
        return None
    table = held.table
    if table.num_rows > limits.max_rows:
        raise tolerant_csv.too_many_rows(name, limits)
    rows = _row_numbers(text, dialect, table)
    if rows is None:
        return None
    names = names_of(dialect.names, dialect.width)
    return HeldCells(table.rename_columns(names), held.file), rows


@cache
def _database() -> duckdb.DuckDBPyConnection:
    """An empty database in memory, one a process: each reading is a cursor of its own, opening one takes ten times as
    long as a small reading, and nothing of a file stays in it.
    """
    return duckdb.connect(
        config={
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "enable_external_file_cache": False,
        }
    )


def _duckdb_cells(path: Path, dialect: Dialect, folder: Path, name: str, limits: Limits) -> HeldCells:
    columns = {f"c{i}": "VARCHAR" for i in range(dialect.width)}
    with _database().cursor() as con:
        relation = con.sql(
            """SELECT * FROM read_csv($path, delim=$delim, quote='"', escape='"', header=false, skip=$skip,
                 auto_detect=false, columns=$columns, nullstr='', allow_quoted_nulls=true, null_padding=false,
                 ignore_errors=false, strict_mode=true, compression='none', encoding='utf-8',
                 max_line_size=$longest) LIMIT $most""",
            params={
                "path": str(path),
                "delim": dialect.delimiter,
                "skip": dialect.lines + 1,
                "columns": columns,
                "longest": limits.max_line_bytes,
                "most": limits.max_rows + 1,
            },
        )
        size = path.stat().st_size
        if size < limits.mapped_from:
            return HeldCells(relation.to_arrow_table())
        cells_file.check_room(size, folder, name)
        batches = relation.to_arrow_reader(BATCH)
        return cells_file.write(_until_it_stops(batches), batches.schema, folder)


class _Stopped(Exception):
    """DuckDB refuses the file in the middle of it."""


def _until_it_stops(batches: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
    """The batches; what DuckDB refuses while they come reaches us as an error of Arrow's stream, which is an OSError
    too: it is told from a disk that is full.
    """
    while True:
        try:
            batch = batches.read_next_batch()
        except StopIteration:
            return
        except (pa.ArrowException, OSError) as error:
            raise _Stopped from error
        yield batch


def _spaced_quotes(path: Path, delimiter: str) -> bool:
    """Whether a cell begins with blanks and a quote: the two readers disagree on what such a cell holds."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        return re.search(rb"[\n\r" + re.escape(delimiter.encode()) + rb"] +\"", mapped) is not None


def _plain_path(path: Path, folder: Path) -> Path:
    """`path`, or a copy where DuckDB would take its name for a pattern or an address."""
    if not _GLOB & set(str(path)) and not str(path).lower().startswith(_UNSAFE_STARTS):
        return path
    return Path(shutil.copyfile(path, folder / "copy.csv"))


def _row_numbers(text: TextFile, dialect: Dialect, table: pa.Table) -> np.ndarray | None:
    """The spreadsheet row of each record; None where records and line feeds don't agree."""
    if text.returns and _lone_returns(text.path):  # a line feed is then not the only end of a line
        return None
    lines, n = text.lines - dialect.lines - 1, table.num_rows
    first = dialect.header_row + 1
    spanned = _inner_lines(table) if text.quotes and lines != n else 0
    if n + spanned == lines:
        return np.arange(first, first + n, dtype="int64")
    full = _full_lines(text.path)[dialect.lines + 1 :]
    return np.flatnonzero(full) + first if not spanned and full.sum() == n else None


def _lone_returns(path: Path) -> bool:
    """Whether a carriage return stands without its line feed."""
    alone, last = 0, b""
    with path.open("rb") as file:
        while part := file.read(_PART):
            joined = last + part
            alone += part.count(b"\r") - joined.count(b"\r\n")
            last = part[-1:]
    return alone > 0


def _inner_lines(table: pa.Table) -> int:
    """Line feeds inside cells."""
    return sum(pc.sum(pc.count_substring(column, "\n")).as_py() or 0 for column in table.columns)


def _full_lines(path: Path) -> np.ndarray:
    """For each physical line, whether it holds anything."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        data = np.frombuffer(mapped, np.uint8)
        ends = np.concatenate([np.flatnonzero(data[at : at + _PART] == 10) + at for at in range(0, len(data), _PART)])
        if not len(data) or data[-1] != 10:
            ends = np.append(ends, len(data))
        starts = np.append(0, ends[:-1] + 1)
        returns = data[np.maximum(ends - 1, 0)] == 13
        full = (ends - starts - (returns & (ends > starts))) > 0
        del data
    return full
