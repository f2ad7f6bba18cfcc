"""The validation report as HTML: what can be used, what a lack costs, what was found, field by field."""

from __future__ import annotations

from pipeline.contract import Product
from pipeline.presentation.escaping import shorten
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
    return page.render(
        "validation",
        figures=False,
        title=f"Relatório dos dados · {report.file.name}",
        product=product,
        heading="Relatório dos dados",
        finding=findings.report_finding(report),
        meta=_meta(report),
        notes=[*map(say, report.file.notes), report_words.far(report)],
        key_figures=_figures(report, product),
        costs=cards.costs_context(report, product),
        actions=[(f"{say(item.label)}.", "") for item in report.actions],
        automatic=_automatic(report, product),
        leaks=[findings.leak(item) for item in report.leaks],
        uses=_uses(report),
        uses_why=[say(item) for item in report.usable_why],
        issues=_issues(report, product),
        left_out=_left_out(report, product),
        cards=cards.cards_context(report),
        fields=_fields(report),
        columns=_columns(report, product),
        changed=[(say(what), plural(cells, "célula", "células")) for what, cells in report.changed],
        set_aside=[
            (report_words.left_out(item, product), plural(item.rows, "linha", "linhas")) for item in report.set_aside
        ],
        months=_months(report, product),
        months_note=_months_note(report),
    )


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
        ("Linhas lidas", number(report.rows_read), report_words.fields_with_data(report, product)),
        ("Aproveitadas", number(report.rows_usable), share(report.rows_usable, report.rows_read)),
        ("Deixadas de fora", number(report.rows_left_out), share(report.rows_left_out, report.rows_read)),
        (
            product.words.rate,
            percent(rate.value) if rate else NONE,
            f"{below} · n {number(known)}" if rate else "sem resultado conhecido",
        ),
    ]


def _uses(report: ValidationReport) -> list[tuple[str, str]]:
    """Badges: what the data serve for, or that they serve for nothing."""
    return [("ready", findings.USES.get(use, use)) for use in report.usable_for] or [("blocker", findings.uses(report))]


def _issues(report: ValidationReport, product: Product) -> list[page.Card]:
    return [
        page.Card(
            issue.severity,
            names.SEVERITIES[issue.severity],
            issue_words.title(issue, product),
            issue_words.effect(issue),
            issue_words.message(issue, product),
        )
        for issue in report.issues
    ]


def _automatic(report: ValidationReport, product: Product) -> list[page.Card]:
    return [
        page.Card(
            "warning",
            names.SEVERITIES["warning"],
            report_words.automatic_title(item),
            plural(item.rows, product.words.row, product.words.rows),
            report_words.automatic(item, product),
        )
        for item in report.automatic
    ]


def _left_out(report: ValidationReport, product: Product) -> page.Table:
    rows = [
        (reason, number(count), share(count, report.rows_read))
        for reason, count in issue_words.reasons(report.left_out, product)
    ]
    return page.Table(("Motivo", "Linhas", "Parte do arquivo"), rows, right=(1, 2))


def _fields(report: ValidationReport) -> page.Table:
    headers = ("Campo", "Coluna no arquivo", "Certeza", "Preenchido", "Valores distintos", "Mais frequentes")
    return page.Table(headers, [_field(item, report.rows_read) for item in report.fields], right=(2, 4))


def _field(item: FieldSummary, rows: int) -> tuple[page.Cell, ...]:
    if item.header is None:
        return item.label, page.Gray("não veio no arquivo"), NONE, NONE, NONE, NONE
    fraction = item.filled / rows if rows else 0.0
    top = ", ".join(f"{shorten(say(value), 40)} {share(count, rows, 0)}" for value, count in item.top[:_TOP])
    return (
        item.label,
        shorten(item.header, 60),
        percent(item.confidence, 0),
        page.bar(fraction, share(item.filled, rows)),
        number(item.distinct),
        top or NONE,
    )


def _columns(report: ValidationReport, product: Product) -> page.Table:
    rows = [
        (
            shorten(column.header, 60),
            product.field(column.field).label if column.field else page.Gray("não usada"),
            say(column.reason),
        )
        for column in report.columns
    ]
    return page.Table(("Coluna", "Lida como", "Por quê"), rows)


def _months(report: ValidationReport, product: Product) -> page.Table:
    highest = max((m.rate.value for m in report.months if m.rate), default=0.0)
    words = product.words
    headers = ("Mês", words.rows.capitalize(), "Com resultado", words.events.capitalize(), words.rate, "IC 95%")
    return page.Table(headers, [_month(item, highest) for item in report.months], right=(1, 2, 3))


def _month(item: PeriodRate, highest: float) -> tuple[page.Cell, ...]:
    rate = item.rate or Interval(0.0)
    shown = page.bar(rate.value / highest if highest else 0.0, percent(rate.value), "rate") if item.rate else NONE
    counts = (number(item.rows), number(item.outcomes), number(item.events))
    return (month(item.period), *counts, shown, interval(item.rate) or NONE)


def _months_note(report: ValidationReport) -> str:
    if report.last_outcome_date is None:
        return ""
    return (
        f"{plural(len(report.months), 'mês', 'meses')}; último resultado conhecido em {date(report.last_outcome_date)}."
    )
