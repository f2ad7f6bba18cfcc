"""The queue of a list: where each patient stands at a moment, and whom to call next."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from pipeline.action.contacts import standing
from pipeline.records.contacts import (
    Contact,
    ContactOutcome,
    Lease,
    ListEntry,
    QueueCounts,
    QueueEntry,
    QueueSettings,
    QueueState,
    RiskOverride,
)

CONTROL = "control"
FREE = (QueueState.WAITING,)
_HOPELESS = ContactOutcome.WRONG_NUMBER


@dataclass(frozen=True)
class Known:
    """What a queue is made of beside its list. `gone`: keys of appointments that no longer stand, as a newer file tells
    or because their patient, unit or procedure is never called (`never`).
    """

    settings: QueueSettings
    now: dt.datetime
    contacts: Collection[Contact] = ()
    leases: Collection[Lease] = ()
    overrides: Collection[RiskOverride] = ()
    gone: Collection[str] = ()
    never: Collection[str] = ()
    holder: str = ""
    ratio: float = standing.CONFIRMED_RATIO
    by_patient: Mapping[str, tuple[Contact, ...]] = field(default_factory=dict)


def queue(entries: Sequence[ListEntry], known: Known) -> tuple[QueueEntry, ...]:
    """All patients of a list, in the order in which they are called; those whom nobody calls are told with why."""
    risk = standing.risks(
        [one.key for one in entries],
        np.array([one.risk for one in entries], dtype=np.float64),
        known.contacts,
        known.overrides,
        known.now,
        known.ratio,
    )
    held: defaultdict[str, list[tuple[ListEntry, float]]] = defaultdict(list)
    for one, own in zip(entries, risk.tolist(), strict=True):
        held[one.patient].append((one, own))
    told = replace(known, by_patient=_by_patient(known))
    return _in_order([_entry(own, told) for own in held.values()], entries, known.overrides)


def _by_patient(known: Known) -> dict[str, tuple[Contact, ...]]:
    found: defaultdict[str, list[Contact]] = defaultdict(list)
    for one in sorted(standing.effective(known.contacts, known.now), key=lambda one: one.at):
        found[one.patient].append(one)
    return {patient: tuple(own) for patient, own in found.items()}


def _entry(own: Sequence[tuple[ListEntry, float]], known: Known) -> QueueEntry:
    first = min(one.day for one, _ in own)
    contacts = known.by_patient.get(own[0][0].patient, ())
    left = {one.key for one in standing.latest(contacts).values() if one.outcome in standing.LEAVES}
    stands = [
        (one, risk)
        for one, risk in own
        if one.day >= known.now.date() and one.key not in known.gone and one.key not in left
    ]
    callable_ = [(one, risk) for one, risk in stands if one.key not in known.never]
    shown = sorted(callable_ or stands or own, key=lambda pair: (pair[0].day, pair[0].key))
    made = QueueEntry(
        own[0][0].patient,
        tuple(one.key for one, _ in shown),
        max(risk for _, risk in shown),
        shown[0][0].day if shown else first,
        shown[0][0].unit,
        QueueState.WAITING,
        way=own[0][0].way,
    )
    if any(one.arm == CONTROL for one, _ in own):
        return replace(made, state=QueueState.CONTROL)
    if not callable_:
        done = QueueState.DONE if left & {one.key for one, _ in own} else QueueState.OVER
        return replace(made, state=QueueState.NEVER if stands else done)
    return _after_contacts(made, contacts, known)


def _after_contacts(made: QueueEntry, contacts: Sequence[Contact], known: Known) -> QueueEntry:
    """Where a patient stands by what was done: reached, tried, being called, or nothing yet."""
    keys = set(made.keys)
    reached = [one for one in contacts if one.outcome in standing.REACHED]
    missed = [one for one in contacts if one.key in keys and (not reached or one.at > reached[-1].at)]
    tried = [one for one in missed if one.outcome in standing.MISSED]
    attempts = len({one.call for one in tried})
    made = replace(made, attempts=attempts)
    if any(one.key in keys for one in reached):
        return replace(made, state=QueueState.DONE)
    if any(one.outcome is _HOPELESS for one in missed) or attempts >= known.settings.most_attempts:
        return replace(made, state=QueueState.UNREACHED)
    if reached and is_muted(reached[-1].at, made.unit, known.settings, known.now):
        return replace(made, state=QueueState.MUTED)
    if made.risk < known.settings.floor:
        return replace(made, state=QueueState.BELOW)
    return _free(made, tried, known)


def _free(made: QueueEntry, tried: Sequence[Contact], known: Known) -> QueueEntry:
    lease = next((one for one in known.leases if one.patient == made.patient and one.until > known.now), None)
    if lease is not None and lease.holder != known.holder:
        return replace(made, state=QueueState.CALLING, who=lease.who)
    again = tried[-1].at + dt.timedelta(hours=known.settings.retry_hours) if tried else None
    if again is not None and again > known.now:
        return replace(made, state=QueueState.LATER, again_at=again)
    return made


def is_muted(at: dt.datetime, unit: str, settings: QueueSettings, now: dt.datetime) -> bool:
    """Whether whoever was reached at a moment is left alone now, by the unit's days."""
    return now < at + dt.timedelta(days=settings.mute.of(unit))


def muted(contacts: Iterable[Contact], units: Mapping[str, str], settings: QueueSettings, now: dt.datetime) -> set[str]:
    """The patients who are left alone now; `units`: that of each patient's appointment."""
    reached = [one for one in standing.effective(contacts, now) if one.outcome in standing.REACHED]
    return {one.patient for one in reached if is_muted(one.at, units.get(one.patient, ""), settings, now)}


def settled(contacts: Iterable[Contact], now: dt.datetime) -> set[str]:
    """The keys of the appointments of which all is told: the patient was reached, or can't be."""
    found = standing.latest(contacts, now)
    return {key for key, one in found.items() if one.outcome in standing.REACHED or one.outcome is _HOPELESS}


def _in_order(
    found: Sequence[QueueEntry], entries: Sequence[ListEntry], overrides: Collection[RiskOverride]
) -> tuple[QueueEntry, ...]:
    """The list's order; a patient whose risk was set by hand stands where that risk would."""
    set_ = {one.key for one in overrides if one.risk is not None}
    told = {one.key: one.risk for one in entries}
    listed = [max(told.get(key, 0.0) for key in one.keys) for one in found] if set_ else []
    places = [
        sum(other >= one.risk for other in listed) - 0.5 if set_ & set(one.keys) else float(place)
        for place, one in enumerate(found)
    ]
    return tuple(one for _, one in sorted(zip(places, found, strict=True), key=lambda pair: pair[0]))


def free(entries: Iterable[QueueEntry]) -> tuple[QueueEntry, ...]:
    """Those whom somebody may call now, in order."""
    return tuple(one for one in entries if one.state in FREE)


def counts(entries: Sequence[QueueEntry], contacts: Iterable[Contact], known: Known) -> QueueCounts:
    """How many patients stand where, and how many calls were made today."""
    found = Counter(one.state for one in entries)
    day = known.now.date()
    calls = {one.call for one in standing.effective(contacts, known.now) if one.at.date() == day}
    states = tuple((state, found[state]) for state in QueueState)
    return QueueCounts(len(entries), states, len(calls), known.settings.today)
