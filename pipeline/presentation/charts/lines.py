"""Rates over time: the observed line with its interval, the predicted one beside it, both ends labelled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from pipeline.presentation.charts import base
from pipeline.presentation.locale import numbers
from pipeline.presentation.theme import Theme, fade
from pipeline.records import PeriodRate

HEIGHT = 300
MIN_ROWS = 30
_MOST_TICKS = 4


def monthly_lines(
    months: Sequence[PeriodRate],
    predicted: Sequence[tuple[str, float]],
    theme: Theme,
    *,
    min_rows: int = MIN_ROWS,
) -> base.Chart:
    """Observed rate a month, or a week, from zero;
    gap where fewer than `min_rows` outcomes are known; dashed: predicted.
    """
    keys = [m.period for m in months]
    place = {key: i for i, key in enumerate(keys)}
    observed = [m if m.rate is not None and m.outcomes >= min_rows else None for m in months]
    foreseen = {place[k]: v for k, v in predicted if k in place}
    top = _top(observed, foreseen)
    ticks = base.nice_ticks(0.0, top)
    figure = base.canvas(
        theme,
        HEIGHT,
        [*_bands(observed, theme), _predicted(foreseen, len(keys), keys, theme), _observed(observed, theme)],
        margin=(24, 82, 30, 38),
        shapes=[base.line(0, t, 1, t, theme.grid, xref="paper") for t in ticks],
        annotations=[*_tick_labels(ticks, theme), *_ends(observed, foreseen, top, theme)],
        axes=(_month_axis(keys), {"range": [0, top]}),
    )
    return base.Chart(figure, _alt(observed, foreseen), HEIGHT)


def _top(observed: Sequence[PeriodRate | None], foreseen: Mapping[int, float]) -> float:
    highs = [m.rate.high or m.rate.value for m in observed if m and m.rate]
    return min(max([0.05, *highs, *foreseen.values()]) * 1.15, 1.05)


def _runs(observed: Sequence[PeriodRate | None]) -> list[list[int]]:
    """Unbroken stretches of months."""
    runs: list[list[int]] = []
    for position, item in enumerate(observed):
        if item is None:
            continue
        if runs and runs[-1][-1] == position - 1:
            runs[-1].append(position)
        else:
            runs.append([position])
    return runs


def _bands(observed: Sequence[PeriodRate | None], theme: Theme) -> list[go.Scatter]:
    traces = []
    for run in _runs(observed):
        rates = [m.rate for m in (observed[i] for i in run) if m and m.rate]
        lows = [r.value if r.low is None else r.low for r in rates]
        highs = [r.value if r.high is None else r.high for r in rates]
        traces.append(
            go.Scatter(
                x=[*run, *reversed(run)],
                y=[*highs, *reversed(lows)],
                fill="toself",
                fillcolor=fade(theme.neutral, theme.background, 0.25),
                mode="lines",
                line={"width": 0},
                hoverinfo="skip",
            )
        )
    return traces


def _observed(observed: Sequence[PeriodRate | None], theme: Theme) -> go.Scatter:
    return go.Scatter(
        x=list(range(len(observed))),
        y=[m.rate.value if m and m.rate else None for m in observed],
        mode="lines+markers",
        connectgaps=False,
        line={"color": theme.text, "width": 2.5},
        marker={"color": theme.text, "size": 6},
        hovertext=[_hover(m) if m else "" for m in observed],
        **base.hidden_hover(),
    )


def _hover(month: PeriodRate) -> str:
    rate = f"Observado: {base.rate_with_interval(month.rate)}"
    return base.hover(numbers.period_name(month.period), rate, base.count(month.outcomes))


def _predicted(foreseen: Mapping[int, float], months: int, keys: Sequence[str], theme: Theme) -> go.Scatter:
    values = [foreseen.get(i) for i in range(months)]
    return go.Scatter(
        x=list(range(months)),
        y=values,
        mode="lines",
        connectgaps=False,
        line={"color": theme.neutral, "width": 2, "dash": "dash"},
        hovertext=[
            base.hover(numbers.period_name(k), f"Previsto: {numbers.percent(v)}")
            for k, v in zip(keys, values, strict=True)
        ],
        **base.hidden_hover(),
    )


def _tick_labels(ticks: Sequence[float], theme: Theme) -> list[dict[str, object]]:
    font = {"size": base.TICK_SIZE, "color": theme.secondary}
    places = 0 if all(t * 100 == round(t * 100) for t in ticks) else 1
    return [
        base.label(numbers.percent(t, places), 0, t, xref="paper", xanchor="right", xshift=-6, font=font) for t in ticks
    ]


def _month_axis(keys: Sequence[str]) -> dict[str, object]:
    last = len(keys) - 1
    step = max(1, -(-len(keys) // _MOST_TICKS))
    chosen = list(range(last, -1, -step))
    pad = max(last * 0.06, 0.4)
    return {
        "range": [-pad, last + 0.02 * max(last, 1)],
        "tickmode": "array",
        "tickvals": chosen,
        "ticktext": [numbers.period_name(keys[i]) for i in chosen],
        "showticklabels": True,
        "tickangle": 0,
    }


def _ends(
    observed: Sequence[PeriodRate | None], foreseen: Mapping[int, float], top: float, theme: Theme
) -> list[dict[str, object]]:
    known = [(i, m.rate.value) for i, m in enumerate(observed) if m and m.rate]
    labels = []
    ends = []
    if known:
        if len(known) > 1:
            labels.append(_first(*known[0], falls=known[1][1] <= known[0][1] or known[0][1] < top / 4))
        ends.append(("observado", known[-1][0], known[-1][1], theme.text))
    if foreseen:
        at = max(foreseen)
        ends.append(("previsto", at, foreseen[at], theme.secondary))
    ends.sort(key=lambda e: e[2])
    near = len(ends) == 2 and (ends[1][2] - ends[0][2]) / top * (HEIGHT - 54) < 36
    for position, (name, at, value, colour) in enumerate(ends):
        shift = (19 if position else -19) if near else 0
        text = f"{name}<br><b>{numbers.percent(value)}</b>"
        labels.append(
            base.label(
                text,
                at,
                value,
                xanchor="left",
                align="left",
                xshift=10,
                yshift=shift,
                font={"size": 13, "color": colour},
            )
        )
    return labels


def _first(at: int, value: float, *, falls: bool) -> dict[str, object]:
    """The first rate beside its point, on the side that the line leaves free: above where it falls."""
    anchor, shift = ("bottom", 5) if falls else ("top", -5)
    return base.label(f"<b>{numbers.percent(value)}</b>", at, value, yanchor=anchor, yshift=shift, xanchor="center")


def _alt(observed: Sequence[PeriodRate | None], foreseen: Mapping[int, float]) -> str:
    known = [m for m in observed if m and m.rate]
    if not known:
        return "Taxa no tempo: nenhum período com resultados suficientes."
    said = [f"{numbers.period_name(m.period)} {numbers.percent(m.rate.value)}" for m in known if m.rate]
    also = " A linha tracejada é o risco previsto." if foreseen else ""
    return f"Taxa observada no tempo: {'; '.join(said)}.{also}"
