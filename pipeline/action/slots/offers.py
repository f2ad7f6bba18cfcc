"""What may become of an offer, and to whom a slot may be offered: nobody gets two slots at one time, no slot goes to
two people.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from pipeline.errors import PresencaError
from pipeline.records.slots import SHIFTS, EmptiedSlot, Offer, OfferCounts, OfferState, WaitingEntry
from pipeline.statistics import wilson

_OPEN, _ACCEPTED, _DECLINED, _EXPIRED, _WITHDRAWN = OfferState
# late answers count while the slot is free; back to "open": it was a mistake, nobody had answered
ALLOWED: Mapping[OfferState, tuple[OfferState, ...]] = {
    _OPEN: (_ACCEPTED, _DECLINED, _EXPIRED, _WITHDRAWN),
    _ACCEPTED: (_WITHDRAWN, _OPEN),
    _DECLINED: (_ACCEPTED, _OPEN),
    _EXPIRED: (_ACCEPTED, _DECLINED, _OPEN),
    _WITHDRAWN: (),
}
HELD = (_OPEN, _ACCEPTED)  # a person who holds one of these is offered nothing at the same time
ANSWERS = (_ACCEPTED, _DECLINED, _EXPIRED)  # what teaches how likely an offer is accepted: silence is no


def changed(offer: Offer, state: OfferState, now: dt.datetime, others: Iterable[Offer]) -> Offer:
    """The offer in another state; `others`: the other offers of its slot and of its patient.

    PresencaError for a state that does not follow, for a slot that somebody else accepted, and for a patient who has
    accepted another slot of the same time.
    """
    if state is offer.state:
        return offer
    if state not in ALLOWED[offer.state]:
        raise PresencaError("offer.not_next", before=str(offer.state), after=str(state))
    if state is _ACCEPTED:
        taken = [other for other in others if other.state is _ACCEPTED and other.id != offer.id]
        if any(other.slot.key == offer.slot.key for other in taken):
            raise PresencaError("offer.slot_taken")
        if any(other.patient == offer.patient and overlap(other.slot, offer.slot) for other in taken):
            raise PresencaError("offer.patient_taken")
    answered = None if state is _OPEN else now
    return replace(offer, state=state, answered=answered, version=offer.version + 1)


def expired(offers: Iterable[Offer], now: dt.datetime) -> tuple[Offer, ...]:
    """The open offers whose time has passed."""
    return tuple(offer for offer in offers if offer.state is _OPEN and offer.until is not None and offer.until < now)


def taken(offers: Iterable[Offer]) -> frozenset[str]:
    """The keys of the slots that somebody accepted."""
    return frozenset(offer.slot.key for offer in offers if offer.state is _ACCEPTED)


def may_be_offered(entry: WaitingEntry, slot: EmptiedSlot, offers: Iterable[Offer]) -> bool:
    """Whether a slot fits somebody's wishes, was not offered to them yet and is not of the time of one that they hold;
    nor is anything offered for a wait that an accepted offer ended.
    """
    own = [offer for offer in offers if offer.patient == entry.patient]
    return (
        matches(entry, slot)
        and all(offer.slot.key != slot.key or offer.state is _WITHDRAWN for offer in own)
        and not any(offer.state in HELD and overlap(offer.slot, slot) for offer in own)
        and not any(offer.state is _ACCEPTED and offer.entry == entry.key for offer in own)
    )


def unanswered(entries: Iterable[WaitingEntry], slot: EmptiedSlot, offers: Collection[Offer]) -> int:
    """How many may still take a slot: not asked yet, or asked and still to answer; nobody, once it is taken."""
    if slot.key in taken(offers):
        return 0
    out = sum(offer.slot.key == slot.key and offer.state is OfferState.OPEN for offer in offers)
    return out + sum(may_be_offered(entry, slot, offers) for entry in entries)


def matches(entry: WaitingEntry, slot: EmptiedSlot) -> bool:
    """Whether somebody waits for such a slot: procedure and unit alike where both say one, and on a day and at a time
    of day that they can come on.
    """
    return (
        is_of_kind(entry, slot)
        and (not entry.weekdays or slot.day.weekday() in entry.weekdays)
        and (not entry.shifts or slot.hour is None or shift_of(slot.hour) in entry.shifts)
        and entry.since <= slot.day
    )


def is_of_kind(entry: WaitingEntry, slot: EmptiedSlot) -> bool:
    """Whether procedure and unit are alike where both say one, whatever the day."""
    return _alike(entry.procedure, slot.procedure) and _alike(entry.unit, slot.unit)


def shift_of(hour: float) -> str:
    """The time of day to which an hour belongs."""
    return next((name for name, (first, end) in SHIFTS.items() if first <= hour < end), "evening")


def overlap(one: EmptiedSlot, other: EmptiedSlot) -> bool:
    """Whether nobody can come to both: of one day, and of one time where both say theirs."""
    if one.day != other.day:
        return False
    if one.hour is None or other.hour is None:
        return True
    return one.hour < other.hour + other.minutes / 60 and other.hour < one.hour + one.minutes / 60


def counts(offers: Iterable[Offer]) -> OfferCounts:
    """By state, and what part of those that got an answer (or none in time) were accepted, after Wilson (1927)."""
    every = tuple(offers)
    states = Counter(offer.state for offer in every)
    answered = sum(states[state] for state in ANSWERS)
    return OfferCounts(
        states=tuple((state, states[state]) for state in OfferState),
        slots=len({offer.slot.key for offer in every}),
        filled=len(taken(every)),
        acceptance=wilson(states[_ACCEPTED], answered),
    )


def _alike(one: str, other: str) -> bool:
    return not one or not other or one.casefold() == other.casefold()
