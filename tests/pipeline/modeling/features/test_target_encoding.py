"""Rates and loads against loops over all bookings that read like their definitions."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pandas as pd
import pytest

from pipeline.folding import fold
from pipeline.modeling.features.aggregates import LEAST_NAMED, SMOOTHING, RateTable
from pipeline.modeling.features.overall import Overall
from pipeline.modeling.features.prediction_time import NO_DAY
from pipeline.modeling.features.surroundings import surroundings
from pipeline.modeling.features.target_encoding import (
    daily_table,
    load_columns,
    rate_columns,
    rate_table,
    table_columns,
)
from pipeline.modeling.features.timeline import Timeline, timeline
from pipeline.products.no_show import PRODUCT
from tests.pipeline.modeling.appointments import crowded

WINDOW = 12
SEEDS = pytest.mark.parametrize("seed", range(4))


def _line(seed: int) -> tuple[Timeline, list[str | None]]:
    """A timeline without history, and each row's folded unit."""
    rows = crowded(50, seed)
    return timeline(rows, None, PRODUCT, None), [None if pd.isna(u) else fold(u) for u in rows["unit"]]


def _smoothed(events: float, outcomes: float, prior: float) -> float:
    return (events + SMOOTHING * prior) / (outcomes + SMOOTHING)


@SEEDS
def test_a_rolling_rate_is_that_of_the_outcomes_known_before_the_moment(seed: int) -> None:
    line, units = _line(seed)
    around = surroundings(line)
    overall = Overall.at(line.moment, WINDOW, around.everyone)
    found = rate_columns(line, "unit", WINDOW, around.rates["unit"], overall)
    for place, unit in enumerate(units):
        moment = line.moment[place]
        before = [k for k in range(line.n) if line.known[k] and moment - WINDOW <= line.event_day[k] < moment]
        if unit is None or not before:
            assert math.isnan(found["rate"][place]) and math.isnan(found["seen"][place])
            continue
        own = [k for k in before if units[k] == unit]
        prior = sum(line.outcome[k] for k in before) / len(before)
        rate = _smoothed(sum(line.outcome[k] for k in own), len(own), prior) - prior
        assert found["rate"][place] == pytest.approx(rate, abs=1e-12)
        assert found["seen"][place] == pytest.approx(math.log(1 + 1000 * len(own) / len(before)))


@SEEDS
def test_a_table_counts_the_window_and_a_model_answers_from_it(seed: int) -> None:
    line, units = _line(seed)
    end = int(np.quantile(line.event_day, 0.8))
    around = surroundings(line)
    table = rate_table(around.rates["unit"], around.everyone, end, WINDOW)
    inside = [k for k in range(line.n) if line.known[k] and end - WINDOW <= line.event_day[k] < end]
    assert (table.all_outcomes, table.all_events) == (len(inside), sum(line.outcome[k] for k in inside))
    seen = Counter(units[k] for k in inside)
    names = {name for name, rows in seen.items() if name is not None and rows >= LEAST_NAMED}
    assert set(table.outcomes) == set(table.events) == names
    for name in names:
        own = [k for k in inside if units[k] == name]
        assert (table.outcomes[name], table.events[name]) == (len(own), sum(line.outcome[k] for k in own))
    found, prior = table_columns(line, "unit", table), table.all_events / table.all_outcomes
    for place, unit in enumerate(units):
        if unit is None:
            assert math.isnan(found["rate"][place])
        else:
            rate = _smoothed(table.events.get(unit, 0), table.outcomes.get(unit, 0), prior) - prior
            assert found["rate"][place] == pytest.approx(rate, abs=1e-12)


def test_a_value_never_met_has_the_overall_rate_and_is_said_to_be_unseen() -> None:
    line, units = _line(0)
    found = table_columns(line, "unit", RateTable({"outra": 3.0}, {"outra": 9.0}, 3.0, 9.0))
    told = [place for place, unit in enumerate(units) if unit is not None]
    np.testing.assert_allclose(found["rate"][told], 0, atol=1e-12)
    assert (found["seen"][told] == 0).all()


@SEEDS
def test_the_load_is_of_the_others_on_the_units_day_as_known_one_lead_before(seed: int) -> None:
    line, units = _line(seed)
    found = load_columns(line, "unit", WINDOW, surroundings(line).loads["unit"], None)
    made = np.where(line.contact_day > NO_DAY, line.contact_day, line.event_day)
    for place, unit in enumerate(units):
        seen_from = line.event_day[place] - PRODUCT.lead_days
        if unit is None or line.contact_day[place] == NO_DAY or seen_from > line.moment[place]:
            assert math.isnan(found["bookings"][place])
            continue
        same_day = [k for k in range(line.n) if units[k] == unit and line.event_day[k] == line.event_day[place]]
        known = sum(made[k] < seen_from for k in same_day if k != place)
        assert found["bookings"][place] == pytest.approx(math.log(1 + known))
        moment = line.moment[place]
        days = [line.event_day[k] for k in range(line.n) if units[k] == unit]
        days = [day for day in days if moment - WINDOW <= day < moment]
        if days:
            assert found["relative"][place] == pytest.approx(known / (len(days) / len(set(days))))
        else:
            assert math.isnan(found["relative"][place])


@SEEDS
def test_the_usual_day_is_the_mean_over_the_days_with_any(seed: int) -> None:
    line, units = _line(seed)
    end = int(line.event_day.max())
    found = daily_table(surroundings(line).loads["unit"], end, WINDOW)
    inside = [(u, d) for u, d in zip(units, line.event_day, strict=True) if u and end - WINDOW <= d < end]
    assert found == pytest.approx(
        {
            unit: sum(u == unit for u, _ in inside) / len({d for u, d in inside if u == unit})
            for unit, bookings in Counter(u for u, _ in inside).items()
            if bookings >= LEAST_NAMED
        }
    )
