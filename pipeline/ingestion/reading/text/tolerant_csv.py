"""Text tables with a will of their own: every record is taken as it is, and what was odd is counted."""

from __future__ import annotations

import csv
import io
import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TextIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.errors import UnreadableFile
from pipeline.ingestion.reading import cells_file
from pipeline.ingestion.reading.cells_file import HeldCells
from pipeline.ingestion.reading.header_row import names_of
from pipeline.ingestion.reading.limits import Limits
from pipeline.ingestion.reading.text.dialect import Dialect, too_many_columns
from pipeline.ingestion.reading.text.encoding import TextFile
from pipeline.ingestion.reading.vocabulary import OVERFLOW
from pipeline.records import Note, note

Quoting = Literal[0, 3]  # csv.QUOTE_MINIMAL, csv.QUOTE_NONE
_BATCH = 20_000
_EXAMPLES = 3
_LONG, _SHORT = "reading.long_rows", "reading.short_rows"


@dataclass(frozen=True)
class Irregular:
    """A table of texts read from lines of unequal length, each row's place in the file, and what was made of them."""

    cells: HeldCells
    rows: np.ndarray
    notes: tuple[Note, ...]


class UnclosedQuote(Exception):
    """A quote opens in the record of this spreadsheet row and is never closed."""

    def __init__(self, row: int) -> None:
        super().__init__(row)
        self.row = row


@dataclass
class _Odd:
    """What was counted on the way: how many rows, and the first few of them."""

    short: int = 0
    long: int = 0
    first_short: list[int] = field(default_factory=list)
    first_long: list[int] = field(default_factory=list)

    def too_short(self, row: int) -> None:
        """A row of too few cells."""
        self.short += 1
        if self.short <= _EXAMPLES:
            self.first_short.append(row)

    def too_long(self, row: int) -> None:
        """A row of too many."""
        self.long += 1
        if self.long <= _EXAMPLES:
            self.first_long.append(row)


def read_all(text: TextFile, dialect: Dialect, folder: Path, name: str, limits: Limits) -> Irregular:
    """Every record under the header; cells beyond the last column go to a column of their own."""
    try:
        return _read(text, dialect, folder, name, limits)
    except UnclosedQuote as unclosed:
        refusal = UnreadableFile("reading.quotes_never_close", name=name, row=unclosed.row)
        try:
            plain = _read(text, dialect, folder, name, limits, csv.QUOTE_NONE)
        except UnclosedQuote:
            raise refusal from None
        if plain.cells.table.num_columns > dialect.width or any(odd.code == _SHORT for odd in plain.notes):
            raise refusal from None
        quotes = note("reading.quotes_as_text", row=unclosed.row)
        return Irregular(plain.cells, plain.rows, (quotes, *plain.notes))


def too_many_rows(name: str, limits: Limits) -> UnreadableFile:
    """The refusal of a table that is too long."""
    return UnreadableFile("reading.too_many_rows", name=name, limit=limits.max_rows)


def _read(
    text: TextFile, dialect: Dialect, folder: Path, name: str, limits: Limits, quoting: Quoting = csv.QUOTE_MINIMAL
) -> Irregular:
    odd, rows = _Odd(), array("q")
    batches = _batches(_records(text, dialect, name, limits, quoting), dialect, odd, rows, (name, limits))
    size = text.path.stat().st_size
    if size < limits.mapped_from:
        held = HeldCells(pa.Table.from_batches(batches))
    else:
        cells_file.check_room(size, folder, name)
        held = cells_file.write(batches, _as_batch([], dialect).schema, folder)
    if not odd.long:
        last = held.table.num_columns - 1
        held = HeldCells(held.table.remove_column(last), held.file and held.file.only(range(last)))
    return Irregular(held, np.frombuffer(rows, "int64") if rows else np.zeros(0, "int64"), tuple(_notes(odd)))


def _batches(
    records: Iterator[tuple[int, list[str]]], dialect: Dialect, odd: _Odd, rows: array[int], most: tuple[str, Limits]
) -> Iterator[pa.RecordBatch]:
    """The records under the header, `_BATCH` at a time; `odd` and `rows` are filled on the way."""
    batch: list[list[str]] = []
    name, limits = most
    for row, record in records:
        if row <= dialect.header_row or not record:
            continue
        rows.append(row)
        batch.append(record if len(record) == dialect.width else _fitted(record, row, dialect, odd))
        if len(batch) == _BATCH:
            yield _as_batch(batch, dialect)
            batch = []
        if len(rows) > limits.max_rows:
            raise too_many_rows(name, limits)
    yield _as_batch(batch, dialect)


def _fitted(record: list[str], row: int, dialect: Dialect, odd: _Odd) -> list[str]:
    """The record with `width` cells, or one more that holds all that were too many."""
    width = dialect.width
    if len(record) < width:
        odd.too_short(row)
        return record + [""] * (width - len(record))
    extra = record[width:]
    if not any(extra):
        return record[:width]
    odd.too_long(row)
    return [*record[:width], dialect.delimiter.join(extra)]


def _as_batch(batch: list[list[str]], dialect: Dialect) -> pa.RecordBatch:
    width = dialect.width
    names = [*names_of(dialect.names, width), OVERFLOW]
    names = names_of(names, width + 1)
    columns = [pa.array([r[i] for r in batch], pa.string()) for i in range(width)]
    columns.append(pa.array([r[width] if len(r) > width else "" for r in batch], pa.string()))
    empty = pa.scalar(None, pa.string())
    return pa.record_batch([pc.if_else(pc.equal(c, ""), empty, c) for c in columns], names=names)


def _records(
    text: TextFile, dialect: Dialect, name: str, limits: Limits, quoting: Quoting
) -> Iterator[tuple[int, list[str]]]:
    """(spreadsheet row, cells) of all records from the top of the file; [] where a line is blank."""
    csv.field_size_limit(limits.max_line_bytes)
    with text.path.open(encoding="utf-8-sig", newline="") as file:
        lines = _Lines(file, name, limits)
        if dialect.sep_line:
            next(lines)
        row = 0
        reader = csv.reader(lines, delimiter=dialect.delimiter, quoting=quoting)
        while True:
            lines.since_record.clear()
            try:
                record = next(reader)
            except StopIteration:
                return
            except csv.Error:
                raise UnclosedQuote(row + 1) from None
            row += 1
            if len(lines.since_record) > 1 and not _closes(lines.since_record, dialect):
                raise UnclosedQuote(row)
            if lines.ended and quoting != csv.QUOTE_NONE:  # it asked for more in the middle of a record
                raise UnclosedQuote(row)
            if len(record) > limits.max_columns:
                raise too_many_columns(name, len(record), limits)
            yield row, record


def _closes(lines: list[str], dialect: Dialect) -> bool:
    """Whether a record of several lines is sound: a quote left open swallows the next line up to a quote of its own.

    Spaces between a closing quote and what ends the cell are no fault.
    """
    tight = re.sub(rf'" +(?={re.escape(dialect.delimiter)}|[\r\n]|$)', '"', "".join(lines))
    try:
        list(csv.reader(io.StringIO(tight, newline=""), delimiter=dialect.delimiter, strict=True))
    except csv.Error:
        return False
    return True


class _Lines:
    """Physical lines, none longer than the limit; `ended` once the file has no more.

    `since_record`: the lines since it was last cleared.
    """

    def __init__(self, file: TextIO, name: str, limits: Limits) -> None:
        self._file, self._name, self._limit = file, name, limits.max_line_bytes
        self.number = 0
        self.ended = False
        self.since_record: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._file.readline(self._limit + 1)
        if not line:
            self.ended = True
            raise StopIteration
        if len(line) > self._limit:
            raise UnreadableFile("reading.long_line", name=self._name, row=self.number + 1, limit=self._limit)
        self.number += 1
        self.since_record.append(line)
        return line


def _notes(odd: _Odd) -> Iterator[Note]:
    if odd.long:
        yield note(_LONG, count=odd.long, rows=odd.first_long, column=OVERFLOW)
    if odd.short:
        yield note(_SHORT, count=odd.short, rows=odd.first_short)
