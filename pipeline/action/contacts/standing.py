"""How an appointment stands after contacts: what was told last, and the risk from that moment on, never before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np

from pipeline.records.contacts import ConfirmedRatio, Contact, ContactOutcome, RiskOverride

LEAVES = frozenset({ContactOutcome.CANCELLED, ContactOutcome.RESCHEDULED})  # the appointment no longer stands
REACHED = LEAVES | {ContactOutcome.CONFIRMED, ContactOutcome.REFUSED}
MISSED = frozenset({ContactOutcome.NO_ANSWER, ContactOutcome.MESSAGE_LEFT})
# Risk ratio of not coming after a call (Oikonomidi 2022). Whoever confirmed on it comes rather more often than whoever
# was only called, so that this promises too little rather than too much.
CONFIRMED_RATIO = 0.61
TRIALS_RATIO = ConfirmedRatio(CONFIRMED_RATIO)
CONFIRMED_FROM, _LEAST_EXPECTED = 100, 10.0  # appointments, and events expected of them, that measure it here
_Z95 = 1.959963984540054


def effective(contacts: Iterable[Contact], as_of: dt.datetime | None = None) -> tuple[Contact, ...]:
    """The contacts that count at a moment (None: all that are written down), without those taken back by then."""
    told = [one for one in contacts if as_of is None or one.at <= as_of]
    undone = {one.undoes for one in told if one.undoes}
    return tuple(one for one in told if not one.undoes and one.call not in undone)


def latest(contacts: Iterable[Contact], as_of: dt.datetime | None = None) -> dict[str, Contact]:
    """What was told last of each appointment at a moment; a call that reached nobody contradicts nothing."""
    found: dict[str, Contact] = {}
    for one in sorted(effective(contacts, as_of), key=lambda one: one.at):
        before = found.get(one.key)
        if before is None or one.outcome not in MISSED or before.outcome in MISSED:
            found[one.key] = one
    return found


def risks(
    keys: Sequence[str],
    risk: np.ndarray,
    contacts: Collection[Contact],
    overrides: Collection[RiskOverride],
    as_of: dt.datetime,
    ratio: float = CONFIRMED_RATIO,
) -> np.ndarray:
    """The risk of each appointment as known at a moment: set by hand where somebody did, `ratio` times the risk from a
    confirmation on, none (0) once it was cancelled or moved.

    No contact of after `as_of` is read, so that a list of the day before is what it was.
    """
    told, set_ = latest(contacts, as_of), _set(overrides, as_of)
    made = np.array([set_.get(key, own) for key, own in zip(keys, risk.tolist(), strict=True)], dtype=np.float64)
    factor = {ContactOutcome.CONFIRMED: ratio} | dict.fromkeys(LEAVES, 0.0)
    outcomes = (told[key].outcome if key in told else None for key in keys)
    return made * np.array([factor.get(one, 1.0) if one else 1.0 for one in outcomes], dtype=np.float64)


def confirmed_ratio(risk: Sequence[float], event: Sequence[bool]) -> ConfirmedRatio:
    """The same by the clinic's own confirmed appointments (`risk` before they confirmed, and whether the event came):
    events over those expected, with an interval by Byar's approximation to Poisson's (Breslow & Day 1987, p. 69). The
    trials' below CONFIRMED_FROM of them, or where too few events are expected.
    """
    n, expected, found = len(risk), float(sum(risk)), sum(map(bool, event))
    if n < CONFIRMED_FROM or expected < _LEAST_EXPECTED:
        return TRIALS_RATIO
    low = found * (1 - 1 / (9 * found) - _Z95 / (3 * found**0.5)) ** 3 if found else 0.0
    more = found + 1
    high = more * (1 - 1 / (9 * more) + _Z95 / (3 * more**0.5)) ** 3
    return ConfirmedRatio(min(found / expected, 1.0), n, low / expected, high / expected)


def _set(overrides: Iterable[RiskOverride], as_of: dt.datetime) -> Mapping[str, float]:
    last = {one.key: one for one in sorted(overrides, key=lambda one: one.at) if one.at <= as_of}
    return {key: one.risk for key, one in last.items() if one.risk is not None}


def sought_first(contacts: Iterable[Contact]) -> dict[str, dt.datetime]:
    """When each appointment's patient was first sought, whether or not somebody answered.

    Whoever can't be reached is not like the others: to leave out the reached alone would choose by that.
    """
    found: dict[str, dt.datetime] = {}
    for one in effective(contacts):
        found[one.key] = min(one.at, found.get(one.key, one.at))
    return found
