"""Which rows teach where there are more than a recipe needs: a part with the shares of each day and outcome.

A row's place within its day and outcome is a hash of its number in the file: the same rows are drawn in whatever order
and in however many pieces they come, and two parts of a file differ only in their size.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

LEAST_EVENTS = 5_000  # rows of the rarer outcome that a part keeps, where the file has so many


def part(day: np.ndarray, outcome: np.ndarray, row: np.ndarray, size: int) -> np.ndarray:
    """Mask (n) of `size` rows: of each day (int64) and outcome as many as its share, to the nearest whole number
    below or above. `row`: each row's own number (int64, none twice). All rows where there are no more than `size`.
    """
    number = len(row)
    if size >= number:
        return np.ones(number, dtype=bool)
    order = np.lexsort((row, pd.util.hash_array(row.astype(np.int64)), outcome, day))
    steps = np.arange(number + 1, dtype=np.int64) * size // number
    drawn = np.zeros(number, dtype=bool)
    drawn[order] = np.diff(steps) > 0
    return drawn


def size_of(outcome: np.ndarray, most: int | None) -> int:
    """How many of the rows with an outcome (0/1, n) teach: `most`, or more where the rarer outcome would be rare
    among so few; all where `most` is None.
    """
    number = len(outcome)
    if most is None or number <= most:
        return number
    events = int(outcome.sum())
    rarer = max(1, min(events, number - events))
    return min(number, max(most, -(-number * min(LEAST_EVENTS, rarer) // rarer)))
