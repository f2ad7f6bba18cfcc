"""Rates over time: by month, or by week where the data are short, and the period before the chosen one.

A date that a typing error threw centuries away must not stretch an axis: what lies far outside the bulk of the
dates is counted as such and left out here, and here alone.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from pipeline.contract import Product
from pipeline.insight.groups.counts import (
    NO_DATE,
    Filters,
    Selection,
    Tally,
    as_date,
    as_day,
    days,
    select,
    tally,
)
from pipeline.records import EarlierPeriod, PeriodRate
from pipeline.statistics import wilson, wilson_many

SHORT = 92  # days; data of fewer are shown by week
_TAIL = 0.02  # of the dates, at each end, before distance is judged
_MONDAY = 3  # 1 January 1970 was a Thursday, three days after one


def bulk(day: np.ndarray) -> tuple[int, int] | None:
    """First and last day without what lies farther out than the bulk is
    long (and than a quarter); None without dates.
    """
    dated = day[day > NO_DATE]
    if not len(dated):
        return None
    places = int(np.ceil(_TAIL * (len(dated) - 1))), int(np.floor((1 - _TAIL) * (len(dated) - 1)))
    low, high = (int(edge) for edge in np.partition(dated, places)[list(places)])
    reach = max(high - low, SHORT)
    inside = dated[(dated >= low - reach) & (dated <= high + reach)]
    return int(inside.min()), int(inside.max())


def bulk_of(days: np.ndarray, counts: np.ndarray) -> tuple[int, int] | None:
    """`bulk` of days that are counted: the distinct ones, rising, and how many rows each has."""
    there = (days > NO_DATE) & (counts > 0)
    told, upto = days[there], np.cumsum(counts[there])
    if not len(told):
        return None
    rows = int(upto[-1])
    places = int(np.ceil(_TAIL * (rows - 1))), int(np.floor((1 - _TAIL) * (rows - 1)))
    low, high = (int(told[np.searchsorted(upto, place, side="right")]) for place in places)
    reach = max(high - low, SHORT)
    inside = told[(told >= low - reach) & (told <= high + reach)]
    return int(inside[0]), int(inside[-1])


def dates(rows: pd.DataFrame, product: Product) -> tuple[dt.date | None, dt.date | None]:
    """The same for the rows of a data set, as dates."""
    found = bulk(days(rows[product.time.key]))
    return (as_date(found[0]), as_date(found[1])) if found else (None, None)


def outside(chosen: Selection, found: tuple[int, int] | None) -> int:
    """Rows with a date that lies outside the bulk."""
    return int(((chosen.day > NO_DATE) & ~_within(chosen.day, found)).sum()) if found else 0


def by_period(
    chosen: Selection, found: tuple[int, int] | None
) -> tuple[tuple[PeriodRate, ...], tuple[tuple[str, float], ...]]:
    """Observed and predicted by month (`2026-03`),
    or by week (its Monday, `2026-03-02`) where the bulk of dates is short.
    """
    if found is None:
        return (), ()
    inside = _within(chosen.day, found)
    of_day, names = calendar(*found)
    codes = np.where(inside, of_day[np.where(inside, chosen.day - found[0], 0)], -1)
    return _told(names, tally(chosen, codes, len(names)))


def by_period_of(
    days: np.ndarray, sums: Tally, found: tuple[int, int] | None
) -> tuple[tuple[PeriodRate, ...], tuple[tuple[str, float], ...]]:
    """`by_period` of what was summed by day (`days`: rising)."""
    if found is None:
        return (), ()
    inside = _within(days, found)
    of_day, names = calendar(*found)
    code = of_day[days[inside] - found[0]]

    def total(values: np.ndarray) -> np.ndarray:
        return np.bincount(code, values[inside], minlength=len(names))

    return _told(
        names, Tally(total(sums.rows), total(sums.known), total(sums.events), total(sums.scored), total(sums.risk))
    )


def _told(names: list[str], sums: Tally) -> tuple[tuple[PeriodRate, ...], tuple[tuple[str, float], ...]]:
    rates = wilson_many(sums.events, sums.known)
    periods = tuple(
        PeriodRate(name, int(n), int(known), int(events), rate)
        for name, n, known, events, rate in zip(names, sums.rows, sums.known, sums.events, rates, strict=True)
        if n
    )
    predicted = tuple(
        (name, float(risk / scored)) for name, risk, scored in zip(names, sums.risk, sums.scored, strict=True) if scored
    )
    return periods, predicted


def _within(day: np.ndarray, found: tuple[int, int]) -> np.ndarray:
    return (day >= found[0]) & (day <= found[1])


def calendar(first: int, last: int) -> tuple[np.ndarray, list[str]]:
    """For each day from first to last the code of its period, and the periods' names."""
    every = np.arange(first, last + 1)
    if last - first + 1 < SHORT:
        week = (every + _MONDAY) // 7
        return week - week[0], [as_date(int(w) * 7 - _MONDAY).isoformat() for w in range(week[0], week[-1] + 1)]
    month = every.astype("datetime64[D]").astype("datetime64[M]")
    code = (month - month[0]).astype(np.int64)
    return code, [str(month[0] + i) for i in range(int(code[-1]) + 1)]


def before(rows: pd.DataFrame, product: Product, filters: Filters) -> EarlierPeriod | None:
    """The same filters over as many days before the chosen period; None where the data don't reach back that far."""
    known = bulk(days(rows[product.time.key])) if filters.first_date is not None else None
    span = earlier_span(known, filters)
    if span is None:
        return None
    earlier = select(rows, None, product, Filters(*span, filters.values))
    return earlier_of(span, int(earlier.known.sum()), int(earlier.event.sum()))


def earlier_span(known: tuple[int, int] | None, filters: Filters) -> tuple[dt.date, dt.date] | None:
    """First and last day of the period before the chosen one; None where there is none, or data reach not so far."""
    if known is None or filters.first_date is None:
        return None
    first, last = as_day(filters.first_date), known[1] if filters.last_date is None else as_day(filters.last_date)
    start = first - (last - first + 1)
    return None if last < first or start < known[0] else (as_date(start), as_date(first - 1))


def earlier_of(span: tuple[dt.date, dt.date], known: int, events: int) -> EarlierPeriod | None:
    """What came in the period before."""
    rate = wilson(events, known)
    return EarlierPeriod(*span, known, rate) if rate else None
