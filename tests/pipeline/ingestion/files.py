"""Files for the tests of the reading room, made on the spot."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

import openpyxl


def csv_bytes(
    rows: Iterable[Sequence[str]],
    delimiter: str = ";",
    encoding: str = "utf-8",
    end: str = "\r\n",
    quoting: Any = csv.QUOTE_MINIMAL,
) -> bytes:
    """Rows as a CSV file."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(rows)
    return out.getvalue().encode(encoding)


def xlsx_bytes(sheets: dict[str, list[list[Any]]], hidden: tuple[str, ...] = ()) -> bytes:
    """A workbook with these sheets, in this order."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
        if title in hidden:
            sheet.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def one_cell_far_away() -> bytes:
    """A workbook of a few kilobytes whose only cell is XFD1048576."""
    book = openpyxl.Workbook()
    book.active["XFD1048576"] = "x"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def shared_text(text: str, cells: int) -> bytes:
    """A workbook with one text in its table of shared strings, and `cells` rows that point at it."""
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, cells + 1))
    book = xlsx_bytes({"A": [["x"]]})
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        types = archive.read("[Content_Types].xml").decode()
    part = (
        '<Override PartName="/xl/sharedStrings.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
    )
    for name, content in {
        "xl/worksheets/sheet1.xml": f"<worksheet {main}><sheetData>{rows}</sheetData></worksheet>",
        "xl/sharedStrings.xml": f'<sst {main} count="{cells}" uniqueCount="1"><si><t>{text}</t></si></sst>',
        "[Content_Types].xml": types.replace("</Types>", f"{part}</Types>"),
    }.items():
        book = replace_member(book, name, content.encode())
    return book


def zip_bytes(members: dict[str, bytes]) -> bytes:
    """A zip with these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def member(book: bytes, name: str) -> bytes:
    """What a member of a zip holds."""
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return archive.read(name)


def replace_member(book: bytes, name: str, content: bytes) -> bytes:
    """The zip with one member's content changed."""
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        members = {m: archive.read(m) for m in archive.namelist()}
    return zip_bytes(members | {name: content})
