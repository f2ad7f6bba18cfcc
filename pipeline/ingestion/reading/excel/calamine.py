"""Old Excel (.xls), binary Excel (.xlsb) and LibreOffice (.ods) → columns of text, through a process of its own."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline import sandbox
from pipeline.errors import UnreadableFile
from pipeline.ingestion.reading import endings
from pipeline.ingestion.reading.excel import calamine_worker
from pipeline.ingestion.reading.excel.cell_text import number_text, when_text
from pipeline.ingestion.reading.excel.xlsx import (
    Row,
    SheetCells,
    empty_book,
    grid_table,
    long_cell,
    no_such_sheet,
    other_sheets,
)
from pipeline.ingestion.reading.limits import Limits
from pipeline.ingestion.reading.text.dialect import too_many_columns

_REFUSALS = {calamine_worker.PASSWORD: "reading.book_password", calamine_worker.DAMAGED: "reading.book_damaged"}


def read_other_book(path: Path, folder: Path, name: str, sheet: str | None, limits: Limits) -> SheetCells:
    """The cells of `sheet`, or of the first visible one that holds a table. UnreadableFile where it can't be read."""
    answer = folder / "answer.jsonl"
    _run(path, answer, name, sheet)
    with answer.open(encoding="utf-8") as lines:
        head = json.loads(next(lines))
        sheets = tuple(head["sheets"])
        if sheet is not None and sheet not in sheets:
            raise no_such_sheet(name, sheet, sheets)
        rows = _rows(lines, name, limits)
        first = next(rows, None)
        if first is None:
            raise empty_book(name, sheet)
        found = grid_table(first, rows, name, head["sheet"], sheets, limits)
    notes = () if sheet else other_sheets(head["sheet"], sheets)
    return SheetCells(found.table, found.rows, found.sheet, found.sheets, (*notes, *found.notes))


def _run(path: Path, answer: Path, name: str, sheet: str | None) -> None:
    request = {"source": str(path.absolute()), "target": str(answer.absolute()), "wanted": sheet or ""}
    target = f"{calamine_worker.__name__}:{calamine_worker.convert.__name__}"
    try:
        how = sandbox.call(target, request, sandbox.reading(path.stat().st_size), folder=str(answer.parent.absolute()))
    except sandbox.Ended as ended:
        raise endings.refusal(ended, name) from None
    if how != calamine_worker.DONE:
        raise UnreadableFile(_REFUSALS[how], name=name)


def _rows(lines: Iterator[str], name: str, limits: Limits) -> Iterator[Row]:
    for line in lines:
        row, cells = json.loads(line)
        texts = {int(column): text for column, value in cells.items() if (text := _text(value))}
        if not texts:
            continue
        widest = max(texts)
        if widest >= limits.max_columns:
            raise too_many_columns(name, widest + 1, limits)
        long = next((column for column, text in texts.items() if len(text) > limits.max_cell_chars), None)
        if long is not None:
            raise long_cell(name, long, row, limits)
        yield row, texts


_MADE: dict[str, Any] = {
    "datetime": dt.datetime.fromisoformat,
    "date": dt.date.fromisoformat,
    "time": dt.time.fromisoformat,
    "duration": lambda seconds: dt.timedelta(seconds=seconds),
}


def _text(value: Any) -> str | None:
    if isinstance(value, list):
        return when_text(_MADE[value[0]](value[1]))
    if isinstance(value, bool):
        return "VERDADEIRO" if value else "FALSO"
    if isinstance(value, int | float):
        return number_text(value)
    return str(value) or None
