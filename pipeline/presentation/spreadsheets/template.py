"""The workbook that a clinic fills in: headers, examples, drop-down lists, and how to fill in each field."""

from __future__ import annotations

import datetime as dt
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from pipeline.contract import Field, FieldKind, Product
from pipeline.presentation.spreadsheets import cells, dictionary

UFS = (
    "AC", "AL", "AM", "AP", "BA", "CE", "DF", "ES", "GO", "MA", "MG", "MS", "MT", "PA", "PB", "PE", "PI", "PR",
    "RJ", "RN", "RO", "RR", "RS", "SC", "SE", "SP", "TO",
)  # fmt: skip
LISTS, HELP = "Listas", "Como preencher"
_LAST_ROW = 1_048_576
_TEXT = (FieldKind.IDENTIFIER, FieldKind.CEP)


def template_xlsx(product: Product) -> bytes:
    """First sheet: headers, examples to be replaced, lists to choose from; then the help and the lists."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(product.words.rows.capitalize()[:31])
    sheet.freeze_panes = "A2"
    cells.widths(sheet, [max(len(f.label), *(len(e) for e in f.examples)) + 5 for f in product.asked])
    _formats(sheet, product)
    _validations(sheet, product)
    sheet.append(cells.header(sheet, [f.label for f in product.asked]))
    for position in range(max(len(f.examples) for f in product.asked)):
        sheet.append([_example(sheet, field, position) for field in product.asked])
    dictionary.write_sheet(book, product, HELP, product.asked)
    _lists(book, product)
    return cells.to_bytes(book)


def _formats(sheet: Any, product: Product) -> None:
    """Whole columns: identifiers as text, so that zeros stay; dates as dates."""
    for position, field in enumerate(product.asked, start=1):
        shown = "@" if field.kind in _TEXT else _date_format(field) if field.kind is FieldKind.DATE else ""
        if shown:
            sheet.column_dimensions[get_column_letter(position)].number_format = shown


def _date_format(field: Field) -> str:
    return cells.TIME_FORMAT if field.keeps_time else cells.DATE_FORMAT


def _example(sheet: Any, field: Field, position: int) -> Any:
    if position >= len(field.examples):
        return None
    text = field.examples[position]
    moment = _moment(text) if field.kind is FieldKind.DATE else None
    if moment is not None:
        return cells.cell(sheet, moment, _date_format(field) if isinstance(moment, dt.datetime) else cells.DATE_FORMAT)
    return cells.cell(sheet, text, font=cells.GRAY_FONT)


def _moment(text: str) -> dt.date | dt.datetime | None:
    """An example date as a date; None where it is written in a way that Excel's dates can't hold."""
    for pattern in ("%d/%m/%Y", "%d/%m/%Y %H:%M"):
        try:
            found = dt.datetime.strptime(text, pattern)
        except ValueError:
            continue
        return found if "%H" in pattern else found.date()
    return None


def choices(field: Field) -> tuple[str, ...]:
    """What a drop-down of this field offers; empty where anything can be written."""
    if field.kind is FieldKind.CLOSED:
        return tuple(v.label for v in field.values)
    return UFS if field.kind is FieldKind.UF else ()


def _listed(product: Product) -> list[Field]:
    return [f for f in product.asked if choices(f)]


def _validations(sheet: Any, product: Product) -> None:
    """Drop-downs that warn, not forbid: a clinic's own spelling is understood too."""
    order = {f.key: i for i, f in enumerate(product.asked, start=1)}
    for column, field in enumerate(_listed(product), start=1):
        letter = get_column_letter(column)
        rule = DataValidation(
            type="list",
            formula1=f"={LISTS}!${letter}$2:${letter}${len(choices(field)) + 1}",
            allow_blank=True,
            errorStyle="warning",
            errorTitle=field.label[:32],
            error="Este valor não está na lista. Continuar assim mesmo?",
        )
        target = get_column_letter(order[field.key])
        rule.add(f"{target}2:{target}{_LAST_ROW}")
        sheet.data_validations.append(rule)


def _lists(book: Workbook, product: Product) -> None:
    sheet = book.create_sheet(LISTS)
    fields = _listed(product)
    cells.widths(sheet, [max(len(c) for c in (f.label, *choices(f))) + 3 for f in fields])
    sheet.append(cells.header(sheet, [f.label for f in fields]))
    for position in range(max((len(choices(f)) for f in fields), default=0)):
        options = [choices(f) for f in fields]
        sheet.append([cells.cell(sheet, o[position]) if position < len(o) else None for o in options])
