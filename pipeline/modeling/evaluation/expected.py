"""The measures of a list before anybody came: what they will be if its risks are right.

Confidence-based estimation (Białek, Kuberski, Perrakis & Bifet 2024, arXiv 2401.08348): each row counts as an event
with its risk p and as a non-event with 1 − p. So E[Brier] = mean p(1 − p); the expected reach is the sum of p over the
riskiest tenth, over the sum of all p; AUC is Σᵢ Σⱼ pᵢ (1 − pⱼ) [pᵢ > pⱼ, ties a half] / Σᵢ Σⱼ pᵢ (1 − pⱼ), i ≠ j. It
holds as far as the risks are calibrated: it is no test of them. The intervals draw the outcomes from the risks, and so
hold chance alone.
"""

from __future__ import annotations

import numpy as np

from pipeline.modeling.evaluation.metrics import ranked
from pipeline.records import ExpectedSkill, Interval

DRAWS = 100
_LEAST = 50  # rows


def expected_skill(risk: np.ndarray, *, seed: int = 7, draws: int = DRAWS) -> ExpectedSkill | None:
    """The expected measures of n calibrated risks with 95 % intervals; None under 50 rows."""
    if len(risk) < _LEAST:
        return None
    rng = np.random.default_rng(seed)
    ordered = np.sort(risk)[::-1]
    drawn = [_drawn(ordered, rng) for _ in range(draws)]

    def held(value: float, name: str) -> Interval:
        values = np.array([item[name] for item in drawn])
        values = values[np.isfinite(values)]
        return Interval(value, *np.percentile(values, [2.5, 97.5]).tolist()) if len(values) else Interval(value)

    events = [item["events"] for item in drawn]
    return ExpectedSkill(
        rows=len(risk),
        events=Interval(float(risk.sum()), *np.percentile(events, [2.5, 97.5]).tolist()),
        auc=held(expected_auc(risk), "auc"),
        brier=held(float((risk * (1 - risk)).mean()), "brier"),
        recall_at_10pct=held(_reach(risk), "recall_at_10pct"),
    )


def _drawn(risk: np.ndarray, rng: np.random.Generator) -> dict[str, float]:
    """The measures of one draw of the outcomes, and how many events it has."""
    outcome = (rng.random(len(risk)) < risk).astype(np.float64)
    found = ranked(risk, outcome, np.ones((1, len(risk))))
    return {"events": float(outcome.sum()), **{name: float(values[0]) for name, values in found.items()}}


def expected_auc(risk: np.ndarray) -> float:
    """The AUC that calibrated risks promise (see the module); 0.5 where they are all alike."""
    values, counts = np.unique(risk, return_counts=True)
    events, others = values * counts, (1 - values) * counts
    below = np.cumsum(others) - others
    alone = counts * values * (1 - values)  # a row is never paired with itself
    pairs = events.sum() * others.sum() - alone.sum()
    won = (events * (below + others / 2)).sum() - alone.sum() / 2
    return float(won / pairs) if pairs > 0 else 0.5


def _reach(risk: np.ndarray) -> float:
    """Share of the risk that lies in the riskiest tenth of rows."""
    ordered = np.sort(risk)[::-1]
    tenth = 0.1 * len(ordered)
    whole = int(tenth)
    inside = ordered[:whole].sum() + (tenth - whole) * ordered[min(whole, len(ordered) - 1)]
    return float(inside / max(ordered.sum(), 1e-12))
