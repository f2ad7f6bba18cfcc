"""What more rows bring: the area under the curve of what was learnt from ever twice as many."""

from __future__ import annotations

import math

import plotly.graph_objects as go

from pipeline.presentation.charts import base
from pipeline.presentation.locale import numbers
from pipeline.presentation.theme import Theme, fade
from pipeline.records import LearningCurve, LearningPoint

HEIGHT = 220
_MARGIN = (34, 40, 46, 58)
_LEAST_SPAN = 0.02  # of AUC: a flat curve shall look flat


def learning_curve(curve: LearningCurve, theme: Theme) -> base.Chart:
    """AUC with its interval by rows learnt from, each step twice as many; the first and the last value written."""
    points = curve.points
    at = list(range(len(points)))
    low, high = _span(points)
    ticks = _ticks(low, high)
    last = at[-1]
    figure = base.canvas(
        theme,
        HEIGHT,
        [_band(points, theme), _line(points, theme)],
        margin=_MARGIN,
        shapes=[base.line(0, tick, 1, tick, theme.grid, xref="paper") for tick in ticks],
        annotations=[*_ends(points, theme), *_titles(theme)],
        axes=(
            {
                "range": [-0.4, last + 0.25],  # beside the axis there is room for the first value, on a phone too
                "tickmode": "array",
                "tickvals": at,
                "ticktext": [numbers.number(point.rows) for point in points],
                "showticklabels": True,
            },
            {
                "range": [low, high],
                "tickmode": "array",
                "tickvals": ticks,
                "ticktext": [numbers.decimal(tick, 2) for tick in ticks],
                "showticklabels": True,
            },
        ),
    )
    told = "; ".join(f"{numbers.number(p.rows)} linhas, {numbers.decimal(p.auc.value, 3)}" for p in points)
    return base.Chart(figure, f"AUC pelo número de linhas aprendidas: {told}.", HEIGHT)


def _bounds(point: LearningPoint) -> tuple[float, float]:
    value = point.auc.value
    low, high = point.auc.low, point.auc.high
    return value if low is None else low, value if high is None else high


def _span(points: tuple[LearningPoint, ...]) -> tuple[float, float]:
    """The span of all intervals, with room, and never so narrow that chance looks like a slope."""
    low, high = min(_bounds(p)[0] for p in points), max(_bounds(p)[1] for p in points)
    more = max(0.1 * (high - low), (_LEAST_SPAN - (high - low)) / 2)
    return low - more, high + more


def _ticks(low: float, high: float, most: int = 5) -> list[float]:
    for step in (0.01, 0.02, 0.05, 0.1, 0.2):
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if last - first + 1 <= most:
            return [round(i * step, 6) for i in range(first, last + 1)]
    return [0.0, 0.5, 1.0]


def _band(points: tuple[LearningPoint, ...], theme: Theme) -> go.Scatter:
    at = list(range(len(points)))
    lows, highs = zip(*map(_bounds, points), strict=True)
    return go.Scatter(
        x=[*at, *reversed(at)],
        y=[*highs, *reversed(lows)],
        fill="toself",
        fillcolor=fade(theme.neutral, theme.background, 0.25),
        mode="lines",
        line={"width": 0},
        hoverinfo="skip",
    )


def _line(points: tuple[LearningPoint, ...], theme: Theme) -> go.Scatter:
    return go.Scatter(
        x=list(range(len(points))),
        y=[point.auc.value for point in points],
        mode="lines+markers",
        line={"color": theme.text, "width": 2.5},
        marker={"color": theme.text, "size": 7},
        hovertext=[base.hover(f"{numbers.number(p.rows)} linhas", f"AUC {_measure(p)}") for p in points],
        **base.hidden_hover(),
    )


def _measure(point: LearningPoint) -> str:
    low, high = (numbers.decimal(bound, 3) for bound in _bounds(point))
    return f"{numbers.decimal(point.auc.value, 3)} (IC 95%: {low} a {high})"


def _ends(points: tuple[LearningPoint, ...], theme: Theme) -> list[dict[str, object]]:
    font = {"size": base.LABEL_SIZE, "color": theme.text}
    return [
        base.label(
            f"<b>{numbers.decimal(points[place].auc.value, 3)}</b>", place, points[place].auc.value,
            xanchor="center", yanchor="bottom", yshift=8, font=font,
        )
        for place in (0, len(points) - 1)
    ]  # fmt: skip


def _titles(theme: Theme) -> list[dict[str, object]]:
    small = {"size": base.TICK_SIZE, "color": theme.secondary}
    return [
        base.label(
            "linhas com que aprendeu", 1, 0, xref="paper", yref="paper", xanchor="right", yanchor="top", yshift=-24,
            font=small,
        ),
        base.label(
            "AUC", 0, 1, xref="paper", yref="paper", xanchor="left", yanchor="bottom", xshift=-54, yshift=8, font=small
        ),
    ]  # fmt: skip
