"""Metrics against scikit-learn, intervals that resample patients, calibration that finds what was planted."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit
from sklearn.metrics import (
    accuracy_score,
    average_precision_score,
    brier_score_loss,
    cohen_kappa_score,
    log_loss,
    roc_auc_score,
)

from pipeline.errors import NotEnoughData
from pipeline.modeling import calibration
from pipeline.modeling.evaluation.metrics import (
    JudgedRows,
    Predicted,
    calibration_bins,
    evaluate,
    reach_curve,
    star_metrics,
)
from pipeline.modeling.training.time_splits import split
from tests.refusals import refused

PERIOD = (dt.date(2026, 1, 1), dt.date(2026, 1, 31))


def _made(n: int, seed: int, ties: bool = False) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    risk = rng.beta(2, 6, n)
    outcome = (rng.random(n) < risk).astype(float)
    outcome[:2] = 0, 1
    return (risk.round(1) if ties else risk), outcome


def _evaluated(
    risk: np.ndarray, outcome: np.ndarray, patients: np.ndarray | None = None, resamples: int = 60, **others: np.ndarray
):  # type: ignore[no-untyped-def]
    codes = np.full(len(risk), -1) if patients is None else patients
    return evaluate(
        Predicted(risk),
        {name: Predicted(said) for name, said in others.items()},
        JudgedRows(outcome, codes, PERIOD),
        seed=1,
        resamples=resamples,
    )


@settings(max_examples=30)
@given(st.integers(20, 400), st.integers(0, 10_000), st.booleans())
def test_metrics_are_those_of_scikit_learn(n: int, seed: int, ties: bool) -> None:
    risk, outcome = _made(n, seed, ties)
    found = _evaluated(risk, outcome, resamples=1).model
    assert found.auc.value == pytest.approx(roc_auc_score(outcome, risk))
    assert found.average_precision.value == pytest.approx(average_precision_score(outcome, risk))
    assert found.brier.value == pytest.approx(brier_score_loss(outcome, risk))


def test_reach_and_calibration_error_by_hand() -> None:
    risk = np.arange(100)[::-1] / 100
    outcome = np.zeros(100)
    outcome[[0, 3, 50, 99]] = 1
    found = _evaluated(risk, outcome)
    assert found.model.recall_at_10pct.value == pytest.approx(0.5)
    assert found.model.ece.value == pytest.approx(0.466, abs=1e-3)  # gaps far above chance are as they seem
    assert [p.share_reached for p in reach_curve(risk, outcome)][:6] == [0, 0.25, 0.5, 0.5, 0.5, 0.5]
    assert sum(b.rows for b in calibration_bins(risk, outcome)) == 100


def test_intervals_resample_patients_and_not_rows() -> None:
    """The same rows, each thrice under one patient, tell no more than once: the interval stays as wide."""
    risk, outcome = _made(300, 3)
    once = _evaluated(risk, outcome, np.arange(300), resamples=300).model.auc
    thrice = _evaluated(np.tile(risk, 3), np.tile(outcome, 3), np.tile(np.arange(300), 3), resamples=300).model.auc
    rows = _evaluated(np.tile(risk, 3), np.tile(outcome, 3), resamples=300).model.auc
    assert thrice.value == pytest.approx(once.value)
    assert (thrice.high - thrice.low) == pytest.approx(once.high - once.low, rel=0.15)
    assert (rows.high - rows.low) < 0.75 * (once.high - once.low)


def test_differences_are_paired() -> None:
    risk, outcome = _made(800, 4)
    noisy = np.clip(risk + np.random.default_rng(0).normal(0, 0.02, 800), 0, 1)
    found = _evaluated(risk, outcome, resamples=200, same=risk, noisy=noisy)
    same, near = found.differences
    assert (same.auc.value, same.auc.low, same.auc.high, same.brier.high) == (0, 0, 0, 0)
    alone = found.model.auc
    assert near.auc.high - near.auc.low < 0.5 * (alone.high - alone.low)


@settings(max_examples=15)
@given(st.floats(0.3, 2.5), st.floats(-1.5, 1.5), st.integers(0, 1000))
def test_calibration_finds_slope_and_intercept(slope: float, intercept: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    margin = rng.normal(-1, 1.2, 20_000)
    outcome = (rng.random(len(margin)) < expit(intercept + slope * margin)).astype(float)
    found = calibration.fit(margin, outcome)
    assert found.slope == pytest.approx(slope, abs=0.2) and found.intercept == pytest.approx(intercept, abs=0.2)
    assert found.risk(margin).mean() == pytest.approx(outcome.mean(), abs=1e-4)


@settings(max_examples=30)
@given(st.floats(0.05, 3), st.floats(0.001, 0.999), st.integers(0, 1000))
def test_level_is_the_rate_asked_for(slope: float, rate: float, seed: int) -> None:
    margin = np.random.default_rng(seed).normal(-2, 2, 500)
    found = calibration.Calibration(slope, 7.0).at_level(margin, rate)
    assert found.slope == slope and found.risk(margin).mean() == pytest.approx(rate, abs=1e-6)


def test_calibration_never_turns_a_ranking_round() -> None:
    margin = np.linspace(-2, 2, 500)
    assert calibration.fit(margin, (margin < 0).astype(float)).slope > 0


@settings(max_examples=40)
@given(st.integers(12, 200), st.integers(0, 1000))
def test_splits_follow_time_and_leave_no_row_out(n_days: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    day = rng.integers(0, n_days, 40 * n_days)
    outcome = (np.arange(len(day)) % 3 == 0).astype(float)
    parts = split(day, outcome)
    assert sorted([*parts.development, *parts.test]) == list(range(len(day)))
    assert day[parts.development].max() < day[parts.test].min()
    assert sorted(np.concatenate(parts.blocks)) == sorted(parts.development)
    for learn, judge in parts.folds:
        assert day[learn].max() < day[judge].min()


def test_too_few_days_are_refused() -> None:
    with refused(NotEnoughData, match="dias"):
        split(np.repeat(np.arange(5), 200), np.tile([0.0, 1.0], 500))


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.integers(60, 400))
def test_metrics_of_stars_are_scikit_learns(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    ratings = rng.integers(1, 6, n).astype(float)
    ratings[:2] = 1, 5
    said = rng.dirichlet(np.ones(5), n)
    found = {name: values[0] for name, values in star_metrics(said, ratings, np.ones((1, n), np.float32)).items()}
    best, poles = said.argmax(axis=1) + 1, ratings != 3
    wanted = {
        "auc_poles": roc_auc_score(ratings[poles] <= 2, said[poles, :2].sum(axis=1)),
        "accuracy": accuracy_score(ratings, best),
        "kappa": cohen_kappa_score(ratings, best, weights="quadratic", labels=[1, 2, 3, 4, 5]),
        "log_loss": log_loss(ratings, said, labels=[1, 2, 3, 4, 5]),
    }
    assert found == pytest.approx(wanted, abs=1e-6)


def test_stars_of_a_reference_are_compared_on_the_same_resamples() -> None:
    rng = np.random.default_rng(3)
    ratings = rng.integers(1, 6, 500).astype(float)
    sharp = np.eye(5)[ratings.astype(int) - 1] * 0.6 + 0.08
    blunt = np.full((500, 5), 0.2) + rng.normal(0, 0.01, (500, 5))
    blunt /= blunt.sum(axis=1, keepdims=True)
    risk = [p[:, :2].sum(axis=1) for p in (sharp, blunt)]
    found = evaluate(
        Predicted(risk[0], sharp),
        {"cega": Predicted(risk[1], blunt), "sem estrelas": Predicted(risk[1])},
        JudgedRows((ratings <= 2).astype(float), np.full(500, -1), PERIOD, ratings),
        seed=1,
        resamples=60,
    ).stars
    assert found is not None and [r.key for r in found.references] == ["cega"]
    gap = found.differences[0]
    assert gap.log_loss.value == pytest.approx(found.model.log_loss.value - found.references[0].log_loss.value)
    assert gap.log_loss.high < 0 < gap.accuracy.low and gap.kappa.low > 0 and gap.auc_poles.low > 0
