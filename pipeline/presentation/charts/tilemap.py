"""Tile map of Brazil: one square a federative unit, six columns by nine rows, coloured by observed rate."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from pipeline.presentation.charts import base
from pipeline.presentation.escaping import plotly_text
from pipeline.presentation.locale import numbers
from pipeline.presentation.theme import Theme
from pipeline.records import GroupRow

HEIGHT = 540
MIN_ROWS = 100
_GRID = (
    ". RR AP . . .",
    ". AM PA MA CE RN",
    "AC RO TO PI PE PB",
    ". MT GO BA SE AL",
    ". MS DF MG ES .",
    ". . SP RJ . .",
    ". . PR . . .",
    ". . SC . . .",
    ". . RS . . .",
)
PLACES: dict[str, tuple[int, int]] = {
    uf: (column, row) for row, line in enumerate(_GRID) for column, uf in enumerate(line.split()) if uf != "."
}
_HALF = 0.47
_KEY = (3.25, 5.47)  # beside SC and RS


def tile_map(
    groups: Sequence[GroupRow], theme: Theme, *, min_rows: int = MIN_ROWS, what: str = "observado"
) -> base.Chart:
    """Observed rate by UF; gray with `n 28` below `min_rows` known outcomes, gray with `–` without any."""
    known = {g.value: g for g in groups if g.value in PLACES}
    rates = [g.observed.value for g in known.values() if g.observed and g.outcomes >= min_rows]
    low, high = (min(rates), max(rates)) if rates else (0.0, 0.0)
    fills = {uf: _fill(known.get(uf), low, high, min_rows, theme) for uf in PLACES}
    shapes = [_tile(uf, fills[uf], theme) for uf in PLACES]
    labels = [part for uf in PLACES for part in _texts(uf, known.get(uf), fills[uf], min_rows, theme)]
    if high > low:
        shapes += _key_steps(theme)
        labels += _key_texts(low, high, what, theme)
    figure = base.canvas(
        theme,
        HEIGHT,
        [_targets(known)],
        shapes=shapes,
        annotations=labels,
        axes=(
            {"range": [-0.5, 5.5], "scaleanchor": "y", "constrain": "domain"},
            {"range": [8.5, -0.5], "constrain": "domain"},
        ),
    )
    return base.Chart(figure, _alt(known, min_rows, what), HEIGHT)


def _fill(group: GroupRow | None, low: float, high: float, min_rows: int, theme: Theme) -> str | None:
    """Colour of a tile, None for gray."""
    if group is None or group.observed is None or group.outcomes < min_rows:
        return None
    return theme.step((group.observed.value - low) / (high - low) if high > low else 0.4)


def _tile(uf: str, fill: str | None, theme: Theme) -> dict[str, object]:
    column, row = PLACES[uf]
    return {
        "type": "rect",
        "x0": column - _HALF,
        "x1": column + _HALF,
        "y0": row - _HALF,
        "y1": row + _HALF,
        "fillcolor": fill or theme.surface,
        "line": {"width": 1, "color": fill or theme.border, "dash": "solid" if fill else "dot"},
        "layer": "below",
    }


def _texts(uf: str, group: GroupRow | None, fill: str | None, min_rows: int, theme: Theme) -> list[dict[str, object]]:
    column, row = PLACES[uf]
    ink = theme.ink(fill) if fill else theme.secondary
    if group is None or group.outcomes == 0 or group.observed is None:
        below = numbers.NONE
    elif group.outcomes < min_rows:
        below = base.count(group.outcomes)
    else:
        below = numbers.percent(group.observed.value, 0)
    return [
        base.label(f"<b>{uf}</b>", column, row, yshift=9, font={"size": base.LABEL_SIZE, "color": ink}),
        base.label(below, column, row, yshift=-9, font={"size": base.TICK_SIZE, "color": ink}),
    ]


def _targets(known: dict[str, GroupRow]) -> go.Scatter:
    """Unseen squares that carry hover and click."""
    return go.Scatter(
        x=[PLACES[uf][0] for uf in known],
        y=[PLACES[uf][1] for uf in known],
        mode="markers",
        customdata=[[uf] for uf in known],
        hovertext=[_hover(group) for group in known.values()],
        marker={"symbol": "square", "size": 48, "opacity": 0, "color": "#000000"},
        selected={"marker": {"opacity": 0}},
        unselected={"marker": {"opacity": 0}},
        **base.hidden_hover(),
    )


def _hover(group: GroupRow) -> str:
    predicted = f"Previsto: {numbers.percent(group.predicted)}" if group.predicted is not None else ""
    observed = f"Observado: {base.rate_with_interval(group.observed)}"
    return base.hover(plotly_text(group.value), observed, predicted, base.count(group.outcomes))


def _key_steps(theme: Theme) -> list[dict[str, object]]:
    left, right = _KEY
    width = (right - left) / len(theme.map_steps)
    return [
        {
            "type": "rect",
            "x0": left + i * width,
            "x1": left + (i + 1) * width,
            "y0": 7.2,
            "y1": 7.42,
            "fillcolor": colour,
            "line": {"width": 0},
            "layer": "below",
        }
        for i, colour in enumerate(theme.map_steps)
    ]


def _key_texts(low: float, high: float, what: str, theme: Theme) -> list[dict[str, object]]:
    font = {"size": base.SMALL_SIZE, "color": theme.secondary}
    return [
        base.label(plotly_text(what), _KEY[0], 7.2, xanchor="left", yanchor="bottom", yshift=4, font=font),
        base.label(numbers.percent(low, 0), _KEY[0], 7.42, xanchor="left", yanchor="top", yshift=-4, font=font),
        base.label(numbers.percent(high, 0), _KEY[1], 7.42, xanchor="right", yanchor="top", yshift=-4, font=font),
    ]


def _alt(known: dict[str, GroupRow], min_rows: int, what: str) -> str:
    rated = [(g.observed.value, g) for g in known.values() if g.observed and g.outcomes >= min_rows]
    if not rated:
        return f"Mapa das UFs: nenhuma com pelo menos {numbers.number(min_rows)} resultados conhecidos."
    ordered = [g for _, g in sorted(rated, key=lambda pair: -pair[0])]
    said = [f"{g.value} {numbers.percent(g.observed.value)} ({base.count(g.outcomes)})" for g in ordered if g.observed]
    return f"Mapa das UFs, {what}, da maior taxa para a menor: {'; '.join(said)}."
