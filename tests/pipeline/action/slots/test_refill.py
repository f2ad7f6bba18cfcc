"""Refilling: filled as often as promised, who waited longest first, no group left behind."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.action.slots import refill
from pipeline.records.slots import Acceptance, EmptiedSlot, Offer, OfferState, WaitingEntry

DAY, NOW = dt.date(2026, 5, 4), dt.datetime(2026, 5, 1, 9, tzinfo=dt.UTC)
SLOT = EmptiedSlot("00000000000000aa", DAY, 9.0)


def offers(yes: int, no: int, group: str = "") -> list[Offer]:
    def one(place: int) -> Offer:
        state = OfferState.ACCEPTED if place < yes else OfferState.DECLINED
        return Offer(f"{group}{place}", SLOT, "e", "p", NOW, None, state, NOW, group)

    return [one(place) for place in range(yes + no)]


def waiting(days: list[int], groups: list[str]) -> list[WaitingEntry]:
    return [
        WaitingEntry(f"{place:03}", f"p{place}", DAY - dt.timedelta(days=wait), group=group)
        for place, (wait, group) in enumerate(zip(days, groups, strict=True))
    ]


def test_the_start_is_what_was_counted_elsewhere_and_gives_way_to_the_clinics_own() -> None:
    start, own = refill.acceptance([])[""], refill.acceptance(offers(400, 600))[""]
    assert start.chance == pytest.approx(0.109, abs=0.001) and start.offers == 0
    assert own.chance == pytest.approx(0.386, abs=0.001) and own.offers == 1000


def test_a_group_has_its_own_only_with_enough_offers() -> None:
    found = refill.acceptance([*offers(20, 20, "a"), *offers(2, 27, "b")])
    assert set(found) == {"", "a"}
    assert found[""].chance < found["a"].chance < 0.5


def test_only_answers_teach() -> None:
    states = [OfferState.OPEN, OfferState.WITHDRAWN, OfferState.EXPIRED]
    told = [Offer(str(place), SLOT, "e", "p", NOW, None, state) for place, state in enumerate(states)]
    assert refill.acceptance(told)[""].offers == 1  # silence was an answer


@given(st.floats(0.01, 0.99), st.floats(0.0, 0.999))
def test_the_number_of_offers_is_the_least_that_fills(chance: float, wished: float) -> None:
    n = refill.offers_needed(chance, wished)
    assert 1 - (1 - chance) ** n >= wished - 1e-6
    assert n == 0 or 1 - (1 - chance) ** (n - 1) < wished + 1e-6


def test_eleven_in_a_hundred_need_twenty_six_offers() -> None:
    assert refill.offers_needed(0.11, 0.95) == math.ceil(math.log(0.05) / math.log(0.89)) == 26
    assert (refill.offers_needed(1.0, 0.9), refill.offers_needed(1.0, 0.0)) == (1, 0)
    with pytest.raises(ValueError):
        refill.offers_needed(0.0, 0.9)


@pytest.mark.parametrize("known", [Acceptance(5.5, 44.5, 0), Acceptance(150, 850, 1000)])
@pytest.mark.parametrize("at_once", [True, False])
def test_slots_are_filled_as_often_as_promised(known: Acceptance, at_once: bool) -> None:
    plan, rng, days = refill.offer_plan(known, 0.9, 150, at_once=at_once), np.random.default_rng(3), 10_000
    chances = rng.beta(known.yes, known.no, (days, 1))  # the clinic's own, which nobody knows better than this
    yes = rng.random((days, plan.offers)) < chances
    filled = yes.any(axis=1)
    assert plan.enough and plan.filled >= 0.9
    assert filled.mean() == pytest.approx(plan.filled, abs=0.01)
    asked = np.where(filled, yes.argmax(axis=1) + 1, plan.offers) if not at_once else np.full(days, plan.offers)
    assert asked.mean() == pytest.approx(plan.expected, rel=0.03)
    assert (yes.sum(axis=1) - filled).mean() * at_once == pytest.approx(plan.turned_away, rel=0.04)


def test_what_is_not_well_known_takes_more_offers_than_its_mean_says() -> None:
    start = refill.acceptance([])[""]
    assert refill.offer_plan(start, 0.9, 100, at_once=True).offers > refill.offers_needed(start.chance, 0.9)


def test_too_few_people_or_too_little_time_is_told() -> None:
    start = refill.acceptance([])[""]
    few, hurried = (
        refill.offer_plan(start, 0.9, 3, at_once=True),
        refill.offer_plan(start, 0.9, 99, at_once=False, rounds=4),
    )
    assert (few.offers, few.enough) == (3, False)
    assert (hurried.offers, hurried.enough) == (4, False)
    assert few.filled == pytest.approx(float(refill.filled(start, 3)))
    assert refill.offer_plan(start, 0.9, 0, at_once=True).filled == 0


def test_who_waited_longest_is_asked_first() -> None:
    listed = waiting([3, 90, 40, 12], [""] * 4)
    assert [entry.key for entry in refill.ranked(listed, 3)] == ["001", "002", "003"]
    assert refill.ranked([], 3) == ()


@settings(max_examples=80)
@given(
    st.lists(st.tuples(st.integers(0, 400), st.sampled_from("abcd")), min_size=1, max_size=40),
    st.integers(1, 50),
    st.sampled_from([0.0, 0.5, 0.8, 1.0]),
)
def test_no_groups_share_of_offers_falls_below_its_floor(
    people: list[tuple[int, str]], number: int, floor: float
) -> None:
    listed = waiting([days for days, _ in people], [group for _, group in people])
    sizes, had = Counter(entry.group for entry in listed), Counter[str]()
    order = refill.ranked(listed, number, floor)
    assert len(order) == min(number, len(listed)) == len({entry.key for entry in order})
    for step, entry in enumerate(order, start=1):
        had[entry.group] += 1
        for group, size in sizes.items():
            assert had[group] >= math.floor(floor * size / len(listed) * step + 1e-9), (group, step)
    for group in sizes:  # within a group, and without a floor, nobody is passed over
        asked = [entry for entry in order if entry.group == group]
        own = sorted((entry for entry in listed if entry.group == group), key=lambda entry: (entry.since, entry.key))
        assert asked == own[: len(asked)]
    if floor == 0:
        assert list(order) == sorted(listed, key=lambda entry: (entry.since, entry.key))[:number]


def test_a_group_that_was_left_behind_comes_first() -> None:
    listed = waiting([90, 80, 70, 5, 4, 3], ["a", "a", "a", "b", "b", "b"])
    assert [entry.group for entry in refill.ranked(listed, 3, 0.8, {"a": 10})] == ["b", "b", "b"]
    assert [entry.group for entry in refill.ranked(listed, 3, 0.0, {"a": 10})] == ["a", "a", "a"]
    with pytest.raises(ValueError):
        refill.ranked(listed, 3, 1.5)
