"""One row's explanation: reference, factors in words, risk; they sum exactly and show nothing protected."""

from __future__ import annotations

import pandas as pd

from pipeline.contract import FeatureSpec, Product
from pipeline.insight.scoring.factor_cases import cases
from pipeline.insight.scoring.score import SMALLEST_REASON
from pipeline.records import Contribution, Note, RowExplanation, note

OTHERS, PROTECTED = "others", "protected"
SHOWN = 8  # contributions shown one by one; the rest is summed


def explanation_of(
    points: pd.Series, reference: float, risk: float, row: pd.DataFrame, features: pd.DataFrame, product: Product
) -> RowExplanation:
    """The explanation of one row (`row`, `features`: frames of one line) from its points by factor.

    Factors of less than half a point are summed in one line; so are the protected ones, apart, without values.
    """
    given = [s for s in product.features if s.key in points.index]
    specs = sorted((s for s in given if not s.protected), key=lambda s: -abs(points[s.key]))
    shown = [s for s in specs if abs(points[s.key]) >= SMALLEST_REASON][:SHOWN]
    lines = [Contribution(s.key, said_of(s, product, row, features), float(points[s.key])) for s in shown]
    hidden = [s for s in given if s.protected]
    held = sum(float(points[s.key]) for s in hidden)
    summed = len(points) - len(shown) - len(hidden)
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


def said_of(spec: FeatureSpec, product: Product, row: pd.DataFrame, features: pd.DataFrame) -> Note:
    """What one factor says of a frame of one row."""
    found = cases(spec, product, row, features)
    return found.notes[int(found.codes[0])]
