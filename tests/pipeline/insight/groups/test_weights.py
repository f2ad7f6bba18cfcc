"""How factors weigh on rows: the spread ties up, values are told where kept, and no few rows are ever shown alone."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.insight.groups import weights
from pipeline.insight.groups.overview import Filters
from pipeline.modeling.model import OutOfFoldPredictions
from pipeline.products.no_show import PRODUCT
from pipeline.records.weights import HIGH, LEAST_SHOWN, LOW, NO_BAND
from tests.pipeline.modeling.appointments import crowded

FACTORS = ("lead_time", "unit", "age", "history", "calendar")


def past_of(rows: pd.DataFrame, seed: int = 0) -> OutOfFoldPredictions:
    rng = np.random.default_rng(seed)
    points = pd.DataFrame(rng.normal(0, 0.02, (len(rows), len(FACTORS))), columns=list(FACTORS)).astype("float32")
    lead = (rows["scheduled_date"] - rows["contact_date"]).dt.days.fillna(5).to_numpy()
    points["lead_time"] = (0.01 * (lead - 5)).astype("float32")
    risk = 0.2 + points.sum(axis=1).to_numpy(dtype=np.float64)
    return OutOfFoldPredictions(rows["row"].to_numpy(), risk, np.full(len(rows), 0.2), points)


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    return crowded(600, 1)


def test_the_strongest_come_first_and_every_row_is_shown_or_counted(rows: pd.DataFrame) -> None:
    found = weights.spread(rows, past_of(rows), PRODUCT, Filters())
    assert found is not None and found.factors[0].factor == "lead_time" and found.rows == len(rows)
    assert [f.mean_abs for f in found.factors] == sorted((f.mean_abs for f in found.factors), reverse=True)
    shown = sum(cell.rows for f in found.factors for cell in f.cells)
    assert shown + found.left_out == len(rows) * len(found.factors)
    assert found.valued == ("lead_time", "unit", "calendar") or set(found.valued) == {"lead_time", "unit", "calendar"}


def test_longer_leads_are_the_darker_dots_on_the_right(rows: pd.DataFrame) -> None:
    lead = weights.spread(rows, past_of(rows), PRODUCT, Filters()).factors[0]
    place = {band: np.mean([c.points for c in lead.cells if c.band == band]) for band in (LOW, HIGH)}
    assert place[LOW] < 0 < place[HIGH]


def test_protected_factors_have_no_values(rows: pd.DataFrame) -> None:
    found = weights.spread(rows, past_of(rows), PRODUCT, Filters())
    age = next(f for f in found.factors if f.factor == "age")
    assert {cell.band for cell in age.cells} == {NO_BAND} and "age" not in found.valued
    assert weights.dependence(rows, past_of(rows), PRODUCT, "age", Filters()) is None
    assert weights.dependence(rows, past_of(rows), PRODUCT, "history", Filters()) is None


def test_points_against_values_are_the_means_of_the_rows(rows: pd.DataFrame) -> None:
    past = past_of(rows)
    found = weights.dependence(rows, past, PRODUCT, "lead_time", Filters())
    lead = (rows["scheduled_date"] - rows["contact_date"]).dt.days
    assert found.unit == "days" and found.missing.rows == lead.isna().sum()
    for item in found.bins:
        inside = lead.between(item.low, item.high).to_numpy()
        assert item.rows == inside.sum() and item.mean == pytest.approx(
            past.points["lead_time"][inside].mean(), abs=1e-6
        )
    units = weights.dependence(rows, past, PRODUCT, "unit", Filters())
    assert {b.value for b in units.bins} == {"Sé", "SÉ", "Norte"} and units.unit == ""
    assert [b.mean for b in units.bins] == sorted((b.mean for b in units.bins), reverse=True)


def test_a_group_has_its_own_spread_and_a_handful_none(rows: pd.DataFrame) -> None:
    one = Filters(values={"unit": ("Norte",)})
    found = weights.spread(rows, past_of(rows), PRODUCT, one)
    assert found.rows == (rows["unit"] == "Norte").sum() < len(rows)
    assert weights.spread(rows.head(30), past_of(rows.head(30)), PRODUCT, Filters()) is None
    assert weights.dependence(rows.head(30), past_of(rows.head(30)), PRODUCT, "unit", Filters()) is None


@given(size=st.integers(60, 160), seed=st.integers(0, 99))
@settings(max_examples=15, deadline=None)
def test_no_few_rows_are_shown(size: int, seed: int) -> None:
    few = crowded(size, seed, days=90)
    past = past_of(few, seed)
    found = weights.spread(few, past, PRODUCT, Filters())
    assert all(cell.rows >= LEAST_SHOWN for f in found.factors for cell in f.cells)
    for factor in found.valued:
        told = weights.dependence(few, past, PRODUCT, factor, Filters())
        bins = [*told.bins, *([told.missing] if told.missing else [])]
        assert all(item.rows >= LEAST_SHOWN for item in bins)
        assert sum(item.rows for item in bins) + told.left_out == size
