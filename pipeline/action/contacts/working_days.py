"""Days ahead as a clinic counts them: Monday to Friday, without the holidays of the appointment's UF."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping

import numpy as np

_FRIDAY = 4
_ONE_DAY = dt.timedelta(days=1)
Holidays = Mapping[str, Collection[dt.date]]  # by UF; "" for what holds everywhere


def horizon(as_of: dt.date, ahead: int, holidays: Collection[dt.date] = ()) -> dt.date:
    """The `ahead`-th working day after `as_of`, and with it the days off that follow: whoever comes on a Saturday is
    called before it as well. `as_of` itself where `ahead` is 0.
    """
    day, left = as_of, ahead
    while left > 0:
        day += _ONE_DAY
        left -= is_worked(day, holidays)
    while ahead > 0 and not is_worked(day + _ONE_DAY, holidays):
        day += _ONE_DAY
    return day


def is_worked(day: dt.date, holidays: Collection[dt.date] = ()) -> bool:
    """Whether a day is Monday to Friday and no holiday."""
    return day.weekday() <= _FRIDAY and day not in holidays


def within(days: np.ndarray, ufs: np.ndarray, as_of: dt.date, ahead: int, holidays: Holidays) -> np.ndarray:
    """bool per booking: whether its day (datetime64[D]) lies after `as_of` and not beyond the horizon of its UF."""
    inside = np.zeros(len(days), dtype=bool)
    for uf in np.unique(ufs.astype(str)) if len(ufs) else ():
        last = np.datetime64(horizon(as_of, ahead, holidays.get(str(uf), holidays.get("", ()))))
        inside |= (ufs.astype(str) == uf) & (days <= last)
    return inside & (days > np.datetime64(as_of))
