"""How good a model is: calibration (predicted against observed) and reach (share called, share reached)."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from pipeline.presentation.charts import base
from pipeline.presentation.locale import numbers
from pipeline.presentation.theme import Theme, fade
from pipeline.records import CalibrationBin, ReachPoint

HEIGHT = 380
_MARGIN = (24, 20, 52, 46)


def calibration_plot(bins: Sequence[CalibrationBin], theme: Theme) -> base.Chart:
    """Mean predicted risk of each bin against its observed rate with interval; dotted: perfect calibration."""
    highs = [v for b in bins for v in (b.predicted, b.observed.value, b.observed.high) if v is not None]
    top = min(max([0.1, *highs]) * 1.08, 1.03)
    x: list[float | None] = []
    y: list[float | None] = []
    for item in bins:
        if item.observed.low is not None:
            x += [item.predicted, item.predicted, None]
            y += [item.observed.low, item.observed.high, None]
    band = {"color": fade(theme.neutral, theme.background, 0.45), "width": 6}
    dots = go.Scatter(
        x=[b.predicted for b in bins],
        y=[b.observed.value for b in bins],
        mode="markers",
        marker={"size": 11, "color": theme.text},
        hovertext=[_bin_hover(b) for b in bins],
        **base.hidden_hover(),
    )
    figure = _square(
        theme,
        top,
        [go.Scatter(x=x, y=y, mode="lines", line=band, hoverinfo="skip"), dots],
        ("risco previsto", "taxa observada"),
        ("previsto = observado", 1.0, {"xanchor": "right", "yanchor": "bottom"}),  # above all points
    )
    said = "; ".join(f"{numbers.percent(b.predicted)} → {numbers.percent(b.observed.value)}" for b in bins)
    return base.Chart(figure, f"Calibração, risco previsto → taxa observada: {said}.", HEIGHT)


def reach_curve(
    points: Sequence[ReachPoint],
    theme: Theme,
    *,
    events: str = "eventos",
    calls: bool = True,
    tenth: float | None = None,
) -> base.Chart:
    """Share of `events` reached by calling (or, without `calls`, reading)
    the riskiest share of rows; dotted: at random.

    `tenth`: what the riskiest tenth reaches, where it was measured (ties shared out), so that one figure is said
    everywhere.
    """
    ordered = sorted(points, key=lambda p: p.share_called)
    curve = go.Scatter(
        x=[p.share_called for p in ordered],
        y=[p.share_reached for p in ordered],
        mode="lines",
        line={"color": theme.text, "width": 2.5},
        hovertext=[_reach_hover(p, events, calls) for p in ordered],
        **base.hidden_hover(),
    )
    at = min(ordered, key=lambda p: abs(p.share_called - 0.1)) if ordered else None
    at = ReachPoint(0.1, tenth) if at is not None and tenth is not None else at
    traces, labels, leader = ([curve], [], []) if at is None else _marked(curve, at, theme, calls)
    alt = "" if at is None else f" {'Chamando' if calls else 'Lendo'} {_at(at, ', alcançam-se ')}."
    titles = (f"parcela {'chamada' if calls else 'lida'}, do maior risco ao menor", f"parcela de {events} alcançada")
    figure = _square(
        theme,
        1.02,
        traces,
        titles,
        ("ao acaso", 0.72, {"xanchor": "left", "yanchor": "top", "xshift": 8, "yshift": -2}),
        labels,
        leader,
    )
    return base.Chart(
        figure, f"Curva de alcance: parte de {events} contra a parte {'chamada' if calls else 'lida'}.{alt}", HEIGHT
    )


def _at(point: ReachPoint, between: str) -> str:
    return f"{numbers.percent(point.share_called, 0)}{between}{numbers.percent(point.share_reached, 0)}"


def _marked(curve: go.Scatter, at: ReachPoint, theme: Theme, calls: bool) -> tuple[list[go.Scatter], list, list]:
    """The curve with one of its points marked and told: traces, labels, and the line from the label to the point."""
    mark = {"size": 12, "color": theme.text}
    dot = go.Scatter(x=[at.share_called], y=[at.share_reached], mode="markers", hoverinfo="skip", marker=mark)
    what = "das ligações" if calls else "das linhas"
    text = f"<b>{_at(at, f' {what}<br>alcançam ')}</b>"
    label = base.label(text, 0.36, 0.12, xanchor="left", xshift=4)
    return [curve, dot], [label], [base.line(at.share_called, at.share_reached, 0.36, 0.12, theme.secondary)]


def _bin_hover(item: CalibrationBin) -> str:
    return base.hover(
        f"Previsto: {numbers.percent(item.predicted)}",
        f"Observado: {base.rate_with_interval(item.observed)}",
        base.count(item.rows),
    )


def _reach_hover(point: ReachPoint, events: str, calls: bool) -> str:
    return base.hover(
        f"{'Ligar para' if calls else 'Ler'} {numbers.percent(point.share_called, 0)}",
        f"Alcance: {numbers.percent(point.share_reached)} ({events})",
    )


def _square(
    theme: Theme,
    top: float,
    traces: Sequence[go.Scatter],
    titles: tuple[str, str],
    diagonal: tuple[str, float, dict[str, object]],
    labels: Sequence[dict[str, object]] = (),
    lines: Sequence[dict[str, object]] = (),
) -> go.Figure:
    """Two equal axes from zero, the dotted diagonal with its name, a light grid."""
    ticks = base.nice_ticks(0.0, top, 6)
    grid = [base.line(0, t, top, t, theme.grid) for t in ticks]
    grid.append(base.line(0, 0, min(top, 1.0), min(top, 1.0), theme.secondary, dash="dot", width=1.5))
    name, place, where = diagonal
    small = {"size": base.TICK_SIZE, "color": theme.secondary}
    notes = [
        *labels,
        {**base.label(name, top * place, top * place, font=small), **where},
        base.label(titles[0], 1, 0, xref="paper", yref="paper", xanchor="right", yanchor="top", yshift=-28, font=small),
        base.label(
            titles[1], 0, 1,
            xref="paper", yref="paper", xanchor="left", yanchor="bottom", xshift=-44, yshift=5, font=small,
        ),
    ]  # fmt: skip
    return base.canvas(
        theme,
        HEIGHT,
        traces,
        margin=_MARGIN,
        shapes=[*grid, *lines],
        annotations=notes,
        axes=(base.percent_axis(0.0, top, 6), base.percent_axis(0.0, top, 6)),
    )
