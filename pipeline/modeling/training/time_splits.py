"""Splits in time, by whole days: a last period that is only tested, and expanding folds before it.

Where there is no time to split by, groups of rows that belong together are drawn at random.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.errors import NotEnoughData

TEST_SHARE = 0.2
FOLDS = 4
MIN_DAYS = 7


@dataclass(frozen=True)
class Split:
    """Positions (int64) into the labelled rows. `blocks` are five parts of `development`: consecutive spans in time,
    of which fold k learns from 0..k and is judged on k + 1; or, not `timed`, drawn ones, of which fold k is judged on k
    and learns from the others."""

    development: np.ndarray
    test: np.ndarray
    blocks: tuple[np.ndarray, ...]
    timed: bool = True

    @property
    def folds(self) -> tuple[tuple[np.ndarray, np.ndarray], ...]:
        """(rows learnt from, rows judged) of each fold, as positions; the earliest first."""
        if self.timed:
            return tuple(
                (np.concatenate(self.blocks[: k + 1]), self.blocks[k + 1]) for k in range(len(self.blocks) - 1)
            )
        return tuple((np.setdiff1d(self.development, block), block) for block in self.blocks)


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


def drawn(groups: np.ndarray, outcome: np.ndarray, seed: int) -> Split:
    """Splits labelled rows by `groups` (int codes, shape n) drawn at random, so that about a sixth is the test.

    Raises NotEnoughData when a part would hold one outcome only, as where all rows are one group.
    """
    order = np.random.default_rng(seed).permutation(int(groups.max(initial=0)) + 1)[groups]  # place of each row's group
    rows = np.argsort(order, kind="stable")
    ends = [_end_of_group(order[rows], (k + 1) / (FOLDS + 2)) for k in range(FOLDS + 2)]
    parts = [np.sort(part) for part in np.split(rows, ends[:-1])]
    for part in parts:
        if len(np.unique(outcome[part])) < 2:
            raise NotEnoughData("training.few_texts")
    return Split(np.sort(np.concatenate(parts[1:])), parts[0], tuple(parts[1:]), timed=False)


def _end_of_group(order: np.ndarray, share: float) -> int:
    """The first place after about `share` of the rows (groups in `order`) at which a group ends."""
    place = min(int(round(share * len(order))), len(order) - 1)
    return int(np.searchsorted(order, order[place], side="right"))


def can_split(event_day: np.ndarray, outcome: np.ndarray) -> bool:
    """Whether `split` would succeed."""
    try:
        split(event_day, outcome)
    except NotEnoughData:
        return False
    return True


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
