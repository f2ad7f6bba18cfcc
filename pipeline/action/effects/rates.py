"""Rates of two arms, with intervals that hold where a patient has several appointments and where an arm is small.

The robust variance of a weighted rate over clusters (patients) within quarters of risk gives an effective sample size
(Korn & Graubard 1998, Survey Methodology 24: 193), with which Wilson's interval (1927) is taken; the difference is
Newcombe's (1998), the ratio Donner & Zou's (2012, Statistics in Medicine 31: 3183). Coverage is simulated in the tests.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, stdtrit

from pipeline.records import Interval
from pipeline.statistics import newcombe, wilson_many

_Z95 = 1.959963984540054
_FEWEST_PATIENTS = 2
_LEANING = 60  # patients
_MOST_PULL = 0.9
_EPSILON = 1e-9  # of floats
_LEAST_SPREAD = 0.7  # strata of risk narrow an interval; a chance of few rows must not


@dataclass(frozen=True)
class Rows:
    """Judged appointments, one place each: event (bool), in the contacted arm (bool), patient (int), weight (float),
    and the quarter of risk (int; any number).
    """

    event: np.ndarray
    contacted: np.ndarray
    patient: np.ndarray
    weight: np.ndarray
    quarter: np.ndarray

    def of(self, which: np.ndarray) -> Rows:
        """Those of them that `which` (bool) names."""
        return Rows(*(part[which] for part in vars(self).values()))


@dataclass(frozen=True)
class _Arm:
    """One arm: rate, robust variance of it, what independent rows would have (but for rate * (1 - rate)), as how many
    equal patients its patients count (Kish 1965), how many there are, the variance of the most clustered case.
    """

    rate: float
    robust: float
    plain: float
    patients: float
    several: bool
    clustered: float


@dataclass(frozen=True)
class Compared:
    """Two rates with their intervals, contacted minus control, contacted over control (None where control has no
    event), and p of no difference (two-sided, by the robust error).
    """

    contact: Interval
    control: Interval
    difference: Interval
    ratio: Interval | None
    p: float
    spread: float  # how much wider clusters and weights make variances than counts alone would


def compared(rows: Rows) -> Compared | None:
    """The two arms' rates held against each other; None where one of them has nobody."""
    if rows.contacted.all() or not rows.contacted.any():
        return None
    arms = (_arm(rows.of(rows.contacted)), _arm(rows.of(~rows.contacted)))
    together = _spread(*arms)
    spreads = [_own_spread(arm, together) for arm in arms]
    one, other = (_interval(arm, spread) for arm, spread in zip(arms, spreads, strict=True))
    return Compared(one, other, newcombe(one, other), ratio(one, other), _p(arms, spreads), together)


def _p(arms: Sequence[_Arm], spreads: Sequence[float]) -> float:
    """Of the two rates being one, by the normal approximation with the variance of that one rate."""
    sizes = [1 / (arm.plain * spread) for arm, spread in zip(arms, spreads, strict=True)]
    rate = sum(arm.rate * size for arm, size in zip(arms, sizes, strict=True)) / sum(sizes)
    error = math.sqrt(rate * (1 - rate) * sum(1 / size for size in sizes))
    return float(2 * ndtr(-abs(arms[0].rate - arms[1].rate) / error)) if error > 0 else 1.0


def _arm(rows: Rows) -> _Arm:
    weight = rows.weight
    total = float(weight.sum())
    rate = float((weight * rows.event).sum() / total)
    patients, place = np.unique(rows.patient, return_inverse=True)
    sizes = np.bincount(place, weights=weight)
    plain = float((weight**2).sum()) / total**2
    return _Arm(
        rate,
        _robust(rows, place, rate) / total**2,
        plain,
        float(sizes.sum() ** 2 / (sizes**2).sum()),
        len(patients) < len(weight) or bool(np.ptp(weight) > _EPSILON * weight.max()),
        float((sizes**2).sum() / (weight**2).sum()),
    )


def _robust(rows: Rows, place: np.ndarray, rate: float) -> float:
    """Sum over patients of squared weighted residuals about the rate of their quarter, which the draw holds fixed; each
    made larger by its own pull on that rate (HC2; MacKinnon & White 1985, Journal of Econometrics 29: 305).
    """
    expected = np.full(len(rows.event), rate)
    correction = np.ones(place.max() + 1)
    for quarter in np.unique(rows.quarter):
        own = rows.quarter == quarter
        patients = np.unique(place[own])
        if len(patients) >= _FEWEST_PATIENTS:
            expected[own] = np.average(rows.event[own], weights=rows.weight[own])
            pull = np.bincount(place[own], weights=rows.weight[own])[patients] / rows.weight[own].sum()
            correction[patients] = 1 / (1 - np.minimum(pull, _MOST_PULL))
    residuals = np.bincount(place, weights=rows.weight * (rows.event - expected))
    return float((correction * residuals**2).sum())


def _spread(*arms: _Arm) -> float:
    """How much wider than independent rows' the variance is, both arms together; where none has an event, as wide as
    patients make it who always do the same.
    """
    told = [(arm.robust / (arm.rate * (1 - arm.rate) * arm.plain), arm.patients) for arm in arms if 0 < arm.rate < 1]
    if not told:
        return max(arm.clustered for arm in arms)
    return max(sum(spread * n for spread, n in told) / sum(n for _, n in told), _LEAST_SPREAD)


def _own_spread(arm: _Arm, together: float) -> float:
    """An arm's own, leaning on both arms' where it has few patients, and never below both arms': that an arm of few
    looks calm is no news.
    """
    if not 0 < arm.rate < 1:
        return together
    own = _spread(arm)
    return max((own * arm.patients + together * _LEANING) / (arm.patients + _LEANING), together)


def _interval(arm: _Arm, spread: float) -> Interval:
    """Wilson's at the effective size; where patients have several rows or weigh differently, so that the spread is a
    guess of few of them, the size is smaller as Student's t is wider.
    """
    narrower = (_Z95 / float(stdtrit(max(arm.patients - 1, 1), 0.975))) ** 2 if arm.several else 1.0
    size = narrower / (arm.plain * spread)
    found = wilson_many(np.array([arm.rate * size]), np.array([size]))[0]
    assert found is not None
    return found


def ratio(one: Interval, other: Interval) -> Interval | None:
    """One rate over another with the interval that their own make (MOVER-R; Donner & Zou 2012); None over a rate of 0;
    without an upper end where the lower rate may be nothing.
    """
    low, high, other_low, other_high = one.low, one.high, other.low, other.high
    if other.value <= 0 or low is None or high is None or other_low is None or other_high is None:
        return None
    both = one.value * other.value
    under, over = low * (2 * one.value - low), other_low * (2 * other.value - other_low)
    above = both + _root(both, under * other_high * (2 * other.value - other_high))
    lower = max(under / above, 0.0) if above > 0 else 0.0  # without an event the lowest rate is none
    upper = (both + _root(both, over * high * (2 * one.value - high))) / over if over > 0 else None
    return Interval(one.value / other.value, lower, upper)


def _root(both: float, product: float) -> float:
    return math.sqrt(max(both**2 - product, 0.0))
