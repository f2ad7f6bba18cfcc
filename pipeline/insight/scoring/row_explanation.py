"""One row's explanation: reference, factors in words, risk; they sum exactly and show nothing protected.

A comment is told phrase by phrase; what its phrases leave of its points is its other words, its length and its form.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from pipeline.contract import FeatureKind, FeatureSpec, Product
from pipeline.insight.scoring.factor_cases import cases
from pipeline.insight.scoring.score import SMALLEST_REASON, phrase
from pipeline.records import Contribution, MarkedWord, Note, RowExplanation, note

OTHERS, PROTECTED = "others", "protected"
PHRASE = "phrase"  # in place of a factor's key: words of a comment
SHOWN = 8  # contributions shown one by one; the rest is summed


def explanation_of(
    points: pd.Series,
    reference: float,
    risk: float,
    row: pd.DataFrame,
    features: pd.DataFrame,
    product: Product,
    marks: Sequence[MarkedWord] = (),
) -> RowExplanation:
    """The explanation of one row (`row`, `features`: frames of one line) from its points by factor.

    `marks`: the phrases of its comment. What gives less than half a point is summed in one line; so are the
    protected factors, apart, without values.
    """
    given = [s for s in product.features if s.key in points.index]
    told = [
        line
        for s in given
        if not s.protected
        for line in _lines(s, float(points[s.key]), product, row, features, marks)
    ]
    ranked = sorted(told, key=lambda line: -abs(line.points))
    lines = [line for line in ranked if abs(line.points) >= SMALLEST_REASON][:SHOWN]
    hidden = [s for s in given if s.protected]
    held = sum(float(points[s.key]) for s in hidden)
    summed = len(told) - len(lines)
    if summed:
        rest = risk - reference - held - sum(line.points for line in lines)
        lines.append(Contribution(OTHERS, note("factors.others", count=summed), rest))
    if hidden:
        lines.append(
            Contribution(
                PROTECTED,
                note("factors.protected", labels=[s.label for s in hidden]),
                risk - reference - sum(line.points for line in lines),
            )
        )
    return RowExplanation(reference, risk, tuple(lines))


def _lines(
    spec: FeatureSpec,
    points: float,
    product: Product,
    row: pd.DataFrame,
    features: pd.DataFrame,
    marks: Sequence[MarkedWord],
) -> list[Contribution]:
    """What one factor is told by: itself, or the phrases of a comment and its other words."""
    if spec.kind is not FeatureKind.TEXT:
        return [Contribution(spec.key, said_of(spec, product, row, features), points)]
    comment = row[spec.fields[0]].iloc[0]
    if not isinstance(comment, str) or not comment:
        return [Contribution(spec.key, note("factor.no_comment"), points)]
    if not marks:
        return [Contribution(spec.key, said_of(spec, product, row, features), points)]
    phrases = [
        Contribution(PHRASE, note("factor.word", word=phrase(comment[m.start : m.end])), m.points) for m in marks
    ]
    return [*phrases, Contribution(spec.key, note("factor.other_words"), points - sum(m.points for m in marks))]


def said_of(spec: FeatureSpec, product: Product, row: pd.DataFrame, features: pd.DataFrame) -> Note:
    """What one factor says of a frame of one row."""
    found = cases(spec, product, row, features)
    return found.notes[int(found.codes[0])]
