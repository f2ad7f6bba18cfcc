"""Whole-number sums by value and day: what is counted of everybody's rows, small enough to send, exact to add up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.folding import fold
from pipeline.modeling.features.prediction_time import NO_DAY
from pipeline.modeling.features.window_counter import keys, unpacked

_ROOMY = 1 << 20  # cells of a table of all values and days that may be laid out for however few rows
_CELLS = 4  # and for each row


@dataclass(frozen=True, eq=False)
class DayCounts:
    """Sums of m entries, each a value and a day on which it had any rows; sorted by value, then by day.

    `names`: the folded values, sorted; `group` (m): the place of each entry's value among them; `day` (m): its day;
    `sums` (k × m, float64): whole numbers, so that they are the same in whatever order they were added.
    """

    names: tuple[str, ...]
    group: np.ndarray
    day: np.ndarray
    sums: np.ndarray

    @classmethod
    def of(cls, names: Sequence[str], codes: np.ndarray, day: np.ndarray, *weights: np.ndarray) -> DayCounts:
        """Counts the rows whose value (`codes`: its place in `names`, else −1) and day are known; the sums are those of
        the `weights` (whole numbers).
        """
        kept = (codes >= 0) & (day > NO_DAY)
        group, on, sums = _summed(codes[kept], day[kept], np.stack([weight[kept] for weight in weights]))
        present = np.unique(group)
        met = sorted((names[place], place) for place in present.tolist())
        rank = np.zeros(len(names), dtype=np.int64)
        rank[[place for _, place in met]] = np.arange(len(met))
        order = np.argsort(rank[group], kind="stable")
        return cls(tuple(name for name, _ in met), rank[group][order], on[order], sums[:, order])

    @classmethod
    def merged(cls, parts: Sequence[DayCounts]) -> DayCounts:
        """The sums of several; their order does not matter. ValueError without any."""
        if not parts:
            raise ValueError("nothing to add up")
        names = sorted({name for part in parts for name in part.names})
        place = {name: i for i, name in enumerate(names)}
        groups = [np.array([place[n] for n in part.names], dtype=np.int64)[part.group] for part in parts]
        group, day = np.concatenate(groups), np.concatenate([part.day for part in parts])
        return cls(tuple(names), *_summed(group, day, np.concatenate([part.sums for part in parts], axis=1)))

    def codes(self, column: pd.Series) -> np.ndarray:
        """The place of each text's folded value (int64, n); len(names) where it has no entries, −1 where missing."""
        coded = column.astype("category")
        place = {name: i for i, name in enumerate(self.names)}
        places = np.array([place.get(fold(str(v)), len(place)) for v in coded.cat.categories] + [-1], dtype=np.int64)
        return places[coded.cat.codes.to_numpy()]  # −1, of an empty cell, takes the last

    def within(self, groups: np.ndarray, first: np.ndarray, end: np.ndarray) -> np.ndarray:
        """Of each group's entries with first <= day < end: how many days there are, then each sum (k + 1 × n)."""
        if not len(self.day):
            return np.zeros((len(self.sums) + 1, len(groups)))
        if self._cells <= _ROOMY + _CELLS * len(groups) and len(groups) > len(self.day):
            return self._looked_up(groups, first, end)
        entries, safe = keys(self.group, self.day), np.maximum(groups, 0)
        low = np.searchsorted(entries, keys(safe, first))
        high = np.maximum(np.searchsorted(entries, keys(safe, end)), low)
        before = np.concatenate([np.zeros((len(self.sums), 1)), np.cumsum(self.sums, axis=1)], axis=1)
        found = np.vstack([high - low, *(sums[high] - sums[low] for sums in before)])
        return np.where(groups >= 0, found, 0.0)

    @property
    def _cells(self) -> int:
        """Of a table of all values and days."""
        return (len(self.names) + 1) * (int(np.ptp(self.day)) + 2)

    def _looked_up(self, groups: np.ndarray, first: np.ndarray, end: np.ndarray) -> np.ndarray:
        """As `within`, from a table of all values and days: for many rows far sooner than to search for each."""
        since, span = int(self.day.min()), int(np.ptp(self.day)) + 1
        width = span + 1  # of a value: what came before each day, and in all
        own = np.where(groups < 0, len(self.names), groups) * width
        low = own + np.clip(first - since, 0, span)
        high = np.maximum(own + np.clip(end - since, 0, span), low)
        cell, found = self.group * width + (self.day - since) + 1, np.empty((len(self.sums) + 1, len(groups)))
        for place, weights in enumerate([np.ones(len(cell)), *self.sums]):
            laid_out = np.bincount(cell, weights=weights, minlength=self._cells).reshape(-1, width)
            before = np.cumsum(laid_out, axis=1).ravel()
            found[place] = before[high] - before[low]
        return found

    def on(self, groups: np.ndarray, day: np.ndarray) -> np.ndarray:
        """Each sum of each group's entry of that day (k × n); 0 where there is none."""
        if not len(self.day):
            return np.zeros((len(self.sums), len(groups)))
        entries, asked = keys(self.group, self.day), keys(np.maximum(groups, 0), day)
        place = np.minimum(np.searchsorted(entries, asked), len(entries) - 1)
        return np.where((entries[place] == asked) & (groups >= 0), self.sums[:, place], 0.0)

    def by_name(self, first: int, end: int) -> np.ndarray:
        """As `within`, for each name (k + 1 × names)."""
        inside = (self.day >= first) & (self.day < end)
        weights = [np.ones(len(self.day)), *self.sums]
        return np.stack(
            [np.bincount(self.group[inside], weights=w[inside], minlength=len(self.names)) for w in weights]
        )


def _summed(group: np.ndarray, day: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The distinct pairs of group and day, sorted, and the sums of their weights (k × entries)."""
    if not len(group):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros((len(weights), 0))
    first, span = int(day.min()), int(day.max() - day.min()) + 1
    cells = (int(group.max()) + 1) * span
    if cells > _ROOMY + _CELLS * len(group):
        found, places = np.unique(keys(group, day), return_inverse=True)
        return *unpacked(found), np.stack([np.bincount(places, weights=w, minlength=len(found)) for w in weights])
    cell = group.astype(np.int64) * span + (day - first)
    found = np.flatnonzero(np.bincount(cell, minlength=cells))
    of_group, since = np.divmod(found, span)
    return of_group, since + first, np.stack([np.bincount(cell, weights=w, minlength=cells)[found] for w in weights])
