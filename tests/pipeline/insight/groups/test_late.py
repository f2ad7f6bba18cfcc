"""Late cancellations: an outcome of their own, counted among what still stood, and never among the product's events."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from pipeline.insight.groups import late
from pipeline.insight.groups.counts import Filters
from pipeline.products.no_show import PRODUCT
from tests.pipeline.modeling.clinics import clinic

N, WITHIN = 400, 2


def given_up(ahead: list[int | None]) -> pd.DataFrame:
    """Appointments of which the first are given up so many days before their day; None: nobody knows when."""
    rows = clinic(N, 1).rows
    state = rows["state"].to_numpy(dtype=object)
    state = np.where(state == "excluded", "non_event", state)
    state[: len(ahead)] = "excluded"
    outcome = np.select([state == "event", state == "non_event"], [1.0, 0.0], np.nan)
    day = np.full(len(rows), np.datetime64("NaT", "us"))
    for place, days in enumerate(ahead):
        if days is not None:
            day[place] = rows["scheduled_date"].iloc[place] - np.timedelta64(days, "D")
    states = rows["state"].cat.categories
    return rows.assign(state=pd.Categorical(state, states), outcome=outcome, cancelled_date=day)


@given(st.lists(st.none() | st.integers(-3, 20), max_size=60))
def test_every_booking_that_was_given_up_is_late_or_earlier_or_undated(ahead: list[int | None]) -> None:
    rows = given_up(ahead)
    found = late.overview(rows, PRODUCT, Filters(), WITHIN)
    if all(days is None for days in ahead):
        assert found is None
        return
    assert found is not None and found.rate is not None
    assert found.late == sum(days is not None and 0 <= days <= WITHIN for days in ahead)
    assert found.undated == sum(days is None for days in ahead)
    assert found.late + found.earlier + found.undated == len(ahead)
    assert found.rows == N - len(ahead) + found.late
    assert found.rate.value == found.late / found.rows


def test_groups_add_up_and_are_ranked() -> None:
    found = late.overview(given_up([1] * 40 + [9] * 20), PRODUCT, Filters(), WITHIN)
    assert found is not None
    units = dict(found.groups)["unit"]
    assert [g.rate.value for g in units] == sorted((g.rate.value for g in units), reverse=True)
    assert sum(g.late for g in units) <= 40 and sum(g.rows for g in units) <= found.rows


def test_a_file_that_does_not_tell_when_says_nothing() -> None:
    assert late.overview(clinic(N, 1).rows, PRODUCT, Filters()) is None
