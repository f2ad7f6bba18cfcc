"""Dot plot: the observed rate of each group with its 95 % interval, and the predicted risk.

Name and value stand on a line of their own above the mark, so that a long name never fights the axis.
"""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from pipeline.presentation.charts import base
from pipeline.presentation.escaping import plotly_text, shorten, visible
from pipeline.presentation.locale import numbers
from pipeline.presentation.theme import Theme, fade
from pipeline.records import GroupRow

ROW = 44
_TOP, _BOTTOM = 26, 30
_NAME = 30


def dot_plot(
    groups: Sequence[GroupRow],
    reference: float | None,
    theme: Theme,
    *,
    reference_label: str = "média",
    what: str = "Taxa observada",
    limit: int | None = 15,
) -> base.Chart:
    """Rates of `groups` in the order given (highest first); `limit` None draws all.

    Rust where the interval lies above the reference, teal below it, slate otherwise (`GroupRow.against`).
    Groups without a known outcome show their predicted risk alone.
    """
    shown = groups[:limit] if limit else groups
    low, high = _range(shown, reference)
    height = len(shown) * ROW + _TOP + _BOTTOM
    figure = base.canvas(
        theme,
        height,
        [*_bands(shown, theme), _predicted(shown, theme), _dots(shown, theme)],
        margin=(_TOP, 0, _BOTTOM, 0),
        shapes=_lines(len(shown), reference, theme),
        annotations=_labels(shown, reference, reference_label, (low, high), theme),
        axes=(base.percent_axis(low, high), {"range": [len(shown) - 0.75, -0.75]}),
    )
    return base.Chart(figure, _alt(shown, len(groups), reference, reference_label, what), height)


def _range(groups: Sequence[GroupRow], reference: float | None) -> tuple[float, float]:
    values = [reference] if reference is not None else []
    for group in groups:
        observed = group.observed
        parts = (observed.value, observed.low, observed.high) if observed else ()
        values += [v for v in (*parts, group.predicted) if v is not None]
    if not values:
        return 0.0, 1.0
    low, high = min(values), max(values)
    pad = max((high - low) * 0.06, 0.01)
    return max(low - pad, -0.015), min(high + pad, 1.015)


def _bands(groups: Sequence[GroupRow], theme: Theme) -> list[go.Scatter]:
    traces = []
    for verdict in ("above", "below", "unclear"):
        x: list[float | None] = []
        y: list[float | None] = []
        for position, group in enumerate(groups):
            observed = group.observed
            if observed and observed.low is not None and group.against == verdict:
                x += [observed.low, observed.high, None]
                y += [position, position, None]
        stroke = {"color": fade(theme.against(verdict), theme.background, 0.36), "width": 6}
        traces.append(go.Scatter(x=x, y=y, mode="lines", line=stroke, hoverinfo="skip"))
    return traces


def _predicted(groups: Sequence[GroupRow], theme: Theme) -> go.Scatter:
    marked = [(g.predicted, i) for i, g in enumerate(groups) if g.predicted is not None]
    return go.Scatter(
        x=[x for x, _ in marked],
        y=[y for _, y in marked],
        mode="markers",
        marker={"symbol": "line-ns", "size": 18, "line": {"color": theme.text, "width": 2}},
        hoverinfo="skip",
    )


def _dots(groups: Sequence[GroupRow], theme: Theme) -> go.Scatter:
    """The observed rates; a group without one keeps an unseen mark, so that it has a hover too."""
    places = [g.observed.value if g.observed else g.predicted for g in groups]
    opacity = [1.0 if g.observed else 0.0 for g in groups]
    return go.Scatter(
        x=places,
        y=list(range(len(groups))),
        mode="markers",
        customdata=[[g.value] for g in groups],
        hovertext=[_hover(g) for g in groups],
        marker={"size": 12, "opacity": opacity, "color": [theme.against(g.against) for g in groups]},
        selected={"marker": {"opacity": 1.0}},
        unselected={"marker": {"opacity": 1.0}},
        **base.hidden_hover(),
    )


def _hover(group: GroupRow) -> str:
    name = plotly_text(f"{group.value} {group.detail}")
    predicted = f"Previsto: {numbers.percent(group.predicted)}" if group.predicted is not None else ""
    known = "" if group.outcomes == group.rows else f"{base.count(group.rows)} no total"
    return base.hover(
        name, f"Observado: {base.rate_with_interval(group.observed)}", predicted, base.count(group.outcomes), known
    )


def _lines(rows: int, reference: float | None, theme: Theme) -> list[dict[str, object]]:
    lines = [base.line(0, i, 1, i, theme.grid, xref="paper") for i in range(rows)]
    if reference is not None:
        lines.append(base.line(reference, -0.75, reference, rows - 0.8, theme.text, dash="dot", width=1.5))
    return lines


def _labels(
    groups: Sequence[GroupRow], reference: float | None, name: str, span: tuple[float, float], theme: Theme
) -> list[dict[str, object]]:
    place = {"xref": "paper", "yanchor": "bottom", "yshift": 7, "bgcolor": theme.background, "borderpad": 1}
    labels = []
    for position, group in enumerate(groups):
        detail = f" {base.coloured(plotly_text(group.detail), theme.secondary)}" if group.detail else ""
        title = plotly_text(shorten(group.value, _NAME - len(visible(group.detail)))) + detail
        value = numbers.percent(group.observed.value) if group.observed else numbers.NONE
        tally = base.coloured(base.count(group.outcomes), theme.secondary)
        labels.append(base.label(title, 0, position, xanchor="left", **place))
        labels.append(base.label(f"<b>{value}</b> {tally}", 1, position, xanchor="right", **place))
    if reference is not None:
        right = (reference - span[0]) / (span[1] - span[0]) > 0.7
        labels.append(
            base.label(
                f"{plotly_text(name)} {numbers.percent(reference)}",
                reference,
                1,
                yref="paper",
                yanchor="bottom",
                yshift=3,
                xanchor="right" if right else "left",
                xshift=0 if right else -4,
                font={"size": base.TICK_SIZE, "color": theme.secondary},
            )
        )
    return labels


def _alt(groups: Sequence[GroupRow], total: int, reference: float | None, name: str, what: str) -> str:
    if not groups:
        return f"{what}: nenhum grupo a mostrar."
    said = [
        (
            f"{visible(g.value)} {numbers.percent(g.observed.value) if g.observed else 'sem resultado'} "
            f"({base.count(g.outcomes)})"
        )
        for g in groups
    ]
    shown = said if len(said) <= 5 else [*said[:3], "…", *said[-2:]]
    listed = "; ".join(shown).replace("; …;", "; …;")
    part = f" ({len(groups)} de {total} grupos)" if len(groups) < total else ""
    against = f" Referência ({visible(name)}): {numbers.percent(reference)}." if reference is not None else ""
    return f"{what}{part}, da maior para a menor: {listed}.{against}"
