"""Smoothed rates of the values of a field and the load of a unit's day, from what was known at the moment."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from pipeline.folding import fold
from pipeline.modeling.features.aggregates import LEAST_NAMED, RateTable, smoothed
from pipeline.modeling.features.patient_history import day_codes_of
from pipeline.modeling.features.prediction_time import NO_DAY
from pipeline.modeling.features.timeline import Timeline
from pipeline.modeling.features.window_counter import WindowCounter, pair


def rate_columns(line: Timeline, field: str, window: int, table: RateTable | None) -> dict[str, np.ndarray]:
    """How far the value's smoothed rate lies above the overall one, and the log of its share of the known outcomes.

    Both from `table` in scoring, rolling in training. Neither the overall rate nor the number of outcomes is let in:
    they move with time, and trees would learn the date from them.
    """
    if table is not None:
        return _from_table(line, field, table)
    codes = line.codes(field)
    when = np.where(line.known, line.event_day, NO_DAY)
    weights = np.nan_to_num(line.outcome)
    own, everyone, first = codes[: line.n], np.zeros(len(codes), dtype=np.int64), line.moment - window
    outcomes, events = (WindowCounter(codes, when, w).total(own, first, line.moment) for w in (None, weights))
    all_outcomes, all_events = (
        WindowCounter(everyone, when, w).total(everyone[: line.n], first, line.moment) for w in (None, weights)
    )
    prior = np.where(all_outcomes > 0, all_events / np.maximum(all_outcomes, 1), np.nan)
    usable = (own >= 0) & (all_outcomes > 0)
    return {
        "rate": np.where(usable, smoothed(events, outcomes, prior) - prior, np.nan),
        "seen": np.where(usable, _seen(outcomes, all_outcomes), np.nan),
    }


def _from_table(line: Timeline, field: str, table: RateTable) -> dict[str, np.ndarray]:
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


def rate_table(line: Timeline, field: str, end: int, window: int) -> RateTable:
    """Events and outcomes by folded value in [end − window, end); values of fewer than LEAST_NAMED outcomes are not
    named: they may be somebody's, and their rate says next to nothing.
    """
    codes, inside = line.codes(field), line.known & (line.event_day >= end - window) & (line.event_day < end)
    names = _names(line, field, codes)
    kept = inside & (codes >= 0)
    outcomes = np.bincount(codes[kept], minlength=len(names))
    events = np.bincount(codes[kept], weights=line.outcome[kept], minlength=len(names))
    return RateTable(
        {name: float(e) for name, e, o in zip(names, events, outcomes, strict=True) if o >= LEAST_NAMED},
        {name: float(o) for name, o in zip(names, outcomes, strict=True) if o >= LEAST_NAMED},
        float(np.nansum(line.outcome[inside])),
        float(inside.sum()),
    )


def _names(line: Timeline, field: str, codes: np.ndarray) -> list[str]:
    """Folded name of each code."""
    column = line.rows[field].astype("category")
    names = [""] * (int(codes.max(initial=-1)) + 1)
    own = column.cat.codes.to_numpy()
    for place, value in enumerate(column.cat.categories):
        found = np.flatnonzero(own == place)
        if len(found):
            names[codes[found[0]]] = fold(str(value))
    return names


def load_columns(line: Timeline, field: str, window: int, daily: Mapping[str, float] | None) -> dict[str, np.ndarray]:
    """Other bookings of the unit's day as known exactly one lead before it, and relative to the unit's mean day.

    Missing where the moment lies farther ahead: a day known from farther away is emptier. One lead before is
    also asked of rows booked on the day itself, so that a missing load says nothing of how a row was booked.
    """
    units, n = line.codes(field), line.n
    seen_from = line.event_day[:n] - line.product.lead_days
    made_at = np.where(line.contact_day > NO_DAY, line.contact_day, line.event_day)
    slots = pair(units, day_codes_of(line.event_day))
    known = WindowCounter(slots, made_at).total(slots[:n], np.full(n, NO_DAY + 1), seen_from) - (
        made_at[:n] < seen_from
    )
    usual = _usual(line, field, units, window, daily)
    usable = (seen_from <= line.moment) & (units[:n] >= 0) & (line.contact_day[:n] > NO_DAY)
    return {
        "bookings": np.where(usable, np.log1p(np.maximum(known, 0)), np.nan),
        "relative": np.where(usable & (usual > 0), known / np.where(usual > 0, usual, 1.0), np.nan),
    }


def _usual(line: Timeline, field: str, units: np.ndarray, window: int, daily: Mapping[str, float] | None) -> np.ndarray:
    """Mean bookings a day of each row's unit: the model's, or those before the moment."""
    if daily is not None:
        column = line.rows[field].astype("category")
        means = np.array([daily.get(fold(str(value)), np.nan) for value in column.cat.categories] + [np.nan])
        return means[column.cat.codes.to_numpy()]
    days = day_codes_of(line.event_day)
    first = np.unique(pair(units, days), return_index=True)[1]
    active = np.full(len(units), NO_DAY)
    active[first] = line.event_day[first]
    bookings = WindowCounter(units, line.event_day).total(units[: line.n], line.moment - window, line.moment)
    open_days = WindowCounter(units, active).total(units[: line.n], line.moment - window, line.moment)
    return np.where(open_days > 0, bookings / np.maximum(open_days, 1), np.nan)


def daily_table(line: Timeline, field: str, end: int, window: int) -> dict[str, float]:
    """Mean bookings a day by folded unit in [end − window, end), over the days on which it had any; units of
    fewer than LEAST_NAMED bookings are not named.
    """
    codes = line.codes(field)
    inside = (codes >= 0) & (line.event_day >= end - window) & (line.event_day < end)
    names = _names(line, field, codes)
    bookings = np.bincount(codes[inside], minlength=len(names))
    pairs = np.unique(np.stack([codes[inside], line.event_day[inside]]), axis=1)
    open_days = np.bincount(pairs[0], minlength=len(names))
    return {name: float(b / d) for name, b, d in zip(names, bookings, open_days, strict=True) if b >= LEAST_NAMED}
