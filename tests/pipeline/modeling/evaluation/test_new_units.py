"""What the next unit can expect: from rows of units that a model had not seen."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from pipeline.modeling.evaluation.new_units import LeftOut, new_unit_test, next_level
from pipeline.modeling.evaluation.skill import Judged
from pipeline.modeling.evaluation.splits import Column
from pipeline.statistics import prediction_interval


def units_of(levels: np.ndarray, rows: int, seed: int) -> tuple[Judged, Column, np.ndarray]:
    """Rows of units whose log-odds lie apart by `levels`, judged by who does not know these; the true risks."""
    rng = np.random.default_rng(seed)
    code = np.repeat(np.arange(len(levels)), rows)
    z = rng.normal(-1.2, 0.6, len(code))
    true = expit(z + levels[code])
    outcome = (rng.random(len(code)) < true).astype(float)
    names = tuple(f"Unidade {i}" for i in range(len(levels)))
    return Judged(expit(z), outcome, np.full(len(code), -1)), Column("unit", code, names), true


def test_the_next_unit_lies_in_the_span_about_nineteen_times_in_twenty() -> None:
    inside = []
    for seed in range(60):
        levels = np.random.default_rng(1_000 + seed).normal(0, 0.4, 13)
        judged, units, _ = units_of(levels, 500, seed)
        told = next_level(judged.taken(units.codes < 12), units.taken(units.codes < 12))
        last = judged.taken(units.codes == 12)
        assert told is not None and told.low is not None and told.high is not None
        inside.append(told.low <= last.outcome.sum() / last.risk.sum() <= told.high)
    assert np.mean(inside) >= 0.85


def test_who_knows_the_units_is_beside_and_the_gaps_are_paired() -> None:
    judged, units, true = units_of(np.array([1.2, -1.2, 0.8, -0.8, 0.0, 0.4]), 600, 3)
    found = new_unit_test(LeftOut(judged, true, units, None, None, 5), seed=1)
    assert found.units == 6 and not found.ahead and found.unseen.rows == 3_600
    assert found.auc_gap.high is not None and found.auc_gap.high < 0 < (found.brier_gap.low or 0)
    assert found.level is not None and found.level_known is not None
    assert (found.level.high or 0) - (found.level.low or 0) > 2 * (
        (found.level_known.high or 0) - (found.level_known.low or 0)
    )
    told = {group.value: group.told for group in found.by_unit.groups}
    assert told["Unidade 0"] == "less" and told["Unidade 1"] == "more"
    assert not any(group.told for group in found.by_unit_known.groups)


def test_rows_booked_on_the_day_are_left_aside_where_they_can_be_told() -> None:
    judged, units, true = units_of(np.zeros(6), 400, 4)
    ahead = np.arange(2_400) % 3 > 0
    found = new_unit_test(LeftOut(judged, true, units, ahead, None, 5), seed=1)
    assert found.ahead and found.unseen.rows == int(ahead.sum())


def test_few_units_tell_no_span() -> None:
    judged, units, _ = units_of(np.zeros(4), 400, 5)
    assert next_level(judged, units) is None


def test_places_that_do_not_differ_make_a_span_of_chance_alone() -> None:
    even = prediction_interval(np.array([0.1, 0.1, 0.1, 0.1]), np.full(4, 0.01))
    assert even.value == pytest.approx(0.1)
    apart = prediction_interval(np.array([-1.0, 1.0, -1.0, 1.0]), np.full(4, 0.01))
    assert even.high is not None and apart.high is not None and apart.high > 4 * even.high
