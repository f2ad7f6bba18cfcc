"""The few statistics that more than one step needs."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import stdtrit

from pipeline.records import Interval

_Z95 = 1.959963984540054


def wilson(events: int, n: int) -> Interval | None:
    """A rate with its 95 % interval after Wilson (1927), JASA 22: 209; None where n is 0.

    It stays inside 0..1 and holds its level for small n, where the textbook interval does not.
    """
    if n <= 0:
        return None
    rate = events / n
    spread = _Z95**2 / n
    middle = (rate + spread / 2) / (1 + spread)
    half = _Z95 * math.sqrt(rate * (1 - rate) / n + spread / (4 * n)) / (1 + spread)
    return Interval(rate, max(0.0, middle - half), min(1.0, middle + half))


def mean_interval(values: np.ndarray) -> Interval | None:
    """The mean with its 95 % interval after Student (1908); None without values, without an interval for one alone."""
    n = len(values)
    if n == 0:
        return None
    mean = float(np.mean(values))
    if n == 1:
        return Interval(mean)
    half = float(stdtrit(n - 1, 0.975) * np.std(values, ddof=1) / math.sqrt(n))
    return Interval(mean, mean - half, mean + half)
