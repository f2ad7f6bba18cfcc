"""Reads an .xls, .xlsb or .ods in a process that may die of it:
python-calamine aborts on some files, or asks for all memory.

Called through `sandbox.call`. What it writes is lines of JSON: first the names of the visible sheets and the one that
is read, then [row from 1, {column from 0: value}] for each row that holds something. Dates come as ISO text in a list,
so that they are told from texts.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

PASSWORD, DAMAGED, DONE = "password", "damaged", "done"
_TOP = 21  # rows among which a table is looked for


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return ["datetime", value.isoformat()]
    if isinstance(value, dt.date):
        return ["date", value.isoformat()]
    if isinstance(value, dt.time):
        return ["time", value.isoformat()]
    if isinstance(value, dt.timedelta):
        return ["duration", value.total_seconds()]
    return value


def _rows(sheet: Any) -> Any:
    """(row from 1, values by column from 0) of the rows that hold something."""
    first_row, first_column = sheet.start or (0, 0)
    for place, cells in enumerate(sheet.to_python(skip_empty_area=True)):
        held = {str(first_column + i): _plain(value) for i, value in enumerate(cells) if value != ""}
        if held:
            yield first_row + place + 1, held


def _chosen(book: Any, names: list[str], wanted: str) -> Any:
    """The wanted sheet, or the first that holds a table; where none does, the first that holds anything."""
    if wanted:
        return book.get_sheet_by_name(wanted) if wanted in names else None
    filled = None
    for name in names:
        sheet = book.get_sheet_by_name(name)
        top = [len(cells) for _, (_, cells) in zip(range(_TOP), _rows(sheet), strict=False)]
        if sum(width > 1 for width in top) > 1:
            return sheet
        filled = filled or (sheet if top else None)
    return filled


def convert(request: Mapping[str, Any]) -> str:
    """Reads the file `source` into the file `target`, its sheet `wanted` ("": any); says how it went."""
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_path(request["source"])
        shown = [
            s.name
            for s in book.sheets_metadata
            if s.visible == calamine.SheetVisibleEnum.Visible and s.typ == calamine.SheetTypeEnum.WorkSheet
        ]
        names = shown or book.sheet_names
        sheet = _chosen(book, names, request["wanted"])
        with open(request["target"], "w", encoding="utf-8") as out:
            json.dump({"sheets": names, "sheet": sheet.name if sheet is not None else None}, out)
            for row in _rows(sheet) if sheet is not None else ():
                out.write("\n")
                json.dump(row, out)
    except calamine.PasswordError:
        return PASSWORD
    except (calamine.CalamineError, OSError, ValueError):
        return DAMAGED
    return DONE
