"""The use cases of the call list as a queue: a list is made and kept, and each caller is given the next patient.

A list is what was decided when it was made: who was to be called and who was not. Where each patient stands is read
anew each time, from what was written down since.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pipeline.action.contacts import planning, queueing, standing
from pipeline.action.contacts.planning import Asked, Bookings, Plan
from pipeline.contract import Outcome, Product, Role
from pipeline.errors import PresencaError
from pipeline.records import DatasetInfo
from pipeline.records.contacts import (
    Caller,
    CallList,
    Contact,
    Lease,
    Never,
    NeverKind,
    QueueCounts,
    QueueEntry,
    QueueSettings,
)
from pipeline.services import catalog
from pipeline.services.data import bookings as bookings_of
from pipeline.services.data import event_columns, event_keys, series_settings
from pipeline.services.data.own_units import OwnRows
from pipeline.services.pages import agenda, confirmed, slot_values
from pipeline.services.pages.agenda import Agenda
from pipeline.services.session import Permission, Session, needs
from pipeline.workspace.storage.ids import new_id

__all__ = [
    "MadeList",
    "Queue",
    "appointments",
    "being_called",
    "bookings",
    "callable_now",
    "held",
    "latest",
    "make_list",
    "named_lines",
    "next_to_call",
    "procedures",
    "queue",
    "release",
    "renew",
]


@dataclass(frozen=True)
class MadeList:
    """A list that was made, how many patients are to be called, how many are left alone to compare with, and how many
    appointments are in no list (code of the reason, appointments). `by_gain`: its order is that of what a call gains.
    """

    made: CallList
    to_call: int
    control: int
    left_out: tuple[tuple[str, int], ...]
    by_gain: bool = False


@dataclass(frozen=True)
class Queue:
    """A list as it stands at a moment. `seen`: the last contact that it knows of."""

    made: CallList
    entries: tuple[QueueEntry, ...]
    counts: QueueCounts
    seen: int

    @property
    def waiting(self) -> int:
        """How many may be called now."""
        return len(queueing.free(self.entries))


@needs(Permission.PLAN_CALLS)
def make_list(
    session: Session, found: Agenda, units: Sequence[str] = (), *, gain: Mapping[str, float] | None = None
) -> MadeList:
    """Makes the list to call of a scored agenda, by the settings of its series, and keeps it with its control group.

    `units`: none means all; `gain`: events that a call is expected to avoid, by key. Whoever was in an earlier list
    about an appointment still to come stays in the group in which they were. PresencaError where nobody is left to
    call.
    """
    series, declared = _series(session, found), agenda.declared(session, found.dataset_id)
    settings, now = series_settings.calls(session, series), session.now().replace(microsecond=0)
    own, plan = _planned(session, found, tuple(units), settings, gain)
    if not len(plan.at):
        raise PresencaError("contacts.nobody", why=tuple(code for code, _ in plan.left_out))
    before = _arms_before(session, series, found.as_of)
    arms = bookings_of.arms(plan.names, plan.risk, settings.control_share, settings.seed, before)
    made = CallList(new_id(), series, found.dataset_id, found.model_id, found.as_of, now, settings, tuple(units))
    ways = bookings_of.ways(plan, arms, settings.compared, settings.seed, _ways_before(session, series, made))
    session.workspace.add_call_list(made, bookings_of.entries_of(own, plan, arms, ways))
    control = int((arms == bookings_of.CONTROL).sum())
    session.audit("call_list_made", list=made.id, dataset=found.dataset_id, patients=len(arms), control=control)
    assert declared.has_agenda
    return MadeList(made, len(arms) - control, control, plan.left_out, gain is not None)


@needs(Permission.READ_LISTS)
def callable_now(session: Session, found: Agenda) -> tuple[tuple[str, str], ...]:
    """Everybody who could be called today, whatever the capacity: event and patient, in no order that matters."""
    settings = series_settings.calls(session, _series(session, found))
    lines = max(found.counts.listed, 1)
    whole = replace(settings, people=1, calls_a_day=lines, calling_days=1, control_share=0.0)
    own, plan = _planned(session, found, (), whole)
    patients = (str(plan.names[patient]) for patient in plan.patient.tolist())
    return tuple((event_keys.written(int(own.keys[at])), name) for at, name in zip(plan.at, patients, strict=True))


def _planned(
    session: Session,
    found: Agenda,
    units: tuple[str, ...],
    settings: QueueSettings,
    gain: Mapping[str, float] | None = None,
) -> tuple[Bookings, Plan]:
    """The bookings as they are known now, and the list that the settings make of them."""
    series, now = _series(session, found), session.now().replace(microsecond=0)
    before = session.workspace.contacts(series)
    ratio, hands = confirmed.ratio(session, series).value, session.workspace.risk_overrides(series)
    booked = bookings(session, found, gain)
    keys = [event_keys.written(int(key)) for key in booked.keys]
    own = replace(booked, risk=standing.risks(keys, booked.risk, before, hands, now, ratio))
    asked = Asked(
        settings,
        found.as_of,
        bookings_of.holidays(own),
        units,
        session.workspace.never_called(series),
        queueing.muted(before, bookings_of.units_of(own), settings, now),
        {int(key, 16) for key in queueing.settled(before, now)},
        {name: arm == bookings_of.CONTROL for name, arm in _arms_before(session, series, found.as_of).items()},
    )
    return own, planning.plan(own, asked)


def _arms_before(session: Session, series: str, day: dt.date) -> dict[str, str]:
    """The group of everybody who is in a list about an appointment still to come; the first list counts."""
    entries = session.workspace.entries_since(series, day)
    return {one.patient: one.arm for one in reversed(entries)}


def _ways_before(session: Session, series: str, made: CallList) -> dict[str, int]:
    """The way of everybody who was drawn for one of the same two, in a list about an appointment still to come."""
    compared = made.settings.compared
    if compared is None:
        return {}
    lists = [one for one in session.workspace.call_lists(series) if one.settings.compared is not None]
    same = [one for one in lists if one.settings.compared is not None and one.settings.compared.name == compared.name]
    entries = (entry for one in same for entry in session.workspace.call_list_entries(one.id))
    return {one.patient: one.way for one in entries if one.way and one.day >= made.as_of}  # the first list counts


@needs(Permission.SEE_RISK)
def bookings(session: Session, found: Agenda, gain: Mapping[str, float] | None = None) -> Bookings:
    """The appointments of a scored agenda as the rules of lists read them."""
    declared = agenda.declared(session, found.dataset_id)
    kept = agenda.kept(session, found, bookings_of.columns_of(declared))
    frame = slot_values.with_values(session, found.dataset_id, kept)
    return bookings_of.of_frame(
        frame,
        declared,
        bookings_of.keys_of_lines(session, found.dataset_id, frame),
        gain,
    )


def _series(session: Session, found: Agenda) -> str:
    series = session.workspace.dataset(found.dataset_id).series
    if not series:
        raise PresencaError("contacts.no_series")
    return series


@needs(Permission.READ_LISTS)
def latest(session: Session, series_id: str) -> CallList | None:
    """The newest list of a series; for whoever is of some units alone the newest that was made for one of theirs."""
    lists = session.workspace.call_lists(series_id)
    own = (one for one in lists if not one.units or any(OwnRows(session).has(unit) for unit in one.units))
    return next(own, None)


@needs(Permission.READ_LISTS)
def queue(session: Session, series_id: str, caller: Caller | None = None) -> Queue | None:
    """The newest list of a series as it stands now; None where none was made. `caller`: whose own leases are none."""
    made = latest(session, series_id)
    if made is None:
        return None
    seen = session.workspace.contacts_seen(series_id)
    entries = OwnRows(session).noted(series_id, session.workspace.call_list_entries(made.id))
    contacts = session.workspace.contacts(series_id)  # of all units: whoever was reached by one is left alone by all
    gone, never = _gone(session, made, [one.key for one in entries])
    known = queueing.Known(
        _as_changed(made.settings, series_settings.calls(session, series_id)),
        session.now(),
        contacts,
        session.workspace.leases(series_id, session.now()),
        session.workspace.risk_overrides(series_id),
        gone,
        never,
        caller.holder if caller is not None else "",
        confirmed.ratio(session, series_id).value,
    )
    found = queueing.queue(entries, known)
    return Queue(made, found, queueing.counts(found, OwnRows(session).noted(series_id, contacts), known), seen)


def _as_changed(made: QueueSettings, now: QueueSettings) -> QueueSettings:
    """The settings of a list, with what of them holds for lists that were made before it was changed."""
    return replace(
        now,
        days_ahead=made.days_ahead,
        calling_days=made.calling_days,
        control_share=made.control_share,
        compared=made.compared,
    )


def _gone(session: Session, made: CallList, keys: Sequence[str]) -> tuple[set[str], set[str]]:
    """Of the appointments of a list: those that no longer stand, as the newest file that holds them tells, or that no
    file holds; and those that are never called.
    """
    info = session.workspace.dataset(made.dataset_id) if _is_there(session, made) else None
    if info is None:
        return set(keys), set()
    asked, declared = np.array([int(key, 16) for key in keys], np.uint64), catalog.product(info.product)
    open_, never = np.zeros(len(asked), dtype=bool), np.zeros(len(asked), dtype=bool)
    unknown = np.ones(len(asked), dtype=bool)
    rules = session.workspace.never_called(made.series)
    for file in event_keys.others(session, info.product, made.series):
        at = event_keys.of(session, file.id).places(asked)
        here = unknown & (at >= 0)
        if here.any():
            rows = _standing(session, file, declared, at[here])
            open_[here] = (rows["state"] == Outcome.PENDING.value).to_numpy()
            never[here] = _is_never(rows, declared, rules)
            unknown &= ~here
    return _named(keys, ~open_), _named(keys, never)


def _is_there(session: Session, made: CallList) -> bool:
    return any(one.id == made.dataset_id for one in session.workspace.datasets())


def _named(keys: Sequence[str], mask: np.ndarray) -> set[str]:
    return {key for key, chosen in zip(keys, mask.tolist(), strict=True) if chosen}


_NEVER = {NeverKind.PATIENT: Role.PATIENT, NeverKind.PROCEDURE: Role.PROCEDURE, NeverKind.UNIT: Role.UNIT}


def _standing(session: Session, file: DatasetInfo, declared: Product, places: np.ndarray) -> pd.DataFrame:
    fields = [found.key for role in _NEVER.values() if (found := declared.by_role(role)) is not None]
    return event_columns.some(session, file.id, places, ["state", *fields])


def _is_never(rows: pd.DataFrame, declared: Product, rules: frozenset[Never]) -> np.ndarray:
    mask = np.zeros(len(rows), dtype=bool)
    for kind, role in _NEVER.items():
        values = {one.value for one in rules if one.kind is kind}
        mask |= np.isin(bookings_of.texts(rows, declared, role).astype(str), sorted(values)) if values else False
    return mask


@needs(Permission.CALL_PATIENTS)
def next_to_call(session: Session, series_id: str, caller: Caller, *, but: Sequence[str] = ()) -> QueueEntry | None:
    """The next patient for a caller, whom from now on nobody else is given for ten minutes; None where nobody is left
    to call now. `but`: patients whom the caller passed over.
    """
    found = queue(session, series_id, caller)
    if found is None:
        return None
    free, own = queueing.free(found.entries), held(session, series_id, caller)
    order = sorted(free, key=lambda one: (one.patient in but, one.patient != own))
    lease = session.workspace.take_lease(
        series_id, [one.patient for one in order], caller, session.now(), seen=found.seen
    )
    return None if lease is None else next(one for one in order if one.patient == lease.patient)


@needs(Permission.READ_LISTS)
def held(session: Session, series_id: str, caller: Caller) -> str:
    """Whom the caller is calling; "" for nobody."""
    own = (one.patient for one in session.workspace.leases(series_id, session.now()) if one.holder == caller.holder)
    return next(own, "")


@needs(Permission.CALL_PATIENTS)
def renew(session: Session, series_id: str, patient: str, caller: Caller) -> bool:
    """Whether the caller may go on calling this patient: another ten minutes, unless somebody else took over."""
    return session.workspace.renew_lease(series_id, patient, caller, session.now()) is not None


@needs(Permission.CALL_PATIENTS)
def release(session: Session, series_id: str, caller: Caller) -> None:
    """The caller calls nobody now."""
    session.workspace.release_leases(series_id, caller.holder)


@needs(Permission.READ_LISTS)
def being_called(session: Session, series_id: str, but: Caller | None = None) -> tuple[Lease, ...]:
    """Who is being called right now, by whom; without the caller's own."""
    found = session.workspace.leases(series_id, session.now())
    own = tuple(one for one in found if but is None or one.holder != but.holder)
    return tuple(one for one in own if session.units is None or OwnRows(session).is_patient(series_id, one.patient))


@needs(Permission.SEE_RISK)
def appointments(session: Session, found: Agenda, patient: str) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """All lines of the agenda that a call to this patient (as the list names them) speaks of, soonest first, and the
    keys of their events.
    """
    held = agenda.lines(session, found, as_made=True)
    frame, keys, names = _named_lines(session, found, held.of_patient(patient))
    declared = agenda.declared(session, found.dataset_id)
    today = np.datetime64(max(found.as_of, session.today()))
    own = np.flatnonzero((names == patient) & (frame[declared.time.key].to_numpy("datetime64[D]") >= today))
    hours = frame[declared.time.hour_column].to_numpy()[own]
    own = own[np.lexsort((hours, frame[declared.time.key].to_numpy()[own]))]
    return frame.iloc[own], tuple(keys[at] for at in own.tolist())


@needs(Permission.SEE_RISK)
def named_lines(session: Session, found: Agenda) -> tuple[pd.DataFrame, tuple[str, ...], np.ndarray]:
    """The lines of an agenda, the key of each one's event, and whom a call about it reaches."""
    return _named_lines(session, found, agenda.kept(session, found))


def _named_lines(
    session: Session, found: Agenda, frame: pd.DataFrame
) -> tuple[pd.DataFrame, tuple[str, ...], np.ndarray]:
    declared = agenda.declared(session, found.dataset_id)
    keys = bookings_of.keys_of_lines(session, found.dataset_id, frame)
    names = planning.names_of(bookings_of.texts(frame, declared, Role.PATIENT), keys)
    return frame, tuple(map(event_keys.written, keys.tolist())), names


@needs(Permission.READ_LISTS)
def procedures(session: Session, found: Agenda) -> tuple[str, ...]:
    """The procedures of an agenda, by name."""
    texts = bookings(session, found).procedures.tolist()
    return tuple(sorted({text for text in texts if text}))


@needs(Permission.READ_LISTS)
def told_of(session: Session, series_id: str, keys: Sequence[str]) -> dict[str, Contact]:
    """What was told last of each of these appointments."""
    every = OwnRows(session).noted(series_id, session.workspace.contacts(series_id))
    found = standing.latest(every, session.now())
    return {key: found[key] for key in keys if key in found}
