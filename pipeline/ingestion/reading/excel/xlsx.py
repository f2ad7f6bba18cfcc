""".xlsx → columns of text: cells read one by one as they stand in the sheet, never the empty space between them.

openpyxl fills gaps with empty cells, so that one cell at XFD1048576 costs gigabytes: it is asked for the styles and
the names of the sheets, and the cells stream by (`sheet_xml`), counted on the way.
"""

from __future__ import annotations

import warnings
import zipfile
import zlib
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError

import numpy as np
import pyarrow as pa
from defusedxml.common import DefusedXmlException
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from pipeline.errors import UnreadableFile
from pipeline.ingestion.reading.excel.cell_text import CellText
from pipeline.ingestion.reading.excel.opened_book import OpenedBook, SheetPlace
from pipeline.ingestion.reading.excel.sheet_xml import XmlCell
from pipeline.ingestion.reading.excel.sheet_xml import rows as xml_rows
from pipeline.ingestion.reading.header_row import find_header, header_notes, names_of
from pipeline.ingestion.reading.limits import Limits
from pipeline.ingestion.reading.text.dialect import too_many_columns
from pipeline.ingestion.reading.text.tolerant_csv import too_many_rows
from pipeline.records import Note, note

_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    InvalidFileException,
    ParseError,
    ExpatError,
    DefusedXmlException,
    KeyError,
    IndexError,
    ValueError,
    TypeError,
    AttributeError,
    EOFError,
    OSError,
    OverflowError,
    NotImplementedError,
)
_BATCH = 50_000
_SHOWN = 40  # characters of a name that was asked for


@dataclass(frozen=True)
class SheetCells:
    """A sheet's columns of text with the row of each line; `sheets` are those a person can see."""

    table: pa.Table
    rows: np.ndarray
    sheet: str
    sheets: tuple[str, ...]
    notes: tuple[Note, ...]


Row = tuple[int, dict[int, str]]  # row of the sheet, text by column (from 0)


def read_workbook(path: Path, name: str, sheet: str | None, limits: Limits) -> SheetCells:
    """The cells of `sheet`, or of the first visible sheet that holds a table."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # English remarks on styles and extensions of no interest here
            with closing(OpenedBook(path, name, limits)) as book:
                return _read(book, name, sheet, limits)
    except UnreadableFile:
        raise
    except _DAMAGE:
        raise UnreadableFile("reading.xlsx_damaged", name=name) from None


def _read(book: OpenedBook, name: str, sheet: str | None, limits: Limits) -> SheetCells:
    visible = list(book.shown)
    sheets = tuple(ws.title for ws in visible)
    if sheet is not None and sheet not in sheets:
        raise no_such_sheet(name, sheet, sheets)
    chosen = (
        _first_table(book, visible, name, limits) if sheet is None else next(ws for ws in visible if ws.title == sheet)
    )
    rows = _rows(book, chosen, name, limits)
    first = next(rows, None)
    if first is not None:
        found = grid_table(first, rows, name, chosen.title, sheets, limits)
        return found if sheet else replace(found, notes=(*other_sheets(chosen.title, sheets), *found.notes))
    raise empty_book(name, sheet)


def no_such_sheet(name: str, sheet: str, sheets: tuple[str, ...]) -> UnreadableFile:
    """The refusal of a workbook that lacks the wanted sheet."""
    return UnreadableFile("reading.no_such_sheet", name=name, sheet=sheet[:_SHOWN], sheets=sheets)


def empty_book(name: str, sheet: str | None) -> UnreadableFile:
    """The refusal of a workbook, or of the wanted sheet of it, that holds nothing."""
    if sheet:
        return UnreadableFile("reading.empty_sheet", name=name, sheet=sheet)
    return UnreadableFile("reading.empty_book", name=name)


def long_cell(name: str, column: int, row: int, limits: Limits) -> UnreadableFile:
    """The refusal of a cell (`column` from 0) with too much text."""
    where = f"{get_column_letter(column + 1)}{row}"
    return UnreadableFile("reading.long_cell", name=name, cell=where, limit=limits.max_cell_chars)


def _first_table(book: OpenedBook, visible: list[SheetPlace], name: str, limits: Limits) -> SheetPlace:
    """The first sheet with a header and a row of two cells and more; a cover or a remark before it is passed over.

    Where there is none: the first that holds anything, or the first.
    """
    filled = None
    for ws in visible:
        rows = _rows(book, ws, name, limits)
        top = [cells for _, cells in islice(rows, limits.header_rows + 1)]
        rows.close()
        if sum(len(cells) > 1 for cells in top) > 1:
            return ws
        filled = filled or (ws if top else None)
    return filled or visible[0]


def other_sheets(read: str, sheets: tuple[str, ...]) -> tuple[Note, ...]:
    """A note that names the sheets which were not read."""
    others = [title for title in sheets if title != read]
    return (note("reading.other_sheets", sheet=read, others=others),) if others else ()


def _rows(book: OpenedBook, ws: SheetPlace, name: str, limits: Limits) -> Generator[Row, None, None]:
    """Rows that hold something, top to bottom; the limits are watched on the way."""
    text, total = CellText(book.wb), 0
    with ws.open() as source:
        for row, cells in xml_rows(source, name, limits):
            texts = _texts(book, text, row, cells, name, limits)
            total += sum(map(len, texts.values()))
            if total > limits.max_unpacked_bytes:
                raise UnreadableFile("reading.book_too_much_text", name=name, limit=limits.max_unpacked_bytes)
            if texts:
                widest = max(texts)
                if widest >= limits.max_columns:
                    raise too_many_columns(name, widest + 1, limits)
                yield row, texts


def _texts(
    book: OpenedBook, text: CellText, row: int, cells: list[XmlCell], name: str, limits: Limits
) -> dict[int, str]:
    """By column from 0, the texts that a row shows."""
    texts = {}
    for cell in cells:
        shown = text.of(book.value(cell), cell.style)
        if shown:
            texts[cell.column - 1] = shown
            if len(shown) > limits.max_cell_chars:
                raise long_cell(name, cell.column - 1, row, limits)
    return texts


def grid_table(
    first: Row, rows: Iterator[Row], name: str, sheet: str, sheets: tuple[str, ...], limits: Limits
) -> SheetCells:
    """Rows of cells, top to bottom, as columns under the header that is found among them."""
    top = [first]
    for found in rows:
        top.append(found)
        if len(top) == 300:
            break
    wide = max(max(cells) for _, cells in top) + 1
    records = [[cells.get(i) for i in range(wide)] for _, cells in top]
    place = find_header(
        [r for r, (row, _) in zip(records, top, strict=True) if row <= top[0][0] + limits.header_rows],
        limits.header_rows,
    )
    columns = _Columns(wide)
    for row, cells in top[place + 1 :]:
        columns.add(row, cells)
    for row, cells in rows:
        columns.add(row, cells)
        if len(columns.rows) > limits.max_rows:
            raise too_many_rows(name, limits)
    header = records[place]
    notes = header_notes(header, top[place][0], place, records[place + 1 :])
    table = columns.finish(header)
    return SheetCells(table, np.array(columns.rows, "int64"), sheet, sheets, tuple(notes))


@dataclass
class _Columns:
    """Columns that grow row by row, packed into Arrow every so often; a wider row adds columns."""

    width: int
    rows: list[int] = field(default_factory=list)
    _open: list[dict[int, str]] = field(default_factory=list)
    _packed: list[list[pa.Array]] = field(default_factory=list)

    def add(self, row: int, cells: dict[int, str]) -> None:
        self.rows.append(row)
        self._open.append(cells)
        if len(self._open) == _BATCH:
            self._pack()

    def _pack(self) -> None:
        self.width = max(self.width, 1 + max((max(cells) for cells in self._open), default=0))
        self._packed.append([pa.array([cells.get(i) for cells in self._open], pa.string()) for i in range(self.width)])
        self._open = []

    def finish(self, header: list[str | None]) -> pa.Table:
        self._pack()
        for arrays in self._packed:
            n = len(arrays[0])
            arrays.extend(pa.nulls(n, pa.string()) for _ in range(self.width - len(arrays)))
        names = names_of(header, self.width)
        return pa.table(
            {
                name: pa.chunked_array([arrays[i] for arrays in self._packed], pa.string())
                for i, name in enumerate(names)
            }
        )
