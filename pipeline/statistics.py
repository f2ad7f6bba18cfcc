"""The few statistics that more than one step needs."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import expit, ndtr, stdtrit

from pipeline.records import Interval

_Z95 = 1.959963984540054
_LEAST_PERIODS = 3


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
    low, high = np.clip(middle - half, 0.0, rate), np.clip(middle + half, rate, 1.0)  # rounding alone leads beyond
    return [
        Interval(r, lo, hi) if count > 0 else None
        for r, lo, hi, count in zip(rate.tolist(), low.tolist(), high.tolist(), n.tolist(), strict=True)
    ]


def next_period(events: np.ndarray, n: np.ndarray) -> Interval | None:
    """The rate of several periods together (arrays of k), with a 95 % interval for that of one more.

    It widens by what rates changed from one period to the next: `prediction_interval` of their log-odds. Never narrower
    than `wilson`, which answers alone where fewer than three periods have rows.
    """
    whole = wilson(int(events.sum()), int(n.sum()))
    events, n = events[n > 0], n[n > 0]
    if whole is None or len(n) < _LEAST_PERIODS:
        return whole
    rate = (events + 0.5) / (n + 1)
    found = prediction_interval(np.log(rate / (1 - rate)), 1 / ((n + 1) * rate * (1 - rate)))
    assert found.low is not None and found.high is not None
    low, high = (float(expit(bound)) for bound in (found.low, found.high))
    return Interval(whole.value, min(whole.low or 0.0, low), max(whole.high or 1.0, high))


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


def prediction_interval(values: np.ndarray, variances: np.ndarray) -> Interval:
    """The mean of what several places showed, and the span in which another place will lie 19 times in 20.

    `values` of three places or more, each with the variance of its own error. Places differ beyond it by a variance
    that is estimated after DerSimonian & Laird (1986), Controlled Clinical Trials 7: 177; the span is that of Higgins
    et al. (2009), JRSS A 172: 137.
    """
    k, weight = len(values), 1 / np.maximum(variances, 1e-12)
    fixed = float((weight * values).sum() / weight.sum())
    apart = float((weight * (values - fixed) ** 2).sum()) - (k - 1)
    between = max(0.0, apart / float(weight.sum() - (weight**2).sum() / weight.sum()))
    weight = 1 / (np.maximum(variances, 1e-12) + between)
    mean = float((weight * values).sum() / weight.sum())
    half = float(stdtrit(k - 2, 0.975)) * math.sqrt(between + 1 / float(weight.sum()))
    return Interval(mean, mean - half, mean + half)


def newcombe(one: Interval, other: Interval) -> Interval:
    """The difference of two independent rates, with the interval that their own make (Newcombe 1998, method 10,
    Statistics in Medicine 17: 873). Both must have an interval (see `wilson`).
    """
    bounds = [bound for item in (one, other) for bound in (item.low, item.high) if bound is not None]
    low, high, other_low, other_high = bounds
    gap = one.value - other.value
    return Interval(
        gap,
        max(-1.0, gap - math.hypot(one.value - low, other_high - other.value)),  # rounding alone leads beyond
        min(1.0, gap + math.hypot(high - one.value, other.value - other_low)),
    )


def two_rates(events: np.ndarray, n: np.ndarray, others: np.ndarray, n_others: np.ndarray) -> np.ndarray:
    """p of two rates being one, by the N−1 χ² test, element by element; NaN where an expected count is below 1.

    With expected counts of 1 and more it holds its level (Campbell 2007, Statistics in Medicine 26: 3661).
    """
    total, all_events = n + n_others, events + others
    safe = np.maximum(total, 1)
    expected = np.minimum.reduce([a * b / safe for a in (n, n_others) for b in (all_events, total - all_events)])
    usable = expected >= 1
    rate = all_events / safe
    spread = rate * (1 - rate) * (1 / np.maximum(n, 1) + 1 / np.maximum(n_others, 1))
    gap = events / np.maximum(n, 1) - others / np.maximum(n_others, 1)
    z = gap / np.sqrt(np.where(usable, spread, 1.0)) * np.sqrt((safe - 1) / safe)
    return np.where(usable, 2 * ndtr(-np.abs(z)), np.nan)


def discoveries(p: np.ndarray, rate: float) -> np.ndarray:
    """Which of many tests are told as found, at a false discovery rate of `rate` (Benjamini & Hochberg 1995,
    JRSS B 57: 289); NaN is no test.
    """
    made = np.flatnonzero(~np.isnan(p))
    found = np.zeros(len(p), dtype=bool)
    order = made[np.argsort(p[made], kind="stable")]
    passed = np.flatnonzero(p[order] <= rate * np.arange(1, len(order) + 1) / max(len(order), 1))
    if len(passed):
        found[order[: passed[-1] + 1]] = True
    return found
