"""Themes by place: the share of comments that complain of each theme at each place, the figure in the cell."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from pipeline.presentation.charts import base
from pipeline.presentation.escaping import plotly_text, shorten, visible
from pipeline.presentation.locale import numbers
from pipeline.presentation.theme import Theme
from pipeline.records import PlaceCell

ROW = 58
MOST_PLACES, MOST_THEMES = 12, 5
MIN_COMMENTS = 20
_TOP, _NAME, _WORD = 44, 40, 11


def theme_by_place(cells: Sequence[PlaceCell], theme: Theme, *, min_comments: int = MIN_COMMENTS) -> base.Chart:
    """Places as rows, in the order of the cells, their names above the cells; themes as columns.

    Gray with "·" where a place has fewer than `min_comments` comments: a share of so few says little.
    """
    places = list(dict.fromkeys(cell.value for cell in cells))[:MOST_PLACES]
    themes = list(dict.fromkeys(cell.theme for cell in cells))[:MOST_THEMES]
    shown = [cell for cell in cells if cell.value in places and cell.theme in themes]
    top = max([c.negative.value for c in shown if _enough(c, min_comments) and c.negative], default=0.0)
    at = [(themes.index(cell.theme), places.index(cell.value), cell) for cell in shown]
    fills = [_fill(cell, top, min_comments, theme) for cell in shown]
    height = len(places) * ROW + _TOP
    counts = {cell.value: cell.comments for cell in shown}
    figure = base.canvas(
        theme,
        height,
        [_targets(at, min_comments)],
        margin=(_TOP, 0, 0, 0),
        shapes=[_rect(x, y, fill, theme) for (x, y, _), fill in zip(at, fills, strict=True)],
        annotations=[
            *(_figure(x, y, cell, fill, theme) for (x, y, cell), fill in zip(at, fills, strict=True)),
            *(_place(name, counts[name], y, theme) for y, name in enumerate(places)),
        ],
        axes=(
            {
                "range": [-0.5, len(themes) - 0.5],
                "side": "top",
                "tickmode": "array",
                "tickvals": list(range(len(themes))),
                "ticktext": [_wrapped(_label(shown, key)) for key in themes],
                "showticklabels": True,
                "tickangle": 0,
                "tickfont": {"size": base.SMALL_SIZE, "color": theme.secondary},
            },
            {"range": [len(places) - 0.5, -0.5]},
        ),
    )
    return base.Chart(figure, _alt(shown, min_comments), height)


def _enough(cell: PlaceCell, least: int) -> bool:
    return cell.negative is not None and cell.comments >= least


def _fill(cell: PlaceCell, top: float, least: int, theme: Theme) -> str | None:
    if not _enough(cell, least) or cell.negative is None:
        return None
    return theme.step(cell.negative.value / top if top else 0.0)


def _rect(x: int, y: int, fill: str | None, theme: Theme) -> dict[str, object]:
    return {
        "type": "rect",
        "x0": x - 0.47,
        "x1": x + 0.47,
        "y0": y - 0.02,
        "y1": y + 0.46,
        "fillcolor": fill or theme.surface,
        "line": {"width": 0},
        "layer": "below",
    }


def _figure(x: int, y: int, cell: PlaceCell, fill: str | None, theme: Theme) -> dict[str, object]:
    shown = numbers.percent(cell.negative.value, 0) if fill and cell.negative else "·"
    ink = theme.ink(fill) if fill else theme.secondary
    return base.label(shown, x, y + 0.22, font={"size": base.LABEL_SIZE, "color": ink})


def _place(name: str, comments: int, y: int, theme: Theme) -> dict[str, object]:
    tally = base.coloured(base.count(comments), theme.secondary)
    text = f"{plotly_text(shorten(name, _NAME))} {tally}"
    return base.label(text, 0, y - 0.05, xref="paper", xanchor="left", yanchor="bottom")


def _targets(at: Sequence[tuple[int, int, PlaceCell]], least: int) -> go.Scatter:
    return go.Scatter(
        x=[x for x, _, _ in at],
        y=[y + 0.22 for _, y, _ in at],
        mode="markers",
        customdata=[[cell.value, cell.theme] for _, _, cell in at],
        hovertext=[_hover(cell, least) for _, _, cell in at],
        marker={"symbol": "square", "size": 26, "opacity": 0, "color": "#000000"},
        selected={"marker": {"opacity": 0}},
        unselected={"marker": {"opacity": 0}},
        **base.hidden_hover(),
    )


def _hover(cell: PlaceCell, least: int) -> str:
    title = f"{plotly_text(cell.value)} · {plotly_text(cell.label)}"
    if not _enough(cell, least):
        return base.hover(title, f"{base.count(cell.comments)}: poucos para uma parte")
    return base.hover(title, f"Reclamam: {base.rate_with_interval(cell.negative)}", base.count(cell.comments))


def _label(cells: Sequence[PlaceCell], key: str) -> str:
    return next(cell.label for cell in cells if cell.theme == key)


def _wrapped(label: str) -> str:
    """A theme's name over two lines, so that five stand beside each other on a phone."""
    first, _, rest = label.partition(" ")
    lines = [part for part in (first, rest) if part]
    return "<br>".join(plotly_text(shorten(line, _WORD)) for line in lines)


def _alt(cells: Sequence[PlaceCell], least: int) -> str:
    rated = sorted((c for c in cells if _enough(c, least)), key=lambda c: -(c.negative.value if c.negative else 0))
    if not rated:
        return f"Temas por grupo: nenhum grupo com pelo menos {least} comentários."

    def said(cell: PlaceCell) -> str:
        share = numbers.percent(cell.negative.value, 0) if cell.negative else ""
        return f"{visible(cell.value)}, {visible(cell.label)} {share} ({base.count(cell.comments)})"

    listed = "; ".join(said(cell) for cell in rated[:5])
    return f"Parte dos comentários que reclamam de cada tema, por grupo. Maiores: {listed}."
