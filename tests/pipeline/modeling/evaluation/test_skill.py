"""The honest test: measures by hand and against scikit-learn, groups, what is expected, carrying over."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, logit
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss

from pipeline.modeling.evaluation import skill, splits
from pipeline.modeling.evaluation.carrying import carry_over
from pipeline.modeling.evaluation.expected import expected_auc, expected_skill
from pipeline.modeling.evaluation.metrics import ranked
from pipeline.modeling.evaluation.report import Context, report
from pipeline.modeling.evaluation.skill import Judged
from pipeline.modeling.evaluation.splits import Column, split
from pipeline.records import DOUBTFUL, FAILS, HOLDS, UNKNOWN, CarryOver, Interval, Skill


def _judged(n: int, seed: int = 1, slope: float = 1.0, level: float = 0.0) -> Judged:
    rng = np.random.default_rng(seed)
    risk = rng.beta(2, 6, n)
    outcome = (rng.random(n) < expit(level + slope * logit(risk))).astype(float)
    outcome[:2] = 0, 1
    return Judged(risk, outcome, rng.integers(0, n // 2, n))


def _skill(rows: Judged) -> Skill:
    return skill.skill(rows, rows.resamples(1, 60))


def _holds(item: Interval, value: float) -> bool:
    return item.low is not None and item.high is not None and item.low <= value <= item.high


def test_measures_are_those_of_scikit_learn_and_of_the_definition() -> None:
    rows = _judged(3_000, slope=0.7, level=-0.7)
    found = _skill(rows)
    line = LogisticRegression(C=np.inf, max_iter=1_000).fit(logit(rows.risk)[:, None], rows.outcome)
    assert found.slope.value == pytest.approx(line.coef_[0, 0], abs=1e-3)
    assert found.log_loss.value == pytest.approx(log_loss(rows.outcome, rows.risk))
    assert found.ratio.value == pytest.approx(rows.outcome.sum() / rows.risk.sum())
    assert found.lift.value == pytest.approx(10 * found.recall_at_10pct.value)
    assert _holds(found.slope, 0.7) and not _holds(found.slope, 1.0) and not _holds(found.ratio, 1.0)


def test_a_step_of_newton_tells_the_spread_of_the_slope() -> None:
    rows = _judged(1_000)
    weights = rows.resamples(3, 30)
    own = skill._line(rows).slopes(weights)  # noqa: SLF001 - the approximation itself is on trial
    z = logit(rows.risk)[:, None]
    fits = [LogisticRegression(C=np.inf).fit(z, rows.outcome, sample_weight=w) for w in weights[1:].astype(float)]
    whole = np.array([fit.coef_[0, 0] for fit in fits])
    assert np.std(own[1:]) == pytest.approx(np.std(whole), rel=0.1)
    assert np.abs(own[1:] - whole).max() < 0.1


def test_resamples_in_turn_are_those_that_are_drawn_together(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = _judged(500)
    together = rows.resamples(7, 70)
    whole = skill.skill(rows, together)
    monkeypatch.setattr(skill, "_CELLS", 4_000)
    parts = list(rows.resamples_in_turn(7, 70))
    assert [len(part) for part in parts] == [8] * 7 + [5]
    np.testing.assert_array_equal(np.concatenate(parts), together[:61])
    monkeypatch.setattr(skill, "FEWEST", 70)
    found = skill.skill(rows, rows.resamples_in_turn(7, 70))
    for name in ("auc", "brier", "log_loss", "ratio", "slope", "recall_at_10pct", "lift"):
        told, wanted = getattr(found, name), getattr(whole, name)
        assert (told.value, told.low, told.high) == pytest.approx((wanted.value, wanted.low, wanted.high), rel=1e-6)


@pytest.mark.parametrize("alike", [False, True])
def test_what_is_expected_is_what_a_draw_measures(alike: bool) -> None:
    risk = np.random.default_rng(3).uniform(0.05, 0.6, 700)
    risk = risk.round(1) if alike else risk
    told, rng, ordered = expected_skill(risk, draws=40), np.random.default_rng(7), np.sort(risk)[::-1]
    drawn = [ranked(ordered, (rng.random(700) < ordered).astype(float), np.ones((1, 700))) for _ in range(40)]
    assert told is not None
    for name in ("auc", "brier", "recall_at_10pct"):
        values = [float(one[name][0]) for one in drawn]
        held = getattr(told, name)
        assert (held.low, held.high) == pytest.approx(tuple(np.percentile(values, [2.5, 97.5])), rel=1e-9)


@settings(max_examples=20)
@given(st.integers(2, 40), st.integers(0, 1_000), st.booleans())
def test_the_expected_auc_is_the_sum_over_pairs(n: int, seed: int, ties: bool) -> None:
    risk = np.random.default_rng(seed).uniform(0.01, 0.99, n)
    risk = risk.round(1) if ties else risk
    pair = risk[:, None] * (1 - risk)
    np.fill_diagonal(pair, 0)
    won = (risk[:, None] > risk) + 0.5 * (risk[:, None] == risk)
    assert expected_auc(risk) == pytest.approx((pair * won).sum() / pair.sum() if pair.sum() > 0 else 0.5)


def test_what_is_expected_comes_where_risks_are_right() -> None:
    rows = _judged(20_000, seed=4)
    told, came = expected_skill(rows.risk), _skill(rows)
    assert told is not None
    for promised, seen in (
        (told.auc, came.auc),
        (told.brier, came.brier),
        (told.recall_at_10pct, came.recall_at_10pct),
    ):
        assert _holds(promised, seen.value) or abs(promised.value - seen.value) < 0.01
    assert _holds(told.events, came.events) and expected_skill(rows.risk[:49]) is None


def test_groups_stand_alone_where_they_are_large_and_together_where_not() -> None:
    rows = _judged(4_000)
    codes = np.r_[np.full(1_500, 0), np.full(1_500, 1), np.full(900, 2), np.repeat(np.arange(3, 8), 20)]
    rows = Judged(rows.risk, np.where(codes == 2, rows.outcome * (np.arange(4_000) % 2), rows.outcome), rows.patients)
    found = split(rows, Column("unit", codes, tuple("ABCDEFGH")), rows.resamples(1, 40))
    assert [group.value for group in found.groups] == ["A", "B", "C", ""] and found.folded == 5
    assert sum(group.rows for group in found.groups) == 4_000
    assert found.groups[2].told == "more" and found.groups[0].told != "more"
    reached = sum(group.recall_at_10pct.value * group.events for group in found.groups if group.recall_at_10pct)
    assert reached / rows.outcome.sum() == pytest.approx(_skill(rows).recall_at_10pct.value)


def test_a_group_that_is_never_reached_still_has_an_interval() -> None:
    rows = _judged(3_000)
    low = np.arange(3_000) < 300
    rows = Judged(np.where(low, 0.01, rows.risk + 0.1), rows.outcome, rows.patients)
    found = split(rows, Column("sex", low.astype(int), ("F", "M")), rows.resamples(1, 30)).groups[1]
    assert found.recall_at_10pct is not None and found.recall_at_10pct.value == 0
    assert (found.recall_at_10pct.high or 0) > 0.01


def test_ages_come_in_their_order() -> None:
    rows = _judged(3_000)
    codes = np.r_[np.zeros(900, int), np.ones(2_100, int)]
    found = split(rows, Column("birth_date_age_band", codes, ("0 a 17", "18 a 29")), rows.resamples(1, 30))
    assert [group.value for group in found.groups] == ["0 a 17", "18 a 29"]


def test_months_come_in_time_and_rows_without_a_day_nowhere() -> None:
    days = np.r_[np.full(5, 20_600), np.full(5, 20_640), [np.iinfo(np.int64).min // 4]]
    found = splits._months(days)  # noqa: SLF001 - how months are named is what the pages show
    assert found.names == ("2026-05", "2026-07") and found.codes[-1] == -1 and found.codes[0] == 0


def test_a_report_speaks_of_rows_booked_ahead_and_keeps_the_whole() -> None:
    rows = _judged(3_000)
    ahead = np.arange(3_000) % 3 > 0
    sexes = Column("sex", np.arange(3_000) % 2, ("F", "M"))
    period = (dt.date(2026, 5, 1), dt.date(2026, 5, 31))
    found = report(rows, Context(period, ahead, (sexes,), {"overall_rate": np.full(3_000, 0.25)}), seed=1, resamples=40)
    assert found.all.rows == 3_000 and found.headline.rows == 2_000 == sum(b.rows for b in found.calibration)
    assert sum(group.rows for group in found.splits[0].groups) == 2_000
    assert found.references[0].auc.value == 0.5 and (found.references[0].auc_gap.low or 0) > 0
    assert report(rows, Context(period, np.ones(3_000, dtype=bool)), seed=1, resamples=40).ahead is None


@pytest.mark.parametrize(
    ("ratio", "slope", "auc", "verdict"),
    [
        ((1.0, 0.97, 1.03), (1.0, 0.95, 1.05), (0.72, 0.7, 0.74), HOLDS),
        ((0.93, 0.91, 0.96), (1.0, 0.95, 1.05), (0.72, 0.7, 0.74), DOUBTFUL),
        ((0.87, 0.84, 0.89), (1.0, 0.95, 1.05), (0.72, 0.7, 0.74), FAILS),
        ((1.0, 0.97, 1.03), (0.41, 0.3, 0.5), (0.72, 0.7, 0.74), FAILS),
        ((1.0, 0.97, 1.03), (1.0, 0.95, 1.05), (0.58, 0.56, 0.6), FAILS),
        ((1.0, 0.97, 1.03), (1.0, 0.95, 1.05), (0.64, 0.62, 0.66), DOUBTFUL),
        ((1.0, 0.8, 1.2), (1.0, 0.95, 1.05), (0.72, 0.7, 0.74), UNKNOWN),
    ],
)
def test_a_model_carries_over_or_not(
    ratio: tuple[float, float, float], slope: tuple[float, float, float], auc: tuple[float, float, float], verdict: str
) -> None:
    any_ = Interval(0.1, 0.1, 0.1)
    found = Skill(100, 20, 0.2, Interval(*auc), any_, any_, any_, Interval(*ratio), Interval(*slope), any_, any_)
    assert carry_over(found, Interval(0.72, 0.71, 0.73)).verdict == verdict
    assert CarryOver(HOLDS, UNKNOWN, FAILS).verdict == FAILS
