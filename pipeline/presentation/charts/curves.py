"""Curves of an order: what each further call gains against its cost, and what the first of a list avoid."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from pipeline.presentation.charts import base
from pipeline.presentation.locale import numbers
from pipeline.presentation.theme import Theme, fade
from pipeline.records.effects import PayingCalls, Qini

HEIGHT = 240
_MARGIN = (34, 24, 46, 58)


def gain_curve(found: PayingCalls, theme: Theme) -> base.Chart:
    """What the first, second, … call of a day gains (R$), with the effect's interval, and the line of its cost."""
    at = [point.call for point in found.curve]
    top = 1.08 * max([found.cost, *(point.high for point in found.curve)])
    low = min([0.0, *(point.low for point in found.curve)])
    hovers = [
        base.hover(f"{numbers.number(point.call)}ª ligação", f"Devolve {_reais(point.gain)}") for point in found.curve
    ]
    last = max([2, *at])
    figure = base.canvas(
        theme,
        HEIGHT,
        [
            _band(at, [point.low for point in found.curve], [point.high for point in found.curve], theme),
            _line(at, [point.gain for point in found.curve], hovers, theme),
        ],
        margin=_MARGIN,
        shapes=[
            *(base.line(1, tick, last, tick, theme.grid) for tick in _ticks(low, top)),
            base.line(1, found.cost, last, found.cost, theme.event, dash="dash", width=1.5, layer="above"),
        ],
        annotations=[
            base.label(
                f"– – {_cost(found)}", 1, 1, xref="paper", yref="paper", xanchor="right", yanchor="top",
                font={"size": base.TICK_SIZE, "color": theme.event},
            ),
            *_titles("ligações do dia, do maior ganho ao menor", "o que cada ligação devolve (R$)", theme),
        ],
        axes=(_axis(1, last, whole=True), _axis(low, top)),
    )  # fmt: skip
    many = numbers.plural(found.pays.paying, "devolve mais do que custa", "devolvem mais do que custam")
    return base.Chart(figure, f"O que devolve cada ligação do dia; {_cost(found)}; {many}.", HEIGHT)


def _cost(found: PayingCalls) -> str:
    return f"custo de uma ligação: {_reais(found.cost)}"


def _reais(value: float) -> str:
    return f"R${numbers.NBSP}{numbers.decimal(value, 2)}"


def qini_curve(found: Qini, theme: Theme, *, avoided: str = "evitadas") -> base.Chart:
    """Events avoided (`avoided`: what they are called) in 1,000 listed by contacting the first share of a list, and the
    straight line of chance.
    """
    at = [point.share for point in found.curve]
    height = [1000 * point.avoided for point in found.curve]
    low, top = 1.1 * min([0.0, *height]), 1.1 * max([0.1, *height])
    end = height[-1] if height else 0.0
    hovers = [
        base.hover(f"Os primeiros {numbers.percent(x, 0)}", f"{numbers.decimal(y, 1)} a menos em 1.000")
        for x, y in zip(at, height, strict=True)
    ]
    figure = base.canvas(
        theme,
        HEIGHT,
        [_line(at, height, hovers, theme)],
        margin=_MARGIN,
        shapes=[
            *(base.line(0, tick, 1, tick, theme.grid) for tick in _ticks(low, top)),
            base.line(0, 0, 1, end, theme.secondary, dash="dot", width=1.5),
        ],
        annotations=[
            base.label(
                "···· em qualquer ordem", 1, 1, xref="paper", yref="paper", xanchor="right", yanchor="bottom",
                font={"size": base.TICK_SIZE, "color": theme.secondary},
            ),
            *_titles("parte da lista que se contata", f"{avoided} em 1.000 da lista", theme),
        ],
        axes=(base.percent_axis(0.0, 1.0, 6), _axis(low, top)),
    )  # fmt: skip
    half = min(found.curve, key=lambda point: abs(point.share - 0.5)) if found.curve else None
    said = (
        ""
        if half is None
        else f" A primeira metade evita {numbers.decimal(1000 * half.avoided, 1)}, "
        f"a lista toda {numbers.decimal(end, 1)}"
    )
    return base.Chart(figure, f"O que se evita em 1.000 da lista, na ordem em que se contata.{said}.", HEIGHT)


def _line(x: Sequence[float], y: Sequence[float], hovers: Sequence[str], theme: Theme) -> go.Scatter:
    stroke = {"color": theme.text, "width": 2.5}
    return go.Scatter(x=x, y=y, mode="lines", line=stroke, hovertext=hovers, **base.hidden_hover())


def _band(x: Sequence[float], low: Sequence[float], high: Sequence[float], theme: Theme) -> go.Scatter:
    return go.Scatter(
        x=[*x, *reversed(x)],
        y=[*high, *reversed(low)],
        fill="toself",
        fillcolor=fade(theme.neutral, theme.background, 0.25),
        mode="lines",
        line={"width": 0},
        hoverinfo="skip",
    )


def _titles(below: str, above: str, theme: Theme) -> list[dict[str, object]]:
    small = {"size": base.TICK_SIZE, "color": theme.secondary}
    return [
        base.label(below, 1, 0, xref="paper", yref="paper", xanchor="right", yanchor="top", yshift=-24, font=small),
        base.label(
            above, 0, 1, xref="paper", yref="paper", xanchor="left", yanchor="bottom", xshift=-54, yshift=8, font=small
        ),
    ]


def _ticks(low: float, high: float, most: int = 4, *, whole: bool = False) -> list[float]:
    """At most `most` round values (1, 2 or 5 times a power of ten) between two numbers."""
    size = 10.0 ** math.floor(math.log10(max(high - low, 1e-9) / most))
    steps = (size * by for by in (1, 2, 5, 10, 20))
    for step in steps:
        step = max(step, 1.0) if whole else step
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if last - first + 1 <= most:
            return [round(i * step, 6) for i in range(first, last + 1)]
    return [low, high]


def _axis(low: float, high: float, *, whole: bool = False) -> dict[str, Any]:
    ticks = _ticks(low, high, whole=whole)
    places = 0 if all(abs(tick - round(tick)) < 1e-6 for tick in ticks) else 1
    return {
        "range": [low, high],
        "tickmode": "array",
        "tickvals": ticks,
        "ticktext": [numbers.decimal(tick, places) for tick in ticks],
        "showticklabels": True,
    }
