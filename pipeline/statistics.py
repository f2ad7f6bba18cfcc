"""The few statistics that more than one step needs."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import stdtrit

from pipeline.records import Interval

_Z95 = 1.959963984540054


def wilson(events: int, n: int) -> Interval | None:
    """`wilson_many` for one rate."""
    return wilson_many(np.array([events]), np.array([n]))[0]


def wilson_many(events: np.ndarray, n: np.ndarray) -> list[Interval | None]:
    """Rates with their 95 % intervals after Wilson (1927), JASA 22: 209; None where n is 0.

    They stay inside 0..1 and hold their level for small n, where the textbook interval does not.
    """
    safe = np.maximum(n, 1)
    rate = events / safe
    spread = _Z95**2 / safe
    middle = (rate + spread / 2) / (1 + spread)
    half = _Z95 * np.sqrt(rate * (1 - rate) / safe + spread / (4 * safe)) / (1 + spread)
    low, high = np.maximum(middle - half, 0.0), np.minimum(middle + half, 1.0)
    return [
        Interval(r, lo, hi) if count > 0 else None
        for r, lo, hi, count in zip(rate.tolist(), low.tolist(), high.tolist(), n.tolist(), strict=True)
    ]


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
