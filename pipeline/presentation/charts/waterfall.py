"""Waterfall: from the model's reference, factor by factor, to the risk of one row; it adds up exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from pipeline.presentation.charts import base
from pipeline.presentation.charts.bars import REST, SHOWN, strongest
from pipeline.presentation.escaping import plotly_text, shorten, visible
from pipeline.presentation.locale import numbers
from pipeline.presentation.locale.messages import say
from pipeline.presentation.theme import Theme
from pipeline.records import Contribution, RowExplanation, note

ROW = 42
_PAD = 12
_NAME = 50
DRAWN = 0.005  # half a point of risk: less is summed
OTHERS, PROTECTED = "others", "protected"


@dataclass(frozen=True)
class _Step:
    name: str
    start: float
    end: float
    text: str
    colour: str
    bold: bool = False


def waterfall(
    explanation: RowExplanation,
    theme: Theme,
    *,
    row_word: str = "registro",
    keep: int = 8,
    last: Sequence[str] = (OTHERS, PROTECTED),
) -> base.Chart:
    """Reference → factors → risk. `row_word` is the product's noun of a row (masculine in "Risco deste …")."""
    steps = _steps(explanation, theme, row_word, keep, last)
    rows = len(steps)
    height = rows * ROW + _PAD
    trace = go.Bar(
        x=[s.end - s.start for s in steps],
        base=[s.start for s in steps],
        y=list(range(rows)),
        orientation="h",
        width=0.3,
        marker={"color": [s.colour for s in steps], "line": {"width": 0}},
        hovertext=[base.hover(plotly_text(s.name), s.text) for s in steps],
        **base.hidden_hover(),
    )
    figure = base.canvas(
        theme,
        height,
        [trace],
        shapes=_connectors(steps, theme),
        annotations=_labels(steps, theme.background),
        axes=({"range": _span(steps)}, {"range": [rows - 0.4, -0.6 - _PAD / ROW]}),
    )
    said = "; ".join(f"{visible(s.name)} {s.text}" for s in steps)
    return base.Chart(figure, f"Do risco de referência ao risco previsto, em pontos percentuais: {said}.", height)


def _steps(explanation: RowExplanation, theme: Theme, row_word: str, keep: int, last: Sequence[str]) -> list[_Step]:
    shown = _worth_a_line(strongest(explanation.contributions, keep, last), last)
    first, final = numbers.percent(explanation.reference), numbers.percent(explanation.risk)
    gap = _printed(explanation.risk) - _printed(explanation.reference)
    printed = numbers.summing([c.points for c in shown], gap)
    steps = [_Step("Referência do modelo", 0.0, explanation.reference, first, theme.secondary, True)]
    at = explanation.reference
    for contribution, value in zip(shown, printed, strict=True):
        then = at + contribution.points
        if contribution.factor in (*last, REST) and numbers.points(value, 1) == numbers.points(0.0, 1):
            at = then
            continue  # a sum of nothing is no line
        colour = theme.signed(value)
        steps.append(_Step(_name(contribution), at, then, numbers.points(value, 1), colour))
        at = then
    steps.append(_Step(f"Risco deste {row_word}", 0.0, explanation.risk, final, theme.text, True))
    return steps


def _worth_a_line(shown: Sequence[Contribution], last: Sequence[str]) -> tuple[Contribution, ...]:
    """The contributions with none of less than half a point: those are summed, and so is the weakest of the others
    until the sum is worth a line; what prints as nothing stays, as it is no line.
    """
    places = sorted(range(len(shown)), key=lambda i: abs(shown[i].points))
    weak = [i for i in places if SHOWN <= abs(shown[i].points) < DRAWN]
    strong = [i for i in places if abs(shown[i].points) >= DRAWN]
    while weak and strong and SHOWN <= abs(sum(shown[i].points for i in weak)) < DRAWN:
        weak.append(strong.pop(0))
    if not weak:
        return tuple(shown)
    count, points = sum(_count(shown[i]) for i in weak), sum(shown[i].points for i in weak)
    kept = [c for i, c in enumerate(shown) if i not in weak]
    rest = Contribution(REST, note("factors.others", count=count), points)
    return (*(c for c in kept if c.factor not in last), rest, *(c for c in kept if c.factor in last))


def _count(item: Contribution) -> int:
    """How many factors a line stands for."""
    if item.factor == PROTECTED:
        return len(item.said.params["labels"])
    return int(item.said.params["count"]) if item.factor in (OTHERS, REST) else 1


def _name(item: Contribution) -> str:
    """What a factor says; those that a caller is never told of are named as such, without their values."""
    text = say(item.said)
    if item.factor != PROTECTED:
        return text
    return f"{text}, que não {'são' if len(item.said.params['labels']) > 1 else 'é'} motivo de contato"


def _printed(fraction: float) -> float:
    """A fraction as it is printed with one decimal of a percentage."""
    return float(numbers.rounded(fraction, 3))


def _connectors(steps: Sequence[_Step], theme: Theme) -> list[dict[str, object]]:
    return [
        base.line(step.end, position + 0.15, step.end, position + 0.85, theme.neutral, dash="dot")
        for position, step in enumerate(steps[:-1])
    ]


def _labels(steps: Sequence[_Step], ground: str) -> list[dict[str, object]]:
    labels = []
    for position, step in enumerate(steps):
        name = plotly_text(shorten(step.name, _NAME))
        title = f"<b>{name}</b>" if step.bold else name
        place = {"xref": "paper", "xanchor": "left", "yanchor": "bottom", "yshift": 8, "bgcolor": ground}
        labels.append(base.label(title, 0, position, **place))
        ahead = max(step.start, step.end)
        labels.append(base.label(f"<b>{step.text}</b>", ahead, position, xanchor="left", xshift=7))
    return labels


def _span(steps: Sequence[_Step]) -> list[float]:
    low = min(0.0, *(min(s.start, s.end) for s in steps))
    high = max(max(s.start, s.end) for s in steps)
    return [low, high + (high - low) * 0.22]
