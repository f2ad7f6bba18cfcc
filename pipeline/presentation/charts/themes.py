"""Themes of comments: how often they come up, and how many stars they cost or bring; and five stars as bars."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from pipeline.presentation.charts import base
from pipeline.presentation.escaping import plotly_text, visible
from pipeline.presentation.locale import numbers
from pipeline.presentation.theme import Theme, fade
from pipeline.records import ThemeRow

ROW, STAR_ROW = 46, 34
_TOP, _BOTTOM = 30, 30
_WORDS = {"improve": "melhorar", "watch": "observar", "celebrate": "comemorar"}
_MOST = 15


def theme_chart(rows: Sequence[ThemeRow], theme: Theme, *, overall: float | None = None) -> base.Chart:
    """Effect in stars with its 95 % interval, the themes that cost most stars over all comments first.

    The dot's size follows how often the theme comes up. Rust where the interval lies below zero, teal above it, slate
    otherwise; the word beside the number says the same. Themes without an effect come last, without a dot.
    """
    shown = sorted(rows, key=_rank)[:_MOST]
    reach = (
        max(
            [
                0.2,
                *(
                    abs(v)
                    for r in shown
                    if r.effect
                    for v in (r.effect.value, r.effect.low, r.effect.high)
                    if v is not None
                ),
            ]
        )
        * 1.06
    )
    height = len(shown) * ROW + _TOP + _BOTTOM
    figure = base.canvas(
        theme,
        height,
        [*_bands(shown, theme), _dots(shown, theme)],
        margin=(_TOP, 0, _BOTTOM, 0),
        shapes=[
            *(base.line(0, i, 1, i, theme.grid, xref="paper") for i in range(len(shown))),
            base.line(0, -0.75, 0, len(shown) - 0.8, theme.text, dash="dot", width=1.5),
        ],
        annotations=_labels(shown, theme),
        axes=(
            {
                "range": [-reach, reach],
                "tickmode": "array",
                "tickvals": (ticks := _ticks(reach)),
                "ticktext": [numbers.signed(t, 1) if t else "0" for t in ticks],
                "showticklabels": True,
            },
            {"range": [len(shown) - 0.75, -0.75]},
        ),
    )
    return base.Chart(figure, _alt(shown, overall), height)


def _rank(row: ThemeRow) -> tuple[int, float]:
    """By what the theme costs all comments together: frequency times effect, the costliest first."""
    return (1, -row.comments) if row.effect is None else (0, row.effect.value * row.share.value)


def _colour(row: ThemeRow, theme: Theme) -> str:
    return {"improve": theme.event, "celebrate": theme.non_event}.get(row.stance, theme.neutral)


def _bands(rows: Sequence[ThemeRow], theme: Theme) -> list[go.Scatter]:
    traces = []
    for place, row in enumerate(rows):
        if row.effect is not None and row.effect.low is not None:
            stroke = {"color": fade(_colour(row, theme), theme.background, 0.36), "width": 6}
            traces.append(
                go.Scatter(
                    x=[row.effect.low, row.effect.high], y=[place, place], mode="lines", line=stroke, hoverinfo="skip"
                )
            )
    return traces


def _dots(rows: Sequence[ThemeRow], theme: Theme) -> go.Scatter:
    marked = [(place, row) for place, row in enumerate(rows) if row.effect is not None]
    most = max([row.share.value for _, row in marked], default=1.0)
    return go.Scatter(
        x=[row.effect.value for _, row in marked if row.effect],
        y=[place for place, _ in marked],
        mode="markers",
        hovertext=[_hover(row) for _, row in marked],
        marker={
            "size": [9 + 11 * (row.share.value / most) ** 0.5 for _, row in marked],
            "color": [_colour(row, theme) for _, row in marked],
        },
        **base.hidden_hover(),
    )


def _hover(row: ThemeRow) -> str:
    stars = f"Estrelas: {numbers.decimal(row.stars.value, 2)} ({base.count(row.rated)})" if row.stars else ""
    effect = (
        f"Efeito: {numbers.signed(row.effect.value, 2)} ({numbers.decimal_interval(row.effect, 2)})"
        if row.effect
        else ""
    )
    return base.hover(
        plotly_text(row.label),
        effect,
        stars,
        f"{base.rate_with_interval(row.share)} dos comentários, {base.count(row.comments)}",
    )


def _labels(rows: Sequence[ThemeRow], theme: Theme) -> list[dict[str, object]]:
    place = {"xref": "paper", "yanchor": "bottom", "yshift": 8, "bgcolor": theme.background, "borderpad": 1}
    labels = []
    for position, row in enumerate(rows):
        share = base.coloured(f"{numbers.percent(row.share.value, 0)} {base.count(row.comments)}", theme.secondary)
        value = numbers.signed(row.effect.value, 1) if row.effect else numbers.NONE
        labels.append(base.label(f"{plotly_text(row.label)} {share}", 0, position, xanchor="left", **place))
        labels.append(
            base.label(
                f"<b>{value}</b> {base.coloured(_WORDS[row.stance], theme.secondary)}",
                1,
                position,
                xanchor="right",
                **place,
            )
        )
    side = {
        "yref": "paper",
        "yanchor": "bottom",
        "yshift": 6,
        "font": {"size": base.TICK_SIZE, "color": theme.secondary},
    }
    if rows:
        labels.append(base.label("← tira estrelas", 0, 1, xref="paper", xanchor="left", **side))
        labels.append(base.label("dá estrelas →", 1, 1, xref="paper", xanchor="right", **side))
    return labels


def _ticks(reach: float) -> list[float]:
    step = next(s for s in (0.1, 0.2, 0.5, 1.0, 2.0, 4.0) if reach / s <= 3)
    return [round(i * step, 2) for i in range(-int(reach / step), int(reach / step) + 1)]


def _alt(rows: Sequence[ThemeRow], overall: float | None) -> str:
    if not rows:
        return "Temas dos comentários: nenhum a mostrar."
    said = [
        f"{visible(r.label)} {numbers.signed(r.effect.value, 1)} ({_WORDS[r.stance]}, {base.count(r.comments)})"
        for r in rows
        if r.effect
    ]
    mean = f" Média de {numbers.decimal(overall, 1)} estrelas." if overall is not None else ""
    return (
        "Temas dos comentários pelo efeito em estrelas, do que mais tira ao que mais dá: "
        f"{'; '.join(said) or 'sem efeito estimado'}.{mean}"
    )


def star_bars(probabilities: Sequence[float], theme: Theme) -> base.Chart:
    """Five bars, from five stars down to one, with their probabilities at the end."""
    rows = list(range(5, 0, -1))
    values = [probabilities[star - 1] for star in rows]
    colours = [theme.non_event if star >= 4 else theme.event if star <= 2 else theme.neutral for star in rows]
    height = len(rows) * STAR_ROW + 8
    figure = base.canvas(
        theme,
        height,
        [go.Bar(x=values, y=rows, orientation="h", marker={"color": colours}, width=0.55, hoverinfo="skip")],
        margin=(4, 52, 4, 86),
        annotations=[
            *(
                base.label(
                    f"{star} {'estrela' if star == 1 else 'estrelas'}",
                    0,
                    star,
                    xref="paper",
                    xanchor="right",
                    xshift=-8,
                )
                for star in rows
            ),
            *(
                base.label(f"<b>{numbers.percent(value, 0)}</b>", value, star, xanchor="left", xshift=6)
                for star, value in zip(rows, values, strict=True)
            ),
        ],
        axes=({"range": [0, max([*values, 0.01])]}, {"range": [0.4, 5.6]}),
    )
    said = "; ".join(
        f"{star} {'estrela' if star == 1 else 'estrelas'} {numbers.percent(v, 0)}"
        for star, v in zip(rows, values, strict=True)
    )
    return base.Chart(figure, f"Probabilidade de cada classificação: {said}.", height)
