"""A workbook opened by openpyxl for its list of sheets and its styles only; sheets and properties are left alone.

openpyxl would look for the size that a sheet says it has, which programs write wrongly, and read properties, themes
and names that nobody needs here.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils.datetime import from_excel, from_ISO8601
from openpyxl.xml.constants import SHARED_STRINGS
from typing_extensions import override

from pipeline.ingestion.reading.excel.sheet_xml import XmlCell, shared_texts
from pipeline.ingestion.reading.limits import Limits

_ERROR = "#VALUE!"


class SheetPlace:
    """A sheet of an open workbook: its name, whether it is shown, and where its XML is."""

    def __init__(self, archive: Any, title: str, state: str, part: str) -> None:
        self.title, self.sheet_state = title, state
        self._archive, self._part = archive, part

    def open(self) -> IO[bytes]:
        """Its XML, from the beginning; close it after use. zipfile gives no more of it than the zip's table says."""
        opened: IO[bytes] = self._archive.open(self._part)
        return opened


class OpenedBook(ExcelReader):  # type: ignore[misc]  # openpyxl has no types
    """`sheets` of a workbook in their order and `book`, which holds its styles and its first day."""

    def __init__(self, path: Path, name: str, limits: Limits) -> None:
        super().__init__(path, read_only=True, data_only=True, keep_links=False)
        self.sheets: list[SheetPlace] = []
        self._name, self._limits = name, limits
        try:
            self.read()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Closes the file."""
        self.archive.close()

    @override
    def read(self) -> None:
        self.read_manifest()
        self.read_workbook()
        apply_stylesheet(self.archive, self.wb)
        self.read_strings()
        self.read_worksheets()

    @override
    def read_strings(self) -> None:
        part = self.package.find(SHARED_STRINGS)
        if part is not None:
            with self.archive.open(part.PartName[1:]) as source:
                self.shared_strings = shared_texts(source, self._name, self._limits)

    @override
    def read_worksheets(self) -> None:
        for sheet, place in self.parser.find_sheets():
            if place.target in self.valid_files and "chartsheet" not in place.Type:
                self.sheets.append(SheetPlace(self.archive, sheet.name, sheet.state, place.target))

    @property
    def shown(self) -> Sequence[SheetPlace]:
        """The sheets that a person can see; all where none is."""
        return [sheet for sheet in self.sheets if sheet.sheet_state == "visible"] or self.sheets

    def value(self, cell: XmlCell) -> Any:
        """What a cell holds: a text, a number, a truth, a date, a time or a duration."""
        match cell.kind:
            case "n":
                return self._number(cell)
            case "s":
                return self.shared_strings[int(cell.text)]
            case "b":
                return bool(int(cell.text))
            case "d":
                return from_ISO8601(cell.text)
        return cell.text

    def _number(self, cell: XmlCell) -> Any:
        number = float(cell.text) if set(cell.text) & {".", "e", "E"} else int(cell.text)
        if cell.style not in self.wb._date_formats:
            return number
        try:
            return from_excel(number, self.wb.epoch, timedelta=cell.style in self.wb._timedelta_formats)
        except (OverflowError, ValueError):
            return _ERROR
