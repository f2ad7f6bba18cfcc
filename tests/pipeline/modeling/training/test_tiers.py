"""Tiers promise a rate for days to come: their intervals widen where the rate changed from one period to another."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.modeling.model import OutOfFoldPredictions
from pipeline.modeling.training.model_card import Known, tiers
from pipeline.records import Tier

N = 5_000


def top(rates: tuple[float, ...], *, days: bool = True) -> Tier:
    """The riskiest of two tiers, whose rate is another in each fifth of the days."""
    rng = np.random.default_rng(0)
    day, risk = np.sort(rng.integers(0, 100, N)), np.where(np.arange(N) % 2, 0.1, 0.4)
    rate = np.where(risk < 0.2, 0.1, np.array(rates)[day // 20])
    outcome = (rng.random(N) < rate).astype(np.float64)
    past = OutOfFoldPredictions(
        row=np.arange(N),
        risk=risk,
        reference=np.full(N, 0.2),
        points=pd.DataFrame(index=range(N)),
        stars=None,
        marks=None,
    )
    return tiers(past, Known(np.arange(N), outcome, day if days else None), (0.2, 0.5, 0.8))[1]


def width(tier: Tier) -> float:
    assert tier.observed is not None and tier.observed.low is not None and tier.observed.high is not None
    return tier.observed.high - tier.observed.low


def test_a_rate_that_changes_has_a_wider_interval() -> None:
    steady, moving = top((0.4,) * 5), top((0.3, 0.5, 0.4, 0.35, 0.45))
    assert width(moving) > 3 * width(top((0.3, 0.5, 0.4, 0.35, 0.45), days=False))
    assert width(moving) > 2 * width(steady)
    assert moving.rows == steady.rows == N // 2
