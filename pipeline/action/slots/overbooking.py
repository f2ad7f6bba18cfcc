"""How many people may be booked beyond the slots of a session, at a chosen chance that more come than there are slots,
and in which slots, so that nobody's group bears much more of the waiting than all do.

Emptied slots are refilled first: those that are expected to be filled count as booked, and a session in which somebody
of the waiting list is still to be asked takes no extra booking. Choosing slots by risk alone makes the groups wait that
miss most; the bound on the worst-off group is part of the choice (Samorani, Harris, Blount, Lu & Santoro 2022,
Manufacturing & Service Operations Management 24: 2825).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from pipeline.action.slots.attendance import convolved, mean_and_variance, more_than, quantile, shifted
from pipeline.action.slots.burden import Burdens, fair
from pipeline.action.slots.queue import cost, waits
from pipeline.records.slots import (
    Attendance,
    ClinicSession,
    GroupBurden,
    OverbookingPlan,
    OverbookingPolicy,
    QueueOutcome,
    SessionPlan,
)

CHANCE, CAP, SHARE, BURDEN = "chance", "cap", "share", "group_burden"
REFILL, NOBODY = "refill_first", "nobody_booked"
_EXACT = 1e-9


def plan(
    sessions: Sequence[ClinicSession],
    policy: OverbookingPolicy,
    spread: float = 0.0,
    borne: Mapping[str, GroupBurden] | None = None,
) -> OverbookingPlan:
    """The extra bookings of several sessions, within the policy; the bound holds over all of them together.

    `spread`: of the log-odds that a session's bookings share (see `attendance`); `borne`: what groups bore before, by
    group. A plan without extra bookings burdens nobody, so that there always is one.
    """
    allowed = [most_extra(session, policy, spread) for session in sessions]
    wished = [placed(session, number, policy) for session, (number, _) in zip(sessions, allowed, strict=True)]
    burdens = Burdens.of(sessions, policy, borne or {})
    chosen = fair(burdens, wished, policy.bound)
    told = [
        _told(session, slots, policy, spread, why if len(slots) == number else BURDEN)
        for session, slots, (number, why) in zip(sessions, chosen, allowed, strict=True)
    ]
    mean, groups = burdens.told(chosen)
    return OverbookingPlan(tuple(told), mean, groups, sum(map(len, wished)) - sum(map(len, chosen)))


def expected_come(session: ClinicSession) -> np.ndarray:
    """(T,) the chance that somebody comes to each slot: whoever is booked, or else is expected to fill it."""
    come, refill = np.array(session.come, dtype=float), np.array(session.refill, dtype=float)
    return 1 - (1 - come) * (1 - refill)


def overflow(session: ClinicSession, extra: int, show: float, spread: float = 0.0) -> np.ndarray:
    """(extra + 1,) the chance that more come than there are slots, with 0 … `extra` bookings beyond them."""
    moved, weights = shifted(np.append(expected_come(session), show), spread)
    slots = len(session.come)
    mass = convolved(moved[:, :-1])
    found = [np.zeros(len(mass))]
    for _ in range(extra):
        last = moved[:, -1:]
        mass = np.pad(mass * (1 - last), ((0, 0), (0, 1))) + np.pad(mass * last, ((0, 0), (1, 0)))
        found.append(mass[:, slots + 1 :].sum(axis=1))
    return np.array([float(weights @ each) for each in found])


def most_extra(session: ClinicSession, policy: OverbookingPolicy, spread: float = 0.0) -> tuple[int, str]:
    """The most extra bookings that the chance of overflow and the cap allow, and which of them holds it there."""
    booked = _booked(session)
    if session.unanswered > 0 and booked < len(session.come):
        return 0, REFILL
    if not booked:
        return 0, NOBODY
    of_slots = math.floor(policy.share * len(session.come) + _EXACT)
    cap = min(policy.most, of_slots, booked)
    over = overflow(session, cap + 1, policy.show, spread)
    within = int((over <= policy.chance + _EXACT).sum()) - 1
    return (cap, SHARE if of_slots < policy.most else CAP) if within >= cap else (max(within, 0), CHANCE)


def placed(session: ClinicSession, extra: int, policy: OverbookingPolicy) -> tuple[int, ...]:
    """The slots in which so many extra bookings cost least waiting and overtime, found one after the other."""
    come = expected_come(session)
    free = np.array(session.come) > 0
    taken = np.zeros(len(come))
    for _ in range(extra):
        tried = taken + np.eye(len(come)) * policy.show
        costs = np.where(free & (taken == 0), cost(come, tried, policy.overtime), np.inf)
        best = int(np.argmin(costs))
        taken[best] = policy.show
    return tuple(np.flatnonzero(taken).tolist())


def attendance(session: ClinicSession, extra: int, show: float, spread: float = 0.0) -> Attendance:
    """How many will come to a session with so many extra bookings."""
    moved, weights = shifted(np.append(expected_come(session), np.full(extra, show)), spread)
    mass = np.tensordot(weights, convolved(moved), axes=1)
    mean, variance = mean_and_variance(mass)
    capacity = len(session.come)
    return Attendance(
        booked=_booked(session) + extra,
        mean=mean,
        variance=variance,
        inside80=(quantile(mass, 0.1), quantile(mass, 0.9)),
        inside95=(quantile(mass, 0.025), quantile(mass, 0.975)),
        capacity=capacity,
        over=more_than(mass, capacity),
    )


def _booked(session: ClinicSession) -> int:
    return int(np.count_nonzero(session.come))


def _told(
    session: ClinicSession, slots: tuple[int, ...], policy: OverbookingPolicy, spread: float, why: str
) -> SessionPlan:
    come, extra = expected_come(session), np.zeros(len(session.come))
    extra[list(slots)] = policy.show
    found, minutes = waits(come, extra), session.minutes
    queue = QueueOutcome(
        wait=minutes * float(come @ found.booked) / max(float(come.sum()), _EXACT),
        extra_wait=minutes * float(extra @ found.extra) / max(float(extra.sum()), _EXACT),
        overtime=minutes * float(found.overtime),
        idle=minutes * float(found.idle),
    )
    return SessionPlan(session.key, slots, attendance(session, len(slots), policy.show, spread), queue, why)
