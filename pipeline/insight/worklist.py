"""The list to act on: who comes first, how much the first calls reach, and one row's explanation."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.contract import FeatureSpec, Product, Role
from pipeline.insight.phrases import phrases
from pipeline.insight.scoring import SMALLEST_REASON, Scored
from pipeline.records import Contribution, RowExplanation, Tier

OTHERS = "others"
SHOWN = 8  # contributions shown one by one; the rest is summed
_LISTED = (Role.UNIT, Role.PROCEDURE, Role.PLAN, Role.TYPE, Role.UF)


def call_list(scored: Scored, rows: pd.DataFrame, product: Product, reasons: list[np.ndarray],
              tiers: tuple[Tier, ...]) -> pd.DataFrame:
    """One line a row, highest risk first; rows without a risk come last, in file order.

    Columns: `position` (place in `rows`), `row`, `date`, `hour` (float, NaN none), `patient`, `risk`, `tier` (label,
    "" without a risk), `reason_1`…, the fields of unit, procedure, plan, type and UF under their own keys, and
    `observation`. Columns whose field the product lacks are not there.
    """
    labels = {tier.key: tier.label for tier in tiers}
    table = pd.DataFrame({"position": np.arange(len(rows)), "row": scored.row, "date": rows[product.time.key].to_numpy()})
    if product.time.hour_column in rows.columns:
        table["hour"] = rows[product.time.hour_column].to_numpy()
    patient = product.by_role(Role.PATIENT)
    if patient is not None:
        table["patient"] = rows[patient.key].array
    table["risk"] = scored.risk
    table["tier"] = [labels.get(key, "") for key in scored.tier]
    for number, texts in enumerate(reasons, start=1):
        table[f"reason_{number}"] = texts
    for field in (product.by_role(role) for role in _LISTED):
        if field is not None:
            table[field.key] = rows[field.key].array
    table["observation"] = scored.observation
    return table.sort_values("risk", ascending=False, kind="stable", na_position="last").reset_index(drop=True)


def reach(risk: np.ndarray, calls: int) -> tuple[float, float]:
    """(expected events among the `calls` highest risks, expected events of all); NaN counts as no risk."""
    known = np.sort(risk[~np.isnan(risk)])[::-1]
    return float(known[:calls].sum()), float(known.sum())


def explain_row(scored: Scored, position: int, rows: pd.DataFrame, product: Product) -> RowExplanation | None:
    """What made the risk of the row at `position`; None where it has no risk.

    reference + sum of points == risk exactly. Protected factors and small ones are summed in the last line.
    """
    risk = float(scored.risk[position])
    if np.isnan(risk):
        return None
    at = slice(position, position + 1)
    return explanation_of(scored.points.iloc[position], scored.reference, risk, rows.iloc[at],
                          scored.features.iloc[at], product)


def explanation_of(points: pd.Series, reference: float, risk: float, row: pd.DataFrame, features: pd.DataFrame,
                   product: Product) -> RowExplanation:
    """The explanation of one row (`row`, `features`: frames of one line) from its points by factor."""
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
