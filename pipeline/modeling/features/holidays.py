"""Holidays of Brazil by UF, public and optional (Carnival and Corpus Christi are optional), as model columns."""

from __future__ import annotations

from functools import lru_cache

import holidays
import numpy as np
import pandas as pd

from pipeline.modeling.features.prediction_time import NO_DAY, day_number, to_date

HOLIDAY_COLUMNS = ("is_holiday", "is_eve", "to_next", "from_last")
FAR = 15  # days beyond which a holiday doesn't matter


@lru_cache(maxsize=512)
def holiday_days(uf: str, first_year: int, last_year: int) -> np.ndarray:
    """Sorted day numbers of a UF's holidays ("" for the national ones only)."""
    found = holidays.country_holidays(
        "BR", subdiv=uf or None, years=range(first_year, last_year + 1), categories=("public", "optional")
    )
    return np.array(sorted(day_number(date) for date in found), dtype=np.int64)


def holiday_columns(event_day: np.ndarray, uf: pd.Series | None) -> dict[str, np.ndarray]:
    """Whether the day is a holiday or the eve of one; days to the next and from the last, at most `FAR`."""
    known = event_day > NO_DAY
    columns = {name: np.full(len(event_day), np.nan) for name in HOLIDAY_COLUMNS}
    if not known.any():
        return columns
    years = to_date(int(event_day[known].min())).year - 1, to_date(int(event_day[known].max())).year + 1
    where = _states(uf, len(event_day))
    for state in np.unique(where[known]):
        chosen = known & (where == state)
        for name, values in _distances(event_day[chosen], holiday_days(state, *years)).items():
            columns[name][chosen] = values
    return columns


def _states(uf: pd.Series | None, n: int) -> np.ndarray:
    if uf is None:
        return np.full(n, "")
    known = set(holidays.BR.subdivisions)
    texts = uf.astype("object").where(uf.notna(), "")
    return np.array([text if text in known else "" for text in texts], dtype="<U2")


def _distances(day: np.ndarray, found: np.ndarray) -> dict[str, np.ndarray]:
    following = np.searchsorted(found, day, side="right")
    at = np.searchsorted(found, day, side="left")
    is_holiday = following > at
    to_next = found[np.minimum(following, len(found) - 1)] - day
    from_last = day - found[np.maximum(at - 1, 0)]
    return {
        "is_holiday": is_holiday.astype(np.float64),
        "is_eve": (to_next == 1).astype(np.float64),
        "to_next": np.clip(to_next, 0, FAR).astype(np.float64),
        "from_last": np.clip(from_last, 0, FAR).astype(np.float64),
    }
