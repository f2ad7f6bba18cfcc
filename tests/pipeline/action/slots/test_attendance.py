"""Attendances as a distribution: equal to counting every case, and as often inside their intervals as they promise."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, logit
from scipy.stats import binom

from pipeline.action.slots import attendance
from pipeline.records import Level

CHANCES = st.lists(st.floats(0, 1), min_size=0, max_size=8).map(np.array)


def by_hand(come: np.ndarray) -> np.ndarray:
    """Every case of who comes, one by one."""
    mass = np.zeros(len(come) + 1)
    for case in product((0, 1), repeat=len(come)):
        mass[sum(case)] += np.prod([p if came else 1 - p for p, came in zip(come, case, strict=True)])
    return mass


@settings(max_examples=60)
@given(CHANCES)
def test_convolution_equals_counting_every_case(come: np.ndarray) -> None:
    mass = attendance.convolved(come)
    assert mass == pytest.approx(by_hand(come), abs=1e-12)
    mean, variance = attendance.mean_and_variance(mass)
    assert mean == pytest.approx(come.sum())
    assert variance == pytest.approx((come * (1 - come)).sum(), abs=1e-9)


def test_equal_chances_are_binomial() -> None:
    mass = attendance.convolved(np.full(2000, 0.3))
    assert mass == pytest.approx(binom.pmf(np.arange(2001), 2000, 0.3), abs=1e-12)


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 6), st.floats(0, 1)), min_size=1, max_size=60), st.sampled_from([0.0, 0.4]))
def test_many_groups_at_once_are_as_each_alone(bookings: list[tuple[int, float]], spread: float) -> None:
    groups, come = np.array([group for group, _ in bookings]), np.array([chance for _, chance in bookings])
    found = attendance.distributions(come, groups, spread)
    assert len(found) == groups.max() + 1
    for group, mass in enumerate(found):
        assert mass == pytest.approx(attendance.distribution(come[groups == group], spread), abs=1e-12)


def test_a_shared_shift_widens_and_keeps_the_mean() -> None:
    come = np.random.default_rng(1).uniform(0.5, 0.98, 40)
    narrow, wide = attendance.distribution(come), attendance.distribution(come, 0.5)
    assert wide.sum() == pytest.approx(1)
    assert attendance.mean_and_variance(wide)[0] == pytest.approx(come.sum(), rel=0.003)
    assert attendance.mean_and_variance(wide)[1] > 1.5 * attendance.mean_and_variance(narrow)[1]


def test_the_shift_is_what_simulated_days_do() -> None:
    rng, come = np.random.default_rng(2), np.linspace(0.5, 0.95, 20)
    stretched = logit(come) * np.sqrt(1 + attendance._STRETCH * 0.25)
    came = (rng.random((40_000, 20)) < expit(stretched + 0.5 * rng.standard_normal((40_000, 1)))).sum(axis=1)
    seen = np.bincount(came, minlength=21) / 40_000
    assert np.abs(np.cumsum(seen) - np.cumsum(attendance.distribution(come, 0.5))).max() < 0.01


def test_quantiles_and_more_than() -> None:
    mass = attendance.convolved(np.full(10, 0.5))
    assert (attendance.quantile(mass, 0.5), attendance.quantile(mass, 1.0), attendance.quantile(mass, 0.0)) == (
        5,
        10,
        0,
    )
    assert attendance.more_than(mass, 9) == pytest.approx(0.5**10)
    assert attendance.more_than(mass, 10) == 0
    assert attendance.more_than(mass, -5) == pytest.approx(1)


def test_an_error_of_the_level_becomes_one_of_the_log_odds() -> None:
    risks = np.full(100, 0.2)
    spread = attendance.level_spread(risks, Level(0.06, 0.08, 4))
    assert expit(logit(0.2) + spread) == pytest.approx(0.2 * 1.1, rel=0.01)
    assert attendance.level_spread(np.zeros(3), Level(0.1, 0.0, 0)) == 0


def _days(days: int, size: int, spread: float, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    groups = np.repeat(np.arange(days), size)
    risks = rng.beta(2, 6, days * size)
    moved = expit(logit(risks) + spread * rng.standard_normal(days)[groups])
    return risks, groups, (rng.random(len(risks)) < moved).astype(float)


def test_days_that_share_nothing_lie_inside_as_often_as_promised() -> None:
    found = attendance.coverage(*_days(1500, 14, 0.0, 3))
    assert (found.groups, found.bookings) == (1500, 21_000)
    for inside, promised, least in ((found.inside80, found.promised80, 0.8), (found.inside95, found.promised95, 0.95)):
        assert inside is not None and inside.low is not None and inside.high is not None
        assert promised >= least and inside.low <= promised <= inside.high
    assert found.pit == pytest.approx([0.1] * 10, abs=0.03)
    assert sum(found.pit) == pytest.approx(1)


def test_days_that_share_a_shift_are_too_wide_for_chance_and_right_with_the_spread_that_they_show() -> None:
    past, later = _days(800, 30, 0.6, 4), _days(800, 30, 0.6, 5)
    spread = attendance.day_spread(*past)
    assert spread == pytest.approx(0.6, abs=0.08)
    narrow, wide = attendance.coverage(*later), attendance.coverage(*later, spread)
    assert narrow.inside95 is not None and wide.inside95 is not None
    assert narrow.inside95.value < 0.85  # of 95 % promised: what nobody should be told
    assert wide.inside95.value == pytest.approx(wide.promised95, abs=0.02)


def test_without_bookings_nothing_is_measured() -> None:
    nothing = np.zeros(0)
    found = attendance.coverage(nothing, nothing.astype(int), nothing)
    assert (found.groups, found.inside95, found.pit) == (0, None, ())
