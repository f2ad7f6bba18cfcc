"""When the invented clinics are open: business days and Saturday mornings, never Sundays or national holidays.

Days are whole days since 1970 (numpy's datetime64[D] as integers). The reference date is fixed, so that a
sample never depends on the clock.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

REFERENCE = dt.date(2026, 11, 23)
_EPOCH = dt.date(1970, 1, 1)
_FIXED = ((1, 1), (4, 21), (5, 1), (9, 7), (10, 12), (11, 2), (11, 15), (11, 20), (12, 25))
_FROM_EASTER = (-48, -47, -2, 60)  # Carnival Monday and Tuesday, Good Friday, Corpus Christi
_BUSY_DAYS = (1.10, 1.08, 1.05, 1.00, 0.90, 0.32, 0.0)  # Monday … Sunday
_BUSY_MONTHS = (0.88, 0.92, 1.06, 1.04, 1.05, 1.00, 0.93, 1.06, 1.05, 1.08, 1.05, 0.80)

SLOTS = tuple(f"{minute // 60:02d}:{minute % 60:02d}" for minute in range(7 * 60, 19 * 60, 20))
SATURDAY_SLOTS = 15  # the first ones: 07:00 to 11:40
_BUSY_HOURS = {7: 0.9, 8: 1.2, 9: 1.3, 10: 1.3, 11: 1.0, 12: 0.4, 13: 0.8, 14: 1.1, 15: 1.1, 16: 1.0, 17: 0.8, 18: 0.4}


def day_number(date: dt.date) -> int:
    """Days since 1970-01-01."""
    return (date - _EPOCH).days


def easter(year: int) -> dt.date:
    """Easter Sunday in the Gregorian calendar (the anonymous algorithm, Nature 1876)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    month, day = divmod(h + m - 7 * ((a + 11 * h + 22 * m) // 451) + 114, 31)
    return dt.date(year, month, day + 1)


def holidays(years: range) -> Ints:
    """Sorted day numbers on which the whole network is closed."""
    found = [day_number(dt.date(year, month, day)) for year in years for month, day in _FIXED]
    found += [day_number(easter(year)) + shift for year in years for shift in _FROM_EASTER]
    return np.array(sorted(found), dtype=np.int64)


def weekday(days: Ints) -> Ints:
    """0 is Monday (1970-01-01 was a Thursday)."""
    return (days + 3) % 7


def month(days: Ints) -> Ints:
    """1 to 12."""
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12 + 1


def is_eve(days: Ints) -> npt.NDArray[np.bool_]:
    """True on the last open day before a holiday that falls on a weekday: the day before, or Friday before Monday."""
    closed = holidays(range(2020, 2032))
    closed = closed[weekday(closed) < 5]
    before_monday = np.isin(days + 3, closed[weekday(closed) == 0]) & (weekday(days) == 4)
    return np.isin(days + 1, closed) | before_monday


def busyness(days: Ints) -> npt.NDArray[np.float64]:
    """Relative number of bookings by day: 0 on Sundays and holidays; months and weekdays differ."""
    weights = np.array(_BUSY_DAYS)[weekday(days)] * np.array(_BUSY_MONTHS)[month(days) - 1]
    return np.where(np.isin(days, holidays(range(2020, 2032))), 0.0, weights)


def slot_weights() -> npt.NDArray[np.float64]:
    """Relative number of bookings by slot of the day."""
    return np.array([_BUSY_HOURS[int(slot[:2])] for slot in SLOTS])
