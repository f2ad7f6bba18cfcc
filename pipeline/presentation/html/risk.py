"""The risk page as one HTML file for a board: finding, key figures, figures, and the numbers in tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pipeline.contract import Dimension, Product, Role
from pipeline.presentation.charts import (
    contribution_bars,
    dot_plot,
    heat_map,
    monthly_lines,
    tile_map,
)
from pipeline.presentation.escaping import shorten
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


class Drawn(NamedTuple):
    """A section with one figure: its note above it, the key of its marks, and what stands below it."""

    title: str
    figure: page.Figure
    note: str = ""
    key: bool = False
    more: str = ""


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
    return page.render(
        "risk",
        figures=True,
        title=product.words.risk_title,
        product=product,
        finding=risk_words.finding(view, product),
        meta=_meta(view, product, (shorten(source, 60), *filters)),
        key_figures=risk_words.figures(view, product),
        lines=[risk_words.figures_line(view, product)],
        dimensions=[_dimension(d, groups[d.column], view, drawn) for d in shown],
        single=[
            *(_why(item, product, drawn) for item in why),
            *_heat(view, drawn, product),
            *_times(view, drawn, product),
        ],
        tables=[
            (f"{d.title}: os números", _table(d, groups[d.column], product))
            for d in product.dimensions
            if groups.get(d.column)
        ],
        lacking=_lacking(view, product),
    )


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
        risk_gaps.hidden(view),
    ]


def _dimension(dimension: Dimension, rows: Sequence[GroupRow], view: RiskOverview, figures: page.Figures) -> Drawn:
    if dimension.chart == "map":
        note = "Cada quadro é uma UF. Cinza: sem dados ou n menor que 100."
        return Drawn(dimension.title, figures.add(tile_map(rows, LIGHT)), note)
    chart = dot_plot(rows, view.rate.value if view.rate else None, LIGHT, limit=_MOST)
    more = f"As {_MOST} maiores taxas; todas estão na tabela." if len(rows) > _MOST else ""
    return Drawn(dimension.title, figures.add(chart), key=True, more=more)


def _why(item: GroupExplanation, product: Product, figures: page.Figures) -> Drawn:
    chart = contribution_bars(item, LIGHT, own=risk_words.own_factor(item, product))
    note = f"{risk_words.why_line(item)} {risk_words.own_hint(item, product)}".strip()
    return Drawn(risk_words.why_title(item), figures.add(chart), note)


def _heat(view: RiskOverview, figures: page.Figures, product: Product) -> list[Drawn]:
    if not risk_gaps.heat_charted(view):
        return []
    note = "Por dia da semana e antecedência em dias. “·”: n menor que 30."
    return [Drawn(product.words.when_title or "Quando", figures.add(heat_map(view.heat, LIGHT)), note)]


def _times(view: RiskOverview, figures: page.Figures, product: Product) -> list[Drawn]:
    if not risk_gaps.times_charted(view):
        return []
    chart = monthly_lines(view.periods, view.predicted_by_period, LIGHT)
    return [Drawn("Ao longo do tempo", figures.add(chart), f"{product.words.rate}. {risk_gaps.times_line(view)}")]


def _table(dimension: Dimension, rows: Sequence[GroupRow], product: Product) -> page.Table:
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
            f"{row.value} {row.detail}",
            number(row.rows),
            number(row.outcomes),
            percent(row.observed.value) if row.observed else NONE,
            interval(row.observed) or NONE,
            percent(row.predicted),
            *(_stars(row) if product.has_stars else ()),
        )
        for row in rows
    ]
    return page.Table(headers, lines, right=range(1, len(headers)))


def _stars(row: GroupRow) -> tuple[str, str]:
    if row.stars is None or row.balance is None:
        return NONE, NONE
    return f"{decimal(row.stars.value, 2)} ({decimal_interval(row.stars, 2)})", signed_percent(row.balance.value)
