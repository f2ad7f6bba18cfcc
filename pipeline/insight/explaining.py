"""One row's explanation: reference, factors in words, risk; they sum exactly and show nothing protected."""

from __future__ import annotations

import pandas as pd

from pipeline.contract import FeatureSpec, Product
from pipeline.insight.phrases import phrases
from pipeline.insight.scoring import SMALLEST_REASON
from pipeline.records import Contribution, RowExplanation

OTHERS = "others"
SHOWN = 8  # contributions shown one by one; the rest is summed


def explanation_of(points: pd.Series, reference: float, risk: float, row: pd.DataFrame, features: pd.DataFrame,
                   product: Product) -> RowExplanation:
    """The explanation of one row (`row`, `features`: frames of one line) from its points by factor.

    Protected factors and those of less than half a point are summed in the last line.
    """
    specs = sorted((s for s in product.features if s.key in points.index and not s.protected),
                   key=lambda s: -abs(points[s.key]))
    shown = [s for s in specs if abs(points[s.key]) >= SMALLEST_REASON][:SHOWN]
    lines = [Contribution(s.key, phrase(s, product, row, features), float(points[s.key])) for s in shown]
    summed = len(points) - len(shown)
    if summed:
        rest = risk - reference - sum(line.points for line in lines)
        text = f"Outros {summed} fatores somados" if summed > 1 else "Outros fatores"
        lines.append(Contribution(OTHERS, text, rest))
    return RowExplanation(reference, risk, tuple(lines))


def phrase(spec: FeatureSpec, product: Product, row: pd.DataFrame, features: pd.DataFrame) -> str:
    """The phrase of one factor for a frame of one row."""
    return str(phrases(spec, product, row, features).each()[0])
