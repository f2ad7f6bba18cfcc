"""The validation report as a workbook: summary, problems, fields, columns, months."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

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


class Column(NamedTuple):
    """A column of a sheet: its header, its width in characters, and how its numbers are written."""

    header: str
    width: float
    number_format: str = ""


ISSUES = (
    Column("Gravidade", 14),
    Column("Problema", 34),
    Column("Campo", 26),
    Column("Linhas", 12, COUNT_FORMAT),
    Column("Efeito", 34),
    Column("Exemplos (linhas)", 30),
    Column("O que fazer", 90),
)
FIELDS = (
    Column("Campo", 28),
    Column("Coluna no arquivo", 28),
    Column("Confiança", 12, "0%"),
    Column("Preenchidas", 14, COUNT_FORMAT),
    Column("Preenchido", 12, PERCENT_FORMAT),
    Column("Valores distintos", 18, COUNT_FORMAT),
    Column("Mais frequentes", 70),
)
FILE_COLUMNS = (Column("Coluna", 32), Column("Campo", 28), Column("Confiança", 12, "0%"), Column("Por quê", 34))


def _month_columns(product: Product) -> tuple[Column, ...]:
    return (
        Column("Mês", 12),
        Column("Linhas", 12, COUNT_FORMAT),
        Column("Com resultado", 14, COUNT_FORMAT),
        Column(product.words.events.capitalize(), 12, COUNT_FORMAT),
        Column(product.words.rate, 16, PERCENT_FORMAT),
        Column("IC 95% de", 12, PERCENT_FORMAT),
        Column("IC 95% até", 12, PERCENT_FORMAT),
    )


def validation_xlsx(report: ValidationReport, product: Product) -> bytes:
    """Counts as numbers, rates as percentages, texts as texts."""
    book = Workbook(write_only=True)
    _summary(book, report, product)
    _sheet(book, "Problemas", ISSUES, _issues(report, product))
    _sheet(book, "Campos", FIELDS, _fields(report))
    _sheet(book, "Colunas do arquivo", FILE_COLUMNS, _columns(report, product))
    _sheet(book, "Meses", _month_columns(product), _months(report))
    return cells.to_bytes(book)


def _sheet(book: Workbook, name: str, columns: Sequence[Column], lines: Iterable[Line]) -> None:
    sheet = book.create_sheet(name)
    sheet.freeze_panes = "A2"
    cells.widths(sheet, [column.width for column in columns])
    sheet.append(cells.header(sheet, [column.header for column in columns]))
    for line in lines:
        sheet.append([_cell(sheet, value, column.number_format) for value, column in zip(line, columns, strict=True)])


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
        told = cells.cell(sheet, value, shown, wrap=isinstance(value, str))
        sheet.append([cells.cell(sheet, name, font=cells.GRAY_FONT), told])
    for title, lines in _sections(report, product):
        if lines:
            sheet.append([])
            sheet.append([cells.cell(sheet, title, font=cells.BOLD)])
            for name, value in lines:
                sheet.append([cells.cell(sheet, visible(name)), _cell(sheet, value, COUNT_FORMAT)])


def _sections(report: ValidationReport, product: Product) -> Iterable[tuple[str, Sequence[tuple[str, Any]]]]:
    """What the summary lists below its facts: each title with its lines, of which there may be none."""
    yield "O que fazer primeiro (linhas que recupera)", [(say(a.label), a.rows) for a in report.actions]
    yield "O que os problemas custam", _costs(report, product)
    automatic = [(report_words.automatic_title(a), report_words.automatic(a, product)) for a in report.automatic]
    yield "Provável registro automático", automatic
    yield "Colunas que conhecem o futuro", [(item.header, findings.leak(item)) for item in report.leaks]
    yield "O que foi ajustado (células)", [(say(what), count) for what, count in report.changed]
    set_aside = [(report_words.left_out(item, product), item.rows) for item in report.set_aside]
    yield "Deixadas de fora a pedido (linhas)", set_aside
    yield "Linhas deixadas de fora, por motivo", issue_words.reasons(report.left_out, product)


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
