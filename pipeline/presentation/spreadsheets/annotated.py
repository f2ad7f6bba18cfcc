"""The workbook in which a clinic mends its own rows: faulty cells in colour, with a comment that says what is wrong.

Every cell is text, so that neither an id loses its zeros nor a date is turned round on the way through Excel.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from pipeline.contract import Product
from pipeline.presentation.escaping import visible
from pipeline.presentation.sentences import issue_words
from pipeline.presentation.spreadsheets import cells
from pipeline.presentation.spreadsheets.template import choices
from pipeline.records.ingestion import FaultyCell, FaultyRow

SHEET, HELP = "Corrigir", "Como corrigir"
ROW_HEADER, FAULT_HEADER = "Linha (não mude)", "O que há de errado"
NOTHING_TO_MEND = "Nenhuma célula a corrigir."
MOST_ROWS = 20_000
_FILLS = {
    "blocker": PatternFill("solid", fgColor="F7CFC7"),
    "warning": PatternFill("solid", fgColor="FBE7B5"),
    "note": PatternFill("solid", fgColor="DDE7EA"),
}
_LOCKED = PatternFill("solid", fgColor="EEF1F2")
_AUTHOR = "Presença"
_WIDEST = 40


def annotated_xlsx(
    product: Product,
    headers: Sequence[str],
    fields: Sequence[str | None],
    rows: Sequence[FaultyRow],
    *,
    sha256: str,
    left: int = 0,
) -> bytes:
    """The rows to mend, the worst first. `fields`: what each column was taken for; `left`: rows that did not fit."""
    book = Workbook(write_only=True)
    book.properties.identifier = sha256
    sheet = book.create_sheet(SHEET)
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(headers) + 2)}{len(rows) + 1}"
    cells.widths(sheet, [11, 44, *(min(_WIDEST, max(14, len(h) + 3)) for h in headers)])
    for place in range(len(headers)):
        sheet.column_dimensions[get_column_letter(place + 3)].number_format = "@"
    _lists(book, sheet, product, fields, len(rows))
    sheet.append(cells.header(sheet, [ROW_HEADER, FAULT_HEADER, *map(visible, headers)]))
    for row in rows:
        sheet.append(_line(sheet, row, product))
    _help(book, len(rows), left)
    return cells.to_bytes(book)


def _line(sheet: Any, row: FaultyRow, product: Product) -> list[Any]:
    number = cells.cell(sheet, row.number, "0")
    what = cells.cell(sheet, issue_words.faults(row, product), font=Font(italic=True, color="52656B"), wrap=True)
    number.fill = what.fill = _LOCKED
    by_column: dict[int, list[FaultyCell]] = {}
    for fault in row.faults:
        by_column.setdefault(fault.column, []).append(fault)
    marked = (_cell(sheet, text, by_column.get(place, []), product) for place, text in enumerate(row.cells))
    return [number, what, *marked]


def _cell(sheet: Any, text: str | None, faults: list[FaultyCell], product: Product) -> Any:
    if not text and not faults:
        return None
    made = cells.cell(sheet, text or "", "@")
    made.number_format = "@"
    if faults:
        made.fill = _FILLS[min(faults, key=lambda f: list(_FILLS).index(f.severity)).severity]
        what = dict.fromkeys(issue_words.fault_and_remedy(fault.rule, product) for fault in faults)
        made.comment = Comment("\n".join(what), _AUTHOR, width=320, height=110)
    return made


def _lists(book: Workbook, sheet: Any, product: Product, fields: Sequence[str | None], rows: int) -> None:
    """Drop-downs over the columns of closed sets; the lists are short enough to stand in the rule itself."""
    for place, key in enumerate(fields):
        options = choices(product.field(key)) if key else ()
        formula = ",".join(options)
        if not rows or not options or len(formula) > 250:
            continue
        rule = DataValidation(
            type="list",
            formula1=f'"{formula}"',
            allow_blank=True,
            errorStyle="warning",
            errorTitle=product.field(key or "").label[:32],
            error="Este valor não está na lista. Continuar assim mesmo?",
        )
        letter = get_column_letter(place + 3)
        rule.add(f"{letter}2:{letter}{rows + 1}")
        sheet.data_validations.append(rule)


def _help(book: Workbook, rows: int, left: int) -> None:
    sheet = book.create_sheet(HELP)
    cells.widths(sheet, (110,))
    lines: Mapping[str, Font | None] = (
        {NOTHING_TO_MEND: cells.TITLE_FONT}
        if not rows
        else {
            "Como corrigir": cells.TITLE_FONT,
            "1. As células coloridas têm um problema: passe o mouse sobre elas para ler qual é e o que fazer.": None,
            "2. Corrija na própria célula. As células sem cor também podem ser mudadas.": None,
            f"3. Não mude a coluna “{ROW_HEADER}” nem os títulos: é por eles que cada linha volta ao seu lugar.": None,
            (
                "4. Salve e envie este arquivo em “Corrigir”, na página Dados. Só o que mudou é aplicado, e pode ser "
                "desfeito."
            ): None,
            "Vermelho: a linha fica de fora. Amarelo: a linha é usada sem o valor. Cinza: aviso.": cells.GRAY_FONT,
        }
    )
    for text, font in lines.items():
        sheet.append([cells.cell(sheet, text, font=font, wrap=True)])
    if left:
        sheet.append(
            [
                cells.cell(
                    sheet,
                    f"Esta planilha traz as {MOST_ROWS} linhas que mais custam; "
                    f"{'outra fica' if left == 1 else f'outras {left} ficam'} para a próxima.",
                    font=cells.BOLD,
                )
            ]
        )
