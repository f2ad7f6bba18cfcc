"""How many of those who are booked will come: of each unit, day and professional or procedure a whole distribution.

Each booking comes or not by its own chance, one minus its calibrated risk; their sum follows the Poisson-binomial
distribution, exact by convolution. A shift that all bookings of a group share (the level of the model, the weather of
the day) widens it: a normal shift of the log-odds, integrated by Gauss-Hermite (Williams 1982, JRSS C 31: 144,
model III). The risks stay the mean: log-odds are stretched first (Zeger, Liang & Albert 1988, Biometrics 44: 1049).
"""

from __future__ import annotations

import math

import numpy as np
from scipy.special import expit, logit

from pipeline.records import Level
from pipeline.records.slots import Coverage
from pipeline.statistics import wilson

_NODES = 11  # the widest spread that days show (1 on log-odds) is integrated to 5 digits
_STRETCH = (16 * math.sqrt(3) / (15 * math.pi)) ** 2
_LEAST = 1e-12  # log-odds of a certain thing are none
_BINS = 10


def convolved(come: np.ndarray) -> np.ndarray:
    """P(0, 1, … n come) of n bookings with these chances of coming; (…, n) gives (…, n + 1), row by row."""
    n = come.shape[-1]
    mass = np.zeros((*come.shape[:-1], n + 1))
    mass[..., 0] = 1.0
    for place in range(n):
        chance = come[..., place, None]
        moved = mass[..., : place + 1] * chance
        mass[..., : place + 1] *= 1 - chance
        mass[..., 1 : place + 2] += moved
    return mass


def shifted(come: np.ndarray, spread: float) -> tuple[np.ndarray, np.ndarray]:
    """(k, …) the chances under each of k shifts that all share, and (k,) how likely each shift is.

    `spread`: the standard deviation of the shift, on log-odds; 0 gives one, of no shift.
    """
    if spread <= 0:
        return come[None], np.ones(1)
    places, weights = np.polynomial.hermite.hermgauss(_NODES)
    shifts = (math.sqrt(2) * spread * places).reshape(-1, *(1 for _ in come.shape))
    odds = logit(np.clip(come, _LEAST, 1 - _LEAST)) * math.sqrt(1 + _STRETCH * spread**2)
    moved = np.where((come > 0) & (come < 1), expit(odds + shifts), come)  # who surely comes is moved by nothing
    return moved, weights / math.sqrt(math.pi)


def distribution(come: np.ndarray, spread: float = 0.0) -> np.ndarray:
    """(…, n + 1) P(0 … n come) of bookings (…, n), widened by a shift that those of a row share."""
    moved, weights = shifted(come, spread)
    return np.tensordot(weights, convolved(moved), axes=1)


def distributions(come: np.ndarray, groups: np.ndarray, spread: float = 0.0) -> list[np.ndarray]:
    """The distribution of each group 0 … max; `groups`: the group of each booking. Exact, and batched: groups of about
    one size are convolved together, the shorter ones with bookings that never come.
    """
    sizes = np.bincount(groups)
    order = np.argsort(groups, kind="stable")
    starts = np.concatenate([[0], np.cumsum(sizes)])
    found: list[np.ndarray] = [np.ones(1)] * len(sizes)
    buckets = np.ceil(np.log2(np.maximum(sizes, 1))).astype(int)
    for bucket in np.unique(buckets[sizes > 0]):
        some = np.flatnonzero((buckets == bucket) & (sizes > 0))
        padded = np.zeros((len(some), int(sizes[some].max())))
        for line, group in enumerate(some):
            padded[line, : sizes[group]] = come[order[starts[group] : starts[group + 1]]]
        for group, mass in zip(some, distribution(padded, spread), strict=True):
            found[group] = mass[: sizes[group] + 1]
    return found


def mean_and_variance(mass: np.ndarray) -> tuple[float, float]:
    """Of one distribution, in people and people squared."""
    people = np.arange(len(mass))
    mean = float(mass @ people)
    return mean, float(mass @ (people - mean) ** 2)


def quantile(mass: np.ndarray, share: float) -> int:
    """The fewest people that, with this chance, are not exceeded."""
    return min(int(np.searchsorted(np.cumsum(mass), share - _LEAST)), len(mass) - 1)


def more_than(mass: np.ndarray, capacity: int) -> float:
    """The chance that more than `capacity` come."""
    return float(mass[max(capacity, -1) + 1 :].sum())


def level_spread(risks: np.ndarray, level: Level) -> float:
    """How far the log-odds of all risks may be off together, from how far their level may be (a share of it)."""
    moves = float((risks * (1 - risks)).sum())
    return 0.0 if moves <= 0 else math.hypot(level.error, level.drift) * float(risks.sum()) / moves


def day_spread(risks: np.ndarray, groups: np.ndarray, outcomes: np.ndarray) -> float:
    """By how much log-odds moved from group to group beyond chance, in what came: the moment estimator of Williams
    (1982). 0 where groups differ by no more than chance.

    `outcomes`: 1 for who did not come, 0 for who came.
    """
    expected, came = np.bincount(groups, risks), np.bincount(groups, outcomes)
    chance = np.bincount(groups, risks * (1 - risks))
    beyond = ((came - expected) ** 2 - chance).sum() / max(float((chance**2).sum()), _LEAST)
    return math.sqrt(max(0.0, float(beyond)))


def coverage(risks: np.ndarray, groups: np.ndarray, outcomes: np.ndarray, spread: float = 0.0) -> Coverage:
    """How often what came lay inside the 80 and 95 % intervals, group by group, beside what they promise.

    Counts come in steps, so that an interval promises more than its name; `promised` is what it holds. `pit`: the
    probability integral transform of counts in ten bins, flat where the distribution is right (Czado, Gneiting & Held
    2009, Biometrics 65: 1254). `outcomes`: 1 for who did not come, 0 for who came.
    """
    masses = [mass for mass in distributions(1 - risks, groups, spread) if len(mass) > 1]
    sizes, absent = np.bincount(groups), np.bincount(groups, outcomes)
    came = (sizes - absent)[sizes > 0].astype(int)
    inside80, promised80 = _inside(masses, came, 0.80)
    inside95, promised95 = _inside(masses, came, 0.95)
    days = len(masses)
    return Coverage(
        groups=days,
        bookings=len(risks),
        inside80=wilson(inside80, days),
        promised80=promised80,
        inside95=wilson(inside95, days),
        promised95=promised95,
        pit=_pit(masses, came),
    )


def _inside(masses: list[np.ndarray], came: np.ndarray, level: float) -> tuple[int, float]:
    """How many counts lie in the central interval, and what part of the mass those intervals hold."""
    inside, held = 0, 0.0
    for mass, count in zip(masses, came, strict=True):
        low, high = quantile(mass, (1 - level) / 2), quantile(mass, (1 + level) / 2)
        inside += low <= count <= high
        held += float(mass[low : high + 1].sum())
    return inside, held / max(len(masses), 1)


def _pit(masses: list[np.ndarray], came: np.ndarray) -> tuple[float, ...]:
    """The share of each tenth; empty without groups."""
    if not masses:
        return ()
    edges = np.linspace(0, 1, _BINS + 1)
    below = np.array([mass[:count].sum() for mass, count in zip(masses, came, strict=True)])[:, None]
    height = np.array([mass[count] for mass, count in zip(masses, came, strict=True)])[:, None]
    reached = np.clip((edges - below) / np.maximum(height, _LEAST), 0, 1).mean(axis=0)
    reached[0], reached[-1] = 0.0, 1.0
    return tuple(np.diff(reached).tolist())
