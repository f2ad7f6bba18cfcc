"""What an .ods says once and repeats, counted before calamine opens it: the XML streams by, no cell is made.

calamine makes a cell of each repeat, and gives up without a word what lies further than any spreadsheet goes; here
both are refused with a sentence. Empty rows and cells at the end of a sheet or a row are repeated in every file that
LibreOffice writes, and count for nothing.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from xml.parsers import expat

from typing_extensions import override

from pipeline.errors import UnreadableFile
from pipeline.ingestion.reading.excel.sheet_xml import MOST_CELLS, Xml, streamed
from pipeline.ingestion.reading.limits import Limits
from pipeline.ingestion.reading.text.dialect import too_many_columns

_MOST_ROWS = 1 << 20  # of a sheet, empty ones too: calamine leaves out what follows
_CELLS = frozenset(("table:table-cell", "table:covered-table-cell"))
_ROWS_REPEATED, _COLUMNS_REPEATED = "table:number-rows-repeated", "table:number-columns-repeated"
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, KeyError, ValueError, NotImplementedError)


def check_repeats(path: Path, name: str, limits: Limits) -> None:
    """UnreadableFile where a sheet holds something beyond the last row or column of a spreadsheet, where filled cells
    are repeated too often, or where the file is damaged.
    """
    try:
        with zipfile.ZipFile(path) as archive, archive.open("content.xml") as source:
            tuple(streamed(source, _Repeats(name, limits)))
    except (*_DAMAGE, expat.ExpatError):
        raise UnreadableFile("reading.book_damaged", name=name) from None


class _Repeats(Xml):
    """Where the reading is: rows of the sheet, columns of the row, and how many filled cells were repeats so far.

    Tags are told by their usual prefix, as calamine tells them. Nothing is done for other tags: there are millions.
    """

    def __init__(self, name: str, limits: Limits) -> None:
        super().__init__(name, limits)
        self._row = self._column = self._times = self._cell_times = self._repeated = 0
        self._written = self._filled = 0  # cells of the row that hold something: as written, and with their repeats
        self._asked = False  # whether it is still open if the cell that is being read holds something
        self._holds = False

    @override
    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag in _CELLS:
            self._cell_times = _times(attributes, _COLUMNS_REPEATED)
            self._holds = any(key.endswith("value") and value for key, value in attributes.items())
            self._asked = not self._holds
        elif tag == "table:table-row":
            self._times = _times(attributes, _ROWS_REPEATED)
            self._column = self._written = self._filled = 0
            self.events += 1
        elif tag == "table:table":
            self._row = 0

    @override
    def characters(self, text: str) -> None:
        if self._asked and not text.isspace():
            self._holds, self._asked = True, False

    @override
    def end(self, tag: str) -> None:
        if tag in _CELLS:
            self._asked = False
            self._end_cell()
        elif tag == "table:table-row":
            self._end_row()

    def _end_cell(self) -> None:
        self._column += self._cell_times
        if not self._holds:
            return
        self._written += 1
        self._filled += self._cell_times
        if self._column > MOST_CELLS:
            raise too_many_columns(self._name, self._column, self._limits)

    def _end_row(self) -> None:
        self._row += self._times
        if not self._filled:
            return
        if self._row > _MOST_ROWS:
            raise UnreadableFile("reading.too_many_rows", name=self._name, limit=_MOST_ROWS)
        self._repeated += self._filled * self._times - self._written
        if self._repeated > self._limits.max_repeated_cells:
            limit = self._limits.max_repeated_cells
            raise UnreadableFile("reading.too_many_repeats", name=self._name, limit=limit)


def _times(attributes: Mapping[str, str], said: str) -> int:
    """How often a row or a cell stands there; ValueError for less than once, which would be to lose it."""
    times = int(attributes.get(said, 1))
    if times < 1:
        raise ValueError("repeated less than once")
    return times
