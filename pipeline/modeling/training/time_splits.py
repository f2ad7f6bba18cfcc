"""Splits in time, by whole days: a last period that is only tested, and expanding folds before it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.errors import NotEnoughData

TEST_SHARE = 0.2
FOLDS = 4
MIN_DAYS = 7


@dataclass(frozen=True)
class Split:
    """Positions (int64) into the labelled rows. `blocks` are five consecutive spans of `development`, in time;
    fold k learns from blocks 0..k and is judged on block k + 1."""

    development: np.ndarray
    test: np.ndarray
    blocks: tuple[np.ndarray, ...]

    @property
    def folds(self) -> tuple[tuple[np.ndarray, np.ndarray], ...]:
        """(rows learnt from, rows judged) of each fold, as positions; the earliest first."""
        return tuple((np.concatenate(self.blocks[: k + 1]), self.blocks[k + 1]) for k in range(len(self.blocks) - 1))


def split(event_day: np.ndarray, outcome: np.ndarray) -> Split:
    """Splits labelled rows by their day (int64, shape n) so that about a fifth of them, the last, is the test.

    Raises NotEnoughData when the rows lie on fewer than seven days or a part would hold one outcome only.
    """
    distinct, counts = np.unique(event_day, return_counts=True)
    if len(distinct) < MIN_DAYS:
        raise NotEnoughData("training.few_days", days=len(distinct), least=MIN_DAYS)
    cut = distinct[_nearest(counts, 1 - TEST_SHARE)]
    development, test = np.flatnonzero(event_day < cut), np.flatnonzero(event_day >= cut)
    blocks = _blocks(event_day, development, FOLDS + 1)
    for part in (blocks[0], *blocks[1:], test):
        if len(np.unique(outcome[part])) < 2:
            raise NotEnoughData("training.one_outcome")
    return Split(development, test, blocks)


def _nearest(counts: np.ndarray, share: float) -> int:
    """Index of the day before which lies about `share` of the rows; at least one day on each side."""
    before = np.concatenate([[0], np.cumsum(counts)[:-1]]) / counts.sum()
    return int(np.clip(np.abs(before - share).argmin(), FOLDS + 1, len(counts) - 1))


def _blocks(event_day: np.ndarray, development: np.ndarray, number: int) -> tuple[np.ndarray, ...]:
    """`development` cut at whole days into `number` spans of about equal size, none empty."""
    distinct, counts = np.unique(event_day[development], return_counts=True)
    before = np.concatenate([[0], np.cumsum(counts)[:-1]]) / counts.sum()
    edges = [0]
    for k in range(1, number):
        nearest = int(np.abs(before - k / number).argmin())
        edges.append(int(np.clip(nearest, edges[-1] + 1, len(distinct) - (number - k))))
    starts = [distinct[e] for e in edges] + [distinct[-1] + 1]
    days = event_day[development]
    return tuple(development[(days >= a) & (days < b)] for a, b in zip(starts[:-1], starts[1:], strict=True))
