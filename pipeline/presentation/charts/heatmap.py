"""Heat map: observed rate for each pair of two categories (weekday and lead time), the figure in the cell."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from pipeline.presentation.charts import base
from pipeline.presentation.escaping import plotly_text
from pipeline.presentation.locale import names, numbers
from pipeline.presentation.theme import Theme
from pipeline.records import HeatCell

ROW = 46
MIN_ROWS = 30
_TOP, _LEFT = 26, 36


def heat_map(
    cells: Sequence[HeatCell], theme: Theme, *, min_rows: int = MIN_ROWS, chosen: tuple[str, str] | None = None
) -> base.Chart:
    """Rows and columns in the order in which the cells name them; "·" where n < `min_rows`; `chosen` has a frame."""
    rows = list(dict.fromkeys(c.row for c in cells))
    columns = list(dict.fromkeys(c.column for c in cells))
    rates = [c.observed.value for c in cells if _rated(c, min_rows) and c.observed]
    low, high = (min(rates), max(rates)) if rates else (0.0, 0.0)
    shapes, labels, targets = [], [], []
    found = {(c.row, c.column): c for c in cells}
    for y, row in enumerate(rows):
        for x, column in enumerate(columns):
            cell = found.get((row, column)) or HeatCell(row, column, 0, None)
            fill = _fill(cell, low, high, min_rows, theme)
            shapes.append(_rect(x, y, fill, theme, framed=(row, column) == chosen))
            labels.append(_text(x, y, cell, fill, theme))
            targets.append((x, y, cell))
    height = len(rows) * ROW + _TOP
    figure = base.canvas(
        theme,
        height,
        [_targets(targets, min_rows)],
        margin=(_TOP, 0, 0, _LEFT),
        shapes=shapes,
        annotations=labels,
        axes=(
            _axis(columns, theme) | {"range": [-0.5, len(columns) - 0.5], "side": "top"},
            _axis([names.weekday(r) for r in rows], theme) | {"range": [len(rows) - 0.5, -0.5]},
        ),
    )
    return base.Chart(figure, _alt(cells, min_rows), height)


def _rated(cell: HeatCell, min_rows: int) -> bool:
    return cell.observed is not None and cell.rows >= min_rows


def _fill(cell: HeatCell, low: float, high: float, min_rows: int, theme: Theme) -> str | None:
    if not _rated(cell, min_rows) or cell.observed is None:
        return None
    return theme.step((cell.observed.value - low) / (high - low) if high > low else 0.4)


def _rect(x: int, y: int, fill: str | None, theme: Theme, *, framed: bool) -> dict[str, object]:
    return {
        "type": "rect",
        "x0": x - 0.47,
        "x1": x + 0.47,
        "y0": y - 0.46,
        "y1": y + 0.46,
        "fillcolor": fill or theme.surface,
        "line": {"width": 3 if framed else 0, "color": theme.text},
        "layer": "below",
    }


def _text(x: int, y: int, cell: HeatCell, fill: str | None, theme: Theme) -> dict[str, object]:
    shown = numbers.percent(cell.observed.value, 0) if fill and cell.observed else "·"
    ink = theme.ink(fill) if fill else theme.secondary
    return base.label(shown, x, y, font={"size": base.LABEL_SIZE, "color": ink})


def _targets(cells: Sequence[tuple[int, int, HeatCell]], min_rows: int) -> go.Scatter:
    return go.Scatter(
        x=[x for x, _, _ in cells],
        y=[y for _, y, _ in cells],
        mode="markers",
        customdata=[[c.row, c.column] for _, _, c in cells],
        hovertext=[_hover(c, min_rows) for _, _, c in cells],
        marker={"symbol": "square", "size": 36, "opacity": 0, "color": "#000000"},
        selected={"marker": {"opacity": 0}},
        unselected={"marker": {"opacity": 0}},
        **base.hidden_hover(),
    )


def _hover(cell: HeatCell, min_rows: int) -> str:
    name = plotly_text(names.cell(cell.row, cell.column))
    if not _rated(cell, min_rows):
        return base.hover(name, f"{base.count(cell.rows)}: poucos para uma taxa")
    return base.hover(name, f"Observado: {base.rate_with_interval(cell.observed)}", base.count(cell.rows))


def _axis(ticks: Sequence[str], theme: Theme) -> dict[str, object]:
    return {
        "tickmode": "array",
        "tickvals": list(range(len(ticks))),
        "ticktext": [plotly_text(n) for n in ticks],
        "showticklabels": True,
        "tickangle": 0,
        "tickfont": {"size": base.TICK_SIZE, "color": theme.secondary},
    }


def _alt(cells: Sequence[HeatCell], min_rows: int) -> str:
    rated = sorted((c for c in cells if _rated(c, min_rows)), key=lambda c: -(c.observed.value if c.observed else 0))
    if not rated:
        return f"Mapa de calor: nenhuma célula com pelo menos {min_rows} resultados conhecidos."

    def said(cell: HeatCell) -> str:
        rate = numbers.percent(cell.observed.value) if cell.observed else ""
        return f"{names.weekday(cell.row)} e {cell.column}, {rate} ({base.count(cell.rows)})"

    return f"Mapa de calor da taxa observada. Maior: {said(rated[0])}. Menor: {said(rated[-1])}."
