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
    day, state, names = event_day[known], *_states(uf, len(event_day))
    first, last = int(day.min()), int(day.max())
    span = last - first + 1
    codes, distinct = pd.factorize(state[known] * span + (day - first))  # of a million rows a few thousand differ
    of_state, since = np.divmod(distinct, span)
    found = {name: np.empty(len(distinct)) for name in HOLIDAY_COLUMNS}
    for place in np.unique(of_state).tolist():
        chosen = of_state == place
        table = holiday_days(names[place], to_date(first).year - 1, to_date(last).year + 1)
        for name, values in _distances(since[chosen] + first, table).items():
            found[name][chosen] = values
    for name, values in found.items():
        columns[name][known] = values[codes]
    return columns


def _states(uf: pd.Series | None, n: int) -> tuple[np.ndarray, list[str]]:
    """Which of the named states each row is in; the first, "", is of those that tell none."""
    if uf is None:
        return np.zeros(n, dtype=np.int64), [""]
    column = uf.astype("category")
    names = ["", *(text for text in column.cat.categories if text in holidays.BR.subdivisions)]
    place = {name: i for i, name in enumerate(names)}
    places = np.array([place.get(text, 0) for text in column.cat.categories] + [0], dtype=np.int64)
    return places[column.cat.codes.to_numpy()], names


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
