"""Extra bookings: overflow as often as promised, waits as a simulation finds them, no group above its bound."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.action.slots import overbooking
from pipeline.action.slots.queue import waits
from pipeline.records.slots import ClinicSession, GroupBurden, OverbookingPlan, OverbookingPolicy

LOOSE = OverbookingPolicy(share=1.0, most=20, bound=100.0)


def session(
    come: np.ndarray, key: str = "a", groups: tuple[tuple[str, ...], ...] = (), **more: object
) -> ClinicSession:
    nothing = tuple(0.0 for _ in come)
    told = groups or tuple(() for _ in come)
    plain: dict[str, object] = {"refill": nothing, "minutes": 20.0, **more}
    return ClinicSession(key, tuple(come.tolist()), groups=told, **plain)  # type: ignore[arg-type]


def simulated(come: np.ndarray, extra: np.ndarray, days: int, seed: int) -> dict[str, np.ndarray]:
    """The same session day by day, patient by patient: waits in slots of time, summed over who came."""
    rng = np.random.default_rng(seed)
    backlog, booked, beyond, idle = np.zeros(days), np.zeros(len(come)), np.zeros(len(come)), 0.0
    came_all = np.zeros(days)
    for slot in range(len(come)):
        came, other = rng.random(days) < come[slot], rng.random(days) < extra[slot]
        first = rng.random(days) < 0.5
        booked[slot] = (backlog + (other & ~first))[came].sum() / max(came.sum(), 1)
        beyond[slot] = (backlog + (came & first))[other].sum() / max(other.sum(), 1)
        idle += ((backlog == 0) & ~came & ~other).mean()
        backlog = np.maximum(backlog + came + other - 1, 0)
        came_all += came.astype(int) + other
    return {"booked": booked, "extra": beyond, "overtime": backlog, "idle": np.array(idle), "came": came_all}


def test_the_queue_is_what_a_simulation_finds() -> None:
    come, extra = np.linspace(0.95, 0.5, 12), np.zeros(12)
    extra[[1, 4, 5, 9]] = 0.8
    exact, seen = waits(come, extra), simulated(come, extra, 40_000, 1)
    assert exact.booked == pytest.approx(seen["booked"], abs=0.03)
    assert exact.extra[extra > 0] == pytest.approx(seen["extra"][extra > 0], abs=0.03)
    assert float(exact.overtime) == pytest.approx(seen["overtime"].mean(), abs=0.02)
    assert float(exact.idle) == pytest.approx(float(seen["idle"]), abs=0.02)


def test_without_extra_bookings_nobody_waits() -> None:
    found = waits(np.full(8, 0.7), np.zeros(8))
    assert (found.booked == 0).all() and found.overtime == 0
    assert float(found.idle) == pytest.approx(8 * 0.3)


def test_overflow_happens_as_often_as_promised_over_10_000_days() -> None:
    rng, days, promised, seen = np.random.default_rng(7), 10_000, [], 0
    for _ in range(20):  # agendas of their own sizes and risks, 500 days each
        come = 1 - rng.beta(2, 6, rng.integers(8, 30))
        extra, why = overbooking.most_extra(session(come), LOOSE)
        over = overbooking.overflow(session(come), extra + 1, LOOSE.show)
        assert over[extra] <= LOOSE.chance < over[extra + 1] and why == overbooking.CHANCE
        chances = np.append(come, np.full(extra, LOOSE.show))
        came = (rng.random((days // 20, len(chances))) < chances).sum(axis=1)
        promised.append(over[extra])
        seen += int((came > len(come)).sum())
    mean = float(np.mean(promised))
    assert seen / days == pytest.approx(mean, abs=3.3 * np.sqrt(mean * (1 - mean) / days))
    assert mean <= LOOSE.chance


def test_what_holds_the_number_down_is_told() -> None:
    come = np.full(20, 0.6)
    assert overbooking.most_extra(session(come), OverbookingPolicy()) == (2, overbooking.CAP)
    assert overbooking.most_extra(session(come[:9]), OverbookingPolicy()) == (0, overbooking.SHARE)  # a tenth of 9
    assert overbooking.most_extra(session(np.full(20, 0.99)), OverbookingPolicy()) == (0, overbooking.CHANCE)
    assert overbooking.most_extra(session(np.zeros(20)), OverbookingPolicy()) == (0, overbooking.NOBODY)


def test_refill_comes_before_any_extra_booking() -> None:
    come = np.array([0.6] * 17 + [0.0] * 3)
    asked = session(come, refill=tuple([0.0] * 17 + [0.7] * 3), unanswered=4)
    assert overbooking.most_extra(asked, LOOSE) == (0, overbooking.REFILL)
    done = session(come, refill=tuple([0.0] * 17 + [0.7] * 3))
    fewer, more = (overbooking.most_extra(one, LOOSE)[0] for one in (done, session(come)))
    assert 0 < fewer < more  # those that are expected to fill the slots count as booked
    assert all(come[slot] > 0 for slot in overbooking.placed(done, fewer, LOOSE))


def test_a_shared_shift_allows_fewer() -> None:
    one = session(np.full(40, 0.75))
    assert overbooking.most_extra(one, LOOSE, 0.6)[0] < overbooking.most_extra(one, LOOSE)[0]


def test_the_plan_tells_what_comes_of_it() -> None:
    come = np.full(20, 0.7)
    (told,) = overbooking.plan([session(come)], OverbookingPolicy()).sessions
    extra = np.zeros(20)
    extra[list(told.slots)] = 0.8
    seen = simulated(come, extra, 40_000, 3)
    assert len(told.slots) == 2
    assert told.attendance.mean == pytest.approx(20 * 0.7 + 2 * 0.8)
    assert told.attendance.over == pytest.approx((seen["came"] > 20).mean(), abs=0.005)
    assert told.queue.wait == pytest.approx(20 * seen["booked"].mean(), abs=0.3)
    assert told.queue.overtime == pytest.approx(20 * seen["overtime"].mean(), abs=0.3)


VALUES = ("a=1", "a=2", "a=3")


@st.composite
def agendas(draw: st.DrawFn) -> list[ClinicSession]:
    """Sessions in which one group misses far more than the others: where risk alone would put the extra bookings."""
    found = []
    for place in range(draw(st.integers(1, 5))):
        size = draw(st.integers(6, 14))
        groups = draw(st.lists(st.sampled_from(VALUES), min_size=size, max_size=size))
        sexes = draw(st.lists(st.sampled_from(("s=F", "s=M")), min_size=size, max_size=size))
        come = np.array([0.4 if group == "a=1" else 0.85 for group in groups])
        found.append(session(come, str(place), tuple(zip(groups, sexes, strict=True))))
    return found


def burdens_by_hand(sessions: list[ClinicSession], plan: OverbookingPlan, show: float) -> dict[str, float]:
    """Each group's mean added wait, from the queue alone."""
    minutes, people = dict.fromkeys(("", *VALUES, "s=F", "s=M"), 0.0), dict.fromkeys(("", *VALUES, "s=F", "s=M"), 0.0)
    for one, told in zip(sessions, plan.sessions, strict=True):
        extra = np.zeros(len(one.come))
        extra[list(told.slots)] = show
        added = waits(np.array(one.come), extra).booked * one.minutes
        for slot, chance in enumerate(one.come):
            for name in ("", *one.groups[slot]):
                minutes[name] += chance * added[slot]
                people[name] += chance
    return {name: minutes[name] / people[name] for name in minutes if people[name]}


@settings(max_examples=40, deadline=None)
@given(agendas(), st.sampled_from([0.0, 0.1, 0.25, 1.0]))
def test_no_group_bears_more_than_its_bound(sessions: list[ClinicSession], bound: float) -> None:
    policy = OverbookingPolicy(chance=0.2, share=0.3, bound=bound, least=0)
    plan = overbooking.plan(sessions, policy)
    each = burdens_by_hand(sessions, plan, policy.show)
    mean = each.pop("")
    assert max(each.values()) <= (1 + bound) * mean + 1e-6
    assert plan.mean == pytest.approx(mean)
    assert {group.group: group.minutes for group in plan.groups} == pytest.approx(each)
    allowed = [overbooking.most_extra(one, policy)[0] for one in sessions]
    assert plan.extra + plan.dropped == sum(allowed)


def _clinic(seed: int, sessions: int) -> list[ClinicSession]:
    rng, found = np.random.default_rng(seed), []
    for place in range(sessions):
        groups = rng.choice(VALUES, 14, p=(0.25, 0.35, 0.4))
        come = np.where(groups == "a=1", 0.5, 0.85)
        found.append(session(come, str(place), tuple((str(group),) for group in groups)))
    return found


def test_the_bound_moves_bookings_rather_than_dropping_them() -> None:
    sessions = _clinic(5, 30)
    free = overbooking.plan(sessions, OverbookingPolicy(bound=100.0))
    bound = overbooking.plan(sessions, OverbookingPolicy(bound=0.1))
    assert free.groups[0].group == "a=1" and free.groups[0].minutes > 1.4 * free.mean
    assert bound.groups[0].minutes <= 1.1 * bound.mean + 1e-6
    assert bound.extra > 0.9 * free.extra


def test_what_was_borne_before_counts() -> None:
    sessions = _clinic(6, 20)
    borne = {"": GroupBurden("", 400, 1.0), "a=1": GroupBurden("a=1", 100, 1.6), "a=2": GroupBurden("a=2", 300, 0.8)}
    plan = overbooking.plan(sessions, OverbookingPolicy(bound=0.25), borne=borne)
    alone = overbooking.plan(sessions, OverbookingPolicy(bound=0.25))
    worst = {group.group: group for group in plan.groups}["a=1"]
    assert plan.extra > 0 and worst.minutes <= 1.25 * plan.mean + 1e-6

    def now(found: OverbookingPlan) -> float:
        one = {group.group: group for group in found.groups}["a=1"]
        return one.people * one.minutes

    assert now(plan) - 100 * 1.6 < now(alone)  # who bore much before bears less now


def test_small_groups_are_taken_together() -> None:
    groups = tuple((f"plan={place}",) for place in range(20))
    plan = overbooking.plan([session(np.full(20, 0.7), groups=groups)], OverbookingPolicy(bound=0.5))
    assert [group.group for group in plan.groups] == ["plan="]
    assert plan.extra == 2
