"""Made-up clinics of known truth: who comes, who is contacted by chance, and what a contact does to whom."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.action.effects import control
from pipeline.action.effects.effect import Listed
from pipeline.action.effects.rates import Rows
from pipeline.action.effects.uplift import Cases
from pipeline.records.effects import CameTo

BASE = (0.05, 0.12, 0.2, 0.35)  # rates of the four quarters of risk without contact
Ratio = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]  # channel, quarter, category to a risk ratio


@dataclass(frozen=True)
class Plan:
    """How a list is made: patients, share of the control group, most appointments a patient has, and how alike one
    patient's are (intraclass correlation).
    """

    patients: int
    share: float
    most: int = 1
    alike: float = 0.0


def rows(plan: Plan, ratio: float, seed: int) -> Rows:
    """Judged appointments of one list on which a contact has this risk ratio for everybody."""
    chance = np.random.default_rng(seed)
    times = chance.integers(1, plan.most + 1, plan.patients)
    mean = np.array(BASE)[np.arange(plan.patients) * 4 // plan.patients]
    if plan.alike:
        size = 1 / plan.alike - 1
        own = chance.beta(mean * size, (1 - mean) * size)
    else:
        own = mean
    patient = np.repeat(np.arange(plan.patients), times)
    names = [str(one) for one in range(plan.patients)]
    is_control, quarter = control.control(names, mean + 1e-6 * np.arange(plan.patients), plan.share, seed)
    contacted = ~is_control[patient]
    event = chance.random(len(patient)) < own[patient] * np.where(contacted, ratio, 1)
    return Rows(event, contacted, patient, np.ones(len(patient)), quarter[patient])


def listed(made: Rows, value: np.ndarray | None = None) -> Listed:
    """The same as a list with outcomes."""
    came = np.where(made.event, CameTo.EVENT, CameTo.NON_EVENT)
    return Listed(made.contacted, came, made.patient, made.quarter, value=value)


def cases(
    n: int,
    ratio: Ratio,
    seed: int,
    *,
    share: float = 0.3,
    categories: Sequence[str] = ("ressonancia", "tomografia", "ultrassom"),
    channels: Sequence[str] = ("call",),
) -> Cases:
    """One appointment a patient, on which a contact does what `ratio` says."""
    chance = np.random.default_rng(seed)
    risk = np.clip(chance.beta(1.2, 5, n), 0.01, 0.9)
    is_control, quarter = control.control([str(one) for one in range(n)], risk, share, seed)
    channel, category = chance.choice(channels, n), chance.choice(categories, n)
    rate = risk * np.where(is_control, 1.0, ratio(channel, quarter, category))
    came = np.where(chance.random(n) < rate, CameTo.EVENT, CameTo.NON_EVENT)
    return Cases(~is_control, came, np.arange(n), risk, quarter, channel.astype(object), category.astype(object))
