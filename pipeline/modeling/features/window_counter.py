"""Counting what happened to a group before a day, for all rows at once: O(n log n), by sorted keys."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.modeling.features.prediction_time import NO_DAY

_SPAN = np.int64(1) << 22  # days that a group's share of the key can hold: more than eleven thousand years
_SHIFT = np.int64(1) << 21  # puts dates around 1970 into the middle of it
_MOST_GROUPS = 1 << 40  # that a key has room for, beside the day and a mark


def keys(groups: np.ndarray, day: np.ndarray) -> np.ndarray:
    """One sortable int64 a pair of group (≥ 0) and day; `unpacked` gives them back."""
    return groups.astype(np.int64) * _SPAN + np.clip(day + _SHIFT, 0, _SPAN - 1)


def unpacked(packed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Group and day of each key."""
    return packed >> 22, (packed & (_SPAN - 1)) - _SHIFT


class WindowCounter:
    """Entries of groups on days, some of them marked, in the order of group, day and mark: the order of the file must
    not matter. A place is how many entries of all groups come before; what lies between two of them is counted.

    Entries without a group (negative) or a day (`NO_DAY`) are left out. Places are found fastest for rows that are in
    the order of their groups.
    """

    def __init__(self, groups: np.ndarray, day: np.ndarray, marked: np.ndarray | None = None) -> None:
        kept = (groups >= 0) & (day > NO_DAY)
        entries = keys(groups[kept], day[kept]) << 1
        if marked is not None:
            entries += marked[kept]
        entries.sort()
        self._keys = entries >> 1
        self._marked = (entries & 1).astype(bool)

    def place(self, groups: np.ndarray, day: np.ndarray) -> np.ndarray:
        """The place of each group's first entry on the day or later (int64, n)."""
        return np.searchsorted(self._keys, keys(np.maximum(groups, 0), day))

    def between(self, groups: np.ndarray, first: np.ndarray, end: np.ndarray) -> np.ndarray:
        """How many entries each group has with first <= day < end (float64, n); 0 for no group."""
        found = self.place(groups, end) - self.place(groups, first)
        return np.where(groups >= 0, np.maximum(found, 0), 0).astype(np.float64)

    def marked(self, first: np.ndarray, end: np.ndarray) -> np.ndarray:
        """How many marked entries lie between two places of each row (float64, n)."""
        before = np.concatenate([[0], np.cumsum(self._marked)])
        return (before[np.maximum(first, end)] - before[first]).astype(np.float64)

    def entry(self, groups: np.ndarray, place: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Day of the entry at a place of each row, and 1.0 where it is marked; NaN where it is not its group's."""
        if not len(self._keys):
            nothing = np.full(len(groups), np.nan)
            return nothing, nothing
        at = np.maximum(place, 0)
        group, day = unpacked(self._keys[at])
        inside = (place >= 0) & (group == groups)
        return np.where(inside, day, np.nan), np.where(inside, self._marked[at], np.nan)

    def last_marked(self) -> np.ndarray:
        """For each place (entries + 1), the place of the last marked entry before it; −1 where there is none."""
        own = np.where(self._marked, np.arange(len(self._marked)), -1)
        return np.concatenate([[-1], np.maximum.accumulate(own)])


def pair(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Groups (int64, ≥ 0) of the pairs of two code arrays; −1 where either is missing."""
    missing = (first < 0) | (second < 0)
    span = int(second.max(initial=0)) + 1
    packed = np.where(missing, -1, first.astype(np.int64) * span + second)
    if (int(first.max(initial=0)) + 1) * span < _MOST_GROUPS:
        return packed
    return np.where(missing, -1, pd.factorize(packed)[0])
