"""The call list as a workbook to work with: to be printed on A4, filled in by hand or from a list of outcomes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties

from pipeline.presentation.frames import call_list
from pipeline.presentation.spreadsheets import cells
from pipeline.presentation.spreadsheets.tables import SHEET_ROWS

HOUR_FORMAT = "hh:mm"
RISK_FORMAT, MONEY_FORMAT = "0%", "#,##0.00"
_FORMATS = {"Risco": RISK_FORMAT, call_list.LATE: RISK_FORMAT, call_list.VALUE: MONEY_FORMAT}
_WIDTHS = {"Risco": 8, "Faixa": 11, "Data": 11.5, "Hora": 7, "Linha": 8, "Paciente": 11}
_LONG, _LEAST, _MOST = 34, 9, 30
_LINE = Side(style="thin", color="D5DEE0")
_BELOW = Border(bottom=_LINE)
_CELL = Alignment(wrap_text=True, vertical="top")


def call_list_xlsx(frame: pd.DataFrame, title: str, contact: str, outcomes: Sequence[str]) -> bytes:
    """`frame` with headers in words; `contact` is the column to fill in, from `outcomes`. No text becomes a formula."""
    book = Workbook(write_only=True)
    for start in range(0, max(len(frame), 1), SHEET_ROWS):
        part = frame.iloc[start : start + SHEET_ROWS]
        sheet = book.create_sheet(cells.excel_text(title)[:25] + (f" ({start // SHEET_ROWS + 1})" if start else ""))
        _set_up(sheet, part, title)
        if contact in frame and len(part):
            _choices(sheet, list(frame.columns).index(contact) + 1, len(part), outcomes)
        sheet.append(cells.header(sheet, frame.columns))
        # one cell a format is enough: the streamed sheet writes it out before the next row is asked for
        moulds = [_Mould(sheet, name) for name in frame.columns]
        for row in part.astype("object").itertuples(index=False, name=None):
            sheet.append([mould.fill(value) for mould, value in zip(moulds, row, strict=True)])
    return cells.to_bytes(book)


def _set_up(sheet: Any, frame: pd.DataFrame, title: str) -> None:
    """A4 on its side, as wide as the page, the header on each page, with page numbers."""
    sheet.freeze_panes = "A2"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top = sheet.page_margins.bottom = 0.5
    sheet.oddFooter.left.text, sheet.oddFooter.right.text = title.replace("&", "&&"), "&P de &N"
    if len(frame):
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(frame.columns))}{len(frame) + 1}"
    cells.widths(sheet, [_width(frame, name) for name in frame.columns])


def _width(frame: pd.DataFrame, name: str) -> float:
    if name in _WIDTHS:
        return _WIDTHS[name]
    if name.startswith(("Motivo", "Outros")):
        return _LONG
    longest = max((len(str(value)) for value in frame[name].head(50)), default=0)
    return float(min(max(longest + 2, len(name) * 0.7 + 3, _LEAST), _MOST))


def _choices(sheet: Any, column: int, rows: int, outcomes: Sequence[str]) -> None:
    rule = DataValidation(
        type="list",
        formula1='"' + ",".join(outcomes) + '"',
        allow_blank=True,
        errorStyle="warning",
        errorTitle="Resultado do contato",
        error="Este valor não está na lista. Continuar assim mesmo?",
    )
    letter = get_column_letter(column)
    rule.add(f"{letter}2:{letter}{rows + 1}")
    sheet.data_validations.append(rule)


class _Mould:
    """Turns the values of one column into styled cells; text is typed as text whatever it begins with."""

    def __init__(self, sheet: Any, name: str) -> None:
        self._text, self._number = (
            _styled(sheet, ""),
            _styled(sheet, _FORMATS.get(name, "")),
        )
        self._date, self._hour = _styled(sheet, cells.DATE_FORMAT), _styled(sheet, HOUR_FORMAT)

    def fill(self, value: Any) -> WriteOnlyCell:
        if isinstance(value, str) and value:
            cells.put_text(self._text, value)
            return self._text
        missing = value is None or value == "" or value is pd.NaT or value != value
        made = self._hour if isinstance(value, dt.time) else self._date if isinstance(value, dt.date) else self._number
        made.value = None if missing else value
        return made


def _styled(sheet: Any, number_format: str) -> WriteOnlyCell:
    made = WriteOnlyCell(sheet)
    made.alignment, made.border = _CELL, _BELOW
    if number_format:
        made.number_format = number_format
    return made
