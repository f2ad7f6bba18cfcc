"""A factor's points against its values, with how many rows stand behind each."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from pipeline.contract import Product
from pipeline.presentation.charts import base
from pipeline.presentation.charts.swarm import points_axis
from pipeline.presentation.escaping import plotly_text, shorten, visible
from pipeline.presentation.locale import names, numbers
from pipeline.presentation.theme import Theme, fade
from pipeline.records import Dependence, DependenceBin

HEIGHT = 360
ROW = 44
_NAME = 40
_UNITS = {"days": "dias", "hour": "hora do dia", "weekday": "dia da semana"}
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_UPPER, _LOWER = [0.3, 1.0], [0.0, 0.2]  # points above, rows below


def dependence_chart(found: Dependence, product: Product, theme: Theme) -> base.Chart:
    """Mean points by value with the middle 80 % of them, and the number of rows of each value."""
    name = visible(names.factor(product, found.factor))
    said = "; ".join(f"{visible(value_name(found, item))}: {numbers.points(item.mean, 1)}" for item in found.bins)
    alt = f"Pontos médios de {name} por valor: {said}."
    if found.unit:
        return base.Chart(_against_numbers(found, theme), alt, HEIGHT)
    height = len(found.bins) * ROW + 56
    return base.Chart(_against_names(found, theme, height), alt, height)


def value_name(found: Dependence, item: DependenceBin) -> str:
    """`3 a 5 dias`, `8h`, `seg`, or the text of the value; not escaped."""
    if item.low is None or item.high is None:
        return item.value or "sem valor"
    if found.unit == "weekday":
        return names.weekday(_DAYS[int(item.low)])
    ends = [numbers.number(item.low)] + ([numbers.number(item.high)] if item.high > item.low else [])
    if found.unit == "hour":
        return " a ".join(f"{end}h" for end in ends)
    return f"{' a '.join(ends)} {'dia' if ends == ['1'] else 'dias'}"


def _hover(found: Dependence, item: DependenceBin) -> str:
    return base.hover(
        plotly_text(value_name(found, item)),
        f"{numbers.points(item.mean, 1)} pontos em média",
        f"80% entre {numbers.points(item.p10, 1)} e {numbers.points(item.p90, 1)}",
        base.count(item.rows),
    )


def _span(bins: Sequence[DependenceBin]) -> tuple[float, float]:
    low, high = min([0.0, *(b.p10 for b in bins)]), max([0.0, *(b.p90 for b in bins)])
    pad = max((high - low) * 0.08, 0.005)
    return low - pad, high + pad


def _against_numbers(found: Dependence, theme: Theme) -> go.Figure:
    x = [_centre(b) if b.middle is None else b.middle for b in found.bins]
    low, high = _span(found.bins)
    ticks = base.nice_ticks(low, high, 5)
    first, last = (found.bins[0].low or 0.0) - 0.6, (found.bins[-1].high or 0.0) + 0.6
    hovers = [_hover(found, item) for item in found.bins]
    band = {"color": fade(theme.neutral, theme.background, 0.45), "width": 5}
    small = {"size": base.TICK_SIZE, "color": theme.secondary}
    figure = base.canvas(
        theme,
        HEIGHT,
        [
            _middle([(b.p10, b.p90) for b in found.bins], x, band, upright=True),
            _means(x, [b.mean for b in found.bins], hovers, theme, "lines+markers"),
            _density(found.bins, hovers, theme),
        ],
        margin=(22, 12, 44, 46),
        shapes=[base.line(first, t, last, t, theme.text if t == 0 else theme.grid) for t in ticks],
        annotations=[
            base.label("pontos no risco", 0, 1, xref="paper", yref="paper", xanchor="left", yanchor="bottom",
                       xshift=-44, yshift=4, font=small),
            base.label("linhas", 0, _LOWER[1], xref="paper", yref="paper", xanchor="left", yanchor="bottom",
                       xshift=-44, yshift=2, font=small),
            base.label(_UNITS.get(found.unit, ""), 1, 0, xref="paper", yref="paper", xanchor="right", yanchor="top",
                       yshift=-24, font=small),
        ],
        axes=(_value_axis(found, x, first, last), points_axis(low, high, ticks) | {"domain": _UPPER}),
    )  # fmt: skip
    most = max(_heights(found.bins))
    figure.update_layout(yaxis2={"domain": _LOWER, "range": [0, most * 1.05], "visible": False, "fixedrange": True})
    return figure


def _value_axis(found: Dependence, x: Sequence[float], first: float, last: float) -> dict[str, object]:
    axis: dict[str, object] = {"range": [first, last], "showticklabels": True, "anchor": "y2"}
    if found.unit == "weekday":
        short = [names.weekday(_DAYS[int(at)]) for at in x]
        return axis | {"tickmode": "array", "tickvals": list(x), "ticktext": short}
    return axis | {"nticks": 7}


def _heights(bins: Sequence[DependenceBin]) -> list[float]:
    """Rows for each whole value that a bin spans."""
    return [b.rows / ((b.high or 0.0) - (b.low or 0.0) + 1) for b in bins]


def _centre(item: DependenceBin) -> float:
    return ((item.low or 0.0) + (item.high or 0.0)) / 2


def _density(bins: Sequence[DependenceBin], hovers: list[str], theme: Theme) -> go.Bar:
    return go.Bar(
        x=[_centre(b) for b in bins],
        y=_heights(bins),
        width=[(b.high or 0.0) - (b.low or 0.0) + 0.9 for b in bins],
        yaxis="y2",
        marker={"color": fade(theme.neutral, theme.background, 0.6), "line": {"width": 0}},
        hovertext=hovers,
        **base.hidden_hover(),
    )


def _middle(
    ends: Sequence[tuple[float, float]], at: Sequence[float], stroke: dict[str, object], *, upright: bool
) -> go.Scatter:
    """The middle 80 % of each value as a thick line."""
    along: list[float | None] = []
    across: list[float | None] = []
    for (low, high), place in zip(ends, at, strict=True):
        along += [low, high, None]
        across += [place, place, None]
    x, y = (across, along) if upright else (along, across)
    return go.Scatter(x=x, y=y, mode="lines", line=stroke, hoverinfo="skip")


def _means(x: Sequence[float], y: Sequence[float], hovers: list[str], theme: Theme, mode: str) -> go.Scatter:
    return go.Scatter(
        x=list(x),
        y=list(y),
        mode=mode,
        line={"color": theme.text, "width": 1.5},
        marker={"size": 8, "color": theme.text},
        hovertext=hovers,
        **base.hidden_hover(),
    )


def _against_names(found: Dependence, theme: Theme, height: int) -> go.Figure:
    low, high = _span(found.bins)
    ticks, rows = base.nice_ticks(low, high, 5), len(found.bins)
    places = [float(place) for place in range(rows)]
    band = {"color": fade(theme.neutral, theme.background, 0.45), "width": 6}
    labels = []
    for place, item in enumerate(found.bins):
        side = {"xref": "paper", "yanchor": "bottom", "yshift": 5, "bgcolor": theme.background}
        labels.append(
            base.label(plotly_text(shorten(value_name(found, item), _NAME)), 0, place, xanchor="left", **side)
        )
        small = {"size": base.TICK_SIZE, "color": theme.secondary}
        labels.append(base.label(base.count(item.rows), 1, place, xanchor="right", font=small, **side))
    return base.canvas(
        theme,
        height,
        [
            _middle([(b.p10, b.p90) for b in found.bins], places, band, upright=False),
            _means([b.mean for b in found.bins], places, [_hover(found, b) for b in found.bins], theme, "markers"),
        ],
        margin=(16, 8, 34, 8),
        shapes=[base.line(t, -0.6, t, rows - 0.4, theme.text if t == 0 else theme.grid) for t in ticks],
        annotations=labels,
        axes=(points_axis(low, high, ticks), {"range": [rows - 0.5, -0.75]}),
    )
