"""Counting what happened to a group before a day, for all rows at once: O(n log n), by sorted keys."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.modeling.features.prediction_time import NO_DAY

_SPAN = np.int64(1) << 22  # days that a group's share of the key can hold: more than eleven thousand years
_SHIFT = np.int64(1) << 21  # puts dates around 1970 into the middle of it


def keys(groups: np.ndarray, day: np.ndarray) -> np.ndarray:
    """One sortable int64 a pair of group (≥ 0) and day; `unpacked` gives them back."""
    return groups.astype(np.int64) * _SPAN + np.clip(day + _SHIFT, 0, _SPAN - 1)


def unpacked(packed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Group and day of each key."""
    group, day = np.divmod(packed, _SPAN)
    return group, day - _SHIFT


class WindowCounter:
    """Entries of groups on days, with weights; answers sums over spans of days.

    Entries without a group (negative) or a day (`NO_DAY`) are left out.
    """

    def __init__(self, groups: np.ndarray, day: np.ndarray, weights: np.ndarray | None = None) -> None:
        kept = (groups >= 0) & (day > NO_DAY)
        entry = keys(groups[kept], day[kept])
        values = np.ones(len(entry)) if weights is None else weights[kept].astype(np.float64)
        # entries of one day in the order of their weights: the order of the file must not matter to `last`
        order = np.argsort(entry) if weights is None else np.lexsort((values, entry))
        self._keys, self._values = entry[order], values[order]
        self._sums = np.concatenate([[0.0], np.cumsum(self._values)])

    def total(self, groups: np.ndarray, first: np.ndarray, end: np.ndarray) -> np.ndarray:
        """Sum of the weights of each group's entries with first <= day < end (float64, shape n)."""
        safe = np.maximum(groups, 0)
        low = np.searchsorted(self._keys, keys(safe, first))
        high = np.searchsorted(self._keys, keys(safe, end))
        return np.where(groups >= 0, self._sums[np.maximum(high, low)] - self._sums[low], 0.0)

    def last(self, groups: np.ndarray, end: np.ndarray, back: int = 1) -> tuple[np.ndarray, np.ndarray]:
        """Day and weight of each group's `back`-th last entry before `end`; NaN where there is none."""
        safe = np.maximum(groups, 0)
        place = np.searchsorted(self._keys, keys(safe, end)) - back
        inside = (place >= 0) & (groups >= 0)
        place = np.maximum(place, 0)
        if not len(self._keys):
            nothing = np.full(len(groups), np.nan)
            return nothing, nothing
        group, day = unpacked(self._keys[place])
        inside &= group == safe
        return np.where(inside, day.astype(np.float64), np.nan), np.where(inside, self._values[place], np.nan)


def pair(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Codes (int64, ≥ 0) of the pairs of two code arrays; −1 where either is missing."""
    missing = (first < 0) | (second < 0)
    packed = np.where(missing, -1, first.astype(np.int64) * (int(second.max(initial=0)) + 1) + second)
    codes = pd.factorize(packed)[0]
    return np.where(missing, -1, codes)
