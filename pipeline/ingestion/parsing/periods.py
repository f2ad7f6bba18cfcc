"""Which days belong to a file's own period: a slip of the year must stretch no axis and no period."""

from __future__ import annotations

import numpy as np

_GAP = 180  # days without a row, from which on what lies beyond is another period
_FEW, _SHARE = 3, 0.02  # rows that may be slips: so many, or this part of all
_MAIN = 10  # times as many rows lie in the period itself


def own_days(days: np.ndarray) -> np.ndarray:
    """Bool per row: the day is known and lies with most of the others."""
    known = ~np.isnat(days)
    numbers = days[known].astype("datetime64[D]").astype("int64")
    if not len(numbers):
        return known
    numbers -= numbers.min()
    counts = np.bincount(numbers)  # by day: a few hundred years at most
    values = np.flatnonzero(counts)
    group = np.cumsum(np.append(0, np.diff(values) > _GAP))
    rows = np.bincount(group, counts[values])
    slip = (rows <= max(_FEW, _SHARE * len(numbers))) & (rows * _MAIN <= rows.max())
    far = np.zeros(len(counts), bool)
    far[values] = slip[group]
    found = known.copy()
    found[known] = ~far[numbers]
    return found


def far_years(days: np.ndarray) -> tuple[tuple[int, int], ...]:
    """(year, rows) of the days that lie far from all others."""
    far = days[~np.isnat(days) & ~own_days(days)]
    years, counts = np.unique(far.astype("datetime64[Y]").astype("int64") + 1970, return_counts=True)
    return tuple((int(year), int(n)) for year, n in zip(years, counts, strict=True))
