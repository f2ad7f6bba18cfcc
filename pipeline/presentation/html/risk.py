"""The risk page as one HTML file for a board: finding, key figures, figures, and the numbers in tables."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.contract import Dimension, Product
from pipeline.presentation import wording
from pipeline.presentation.charts import (
    Chart,
    contribution_bars,
    dot_plot,
    heat_map,
    monthly_lines,
    tile_map,
)
from pipeline.presentation.html import page
from pipeline.presentation.numbers import (
    NONE,
    decimal,
    decimal_interval,
    interval,
    number,
    percent,
    period,
    plural,
    points,
    signed_percent,
)
from pipeline.presentation.text import escape_html, shorten
from pipeline.presentation.theme import LIGHT
from pipeline.records import GroupExplanation, GroupRow, RiskOverview

_MOST = 15
_KEY = (
    '<p class="gray">Ponto: observado · faixa: intervalo de 95% · traço: previsto. '
    '<span class="above">Acima da média</span>, <span class="below">abaixo</span> ou sem diferença clara.</p>'
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
    figures = page.Figures()
    groups = dict(view.groups)
    dimensions = [_dimension(d, groups.get(d.column, ()), view, figures, product) for d in product.dimensions]
    parts = [
        page.heading(product.words.risk_title, wording.risk_finding(view, product).html(), _meta(view, product, (shorten(source, 60), *filters))),
        page.figures_row(_figures(view, product)),
        *(page.pair(*dimensions[i : i + 2]) if len(dimensions[i : i + 2]) == 2 else dimensions[i] for i in range(0, len(dimensions), 2)),
        *(_why(item, figures) for item in why),
        _heat(view, figures, product),
        _months(view, figures, product),
        *(_table(d, groups.get(d.column, ()), product) for d in product.dimensions),
    ]
    return page.document(product.words.risk_title, product.title, parts, figures=True)


def _meta(view: RiskOverview, product: Product, more: Sequence[str]) -> list[str]:
    return [
        plural(view.rows, product.words.row, product.words.rows),
        period(view.first_date, view.last_date) if view.first_date else "",
        *more,
    ]


def _figures(view: RiskOverview, product: Product) -> list[tuple[str, str, str]]:
    words = product.words
    bounds = interval(view.rate)
    predicted = percent(view.predicted) if view.predicted is not None else NONE
    if product.has_stars:
        stars, balance = view.stars, view.balance
        return [
            (words.rate, percent(view.rate.value) if view.rate else NONE, f"IC {bounds}" if bounds else ""),
            ("Estrelas (média)", decimal(stars.value, 2) if stars else NONE, f"IC {decimal_interval(stars, 2)}" if stars else ""),
            ("Promotores menos detratores", signed_percent(balance.value) if balance else NONE, f"n {number(view.outcomes)}"),
            ("Risco previsto", predicted, f"n {number(view.predicted_rows)}"),
        ]
    return [
        (words.rate, percent(view.rate.value) if view.rate else NONE, f"IC {bounds}" if bounds else ""),
        ("Risco previsto", predicted, f"n {number(view.predicted_rows)}"),
        (words.rows.capitalize(), number(view.rows), f"{number(view.outcomes)} com resultado"),
        (words.events.capitalize(), number(view.events), ""),
    ]


def _absent(title: str, label: str) -> str:
    return page.section(title, f"<p>Os dados não trazem o campo {escape_html(label)}: por isso não há gráfico.</p>")


def _dimension(
    dimension: Dimension, rows: Sequence[GroupRow], view: RiskOverview, figures: page.Figures, product: Product
) -> str:
    if not rows:
        return _absent(dimension.title, product.column_label(dimension.column))
    if dimension.chart == "map":
        note = "Cada quadro é uma UF. Cinza: sem dados ou n menor que 100."
        return page.section(dimension.title, figures.add(tile_map(rows, LIGHT)), note)
    chart = dot_plot(rows, view.rate.value if view.rate else None, LIGHT, limit=_MOST)
    more = f"<p class='gray'>As {_MOST} maiores taxas; todas estão na tabela.</p>" if len(rows) > _MOST else ""
    return page.section(dimension.title, _KEY + figures.add(chart) + more)


def _why(item: GroupExplanation, figures: page.Figures) -> str:
    gap = item.predicted - item.predicted_overall
    side = "acima" if gap >= 0 else "abaixo"
    seen = f" Observado: {percent(item.observed.value)}." if item.observed else ""
    note = (
        f"Peso de cada fator no risco previsto, em pontos percentuais. Previsto: {percent(item.predicted)}, contra "
        f"{percent(item.predicted_overall)} no conjunto.{seen} n = {number(item.rows)}."
    )
    title = f"Por que {item.value} está {points(abs(gap), 1).lstrip('+')} pontos {side}"
    return page.section(title, figures.add(contribution_bars(item, LIGHT)), note)


def _heat(view: RiskOverview, figures: page.Figures, product: Product) -> str:
    title = product.words.when_title or "Quando"
    if not view.heat:
        return ""
    return page.section(title, figures.add(heat_map(view.heat, LIGHT)), "Por dia da semana e antecedência em dias. “·”: n menor que 30.")


def _months(view: RiskOverview, figures: page.Figures, product: Product) -> str:
    if not view.periods:
        return ""
    chart: Chart = monthly_lines(view.periods, view.predicted_by_period, LIGHT)
    return page.section("Ao longo do tempo", figures.add(chart), f"{product.words.rate} por mês, com intervalo de 95%.")


def _table(dimension: Dimension, rows: Sequence[GroupRow], product: Product) -> str:
    words = product.words
    headers = [product.column_label(dimension.column), words.rows.capitalize(), "Com resultado", words.rate, "IC 95%", "Previsto"]
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
