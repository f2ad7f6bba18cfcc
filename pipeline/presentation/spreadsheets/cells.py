"""Cells that stay what they are: no text becomes a formula, an error or a broken file.

In CSV a text that a spreadsheet would run gets an apostrophe in front, and so does one that begins with an
apostrophe, so that the mark can always be taken off again. In XLSX the type of the cell says that it is text.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties

DANGEROUS = "=+-@\t\r\n＝＋－＠'"  # noqa: RUF001 - spreadsheets in East Asian settings run the wide ones, too
LONGEST_CELL = 32_767  # Excel's limit of characters
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LINE_END = re.compile(r"\r\n?")

DECIMALS = 4  # of a fraction in a file that people read
COUNT_FORMAT = "#,##0"
PERCENT_FORMAT = "0.0%"
DATE_FORMAT = "dd/mm/yyyy"
TIME_FORMAT = "dd/mm/yyyy hh:mm"

HEADER_FONT = Font(bold=True, color="FFFFFF")
HEADER_FILL = PatternFill("solid", fgColor="0B5F6E")
TITLE_FONT = Font(bold=True, size=14, color="13262B")
GRAY_FONT = Font(color="52656B")
BOLD = Font(bold=True)
WRAP = Alignment(wrap_text=True, vertical="top")


def guard(text: str) -> str:
    """`text` as a CSV cell that no spreadsheet runs; `unguard` gives it back."""
    return "'" + text if text[:1] and text[0] in DANGEROUS else text


def unguard(text: str) -> str:
    """What `guard` was given."""
    return text[1:] if len(text) > 1 and text[0] == "'" and text[1] in DANGEROUS else text


def excel_text(text: str) -> str:
    """`text` without what XML or Excel can't hold: control characters, halves of a pair, more than a cell."""
    clean = _ILLEGAL.sub("", _LINE_END.sub("\n", text))
    return clean if len(clean) <= LONGEST_CELL else clean[: LONGEST_CELL - 1] + "…"


def cell(
    sheet: Any, value: Any, number_format: str = "", font: Font | None = None, wrap: bool = False
) -> WriteOnlyCell:
    """One cell of a streamed sheet; text is typed as text whatever it begins with."""
    made = WriteOnlyCell(sheet)
    if isinstance(value, str):
        put_text(made, value)
    else:
        made.value = round(value, DECIMALS) if isinstance(value, float) else value
        kind = TIME_FORMAT if isinstance(value, dt.datetime) else DATE_FORMAT if isinstance(value, dt.date) else ""
        if number_format or kind:
            made.number_format = number_format or kind
    if font is not None:
        made.font = font
    if wrap:
        made.alignment = WRAP
    return made


def put_text(made: Any, text: str) -> None:
    """Writes text into a cell, and says that it is text."""
    made.value = excel_text(text)
    made.data_type = "s"


def header(sheet: Any, names: Iterable[str]) -> list[WriteOnlyCell]:
    """The row of headers: white on teal."""
    cells = []
    for name in names:
        made = cell(sheet, name, font=HEADER_FONT)
        made.fill = HEADER_FILL
        made.alignment = Alignment(vertical="center", wrap_text=True)
        cells.append(made)
    return cells


def widths(sheet: Any, sizes: Sequence[float]) -> None:
    """Column widths in characters; before the first row of a streamed sheet."""
    for position, size in enumerate(sizes, start=1):
        sheet.column_dimensions[get_column_letter(position)].width = size


def paper(sheet: Any) -> None:
    """Printed on A4, landscape, as wide as the page, the headers on each; before the first row of a streamed sheet."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins = PageMargins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.print_title_rows = "1:1"
    sheet.oddFooter.center.text = "&A · &P de &N"


def to_bytes(book: Workbook) -> bytes:
    """The workbook as a file."""
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
