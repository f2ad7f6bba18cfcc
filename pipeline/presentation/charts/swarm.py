"""How factors weigh: dots of their points, one line a factor, darker where the factor's value is higher.

The idea is that of the beeswarm of Lundberg's shap; a dot stands for rows of one cell and never for one row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import plotly.graph_objects as go

from pipeline.contract import Product
from pipeline.presentation.charts import base
from pipeline.presentation.escaping import plotly_text, shorten, visible
from pipeline.presentation.locale import names, numbers
from pipeline.presentation.theme import Theme, fade
from pipeline.records import FactorSpread, SpreadCell, WeightSpread

ROW = 76
DOTS = 1_500  # in all
_TOP, _BOTTOM = 12, 34
_NAME = 46
_STEP, _HALF = 0.045, 0.23  # between dots of one place, and how far they go from the line, in rows
_SHADES = {0: 0.3, 1: 0.6, 2: 1.0}  # of the thirds of values, lowest first
_GOLDEN = 0.6180339887  # spreads dots evenly over the width of a cell


@dataclass(frozen=True)
class _Dot:
    x: float
    y: float
    cell: SpreadCell


def swarm(found: WeightSpread, product: Product, theme: Theme) -> base.Chart:
    """Points of each factor over the rows, strongest factor first."""
    rows = len(found.factors)
    budget = DOTS // max(rows, 1)
    height = rows * ROW + _TOP + _BOTTOM
    edge = [cell.points for item in found.factors for cell in item.cells] or [0.0]
    low, high = min([*edge, 0.0]) - found.width, max([*edge, 0.0]) + found.width
    traces = [
        _trace(item, list(_dots(item, place, budget, found.width)), product, theme)
        for place, item in enumerate(found.factors)
    ]
    title = {"xref": "paper", "xanchor": "left", "yanchor": "bottom", "yshift": 19, "bgcolor": theme.background}
    labels = [
        base.label(plotly_text(shorten(names.factor(product, item.factor), _NAME)), 0, place, **title)
        for place, item in enumerate(found.factors)
    ]
    ticks = base.nice_ticks(low, high, 5)
    figure = base.canvas(
        theme,
        height,
        traces,
        margin=(_TOP, 8, _BOTTOM, 8),
        shapes=[base.line(t, -0.55, t, rows - 0.6, theme.text if t == 0 else theme.grid) for t in ticks],
        annotations=labels,
        axes=(points_axis(low, high, ticks), {"range": [rows - 0.6, -0.62]}),
    )
    said = "; ".join(
        f"{visible(names.factor(product, item.factor))} de {numbers.points(item.low, 1)} a "
        f"{numbers.points(item.high, 1)}"
        for item in found.factors
    )
    return base.Chart(figure, f"Pontos de cada fator em 80% das linhas: {said}.", height)


def points_axis(low: float, high: float, ticks: list[float]) -> dict[str, object]:
    """An axis of points of risk: `+5`, `−10`."""
    places = 0 if all(abs(t * 100 - round(t * 100)) < 1e-6 for t in ticks) else 1
    return {
        "range": [low, high],
        "tickmode": "array",
        "tickvals": ticks,
        "ticktext": [numbers.points(t, places) for t in ticks],
        "showticklabels": True,
    }


def _dots(item: FactorSpread, place: int, budget: int, width: float) -> Iterator[_Dot]:
    """As many dots a cell as its share of the rows; those of one place are stacked around the line."""
    total = sum(cell.rows for cell in item.cells) or 1
    stacks: dict[float, list[SpreadCell]] = {}
    for cell in item.cells:
        stacks.setdefault(round(cell.points, 9), []).extend([cell] * max(1, int(cell.rows / total * budget)))
    most = max(map(len, stacks.values()), default=1)
    for points, cells in stacks.items():
        step = min(_STEP, 2 * _HALF * (len(cells) / most) ** 0.5 / len(cells))
        for number, cell in enumerate(_mixed(cells)):
            up = (number + 1) // 2 * (-1 if number % 2 else 1)
            yield _Dot(points + ((number * _GOLDEN) % 1 - 0.5) * width, place + up * step, cell)


def _mixed(cells: list[SpreadCell]) -> list[SpreadCell]:
    """The dots of one place with their shades among each other, the same at each drawing."""
    return [cell for _, cell in sorted(enumerate(cells), key=lambda pair: (pair[0] * _GOLDEN) % 1)]


def _trace(item: FactorSpread, dots: list[_Dot], product: Product, theme: Theme) -> go.Scatter:
    name = plotly_text(names.factor(product, item.factor))
    return go.Scatter(
        x=[dot.x for dot in dots],
        y=[dot.y for dot in dots],
        mode="markers",
        marker={"size": 5, "color": [_shade(dot.cell.band, theme) for dot in dots], "line": {"width": 0}},
        hovertext=[
            base.hover(name, f"{numbers.points(dot.cell.points, 1)} pontos", base.count(dot.cell.rows)) for dot in dots
        ],
        **base.hidden_hover(),
    )


def _shade(band: int, theme: Theme) -> str:
    return fade(theme.primary, theme.background, _SHADES[band]) if band in _SHADES else theme.neutral
