"""What two factors do together: shap's own values, exact sums, and no answer where trees are not read."""

from __future__ import annotations

import lightgbm as lgb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.insight.groups.pairs import frame_of
from pipeline.modeling import interactions
from pipeline.modeling.explanation import explain
from tests.pipeline.modeling.small_models import COLUMNS, FACTOR_OF, boosters_of, table_of

SLOPE, INTERCEPT = 0.9, -0.15
APART = {name: name for name in COLUMNS}


@pytest.fixture(scope="module")
def boosters() -> tuple[lgb.Booster, ...]:
    return boosters_of(2)


def _by_shap(boosters: tuple[lgb.Booster, ...], table: pd.DataFrame) -> np.ndarray:
    import shap  # here: it loads matplotlib, in each worker

    values = [shap.TreeExplainer(booster).shap_interaction_values(table) for booster in boosters]
    return SLOPE * np.mean([v[-1] if isinstance(v, list) else v for v in values], axis=0)


def test_the_values_are_shaps_column_by_column(boosters: tuple[lgb.Booster, ...]) -> None:
    table = table_of(120, seed=11)  # with missing values
    theirs = _by_shap(boosters, table)
    found = interactions.joint(boosters, table, APART, SLOPE, np.ones(len(table)))
    assert found is not None and len(found.pairs) == 3
    for (one, other), points in zip(found.pairs, found.points.T, strict=True):
        expected = 2 * theirs[:, COLUMNS.index(one), COLUMNS.index(other)]
        np.testing.assert_allclose(points, expected, rtol=0, atol=1e-9)
    assert np.abs(found.points).max() > 0.01


def test_what_a_factor_does_alone_is_shaps_too(boosters: tuple[lgb.Booster, ...]) -> None:
    table = table_of(60, seed=12)
    factor_of = FACTOR_OF | {"noise": "unit"}
    explained = explain(boosters, table, factor_of, SLOPE, INTERCEPT)
    found = interactions.joint(boosters, table, factor_of, SLOPE, explained.rate)
    alone = frame_of(np.arange(60), explained.points, found)["alone:unit"]
    unit = [COLUMNS.index("unit_rate"), COLUMNS.index("noise")]  # two columns of one factor: its own affair
    theirs = _by_shap(boosters, table)[:, unit][:, :, unit].sum(axis=(1, 2)) * explained.rate
    np.testing.assert_allclose(alone, theirs, rtol=0, atol=1e-6)


@given(size=st.integers(1, 150), seed=st.integers(0, 999), slope=st.floats(0.2, 2))
@settings(max_examples=20, deadline=None)
def test_alone_and_half_of_each_pair_are_the_factors_points(
    boosters: tuple[lgb.Booster, ...], size: int, seed: int, slope: float
) -> None:
    table = table_of(size, seed)
    explained = explain(boosters, table, FACTOR_OF, slope, INTERCEPT)
    found = interactions.joint(boosters, table, FACTOR_OF, slope, explained.rate)
    kept = frame_of(np.arange(size), explained.points, found)
    both = kept[[name for name in kept if name.startswith("both:")]]
    for factor in ("lead_time", "unit", "noise"):
        own = [name for name in both if factor in name.removeprefix("both:").split("|")]
        total = kept[f"alone:{factor}"] + both[own].sum(axis=1) / 2
        np.testing.assert_allclose(total, explained.points[factor], rtol=0, atol=1e-6)
    whole = kept.drop(columns="row").sum(axis=1)
    np.testing.assert_allclose(whole, explained.risk - explained.reference, rtol=0, atol=1e-6)


def test_rows_are_as_many_as_the_work_allows(
    boosters: tuple[lgb.Booster, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    table, rate = table_of(200, seed=13), np.full(200, 0.1)
    whole = interactions.joint(boosters, table, FACTOR_OF, SLOPE, rate)
    monkeypatch.setattr(interactions, "WORK", 1)
    few = interactions.joint(boosters, table, FACTOR_OF, SLOPE, rate)
    assert len(whole.points) == 200 and 0 < len(few.points) < 200
    np.testing.assert_array_equal(few.points, whole.points[: len(few.points)])


def test_trees_that_split_otherwise_are_not_guessed_at() -> None:
    table = table_of(600, seed=14)
    label = (table["lead_days"].fillna(0) > 20).astype(int)
    parameters = {"objective": "binary", "verbose": -1, "num_threads": 1, "num_leaves": 4}
    named = table.assign(noise=(table["noise"] * 3).round().astype("category"))
    by_name = lgb.train(
        parameters, lgb.Dataset(named, (named["noise"].cat.codes % 2).to_numpy(), params={"min_data_per_group": 5}), 4
    )
    zero = lgb.train(parameters | {"zero_as_missing": True}, lgb.Dataset(table.fillna(0), label), 4)
    rate = np.ones(600)
    for booster in (by_name, zero):
        assert interactions.joint((booster,), table.astype("float64"), APART, SLOPE, rate) is None


def test_leaves_that_differ_from_lightgbms_give_no_answer(
    boosters: tuple[lgb.Booster, ...], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    table = table_of(60, seed=15)
    true_margin = interactions.raw_margin
    monkeypatch.setattr(interactions, "raw_margin", lambda *given: true_margin(*given) + 0.001)
    assert interactions.joint(boosters, table, FACTOR_OF, SLOPE, np.ones(60)) is None
    assert "no interactions" in caplog.text
    assert frame_of(np.arange(60), pd.DataFrame(index=range(60)), None).empty


def test_trees_of_one_leaf_act_on_nothing() -> None:
    table = table_of(50, seed=16)
    stump = lgb.train(
        {"objective": "binary", "verbose": -1, "num_threads": 1, "min_data_in_leaf": 1_000},
        lgb.Dataset(table, np.arange(50) % 2),
        3,
    )
    found = interactions.joint((stump,), table, FACTOR_OF, SLOPE, np.ones(50))
    assert found is not None and found.pairs == () and found.points.shape == (50, 0)
