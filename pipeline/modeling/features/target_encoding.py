"""Smoothed rates of the values of a field and the load of a unit's day, from what was known at the moment."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from pipeline.folding import fold
from pipeline.modeling.features.aggregates import LEAST_NAMED, RateTable, smoothed
from pipeline.modeling.features.day_counts import DayCounts
from pipeline.modeling.features.overall import Overall
from pipeline.modeling.features.prediction_time import NO_DAY, made_days
from pipeline.modeling.features.timeline import Timeline

Columns = dict[str, np.ndarray]


def rate_columns(line: Timeline, field: str, window: int, counted: DayCounts, overall: Overall) -> Columns:
    """How far the value's smoothed rate lies above the overall one, and the log of its share of the known outcomes,
    rolling, as in training. `counted`: known outcomes and events by value and day.

    Neither the overall rate nor the number of outcomes is let in: they move with time, and trees would learn the date
    from them.
    """
    own, prior = counted.codes(line.rows[field]), overall.rate
    _, outcomes, events = counted.within(own, line.moment - window, line.moment)
    usable = (own >= 0) & (overall.outcomes > 0)
    return {
        "rate": np.where(usable, smoothed(events, outcomes, prior) - prior, np.nan),
        "seen": np.where(usable, _seen(outcomes, overall.outcomes), np.nan),
    }


def table_columns(line: Timeline, field: str, table: RateTable) -> Columns:
    """The same from what a model keeps, as in scoring."""
    column = line.rows[field].astype("category")
    prior = table.all_events / table.all_outcomes if table.all_outcomes else np.nan
    names = [fold(str(value)) for value in column.cat.categories]
    outcomes = np.array([table.outcomes.get(name, 0.0) for name in names] + [np.nan])
    events = np.array([table.events.get(name, 0.0) for name in names] + [np.nan])
    codes = column.cat.codes.to_numpy()  # -1 takes the last place: NaN
    return {
        "rate": smoothed(events, outcomes, prior)[codes] - prior,
        "seen": _seen(outcomes, table.all_outcomes)[codes],
    }


def _seen(outcomes: np.ndarray, everyone: np.ndarray | float) -> np.ndarray:
    """log(1 + the value's share of all known outcomes, per thousand): 0 where it was never met."""
    return np.log1p(1000 * outcomes / np.maximum(everyone, 1))


def rate_table(counted: DayCounts, everyone: DayCounts, end: int, window: int) -> RateTable:
    """Events and outcomes by folded value in [end − window, end); values of fewer than LEAST_NAMED outcomes are not
    named: they may be somebody's, and their rate says next to nothing.
    """
    _, outcomes, events = counted.by_name(end - window, end)
    named = [place for place in range(len(counted.names)) if outcomes[place] >= LEAST_NAMED]
    _, all_outcomes, all_events = everyone.by_name(end - window, end).sum(axis=1)
    return RateTable(
        {counted.names[place]: float(events[place]) for place in named},
        {counted.names[place]: float(outcomes[place]) for place in named},
        float(all_events),
        float(all_outcomes),
    )


def load_columns(
    line: Timeline, field: str, window: int, counted: DayCounts, daily: Mapping[str, float] | None
) -> Columns:
    """Other bookings of the unit's day as known exactly one lead before it, and relative to the unit's mean day (of
    `daily`, where a model keeps it). `counted`: bookings by unit and day, and how many of them were known by then.

    Missing where the moment lies farther ahead: a day known from farther away is emptier. One lead before is
    also asked of rows booked on the day itself, so that a missing load says nothing of how a row was booked.
    """
    event, contact = line.event_day[: line.n], line.contact_day[: line.n]
    units = counted.codes(line.rows[field])
    seen_from = event - line.product.lead_days
    known = counted.on(units, event)[1] - (made_days(event, contact) < seen_from)
    usual = _usual(units, line.moment, window, counted) if daily is None else _mean_day(line.rows[field], daily)
    usable = (seen_from <= line.moment) & (units >= 0) & (contact > NO_DAY)
    return {
        "bookings": np.where(usable, np.log1p(np.maximum(known, 0)), np.nan),
        "relative": np.where(usable & (usual > 0), known / np.where(usual > 0, usual, 1.0), np.nan),
    }


def _mean_day(column: pd.Series, daily: Mapping[str, float]) -> np.ndarray:
    """Mean bookings a day of each row's unit, as a model keeps it."""
    column = column.astype("category")
    means = np.array([daily.get(fold(str(value)), np.nan) for value in column.cat.categories] + [np.nan])
    return means[column.cat.codes.to_numpy()]


def _usual(units: np.ndarray, moment: np.ndarray, window: int, counted: DayCounts) -> np.ndarray:
    """Mean bookings a day of each row's unit within the window before the moment, over the days that had any."""
    open_days, bookings, _ = counted.within(units, moment - window, moment)
    return np.where(open_days > 0, bookings / np.maximum(open_days, 1), np.nan)


def daily_table(counted: DayCounts, end: int, window: int) -> dict[str, float]:
    """Mean bookings a day by folded unit in [end − window, end), over the days on which it had any; units of
    fewer than LEAST_NAMED bookings are not named.
    """
    open_days, bookings, _ = counted.by_name(end - window, end)
    return {
        name: float(b / d) for name, b, d in zip(counted.names, bookings, open_days, strict=True) if b >= LEAST_NAMED
    }
