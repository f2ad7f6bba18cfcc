"""Over 10,000 simulated days: overflow and waits of a plan, with shared shifts and refilled slots, as promised."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit, logit

from pipeline.action.slots import attendance, overbooking
from pipeline.records.slots import ClinicSession, OverbookingPolicy

DAYS, SPREAD, SLOTS = 10_000, 0.3, 16
GROUPS = ("g=1", "g=2", "g=3")


def clinic(seed: int) -> list[ClinicSession]:
    """Twelve sessions; the first group misses twice as much as the others, and each session has a refilled slot."""
    rng, found = np.random.default_rng(seed), []
    for key in range(12):
        groups = rng.choice(GROUPS, SLOTS, p=(0.3, 0.3, 0.4))
        come = np.where(groups == "g=1", 0.55, 0.8) + rng.uniform(-0.1, 0.1, SLOTS)
        refill = np.zeros(SLOTS)
        come[key], refill[key] = 0.0, 0.4
        told = tuple(() if place == key else (str(group),) for place, group in enumerate(groups))
        found.append(ClinicSession(str(key), tuple(come.tolist()), tuple(refill.tolist()), told, 20.0))
    return found


def lived(
    one: ClinicSession, slots: tuple[int, ...], show: float, seed: int, spread: float
) -> tuple[float, np.ndarray]:
    """(share of days on which more came than there are slots; minutes that each slot's booked waited, by slot)."""
    rng = np.random.default_rng(seed)
    chances = np.concatenate([overbooking.expected_come(one), np.full(len(slots), show)])
    odds = logit(chances) * np.sqrt(1 + attendance._STRETCH * spread**2)
    came = rng.random((DAYS, len(chances))) < expit(odds + spread * rng.standard_normal((DAYS, 1)))
    backlog, waited = np.zeros(DAYS), np.zeros(SLOTS)
    extra = np.zeros((DAYS, SLOTS), dtype=bool)
    extra[:, list(slots)] = came[:, SLOTS:]
    for slot in range(SLOTS):
        booked, other = came[:, slot], extra[:, slot]
        waited[slot] = 20 * (backlog + (other & (rng.random(DAYS) < 0.5)))[booked].mean()
        backlog = np.maximum(backlog + booked + other - 1, 0)
    return float((came.sum(axis=1) > SLOTS).mean()), waited


@pytest.mark.slow
@pytest.mark.parametrize("bound", [0.05, 0.25])
def test_a_plan_is_lived_as_it_promised(bound: float) -> None:
    sessions, policy = clinic(1), OverbookingPolicy(share=0.25, most=4, bound=bound)
    plan = overbooking.plan(sessions, policy, SPREAD)
    assert plan.extra >= 12
    minutes, people = dict.fromkeys(("", *GROUPS), 0.0), dict.fromkeys(("", *GROUPS), 0.0)
    for place, (one, told) in enumerate(zip(sessions, plan.sessions, strict=True)):
        seen, _ = lived(one, told.slots, policy.show, place, SPREAD)
        promised = told.attendance.over
        assert promised <= policy.chance
        assert seen == pytest.approx(promised, abs=4 * np.sqrt(promised * (1 - promised) / DAYS) + 1e-3)
        _, waited = lived(one, told.slots, policy.show, place, 0.0)  # waits are those of days that share nothing
        for slot, names in enumerate(one.groups):
            for name in ("", *names) if names else ():
                minutes[name] += one.come[slot] * waited[slot]
                people[name] += one.come[slot]
    mean = minutes[""] / people[""]
    worst = max(minutes[name] / people[name] for name in GROUPS)
    assert mean == pytest.approx(plan.mean, rel=0.03)
    assert worst <= (1 + bound) * mean * 1.02  # chance of the simulation
    free = overbooking.plan(sessions, OverbookingPolicy(share=0.25, most=4, bound=100.0), SPREAD)
    assert free.groups[0].minutes > (1 + bound) * free.mean  # without the bound it would not hold
