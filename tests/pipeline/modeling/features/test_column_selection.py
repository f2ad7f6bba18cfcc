"""Columns that tell the date are left out of short files, and come back in long ones; idle ones always are."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pipeline.modeling.features.build import build
from pipeline.modeling.features.column_selection import (
    TELLS_DATE,
    correlation_ratio,
    days_of_a_value,
    told_columns,
    useful_columns,
)
from pipeline.modeling.features.prediction_time import event_days
from pipeline.products.no_show import PRODUCT
from tests.pipeline.modeling.appointments import crowded


def chosen(rows: pd.DataFrame) -> list[str]:
    rows = rows[rows["outcome"].notna()].reset_index(drop=True)
    made = build(rows, PRODUCT)
    return useful_columns(made.columns, event_days(rows, PRODUCT), made.factor_of, PRODUCT)


def test_the_day_of_the_month_is_the_date_in_a_month_and_not_in_a_year() -> None:
    assert "calendar__month_day" not in chosen(crowded(300, 1, days=28))
    assert "calendar__month_day" not in chosen(crowded(900, 1, days=110)), "each value came on three or four days"
    assert "calendar__month_day" in chosen(crowded(900, 1, days=360))
    assert "history__days_observed" not in chosen(crowded(900, 1, days=360))  # it still grows
    assert "history__days_observed" in chosen(crowded(900, 1, days=1000))  # the window is full
    for days in (28, 360):
        assert {"calendar__weekday", "lead_time__days", "history__rate"} <= set(chosen(crowded(300, 2, days=days)))


def test_a_field_with_one_value_gives_nothing() -> None:
    rows = crowded(300, 3, days=60)
    rows["health_plan"] = pd.Categorical(["SUS"] * len(rows))
    found = set(chosen(rows))
    assert not [name for name in found if name.startswith("health_plan")]
    assert {"unit__is_0", "unit__is_1", "history__rate"} <= found


def test_rates_of_values_are_told_and_not_learnt_from() -> None:
    """A rate that rolls differs from day to day: trees would read the date in it."""
    rows = crowded(300, 3, days=60)
    told = told_columns(PRODUCT)
    assert {"unit__rate", "unit__seen", "procedure__rate"} <= told <= set(build(rows, PRODUCT).columns)
    assert not told & set(chosen(rows)) and "history__rate" not in told


def test_an_absent_field_gives_nothing() -> None:
    rows = crowded(300, 4, days=60)
    assert [c for c in chosen(rows) if c.startswith("other_bookings")]
    rows["patient_id"] = pd.Categorical([None] * len(rows))
    assert not [c for c in chosen(rows) if c.startswith("other_bookings")]


def test_holidays_are_learnt_from_once_there_were_several() -> None:
    for days, learnt in ((110, False), (720, True)):
        found = [name for name in chosen(crowded(4000, 1, days=days)) if name.startswith("holiday")]
        assert ("holiday__to_next" in found) is learnt and bool(found) is learnt


def test_days_of_a_value_leaves_the_most_common_one_out() -> None:
    values, day = np.array([15.0, 15, 15, 3, 3, 3, 2]), np.array([1, 2, 3, 4, 4, 5, 6])
    assert days_of_a_value(values, day) == 2
    assert days_of_a_value(np.ones(3), np.arange(3)) == 0


@pytest.mark.parametrize("seed", range(3))
def test_correlation_ratio_is_that_of_the_definition(seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = rng.integers(0, 5, 200).astype(float)
    values[rng.random(200) < 0.2] = np.nan
    day = rng.integers(0, 40, 200) + np.nan_to_num(values).astype(np.int64) * 5
    between = sum(
        len(d) * (d.mean() - day.mean()) ** 2
        for d in [day[np.isnan(values)], *(day[values == v] for v in np.unique(values[~np.isnan(values)]))]
    )
    assert correlation_ratio(values, day) == pytest.approx(between / ((day - day.mean()) ** 2).sum())
    assert correlation_ratio(day.astype(float), day) == pytest.approx(1) and TELLS_DATE < 1
    assert correlation_ratio(values, np.full(200, 7)) == 0
