"""What all figures share: the bare canvas, labels, ticks, and the record that a page receives.

Labels are annotations in the figure's own coordinates or on "paper", so that one figure serves a page of
1,120 pixels and a phone of 358. Colours are always explicit: the host's palette never reaches a trace.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from pipeline.presentation.locale import numbers
from pipeline.presentation.theme import Theme
from pipeline.records import Interval

PLOT_CONFIG: dict[str, Any] = {
    "displayModeBar": False,
    "showSendToCloud": False,
    "displaylogo": False,
    "scrollZoom": False,
}

LABEL_SIZE = 13
TICK_SIZE = 12
SMALL_SIZE = 11.5
_STEPS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5)


Axes = tuple[dict[str, Any], dict[str, Any]]  # options of x and of y, over those that all axes have


@dataclass(frozen=True)
class Chart:
    """A figure with its accessible name and its height in pixels."""

    figure: go.Figure
    alt: str
    height: int


def canvas(
    theme: Theme,
    height: int,
    traces: Sequence[Any],
    *,
    margin: tuple[int, int, int, int] = (0, 0, 0, 0),
    shapes: Iterable[dict[str, Any]] = (),
    annotations: Iterable[dict[str, Any]] = (),
    axes: Axes = ({}, {}),
) -> go.Figure:
    """A figure without ground, legend, title, zoom or mode bar. `margin`: top, right, bottom, left."""
    top, right, bottom, left = margin
    axis = _bare_axis(theme)
    return go.Figure(
        data=list(traces),
        layout={
            "template": go.layout.Template(),
            "separators": ",.",
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "dragmode": False,
            "showlegend": False,
            "height": height,
            "margin": {"t": top, "r": right, "b": bottom, "l": left, "pad": 0},
            "font": {"family": theme.font, "size": LABEL_SIZE, "color": theme.text},
            "hoverlabel": _hover_box(theme),
            "hovermode": "closest",
            "shapes": list(shapes),
            "annotations": list(annotations),
            "xaxis": axis | axes[0],
            "yaxis": axis | axes[1],
        },
    )


def _bare_axis(theme: Theme) -> dict[str, Any]:
    return {
        "fixedrange": True,
        "showgrid": False,
        "zeroline": False,
        "showline": False,
        "ticks": "",
        "title": None,
        "showticklabels": False,
        "tickfont": {"size": TICK_SIZE, "color": theme.secondary},
    }


def _hover_box(theme: Theme) -> dict[str, Any]:
    return {
        "bgcolor": theme.background,
        "bordercolor": theme.border,
        "align": "left",
        "font": {"family": theme.font, "size": LABEL_SIZE, "color": theme.text},
    }


def label(text: str, x: float, y: float, **options: Any) -> dict[str, Any]:
    """An annotation without arrow; `text` must already be escaped.

    It is aligned to the side it is anchored at: Plotly may measure it before the font has arrived.
    """
    side = options.get("xanchor", "center")
    return {"text": text, "x": x, "y": y, "showarrow": False, "borderpad": 0, "align": side} | options


def line(x0: float, y0: float, x1: float, y1: float, colour: str, **options: Any) -> dict[str, Any]:
    """A straight line as a shape; `width` and `dash` go to the line, the rest to the shape."""
    stroke = {"color": colour, "width": options.pop("width", 1), "dash": options.pop("dash", "solid")}
    return {"type": "line", "x0": x0, "y0": y0, "x1": x1, "y1": y1, "line": stroke, "layer": "below"} | options


def hidden_hover(**options: Any) -> dict[str, Any]:
    """Options of a trace whose hover is its own `hovertext`: never a template that text could break out of."""
    return {"hovertemplate": "%{hovertext}<extra></extra>"} | options


def coloured(text: str, colour: str) -> str:
    """A run of text of another colour, as Plotly reads it."""
    return f'<span style="color:{colour}">{text}</span>'


def nice_ticks(low: float, high: float, most: int = 4) -> list[float]:
    """At most `most` round values between two fractions."""
    for step in _STEPS:
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if last - first + 1 <= most:
            return [round(i * step, 6) for i in range(first, last + 1)]
    return [0.0, 1.0]


def percent_axis(low: float, high: float, most: int = 4, **options: Any) -> dict[str, Any]:
    """An axis over [low, high] with a few round ticks written the Brazilian way."""
    ticks = nice_ticks(low, high, most)
    places = 0 if all(abs(t * 100 - round(t * 100)) < 1e-6 for t in ticks) else 1
    return {
        "range": [low, high],
        "tickmode": "array",
        "tickvals": ticks,
        "ticktext": [numbers.percent(t, places) for t in ticks],
        "showticklabels": True,
    } | options


def rate_with_interval(item: Interval | None) -> str:
    """`18,5% (IC 95%: 17,9–19,1%)` for hovers and alternative texts."""
    if item is None:
        return "sem resultado conhecido"
    bounds = numbers.interval(item)
    return numbers.percent(item.value) + (f" (IC 95%: {bounds})" if bounds else "")


def count(n: int) -> str:
    """`n 5.320`, never broken across lines."""
    return f"n{numbers.NBSP}{numbers.number(n)}"


def hover(name: str, *lines: str) -> str:
    """Bold name and its lines; all parts must already be escaped."""
    return "<br>".join([f"<b>{name}</b>", *[part for part in lines if part]])
