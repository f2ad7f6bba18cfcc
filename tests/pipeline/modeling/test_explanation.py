"""Points of risk: exact sums, the same values whichever way they are computed, and the columns by name."""

import lightgbm as lgb
import numpy as np
import pandas as pd
import pytest

from pipeline.errors import IncompatibleBundle
from pipeline.modeling import explanation
from pipeline.modeling.explanation import explain, predict
from tests.pipeline.modeling.small_models import FACTOR_OF, boosters_of, table_of
from tests.refusals import refused

SLOPE, INTERCEPT = 0.9, -0.15


@pytest.fixture(scope="module")
def boosters() -> tuple[lgb.Booster, ...]:
    return boosters_of(2)


def test_points_sum_to_risk_minus_reference_exactly(boosters):
    table = table_of(400, seed=3)
    found = explain(boosters, table, FACTOR_OF, SLOPE, INTERCEPT)
    np.testing.assert_allclose(found.points.sum(axis=1), found.risk - found.reference, rtol=0, atol=1e-9)
    np.testing.assert_allclose(found.risk, predict(boosters, table, SLOPE, INTERCEPT), rtol=0, atol=1e-12)
    assert list(found.points.columns) == ["lead_time", "unit", "noise"]


def test_points_follow_the_formula(boosters):
    table = table_of(50, seed=4)
    found = explain(boosters, table, FACTOR_OF, SLOPE, INTERCEPT)
    phi = np.mean([b.predict(table, pred_contrib=True) for b in boosters], axis=0)
    z0 = INTERCEPT + SLOPE * phi[0, -1]
    z = INTERCEPT + SLOPE * phi.sum(axis=1)
    p, p0 = 1 / (1 + np.exp(-z)), 1 / (1 + np.exp(-z0))
    assert found.reference == pytest.approx(p0, abs=1e-12)
    lead = SLOPE * phi[:, [0, 3]].sum(axis=1) * (p - p0) / (z - z0)
    np.testing.assert_allclose(found.points["lead_time"], lead, atol=1e-9)


def test_where_the_risk_is_the_reference_the_limit_is_taken():
    phi = np.array([[0.5, -0.5], [0.5, -0.5 + 1e-9]])
    z = np.array([-1.0, -1.0 + 1e-9])
    p = 1 / (1 + np.exp(-z))
    points = explanation._as_points(phi.copy(), explanation._rate(z, -1.0), p - p[0])
    np.testing.assert_allclose(points, phi * (p * (1 - p))[:, None], atol=1e-8)


def test_many_rows_get_the_same_points_as_few(boosters, capfd):
    table = table_of(explanation.MANY_ROWS, seed=5)
    many = explain(boosters, table, FACTOR_OF, SLOPE, INTERCEPT)
    few = explain(boosters, table.iloc[:300], FACTOR_OF, SLOPE, INTERCEPT)
    np.testing.assert_allclose(many.points[:300], few.points, atol=1e-5)
    np.testing.assert_allclose(many.points.sum(axis=1), many.risk - many.reference, rtol=0, atol=1e-9)
    assert capfd.readouterr() == ("", "")  # woodelf prints and draws bars unless told not to


def test_a_woodelf_that_errs_is_noticed_and_replaced(boosters, monkeypatch, caplog):
    table = table_of(explanation.MANY_ROWS, seed=6)
    good = explain(boosters, table, FACTOR_OF, SLOPE, INTERCEPT)
    true_values = explanation._woodelf_shap

    def wrong(booster, frame):
        values = true_values(booster, frame)
        return values + np.where(np.arange(values.shape[1]) == 0, 0.001, 0.0)

    monkeypatch.setattr(explanation, "_woodelf_shap", wrong)
    found = explain(boosters, table, FACTOR_OF, SLOPE, INTERCEPT)
    assert "pred_contrib" in caplog.text
    np.testing.assert_allclose(found.points, good.points, atol=1e-5)


def test_columns_are_taken_by_name_not_by_place(boosters):
    table = table_of(100, seed=7)
    shuffled = table[table.columns[::-1]].assign(extra=1.0)
    np.testing.assert_array_equal(
        predict(boosters, table, SLOPE, INTERCEPT), predict(boosters, shuffled, SLOPE, INTERCEPT)
    )


def test_a_missing_column_is_said(boosters):
    with refused(IncompatibleBundle, match="lead_days"):
        predict(boosters, table_of(10).drop(columns="lead_days"), SLOPE, INTERCEPT)


def test_no_rows_give_no_risks(boosters):
    found = explain(boosters, table_of(10).iloc[:0], FACTOR_OF, SLOPE, INTERCEPT)
    assert len(found.risk) == len(found.points) == 0


def test_one_thread_is_honoured_as_an_option(boosters):
    table = table_of(20)
    pd.testing.assert_frame_equal(
        explain(boosters, table, FACTOR_OF, SLOPE, INTERCEPT, whole=explanation.Whole.of(20, 1)).points,
        explain(boosters, table, FACTOR_OF, SLOPE, INTERCEPT).points,
    )


@pytest.mark.parametrize("rows", [400, explanation.MANY_ROWS + 100])
def test_a_row_has_the_same_bits_in_any_part_of_the_whole(boosters, rows):
    table = table_of(rows, seed=8)
    all_of_it = explain(boosters, table, FACTOR_OF, SLOPE, INTERCEPT)
    for part in (slice(0, 1), slice(1, 8), slice(5, rows, 3)):
        whole = explanation.Whole(rows, np.arange(rows)[part])
        found = explain(boosters, table.iloc[part], FACTOR_OF, SLOPE, INTERCEPT, whole=whole)
        assert found.points.to_numpy().tobytes() == all_of_it.points.to_numpy()[part].tobytes()
        assert found.risk.tobytes() == all_of_it.risk[part].tobytes() and found.agreed


def test_the_rows_that_are_compared_are_the_same_in_any_part():
    rows = 10_000
    numbers = np.arange(2, rows + 2)
    whole = explanation.Whole(rows, numbers)
    parts = [explanation.Whole(rows, numbers[start::3]) for start in range(3)]
    found = np.sort(np.concatenate([part.numbers[part.compared] for part in parts]))
    assert (found == numbers[whole.compared]).all() and len(found) >= explanation.SAMPLE_ROWS
