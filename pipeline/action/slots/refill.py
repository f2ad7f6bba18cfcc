"""Filling a slot that was emptied: how likely an offer is accepted, how many offers it takes, and who is asked first.

The start is what was counted of 60,660 automated offers of 21,978 slots: 6,603 of them accepted, 11 % (J Med Internet
Res 2024; 26: e52071). It weighs as START_OFFERS of the clinic's own, not as the thousands that it rests on: clinics
differ by more than chance.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from scipy.special import betaln

from pipeline.action.slots.offers import ANSWERS
from pipeline.records.slots import Acceptance, Offer, OfferPlan, OfferState, WaitingEntry

START_CHANCE, START_OFFERS = 6603 / 60660, 50.0
LEAST_OF_GROUP = 30  # answered offers from which a group has its own acceptance
MOST_OFFERS = 200  # of one slot; beyond, nobody would go on
_EXACT = 1e-9


def acceptance(offers: Iterable[Offer]) -> dict[str, Acceptance]:
    """How likely an offer is accepted: "" of all, and by group where at least LEAST_OF_GROUP were answered.

    A clinic's counts are added to the start, a group's to its clinic's mean, each worth START_OFFERS offers (empirical
    Bayes with a Beta prior). An offer that nobody answered in time counts as declined; open and withdrawn ones don't.
    """
    answered = [offer for offer in offers if offer.state in ANSWERS]
    whole = _posterior(answered, START_CHANCE)
    found = {"": whole}
    for group in sorted({offer.group for offer in answered} - {""}):
        own = [offer for offer in answered if offer.group == group]
        if len(own) >= LEAST_OF_GROUP:
            found[group] = _posterior(own, whole.chance, group)
    return found


def _posterior(answered: Sequence[Offer], before: float, group: str = "") -> Acceptance:
    yes = sum(offer.state is OfferState.ACCEPTED for offer in answered)
    n = len(answered)
    return Acceptance(START_OFFERS * before + yes, START_OFFERS * (1 - before) + n - yes, n, group)


def offers_needed(chance: float, wished: float) -> int:
    """n = ⌈log(1 − wished) / log(1 − chance)⌉: offers by which a slot is filled with the wished chance, where each is
    accepted with a chance that is known. ValueError where no number of offers does.
    """
    if not (0 < chance <= 1 and 0 <= wished < 1):
        raise ValueError("chance in (0, 1], wished in [0, 1)")
    if chance == 1:
        return 1 if wished > 0 else 0
    return math.ceil(math.log1p(-wished) / math.log1p(-chance) - _EXACT)


def filled(known: Acceptance, offers: int | np.ndarray) -> np.ndarray:
    """The chance that one of n offers is accepted, where the acceptance is known no better than its distribution:
    1 − E(1 − a)ⁿ = 1 − B(yes, no + n) / B(yes, no). Less than with the mean alone.
    """
    return np.asarray(-np.expm1(betaln(known.yes, known.no + np.asarray(offers)) - betaln(known.yes, known.no)))


def offer_plan(known: Acceptance, wished: float, people: int, *, at_once: bool, rounds: int | None = None) -> OfferPlan:
    """How many offers a slot needs to be filled with the wished chance.

    `people`: who match it; `at_once`: all are asked together, and the first to say yes has it; else one after the
    other, of which the time that is left allows `rounds` (None: as many as wished).
    """
    most = min(people, MOST_OFFERS, most_rounds(at_once, rounds))
    chances = filled(known, np.arange(most + 1))
    within = np.flatnonzero(chances >= wished - _EXACT)
    offers = int(within[0]) if len(within) else most
    chance = float(chances[offers])
    accepted = offers * known.chance
    return OfferPlan(
        offers=offers,
        filled=chance,
        expected=float(offers) if at_once else float((1 - chances[:offers]).sum()),
        turned_away=accepted - chance if at_once else 0.0,
        enough=bool(len(within)),
    )


def most_rounds(at_once: bool, rounds: int | None) -> int:
    """How many offers the time allows: all that are wished at once, or one an answer."""
    return MOST_OFFERS if at_once or rounds is None else rounds


def ranked(
    entries: Sequence[WaitingEntry], offers: int, floor: float = 0.8, made: Mapping[str, int] | None = None
) -> tuple[WaitingEntry, ...]:
    """Who is asked, in order: who has waited longest first, but at every point each group has had at least
    ⌊floor × its share of `entries` × offers so far⌋, as far as its people go.

    `entries`: who may be asked; `made`: offers made before, by group. Where a group would fall behind, its own who has
    waited longest goes first (each group's claims have deadlines, the earliest is met first: Liu & Layland 1973, J. ACM
    20: 46; with floor ≤ 1 none is missed). Where `made` has left groups behind already, they come first. ValueError for
    a floor outside 0..1.
    """
    if not 0 <= floor <= 1:
        raise ValueError("floor in [0, 1]")
    waiting = sorted(entries, key=lambda entry: (entry.since, entry.key))
    names = sorted({entry.group for entry in waiting})
    queues = {name: [entry for entry in waiting if entry.group == name] for name in names}
    share = np.array([floor * len(queues[name]) / max(len(waiting), 1) for name in names])
    had = np.array([(made or {}).get(name, 0) for name in names], dtype=int)
    before, chosen = int(sum((made or {}).values())), list[WaitingEntry]()
    for step in range(min(offers, len(waiting))):
        left = np.array([len(queues[name]) for name in names])
        due = _due(share, had, left, before + step + 1, before + min(offers, len(waiting)))
        able = [names[place] for place in np.flatnonzero(due)] or [name for name in names if queues[name]]
        first = min((queues[name][0] for name in able), key=lambda entry: (entry.since, entry.key))
        chosen.append(queues[first.group].pop(0))
        had[names.index(first.group)] += 1
    return tuple(chosen)


def _due(share: np.ndarray, had: np.ndarray, left: np.ndarray, now: int, end: int) -> np.ndarray:
    """(groups,) which must be asked now, lest a claim of theirs be missed at or before offer `end`; none where there
    is time. Claims by offer d: ⌊share × d⌋ less what was had, at most who is left.
    """
    ahead = np.arange(now, end + 1)
    claims = np.minimum(np.floor(share * ahead[:, None] + _EXACT) - had, left).clip(min=0)
    tight = np.flatnonzero(claims.sum(axis=1) >= ahead - now + 1)
    return claims[tight[0]] > 0 if len(tight) else np.zeros(len(share), dtype=bool)
