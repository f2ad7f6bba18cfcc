"""Offers: which state follows which, wishes, and never two slots at one time nor one slot for two."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import product

import pytest

from pipeline.action.slots import offers
from pipeline.errors import PresencaError
from pipeline.records.slots import EmptiedSlot, Offer, OfferState, WaitingEntry

MONDAY = dt.date(2026, 5, 4)
NOW = dt.datetime(2026, 5, 1, 9, tzinfo=dt.UTC)
SLOT = EmptiedSlot("00000000000000aa", MONDAY, 9.0, 30.0, "Centro", "Ultrassom")
ENTRY = WaitingEntry("e1", "p1", dt.date(2026, 3, 1), "ultrassom", "CENTRO")
OFFER = Offer("o1", SLOT, "e1", "p1", NOW, NOW + dt.timedelta(hours=2))


def test_only_what_follows_is_allowed() -> None:
    for before, after in product(OfferState, repeat=2):
        found = replace(OFFER, state=before)
        if after is before:
            assert offers.changed(found, after, NOW, []) is found
        elif after in offers.ALLOWED[before]:
            made = offers.changed(found, after, NOW, [])
            assert (made.state, made.version) == (after, 1)
            assert made.answered == (None if after is OfferState.OPEN else NOW)
        else:
            with pytest.raises(PresencaError) as error:
                offers.changed(found, after, NOW, [])
            assert error.value.note.code == "offer.not_next"


def test_a_slot_is_never_accepted_by_two() -> None:
    other = replace(OFFER, id="o2", patient="p2", state=OfferState.ACCEPTED)
    with pytest.raises(PresencaError) as error:
        offers.changed(OFFER, OfferState.ACCEPTED, NOW, [other])
    assert error.value.note.code == "offer.slot_taken"
    withdrawn = replace(other, state=OfferState.WITHDRAWN)
    assert offers.changed(OFFER, OfferState.ACCEPTED, NOW, [withdrawn]).state is OfferState.ACCEPTED
    assert offers.taken([OFFER, other]) == {SLOT.key}


def test_nobody_accepts_two_slots_of_one_time() -> None:
    beside = replace(SLOT, key="00000000000000bb", hour=9.25)
    other = replace(OFFER, id="o2", slot=beside, state=OfferState.ACCEPTED)
    with pytest.raises(PresencaError) as error:
        offers.changed(OFFER, OfferState.ACCEPTED, NOW, [other])
    assert error.value.note.code == "offer.patient_taken"


@pytest.mark.parametrize(
    ("wish", "fits"),
    [
        ({}, True),
        ({"procedure": "Consulta"}, False),
        ({"unit": "Norte"}, False),
        ({"unit": "", "procedure": ""}, True),
        ({"weekdays": (0, 2)}, True),
        ({"weekdays": (1,)}, False),
        ({"shifts": ("morning",)}, True),
        ({"shifts": ("afternoon", "evening")}, False),
        ({"since": dt.date(2026, 6, 1)}, False),
    ],
)
def test_wishes_are_heeded(wish: dict[str, object], fits: bool) -> None:
    assert offers.matches(replace(ENTRY, **wish), SLOT) is fits  # type: ignore[arg-type]


def test_a_slot_without_an_hour_fits_any_time_of_day() -> None:
    assert offers.matches(replace(ENTRY, shifts=("evening",)), replace(SLOT, hour=None))
    assert [offers.shift_of(hour) for hour in (0.0, 11.9, 12.0, 18.0, 23.5)] == [
        "morning",
        "morning",
        "afternoon",
        "evening",
        "evening",
    ]


@pytest.mark.parametrize(
    ("other", "state", "may"),
    [
        ({}, OfferState.DECLINED, False),  # said no to this one
        ({}, OfferState.WITHDRAWN, True),
        ({"key": "b", "hour": 9.25}, OfferState.OPEN, False),
        ({"key": "b", "hour": 9.5}, OfferState.OPEN, True),  # one after the other
        ({"key": "b", "hour": None}, OfferState.OPEN, False),  # a day on which the hour isn't known
        ({"key": "b", "hour": 9.25}, OfferState.EXPIRED, True),
        ({"key": "b", "day": dt.date(2026, 5, 5)}, OfferState.OPEN, True),
        ({"key": "b", "day": dt.date(2026, 5, 5)}, OfferState.ACCEPTED, False),  # the wait is over
    ],
)
def test_nobody_is_offered_two_slots_of_one_time(other: dict[str, object], state: OfferState, may: bool) -> None:
    held = replace(OFFER, slot=replace(SLOT, **other), state=state)  # type: ignore[arg-type]
    assert offers.may_be_offered(ENTRY, SLOT, [held]) is may
    assert offers.may_be_offered(ENTRY, SLOT, [replace(held, patient="p2", entry="e2")])


def test_a_slot_waits_for_those_who_were_asked_and_those_who_may_be() -> None:
    other = replace(ENTRY, key="e2", patient="p2")
    assert offers.unanswered([ENTRY, other], SLOT, []) == 2
    assert offers.unanswered([ENTRY, other], SLOT, [OFFER]) == 2  # one is asked, one may be
    assert offers.unanswered([ENTRY, other], SLOT, [replace(OFFER, state=OfferState.DECLINED)]) == 1
    assert offers.unanswered([ENTRY, other], SLOT, [replace(OFFER, state=OfferState.ACCEPTED)]) == 0


def test_offers_run_out() -> None:
    late = NOW + dt.timedelta(hours=3)
    assert offers.expired([OFFER, replace(OFFER, until=None)], late) == (OFFER,)
    assert offers.expired([OFFER, replace(OFFER, state=OfferState.DECLINED)], NOW) == ()


def test_counts_add_up() -> None:
    states = [OfferState.ACCEPTED, OfferState.DECLINED, OfferState.EXPIRED, OfferState.OPEN]
    found = offers.counts(replace(OFFER, id=str(place), state=state) for place, state in enumerate(states))
    assert sum(number for _, number in found.states) == 4
    assert (found.slots, found.filled) == (1, 1)
    assert found.acceptance is not None and found.acceptance.value == pytest.approx(1 / 3)
