"""Themes of comments with praise and blame: stacked shares of the comments of each, and what blames by month."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from pipeline.presentation.charts import base
from pipeline.presentation.charts.lines import monthly_lines
from pipeline.presentation.escaping import plotly_text, visible
from pipeline.presentation.locale import numbers
from pipeline.presentation.theme import Theme, fade
from pipeline.records import PeriodRate, ThemeMonth, ThemeRow

ROW = 52
_TOP, _BOTTOM = 6, 8
_BELOW = 0.27  # of a row, from the middle of a bar to the line of its interval
_WRITTEN_FROM = 0.08  # a narrower part has no room for its number
_PARTS = (("negative", "negativos"), ("mixed", "mistos"), ("neutral", "neutros"), ("positive", "positivos"))


def polarity_bars(rows: Sequence[ThemeRow], theme: Theme) -> base.Chart:
    """For each theme the shares of its comments that blame, do both, take no side, and praise; most blame first.

    Rust stands left, teal right; the numbers are written in the bars, the line below is the interval of the share that
    blames. A click gives the theme and the polarity.
    """
    shown = sorted(rows, key=lambda row: (-row.counts.negative, -row.comments))
    height = len(shown) * ROW + _TOP + _BOTTOM
    figure = base.canvas(
        theme,
        height,
        [*(_part(shown, name, said, theme) for name, said in _PARTS), _intervals(shown, theme)],
        margin=(_TOP, 0, _BOTTOM, 0),
        annotations=[label for place, row in enumerate(shown) for label in _labels(row, place, theme)],
        axes=({"range": [0, 1]}, {"range": [len(shown) - 0.35, -0.65]}),
    )
    figure.update_layout(barmode="stack", bargap=0.62)
    return base.Chart(figure, _alt(shown), height)


def _colours(theme: Theme) -> dict[str, str]:
    return {
        "negative": theme.event,
        "mixed": theme.neutral,
        "neutral": fade(theme.neutral, theme.background, 0.28),
        "positive": theme.non_event,
    }


def _share(row: ThemeRow, name: str) -> float:
    return float(getattr(row.counts, name)) / max(row.comments, 1)


def _part(rows: Sequence[ThemeRow], name: str, said: str, theme: Theme) -> go.Bar:
    colour = _colours(theme)[name]
    values = [_share(row, name) for row in rows]
    return go.Bar(
        x=values,
        y=list(range(len(rows))),
        orientation="h",
        marker={"color": colour, "line": {"color": theme.background, "width": 1}},
        text=[numbers.percent(value, 0) if value >= _WRITTEN_FROM else "" for value in values],
        textposition="inside",
        insidetextanchor="start" if name != "positive" else "end",
        textangle=0,
        constraintext="none",
        textfont={"size": base.TICK_SIZE, "color": theme.ink(colour)},
        customdata=[[row.key, name] for row in rows],
        hovertext=[_hover(row, name, said) for row in rows],
        **base.hidden_hover(),
    )


def _intervals(rows: Sequence[ThemeRow], theme: Theme) -> go.Scatter:
    """A thin line below each bar, over the interval of the share that blames."""
    x: list[float | None] = []
    y: list[float | None] = []
    for place, row in enumerate(rows):
        if row.negative is not None:
            x += [row.negative.low, row.negative.high, None]
            y += [place + _BELOW, place + _BELOW, None]
    return go.Scatter(
        x=x,
        y=y,
        mode="lines",
        connectgaps=False,
        line={"color": fade(theme.event, theme.background, 0.55), "width": 3},
        hoverinfo="skip",
    )


def _hover(row: ThemeRow, name: str, said: str) -> str:
    count = getattr(row.counts, name)
    return base.hover(
        plotly_text(row.label),
        f"{numbers.number(count)} {said}: {numbers.percent(_share(row, name), 0)} dos que falam disto",
        f"Negativos: {base.rate_with_interval(row.negative)}",
        f"{base.rate_with_interval(row.share)} dos comentários, {base.count(row.comments)}",
    )


def _labels(row: ThemeRow, place: int, theme: Theme) -> list[dict[str, object]]:
    on_top = {"xref": "paper", "yanchor": "bottom", "yshift": 11}
    share = base.coloured(f"{numbers.percent(row.share.value, 0)} {base.count(row.comments)}", theme.secondary)
    effect = ""
    if row.effect is not None:
        stars = base.coloured("estrelas", theme.secondary)
        effect = f"<b>{numbers.signed(row.effect.value, 1)}</b> {stars}"
    found = [base.label(f"{plotly_text(row.label)} {share}", 0, place, xanchor="left", **on_top)]
    return [*found, base.label(effect, 1, place, xanchor="right", **on_top)] if effect else found


def _alt(rows: Sequence[ThemeRow]) -> str:
    if not rows:
        return "Temas dos comentários: nenhum a mostrar."
    said = [
        f"{visible(row.label)} {numbers.percent(_share(row, 'negative'), 0)} negativos, "
        f"{numbers.percent(_share(row, 'positive'), 0)} positivos ({base.count(row.comments)})"
        for row in rows
    ]
    return f"Temas dos comentários, dos que têm mais queixas aos que têm menos: {'; '.join(said)}."


def polarity_key(theme: Theme) -> str:
    """What the colours of the bars are, as HTML: a swatch and a word each, in their order."""
    swatch = "display:inline-block;width:.7em;height:.7em;border-radius:2px;margin-right:.35em"
    items = [
        f'<span style="margin-right:1.1em;white-space:nowrap"><span style="{swatch};background:{colour}"></span>'
        f"{dict(_PARTS)[name]}</span>"
        for name, colour in _colours(theme).items()
    ]
    style = f"color:{theme.secondary};font-size:.875rem;font-family:{theme.font.replace(chr(34), chr(39))}"
    return f'<div style="{style}">{"".join(items)}</div>'


def theme_trend(months: Sequence[ThemeMonth], theme: Theme) -> base.Chart:
    """The share of a theme's comments that blames, month by month; a gap where there are too few."""
    rates = [PeriodRate(f"{m.month:%Y-%m}", m.comments, m.comments, 0, m.negative) for m in months]
    return monthly_lines(rates, (), theme, min_rows=1)
