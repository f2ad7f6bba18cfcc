"""The days of a list: on which it is made, which of its days it opens on, and on which others it could be made."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pandas as pd

from pipeline.contract import Outcome, Product, Role
from pipeline.modeling.features.holidays import holiday_columns
from pipeline.modeling.features.prediction_time import (
    NO_DAY,
    day_number,
    days,
    default_as_of,
    event_days,
    known_outcomes,
    to_date,
)

_FRIDAY = 4
_ONE_DAY = dt.timedelta(days=1)


def day_of_list(
    rows: pd.DataFrame, history: pd.DataFrame | None, product: Product, until: dt.date, as_of: dt.date | None
) -> tuple[dt.date, bool]:
    """(the day the list is made on, whether the file already knows what came of it).

    Unless told: the day after the last known outcome, if rows without one lie ahead of it; or else the day before
    the first outcome that the model, which learnt until `until`, had not seen.
    """
    day = event_days(rows, product)
    known = day[known_outcomes(rows) & (day > day_number(until))]
    if as_of is not None:
        return as_of, bool(len(known) and known.max() >= day_number(as_of))
    ahead = max(default_as_of(rows, history, product, until + _ONE_DAY), until + _ONE_DAY)
    waiting = _open(rows) & (day >= day_number(ahead))
    if waiting.any() or not len(known):
        return ahead, False
    return max(to_date(int(known.min()) - 1), until + _ONE_DAY), True


def _open(rows: pd.DataFrame) -> np.ndarray:
    return ~known_outcomes(rows) & (rows["state"] != Outcome.EXCLUDED.value).to_numpy()


def bounds(rows: pd.DataFrame, product: Product, until: dt.date, as_of: dt.date) -> tuple[dt.date, dt.date]:
    """First and last day on which a list of these rows could be made; `as_of` lies within."""
    day = event_days(rows, product)
    dated = day[day > NO_DAY]
    last = to_date(int(dated.max())) if len(dated) else as_of
    return min(as_of, until + _ONE_DAY), max(as_of, last)


def opening_day(listed: pd.DataFrame, product: Product, as_of: dt.date) -> dt.date | None:
    """The first working day after `as_of` with a line of the list, or else its first day; None where it is empty.

    A day is worked where it is Monday to Friday and no holiday in the UF of one of its lines at least.
    """
    return opening_of([first_days(listed, product, as_of)])


def first_days(listed: pd.DataFrame, product: Product, as_of: dt.date) -> tuple[int | None, int | None]:
    """The first working day after `as_of` among some lines of a list, and their first day (days since 1970)."""
    day = days(listed[product.time.key])
    if not len(day):
        return None, None
    uf = product.by_role(Role.UF)
    holiday = holiday_columns(day, listed[uf.key] if uf is not None else None)["is_holiday"] == 1
    weekday = (day + 3) % 7  # 1 January 1970 was a Thursday
    worked = (day > day_number(as_of)) & (weekday <= _FRIDAY) & ~holiday
    return (int(day[worked].min()) if worked.any() else None), int(day.min())


def opening_of(parts: Sequence[tuple[int | None, int | None]]) -> dt.date | None:
    """The day on which a list opens, of what `first_days` tells of its parts."""
    for days_ in zip(*parts, strict=True):
        told = [day for day in days_ if day is not None]
        if told:
            return to_date(min(told))
    return None
