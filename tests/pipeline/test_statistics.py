"""Statistics that several steps share, against simulations and against what they must agree with."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit

from pipeline.statistics import next_period, wilson

PERIODS, ROUNDS = 5, 400


def covered(change: float, rows: int, seed: int = 1) -> float:
    """Share of the rounds in which the interval of five periods holds the true rate of a sixth."""
    rng = np.random.default_rng(seed)
    hits = 0
    for _ in range(ROUNDS):
        rate = expit(-0.4 + rng.normal(0, change, PERIODS + 1))
        n = rng.poisson(rows, PERIODS) + 1
        found = next_period(rng.binomial(n, rate[:-1]), n)
        assert found is not None and found.low is not None and found.high is not None
        hits += found.low <= rate[-1] <= found.high
    return hits / ROUNDS


@pytest.mark.parametrize(("change", "rows"), [(0.0, 600), (0.1, 150), (0.1, 3_000), (0.2, 3_000)])
def test_a_further_period_lies_within_its_interval(change: float, rows: int) -> None:
    assert covered(change, rows) >= 0.88


def test_an_interval_of_one_rate_alone_would_not_do() -> None:
    rng = np.random.default_rng(1)
    hits = 0
    for _ in range(ROUNDS):
        rate = expit(-0.4 + rng.normal(0, 0.2, PERIODS + 1))
        events = rng.binomial(3_000, rate[:-1])
        alone = wilson(int(events.sum()), 3_000 * PERIODS)
        assert alone is not None and alone.low is not None and alone.high is not None
        hits += alone.low <= rate[-1] <= alone.high
    assert hits / ROUNDS < 0.3


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), max_size=8))
def test_it_holds_the_rate_and_is_never_narrower_than_chance(periods: list[tuple[int, int]]) -> None:
    events = np.array([min(a, b) for a, b in periods], dtype=np.int64)
    n = np.array([max(a, b) for a, b in periods], dtype=np.int64)
    found, alone = next_period(events, n), wilson(int(events.sum()), int(n.sum()))
    if alone is None:
        assert found is None
        return
    assert found is not None and found.low is not None and found.high is not None
    assert found.value == alone.value
    assert 0 <= found.low <= (alone.low or 0) <= found.value <= (alone.high or 1) <= found.high <= 1
