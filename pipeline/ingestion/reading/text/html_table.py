"""An HTML table, as many systems write it under the name of .xls → rows of text; nothing is fetched or run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import UnreadableFile
from pipeline.ingestion.reading.excel.xlsx import Row, SheetCells, grid_table
from pipeline.ingestion.reading.limits import Limits
from pipeline.ingestion.reading.text.dialect import too_many_columns
from pipeline.ingestion.reading.text.markup import Mark, Page, readable
from pipeline.records import note

_CHARSET = re.compile(rb"charset\s*+=\s*+(?:[\"']\s*+)?([\w\-]{1,40})", re.I)
_ENCODINGS = re.compile(r"utf-?8|utf-?16(?:-?[lb]e)?|(?:iso-?8859-?|latin-?|windows-?|cp)\d{1,4}|us-ascii|macroman")
_HEAD = 4096
_MOST_SPAN = 1000
_MOST_NESTED = 100  # tables within tables
_CELLS = ("td", "th")


def read_html(path: Path, name: str, limits: Limits) -> SheetCells:
    """The table with most cells. UnreadableFile where the page is too large or has no table of two by two."""
    if path.stat().st_size > limits.max_html_bytes:
        raise UnreadableFile("reading.html_too_large", name=name, limit=limits.max_html_bytes)
    tables = _Tables(name, limits)
    tables.read(_text(path.read_bytes()))
    best = tables.best
    if len(best) < 2 or max(len(row) for row in best) < 2:
        raise UnreadableFile("reading.html_without_table", name=name)
    rows = _numbered(best)
    cells = grid_table(next(rows), rows, name, "", (), limits)
    return SheetCells(cells.table, cells.rows, "", (), (note("reading.html_page"), *cells.notes))


def _text(data: bytes) -> str:
    """The page as text: as it says itself, where it says what tables are written in; else UTF-8, else Windows-1252."""
    said = _CHARSET.search(data[:_HEAD])
    names = ["utf-8-sig", _written_in(said[1]) if said else "utf-8"]
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        names.insert(0, "utf-16")
    for encoding in names:
        try:
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("cp1252", "replace")


def _written_in(said: bytes) -> str:
    """The encoding that a page names; other codecs of Python's ("undefined", "idna") are no encodings of text."""
    name = said.decode("ascii", "replace").lower()
    return name if _ENCODINGS.fullmatch(name) else "cp1252"


def _numbered(rows: list[dict[int, str]]) -> Iterator[Row]:
    for place, cells in enumerate(rows, start=1):
        held = {column: text for column, text in cells.items() if text}
        if held:
            yield place, held


class _Tables:
    """Collects the cells of each table and keeps the one with most; a table inside a cell is a table of its own."""

    def __init__(self, name: str, limits: Limits) -> None:
        self.best: list[dict[int, str]] = []
        self._most = 0
        self._open: list[_Table] = []
        self._name, self._limits = name, limits

    def read(self, text: str) -> None:
        """The whole page; what it leaves open is closed at its end."""
        for mark in Page(text).marks():
            if mark.tag == "table":
                self._begin()
            elif self._open:
                self._inside(mark)
        while self._open:
            self._done()

    def _begin(self) -> None:
        if len(self._open) == _MOST_NESTED:
            raise UnreadableFile("reading.html_without_table", name=self._name)
        self._open.append(_Table())

    def _done(self) -> None:
        rows = self._open.pop().done()
        cells = sum(len(row) for row in rows)
        if cells > self._most:
            self.best, self._most = rows, cells

    def _inside(self, mark: Mark) -> None:
        if not mark.tag:
            self._open[-1].text(mark.text)
        elif mark.tag in _CELLS:
            self._cell(mark)
        elif mark.tag == "tr":
            self._row()
        elif mark.tag in ("br", "p", "div"):
            self._open[-1].text(" ")
        elif mark.tag == "/table":
            self._done()
        elif mark.tag in ("/td", "/th", "/tr"):
            self._open[-1].end()

    def _row(self) -> None:
        self._open[-1].row()
        if len(self._open[-1].rows) > self._limits.max_rows:
            raise UnreadableFile("reading.html_too_many_rows", name=self._name)

    def _cell(self, mark: Mark) -> None:
        self._open[-1].cell(_span(mark.attributes.get("colspan")), _span(mark.attributes.get("rowspan")))
        if self._open[-1].column >= self._limits.max_columns:
            raise too_many_columns(self._name, self._open[-1].column + 1, self._limits)


def _span(value: str | None) -> int:
    """What `colspan` or `rowspan` says, within reason."""
    return min(max(int(value), 1), _MOST_SPAN) if value and len(value) < 6 and value.isdecimal() else 1


class _Table:
    """A table that is being read: a cell that spans rows or columns holds its text in the first one only."""

    def __init__(self) -> None:
        self.rows: list[dict[int, str]] = []
        self.column = 0
        self._next = 0
        self._parts: list[str] | None = None
        self._taken: dict[int, int] = {}  # column → rows that a cell from above still spans

    def row(self) -> None:
        self.end()
        self.rows.append({})
        self._next = 0
        self._taken = {column: left - 1 for column, left in self._taken.items() if left > 1}

    def cell(self, colspan: int, rowspan: int) -> None:
        self.end()
        if not self.rows:
            self.row()
        while self._next in self._taken:
            self._next += 1
        self.column = self._next
        if rowspan > 1:
            self._taken |= {self.column + i: rowspan for i in range(colspan)}
        self._next += colspan
        self._parts = []

    def text(self, data: str) -> None:
        if self._parts is not None:
            self._parts.append(data)

    def end(self) -> None:
        if self._parts is not None:
            self.rows[-1][self.column] = " ".join(readable("".join(self._parts)).split())
            self._parts = None

    def done(self) -> list[dict[int, str]]:
        self.end()
        return self.rows
