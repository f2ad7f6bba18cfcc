"""The validation report as a workbook: summary, problems, fields, columns, months."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook

from pipeline.contract import Product
from pipeline.presentation.escaping import visible
from pipeline.presentation.locale import names, numbers
from pipeline.presentation.locale.messages import say
from pipeline.presentation.sentences import findings, issue_words, report_words
from pipeline.presentation.spreadsheets import cells
from pipeline.presentation.spreadsheets.cells import COUNT_FORMAT, PERCENT_FORMAT
from pipeline.records import Interval, ValidationReport

Line = Sequence[Any]


def validation_xlsx(report: ValidationReport, product: Product) -> bytes:
    """Counts as numbers, rates as percentages, texts as texts."""
    book = Workbook(write_only=True)
    _summary(book, report, product)
    _sheet(
        book,
        "Problemas",
        ("Gravidade", "Problema", "Campo", "Linhas", "Efeito", "Exemplos (linhas)", "O que fazer"),
        (14, 34, 26, 12, 34, 30, 90),
        _issues(report, product),
        {3: COUNT_FORMAT},
    )
    _sheet(
        book,
        "Campos",
        (
            "Campo",
            "Coluna no arquivo",
            "Confiança",
            "Preenchidas",
            "Preenchido",
            "Valores distintos",
            "Mais frequentes",
        ),
        (28, 28, 12, 14, 12, 18, 70),
        _fields(report),
        {2: "0%", 3: COUNT_FORMAT, 4: PERCENT_FORMAT, 5: COUNT_FORMAT},
    )
    _sheet(
        book,
        "Colunas do arquivo",
        ("Coluna", "Campo", "Confiança", "Por quê"),
        (32, 28, 12, 34),
        _columns(report, product),
        {2: "0%"},
    )
    _sheet(
        book,
        "Meses",
        (
            "Mês",
            "Linhas",
            "Com resultado",
            product.words.events.capitalize(),
            product.words.rate,
            "IC 95% de",
            "IC 95% até",
        ),
        (12, 12, 14, 12, 16, 12, 12),
        _months(report),
        {1: COUNT_FORMAT, 2: COUNT_FORMAT, 3: COUNT_FORMAT, 4: PERCENT_FORMAT, 5: PERCENT_FORMAT, 6: PERCENT_FORMAT},
    )
    return cells.to_bytes(book)


def _sheet(
    book: Workbook,
    name: str,
    headers: Sequence[str],
    widths: Sequence[float],
    lines: Iterable[Line],
    formats: dict[int, str],
) -> None:
    sheet = book.create_sheet(name)
    sheet.freeze_panes = "A2"
    cells.widths(sheet, widths)
    sheet.append(cells.header(sheet, headers))
    for line in lines:
        sheet.append([_cell(sheet, value, formats.get(i, "")) for i, value in enumerate(line)])


def _cell(sheet: Any, value: Any, number_format: str) -> Any:
    if value is None:
        return None
    if isinstance(value, str):
        return cells.cell(sheet, visible(value), wrap=True)
    return cells.cell(sheet, value, number_format)


def _summary(book: Workbook, report: ValidationReport, product: Product) -> None:
    sheet = book.create_sheet("Resumo")
    cells.widths(sheet, (38, 60))
    sheet.append([cells.cell(sheet, f"Relatório dos dados: {product.title}", font=cells.TITLE_FONT)])
    sheet.append([cells.cell(sheet, findings.report_headline(report))])
    sheet.append([])
    for name, value, shown in _facts(report, product):
        sheet.append(
            [
                cells.cell(sheet, name, font=cells.GRAY_FONT),
                cells.cell(sheet, value, shown, wrap=isinstance(value, str)),
            ]
        )
    for title, lines in (
        ("O que fazer primeiro (linhas que recupera)", [(say(a.label), a.rows) for a in report.actions]),
        ("O que os problemas custam", _costs(report, product)),
        (
            "Provável registro automático",
            [(report_words.automatic_title(item), report_words.automatic(item, product)) for item in report.automatic],
        ),
        ("Colunas que conhecem o futuro", [(item.header, findings.leak(item)) for item in report.leaks]),
        ("O que foi ajustado (células)", [(say(what), count) for what, count in report.changed]),
        (
            "Deixadas de fora a pedido (linhas)",
            [(report_words.left_out(item, product), item.rows) for item in report.set_aside],
        ),
        ("Linhas deixadas de fora, por motivo", issue_words.reasons(report.left_out, product)),
    ):
        if lines:
            sheet.append([])
            sheet.append([cells.cell(sheet, title, font=cells.BOLD)])
            for name, value in lines:
                sheet.append([cells.cell(sheet, visible(name)), _cell(sheet, value, COUNT_FORMAT)])


def _costs(report: ValidationReport, product: Product) -> list[tuple[str, str]]:
    lead = report_words.cost_lead(report)
    return [*([(lead, "")] if lead else []), *report_words.cost_lines(report, product)]


def _facts(report: ValidationReport, product: Product) -> list[tuple[str, Any, str]]:
    facts: list[tuple[str, Any, str]] = [
        ("Arquivo", visible(report.file.name), ""),
        ("Tamanho", numbers.file_size(report.file.size), ""),
        ("SHA-256", report.file.sha256, ""),
        ("Linhas lidas", report.rows_read, COUNT_FORMAT),
        ("Linhas aproveitadas", report.rows_usable, COUNT_FORMAT),
        ("Linhas deixadas de fora", report.rows_left_out, COUNT_FORMAT),
        ("Serve para", findings.uses(report), ""),
        *[("Observação", say(why), "") for why in report.usable_why],
        *[("Leitura", visible(note), "") for note in (*map(say, report.file.notes), report_words.far(report)) if note],
    ]
    if report.file.sheet:
        facts.insert(1, ("Planilha", visible(report.file.sheet), ""))
    if report.first_date and report.last_date:
        facts.append(("Período", numbers.period(report.first_date, report.last_date), ""))
    facts += [(findings.state(name, product), rows, COUNT_FORMAT) for name, rows in report.outcomes]
    if report.event_rate is not None:
        facts.append((product.words.rate, report.event_rate.value, PERCENT_FORMAT))
        facts.append(("Intervalo de 95%", numbers.interval(report.event_rate) or numbers.NONE, ""))
    return facts


def _issues(report: ValidationReport, product: Product) -> Iterable[Line]:
    for issue in report.issues:
        label = product.field(issue.field).label if issue.field else ""
        examples = ", ".join(numbers.number(n) for n in issue.examples)
        yield (
            names.SEVERITIES[issue.severity],
            issue_words.title(issue, product),
            label,
            issue.rows,
            issue_words.effect(issue),
            examples,
            issue_words.message(issue, product),
        )


def _fields(report: ValidationReport) -> Iterable[Line]:
    for item in report.fields:
        top = "; ".join(f"{say(value)} ({numbers.number(rows)})" for value, rows in item.top)
        filled = item.filled / report.rows_read if report.rows_read and item.header is not None else None
        header = item.header if item.header is not None else "(não veio)"
        confidence = item.confidence if item.header is not None else None
        yield item.label, header, confidence, item.filled, filled, item.distinct, top


def _columns(report: ValidationReport, product: Product) -> Iterable[Line]:
    for column in report.columns:
        label = product.field(column.field).label if column.field else "(não usada)"
        yield column.header, label, column.confidence if column.field else None, say(column.reason)


def _months(report: ValidationReport) -> Iterable[Line]:
    for month in report.months:
        rate = month.rate or Interval(float("nan"))
        known = rate.value if month.rate else None
        yield numbers.month(month.period), month.rows, month.outcomes, month.events, known, rate.low, rate.high
