"""The validation report as HTML: what can be used, what a lack costs, what was found, field by field."""

from __future__ import annotations

from pipeline.contract import Product
from pipeline.presentation.escaping import escape_html, shorten
from pipeline.presentation.html import cards, page
from pipeline.presentation.locale import names
from pipeline.presentation.locale.messages import say
from pipeline.presentation.locale.numbers import (
    NONE,
    date,
    file_size,
    interval,
    month,
    number,
    percent,
    period,
    plural,
    share,
)
from pipeline.presentation.sentences import findings, issue_words, report_words
from pipeline.records import FieldSummary, Interval, PeriodRate, ValidationReport

_TOP = 3


def validation_html(report: ValidationReport, product: Product) -> str:
    """One page without script. Everything from the file is escaped."""
    parts = [
        page.heading("Relatório dos dados", findings.report_finding(report).html(), _meta(report)),
        page.paragraphs((*map(say, report.file.notes), *filter(None, [report_words.far(report)]))),
        page.figures_row(_figures(report, product)),
        page.section("O que os problemas custam", cards.costs(report, product)),
        page.section("O que fazer primeiro", page.listing((f"{say(a.label)}.", "") for a in report.actions)),
        page.section(
            "Provável registro automático", _automatic(report, product), "Nada é deixado de fora sem alguém pedir."
        ),
        page.section("Colunas que conhecem o futuro", page.paragraphs(findings.leak(item) for item in report.leaks)),
        page.section("Para que serve", _uses(report)),
        page.section("O que foi encontrado", _issues(report, product), "Do que mais custa ao que menos custa."),
        page.section(
            "Linhas deixadas de fora", _left_out(report, product), "Cada linha conta uma vez, pelo primeiro motivo."
        ),
        page.section("Campo a campo", cards.field_cards(report) + _fields(report)),
        page.section("Colunas do arquivo", _columns(report, product)),
        page.section(
            "O que foi ajustado",
            page.listing((say(what), plural(cells, "célula", "células")) for what, cells in report.changed),
        ),
        page.section(
            "Deixadas de fora a pedido",
            page.listing(
                (report_words.left_out(item, product), plural(item.rows, "linha", "linhas"))
                for item in report.set_aside
            ),
        ),
        page.section("Mês a mês", _months(report, product), _months_note(report)),
    ]
    return page.document(f"Relatório dos dados · {report.file.name}", product.title, parts)


def _meta(report: ValidationReport) -> list[str]:
    file = report.file
    return [
        shorten(file.name, 80),
        f"planilha “{shorten(file.sheet, 40)}”" if file.sheet else "",
        file_size(file.size),
        period(report.first_date, report.last_date) if report.first_date else "",
    ]


def _figures(report: ValidationReport, product: Product) -> list[tuple[str, str, str]]:
    rate = report.event_rate
    bounds = interval(rate)
    known = sum(rows for name, rows in report.outcomes if name in ("event", "non_event"))
    below = f"IC {bounds}" if bounds else ""
    return [
        ("Linhas lidas", number(report.rows_read), f"{report_words.fields_with_data(report)} com dados"),
        ("Aproveitadas", number(report.rows_usable), share(report.rows_usable, report.rows_read)),
        ("Deixadas de fora", number(report.rows_left_out), share(report.rows_left_out, report.rows_read)),
        (
            product.words.rate,
            percent(rate.value) if rate else NONE,
            f"{below} · n {number(known)}" if rate else "sem resultado conhecido",
        ),
    ]


def _uses(report: ValidationReport) -> str:
    badges = [page.badge("ready", findings.USES.get(use, use)) for use in report.usable_for]
    line = "".join(badges) or page.badge("blocker", findings.uses(report))
    return f"<p>{line}</p>{page.paragraphs(map(say, report.usable_why))}"


def _issues(report: ValidationReport, product: Product) -> str:
    cards = [
        page.card(
            issue.severity,
            names.SEVERITIES[issue.severity],
            issue_words.title(issue, product),
            issue_words.effect(issue),
            issue_words.message(issue, product),
        )
        for issue in report.issues
    ]
    return "\n".join(cards) or "<p>Nenhum problema foi encontrado.</p>"


def _automatic(report: ValidationReport, product: Product) -> str:
    cards = [
        page.card(
            "warning",
            names.SEVERITIES["warning"],
            report_words.automatic_title(item),
            plural(item.rows, product.words.row, product.words.rows),
            report_words.automatic(item, product),
        )
        for item in report.automatic
    ]
    return "\n".join(cards)


def _left_out(report: ValidationReport, product: Product) -> str:
    rows = [
        (escape_html(reason), number(count), share(count, report.rows_read))
        for reason, count in issue_words.reasons(report.left_out, product)
    ]
    return page.table(("Motivo", "Linhas", "Parte do arquivo"), rows, right=(1, 2))


def _fields(report: ValidationReport) -> str:
    headers = ("Campo", "Coluna no arquivo", "Certeza", "Preenchido", "Valores distintos", "Mais frequentes")
    return page.table(headers, [_field(item, report.rows_read) for item in report.fields], right=(2, 4))


def _field(item: FieldSummary, rows: int) -> tuple[str, ...]:
    if item.header is None:
        return escape_html(item.label), '<span class="gray">não veio no arquivo</span>', NONE, NONE, NONE, NONE
    fraction = item.filled / rows if rows else 0.0
    top = ", ".join(
        f"{escape_html(shorten(say(value), 40))} {share(count, rows, 0)}" for value, count in item.top[:_TOP]
    )
    return (
        escape_html(item.label),
        escape_html(shorten(item.header, 60)),
        percent(item.confidence, 0),
        page.bar(fraction, share(item.filled, rows)),
        number(item.distinct),
        top or NONE,
    )


def _columns(report: ValidationReport, product: Product) -> str:
    rows = [
        (
            escape_html(shorten(column.header, 60)),
            escape_html(product.field(column.field).label) if column.field else '<span class="gray">não usada</span>',
            escape_html(say(column.reason)),
        )
        for column in report.columns
    ]
    return page.table(("Coluna", "Lida como", "Por quê"), rows)


def _months(report: ValidationReport, product: Product) -> str:
    highest = max((m.rate.value for m in report.months if m.rate), default=0.0)
    words = product.words
    headers = ("Mês", words.rows.capitalize(), "Com resultado", words.events.capitalize(), words.rate, "IC 95%")
    return page.table(headers, [_month(item, highest) for item in report.months], right=(1, 2, 3))


def _month(item: PeriodRate, highest: float) -> tuple[str, ...]:
    rate = item.rate or Interval(0.0)
    shown = page.bar(rate.value / highest if highest else 0.0, percent(rate.value), "rate") if item.rate else NONE
    counts = (number(item.rows), number(item.outcomes), number(item.events))
    return (escape_html(month(item.period)), *counts, shown, interval(item.rate) or NONE)


def _months_note(report: ValidationReport) -> str:
    if report.last_outcome_date is None:
        return ""
    return (
        f"{plural(len(report.months), 'mês', 'meses')}; último resultado conhecido em {date(report.last_outcome_date)}."
    )
