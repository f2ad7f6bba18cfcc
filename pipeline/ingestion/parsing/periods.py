"""Which days belong to a file's own period: a slip of the year must stretch no axis and no period."""

from __future__ import annotations

import numpy as np

from pipeline import per_row

_GAP = 180  # days without a row, from which on what lies beyond is another period
_FEW, _SHARE = 3, 0.02  # rows that may be slips: so many, or this part of all
_MAIN = 10  # times as many rows lie in the period itself


def own_days(days: np.ndarray) -> np.ndarray:
    """Bool per row: the day is known and lies with most of the others."""
    values, counts = distinct_days(days)
    own = np.append(own_of(values, counts), False)  # the last is of what is missing, which sorts last
    return per_row.made(len(days), bool, lambda block: own[np.searchsorted(values, days[block])])


def distinct_days(days: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The days that rows have, rising, without those that are missing, and how many rows have each."""
    parts = [np.unique(days[block], return_counts=True) for block in per_row.blocks(len(days))]
    values, places = np.unique(np.concatenate([one for one, _ in parts]), return_inverse=True)
    counts = np.bincount(places, np.concatenate([rows for _, rows in parts]), len(values)).astype(np.int64)
    known = ~np.isnat(values)
    return values[known], counts[known]


def own_of(days: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Bool per day, of distinct rising ones (datetime64) with their rows: whether it lies with most of the others."""
    if not len(days):
        return np.zeros(0, bool)
    numbers = days.astype("datetime64[D]").astype("int64")
    group = np.cumsum(np.append(0, np.diff(numbers) > _GAP))
    of_group = np.bincount(group, rows)
    slip = (of_group <= max(_FEW, _SHARE * rows.sum())) & (of_group * _MAIN <= of_group.max())
    return ~slip[group]


def far_years(days: np.ndarray, rows: np.ndarray) -> tuple[tuple[int, int], ...]:
    """(year, rows) of the days that lie far from all others; of distinct rising days with their rows."""
    far = ~own_of(days, rows)
    years, places = np.unique(days[far].astype("datetime64[Y]").astype("int64") + 1970, return_inverse=True)
    counts = np.bincount(places, rows[far], len(years))
    return tuple((int(year), int(n)) for year, n in zip(years, counts, strict=True))
