"""Horizontal bars: the weight of each factor in a gap (signed), or of factors and of pairs in the model (unsigned)."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from pipeline.contract import Product
from pipeline.presentation.charts import base
from pipeline.presentation.escaping import plotly_text, shorten, visible
from pipeline.presentation.locale import names, numbers
from pipeline.presentation.locale.messages import say
from pipeline.presentation.theme import Theme
from pipeline.records import Contribution, FactorPair, GroupExplanation, Importance, note

ROW = 40
_PAD = 12
_NAME = 46
REST = "rest"
SHOWN = 0.0005  # less prints as 0,0 points


def strongest(
    contributions: Sequence[Contribution], keep: int = 6, last: Sequence[str] = ()
) -> tuple[Contribution, ...]:
    """The `keep` strongest, the rest summed as one line, then the factors named in `last`; the sum is kept.

    What would print as 0,0 is part of the rest, wherever it stands.
    """
    seen = [c for c in contributions if abs(c.points) >= SHOWN]
    tail = [c for c in seen if c.factor in last]
    ranked = sorted((c for c in seen if c.factor not in last), key=lambda c: -abs(c.points))
    weak = [c for c in contributions if abs(c.points) < SHOWN]
    kept = ranked if len(ranked) <= keep + 1 and not weak else ranked[:keep]
    rest = [*ranked[len(kept) :], *weak]
    if not rest:
        return (*kept, *tail)
    return (*kept, Contribution(REST, note("factors.others", count=len(rest)), sum(c.points for c in rest)), *tail)


def contribution_bars(explanation: GroupExplanation, theme: Theme, *, keep: int = 6, own: str = "") -> base.Chart:
    """What moves a group's predicted risk away from all rows', in points; what is printed adds up to the gap.

    The factor that is the group itself stands after the others, called `own`; a sum that prints as 0,0 is left out.
    """
    shown = strongest(explanation.contributions, keep, (explanation.own, "reference"))
    gap = explanation.predicted - explanation.predicted_overall
    pairs = list(zip(shown, numbers.summing([c.points for c in shown], gap), strict=True))
    pairs = [(c, value) for c, value in pairs if abs(value) >= SHOWN] or pairs
    names = [own if own and c.factor == explanation.own else say(c.said) for c, _ in pairs]
    printed = [value for _, value in pairs]
    texts = [numbers.points(v, 1) for v in printed]
    figure, height = _bars(names, printed, texts, [theme.signed(v) for v in printed], theme)
    said = "; ".join(f"{visible(name)} {text}" for name, text in zip(names, texts, strict=True))
    alt = (
        f"Peso de cada fator no risco previsto de {visible(explanation.value)}, em pontos percentuais: {said}. "
        f"Soma: {numbers.points(gap, 1)}."
    )
    return base.Chart(figure, alt, height)


def importance_bars(items: Sequence[Importance], product: Product, theme: Theme, *, keep: int = 12) -> base.Chart:
    """Mean absolute weight of each factor, in points of risk, strongest first."""
    shown = sorted(items, key=lambda i: -i.mean_abs_points)[:keep]
    labels = [names.factor(product, i.factor) for i in shown]
    return _unsigned(labels, [i.mean_abs_points for i in shown], "Peso médio de cada fator no risco", theme)


def pair_bars(pairs: Sequence[FactorPair], product: Product, theme: Theme) -> base.Chart:
    """What two factors do together, in points of risk in the mean, in the order of `pairs`."""
    labels = [f"{names.factor(product, p.first)} e {names.factor_within(product, p.second)}" for p in pairs]
    return _unsigned(labels, [p.mean_abs for p in pairs], "O que dois fatores fazem juntos, em média", theme)


def _unsigned(labels: Sequence[str], values: Sequence[float], what: str, theme: Theme) -> base.Chart:
    texts = [numbers.decimal(v * 100, 1) if v >= SHOWN else "menos de 0,1" for v in values]
    figure, height = _bars(labels, values, texts, [theme.neutral] * len(values), theme)
    said = "; ".join(f"{visible(label)} {text}" for label, text in zip(labels, texts, strict=True))
    return base.Chart(figure, f"{what}, em pontos percentuais: {said}.", height)


def _bars(
    names: Sequence[str], values: Sequence[float], texts: Sequence[str], colours: Sequence[str], theme: Theme
) -> tuple[go.Figure, int]:
    rows = len(names)
    height = rows * ROW + _PAD
    trace = go.Bar(
        x=list(values),
        y=list(range(rows)),
        orientation="h",
        width=0.3,
        marker={"color": list(colours), "line": {"width": 0}},
        hovertext=[base.hover(plotly_text(n), f"{t} pontos") for n, t in zip(names, texts, strict=True)],
        **base.hidden_hover(),
    )
    labels = []
    for position, (name, value, text) in enumerate(zip(names, values, texts, strict=True)):
        side = {"xanchor": "left", "xshift": 6} if value >= 0 else {"xanchor": "right", "xshift": -6}
        title = plotly_text(shorten(name, _NAME))
        labels.append(base.label(title, 0, position, xref="paper", xanchor="left", yanchor="bottom", yshift=8))
        labels.append(base.label(f"<b>{text}</b>", value, position, **side))
    ticks = [base.line(0, i - 0.2, 0, i + 0.2, theme.text, layer="above", width=1.5) for i in range(rows)]
    figure = base.canvas(
        theme,
        height,
        [trace],
        shapes=ticks,
        annotations=labels,
        axes=({"range": _span(values)}, {"range": [rows - 0.4, -0.6 - _PAD / ROW]}),
    )
    return figure, height


def _span(values: Sequence[float]) -> list[float]:
    """Range with room for the figures at the ends: about a seventh of the width on each used side."""
    low, high = min([0.0, *values]), max([0.0, *values])
    width = (high - low) or 0.01
    return [low - (width * 0.2 if low < 0 else width * 0.01), high + width * 0.2]
