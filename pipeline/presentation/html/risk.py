"""The risk page as one HTML file for a board: finding, key figures, figures, and the numbers in tables."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.contract import Dimension, Product, Role
from pipeline.presentation.charts import (
    Chart,
    contribution_bars,
    dot_plot,
    heat_map,
    monthly_lines,
    tile_map,
)
from pipeline.presentation.escaping import escape_html, shorten
from pipeline.presentation.html import page
from pipeline.presentation.locale.numbers import (
    NONE,
    decimal,
    decimal_interval,
    interval,
    number,
    percent,
    period,
    plural,
    signed_percent,
)
from pipeline.presentation.sentences import risk_gaps, risk_words
from pipeline.presentation.theme import LIGHT
from pipeline.records import GroupExplanation, GroupRow, RiskOverview

_MOST = 15
_KEY = (
    '<p class="gray">Ponto: observado · faixa: intervalo de 95% · traço: previsto. '
    'Observado <span class="above">acima da média</span>, <span class="below">abaixo</span> ou sem diferença clara.</p>'
)


def risk_html(
    view: RiskOverview,
    product: Product,
    source: str = "",
    *,
    why: Sequence[GroupExplanation] = (),
    filters: Sequence[str] = (),
) -> str:
    """The risk page of the data named `source`, under one choice of filters (plain sentences that name it)."""
    drawn = page.Figures()
    groups = dict(view.groups)
    shown = [d for d in product.dimensions if risk_gaps.charted(view, d)]
    dimensions = [_dimension(d, groups[d.column], view, drawn) for d in shown]
    parts = [
        page.heading(
            product.words.risk_title,
            risk_words.finding(view, product).html(),
            _meta(view, product, (shorten(source, 60), *filters)),
        ),
        page.figures_row(risk_words.figures(view, product)),
        page.paragraphs([risk_words.figures_line(view, product)]),
        *(
            page.pair(*dimensions[i : i + 2]) if len(dimensions[i : i + 2]) == 2 else dimensions[i]
            for i in range(0, len(dimensions), 2)
        ),
        *(_why(item, product, drawn) for item in why),
        _heat(view, drawn, product),
        _times(view, drawn, product),
        *(_table(d, groups[d.column], product) for d in product.dimensions if groups.get(d.column)),
        page.paragraphs(_lacking(view, product)),
    ]
    return page.document(product.words.risk_title, product.title, parts, figures=True)


def _meta(view: RiskOverview, product: Product, more: Sequence[str]) -> list[str]:
    return [
        plural(view.rows, product.words.row, product.words.rows),
        period(view.first_date, view.last_date) if view.first_date else "",
        *more,
    ]


def _lacking(view: RiskOverview, product: Product) -> list[str]:
    return [
        risk_gaps.not_charted(view, product),
        risk_gaps.times_not_charted(view, heat=product.has(Role.CONTACT)),
        risk_gaps.outside(view, product),
    ]


def _dimension(dimension: Dimension, rows: Sequence[GroupRow], view: RiskOverview, figures: page.Figures) -> str:
    if dimension.chart == "map":
        note = "Cada quadro é uma UF. Cinza: sem dados ou n menor que 100."
        return page.section(dimension.title, figures.add(tile_map(rows, LIGHT)), note)
    chart = dot_plot(rows, view.rate.value if view.rate else None, LIGHT, limit=_MOST)
    more = f"<p class='gray'>As {_MOST} maiores taxas; todas estão na tabela.</p>" if len(rows) > _MOST else ""
    return page.section(dimension.title, _KEY + figures.add(chart) + more)


def _why(item: GroupExplanation, product: Product, figures: page.Figures) -> str:
    chart = contribution_bars(item, LIGHT, own=risk_words.own_factor(item, product))
    note = f"{risk_words.why_line(item)} {risk_words.own_hint(item, product)}".strip()
    return page.section(risk_words.why_title(item), figures.add(chart), note)


def _heat(view: RiskOverview, figures: page.Figures, product: Product) -> str:
    title = product.words.when_title or "Quando"
    if not risk_gaps.heat_charted(view):
        return ""
    return page.section(
        title, figures.add(heat_map(view.heat, LIGHT)), "Por dia da semana e antecedência em dias. “·”: n menor que 30."
    )


def _times(view: RiskOverview, figures: page.Figures, product: Product) -> str:
    if not risk_gaps.times_charted(view):
        return ""
    chart: Chart = monthly_lines(view.periods, view.predicted_by_period, LIGHT)
    return page.section("Ao longo do tempo", figures.add(chart), f"{product.words.rate}. {risk_gaps.times_line(view)}")


def _table(dimension: Dimension, rows: Sequence[GroupRow], product: Product) -> str:
    words = product.words
    headers = [
        product.column_label(dimension.column),
        words.rows.capitalize(),
        "Com resultado",
        words.rate,
        "IC 95%",
        "Previsto",
    ]
    headers += ["Estrelas (IC 95%)", "Saldo"] if product.has_stars else []
    lines = [
        (
            escape_html(f"{row.value} {row.detail}"),
            number(row.rows),
            number(row.outcomes),
            percent(row.observed.value) if row.observed else NONE,
            interval(row.observed) or NONE,
            percent(row.predicted),
            *(_stars(row) if product.has_stars else ()),
        )
        for row in rows
    ]
    return page.section(f"{dimension.title}: os números", page.table(headers, lines, right=range(1, len(headers))))


def _stars(row: GroupRow) -> tuple[str, str]:
    if row.stars is None or row.balance is None:
        return NONE, NONE
    return f"{decimal(row.stars.value, 2)} ({decimal_interval(row.stars, 2)})", signed_percent(row.balance.value)
