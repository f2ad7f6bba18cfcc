"""The use cases of contacting patients of a series: what came of each call, and who is never called.

What is written down belongs to the appointment (the key of its event) within its series, whatever file tells of it.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

from pipeline.action.contacts import standing
from pipeline.errors import PresencaError
from pipeline.ingestion.parsing.comments import read_comments
from pipeline.presentation.escaping import visible
from pipeline.records.contacts import (
    Caller,
    CallTaken,
    CallTold,
    Contact,
    ContactOutcome,
    Never,
    NeverKind,
    RiskOverride,
    Unmatched,
)
from pipeline.services.data.own_units import OwnRows
from pipeline.services.data.whose import are_known, is_of
from pipeline.services.session import Permission, Session, needs

__all__ = [
    "LONGEST_NAME",
    "LONGEST_NOTE",
    "LONGEST_REASON",
    "UNDO_SECONDS",
    "call_lately",
    "cleaned",
    "contacts",
    "never",
    "override",
    "record",
    "set_never",
    "take_in",
    "undo",
]

LONGEST_NOTE, LONGEST_NAME, LONGEST_REASON = 1_000, 60, 300  # characters
UNDO_SECONDS = 60
_CALL = re.compile(r"[0-9a-z]{8,40}")
_KEY = re.compile(r"[0-9a-f]{16}")


@needs(Permission.READ_LISTS)
def contacts(session: Session, series_id: str) -> tuple[Contact, ...]:
    """All contacts of a series that count, oldest first: without those that were taken back."""
    return OwnRows(session).noted(series_id, standing.effective(session.workspace.contacts(series_id)))


@needs(Permission.CALL_PATIENTS)
def record(session: Session, series_id: str, told: CallTold, caller: Caller) -> int:
    """Writes a call down, with who made it and when; gives how many appointments were new to it: 0 where the very call
    is written down already (a press that was sent twice, a page that was drawn again).

    Identities are taken out of the note. The caller's lease on the patient ends. PresencaError for a call without an
    appointment, one that is named as none can be, and where a file tells of one of them as another patient's.
    """
    _refuse_odd(session, series_id, told)
    return _written(session, series_id, told, caller)


@needs(Permission.CALL_PATIENTS)
def take_in(session: Session, series_id: str, told: CallTold, caller: Caller) -> CallTaken:
    """As `record`, of a call that another system tells of, which may be mistaken in a key: an appointment that no file
    of the series tells of is set aside, as one in a file of outcomes is, unless this very call is written down about it
    already. The rest is written down.
    """
    _refuse_odd(session, series_id, told)
    unknown = _unknown(session, series_id, told)
    known = tuple(one for one in told.outcomes if one[0] not in unknown)
    new = _written(session, series_id, replace(told, outcomes=known), caller) if known else 0
    places = (place for place, (key, _) in enumerate(told.outcomes, start=1) if key in unknown)
    return CallTaken(new, tuple(Unmatched(place, "unknown_event") for place in places))


def _refuse_odd(session: Session, series_id: str, told: CallTold) -> None:
    """PresencaError for a call of which nothing can be written down."""
    if not told.outcomes or not _CALL.fullmatch(told.call) or not all(_KEY.fullmatch(k) for k, _ in told.outcomes):
        raise PresencaError("contacts.no_appointment")
    keys = [key for key, _ in told.outcomes]
    OwnRows(session).refuse_events(series_id, keys)
    if not is_of(session, series_id, told.patient, keys):
        raise PresencaError("contacts.other_patient")


def _unknown(session: Session, series_id: str, told: CallTold) -> set[str]:
    """The appointments of a call (by key) that no file tells of, and about which the call isn't written down."""
    keys = [key for key, _ in told.outcomes]
    is_known = are_known(session, series_id, keys).tolist()
    unknown = {key for key, known in zip(keys, is_known, strict=True) if not known}
    if not unknown:
        return unknown
    return unknown - {one.key for one in session.workspace.contacts(series_id) if one.call == told.call}


def _written(session: Session, series_id: str, told: CallTold, caller: Caller) -> int:
    now, note = session.now().replace(microsecond=0), cleaned(told.note, LONGEST_NOTE)
    entries = [_contact(session, told, caller, key, outcome, now) for key, outcome in told.outcomes]
    entries[0] = replace(entries[0], note=note)
    new = session.workspace.add_contacts(series_id, entries, release=caller.holder)
    if new:
        session.audit("contact_recorded", series=series_id, outcomes=tuple(str(o) for _, o in told.outcomes))
    return new


def _contact(
    session: Session, told: CallTold, caller: Caller, key: str, outcome: ContactOutcome, now: dt.datetime
) -> Contact:
    return Contact(
        key,
        told.patient,
        now,
        told.channel,
        outcome,
        told.call,
        told.barrier,
        told.offered,
        visible(caller.who)[:LONGEST_NAME],
        list_id=told.list_id,
        actor=session.who,
    )


def cleaned(text: str, longest: int = LONGEST_NOTE) -> str:
    """A text without what identifies a patient, as comments are kept."""
    return read_comments([text[:longest].strip()]).texts[0] if text.strip() else ""


@needs(Permission.CALL_PATIENTS)
def undo(session: Session, series_id: str, call: str, caller: Caller) -> bool:
    """Takes a call back by an entry that says so; whether that was new. PresencaError once UNDO_SECONDS are over, or
    for a call that nobody made.
    """
    own = [one for one in session.workspace.contacts(series_id) if one.call == call and not one.undoes]
    if not own:
        raise PresencaError("contacts.no_such_call")
    OwnRows(session).refuse_events(series_id, [one.key for one in own])
    now = session.now().replace(microsecond=0)
    if now - own[0].at > dt.timedelta(seconds=UNDO_SECONDS):
        raise PresencaError("contacts.too_late", seconds=UNDO_SECONDS)
    who = visible(caller.who)[:LONGEST_NAME]
    back = [
        Contact(o.key, o.patient, now, o.channel, o.outcome, f"undo{call}", None, None, who, "", o.list_id, call)
        for o in own
    ]
    new = session.workspace.add_contacts(series_id, back)
    if new:
        session.audit("contact_undone", series=series_id, appointments=new)
    return new > 0


@needs(Permission.READ_LISTS)
def call_lately(session: Session, series_id: str, caller: Caller) -> tuple[Contact, ...]:
    """The caller's last call, while it can be taken back; empty where there is none."""
    since = session.now() - dt.timedelta(seconds=UNDO_SECONDS)
    who = visible(caller.who)[:LONGEST_NAME]
    own = [one for one in contacts(session, series_id) if one.who == who and one.at >= since]
    return tuple(one for one in own if one.call == own[-1].call)


@needs(Permission.READ_LISTS)
def never(session: Session, series_id: str) -> tuple[Never, ...]:
    """Whom and what nobody calls: units and procedures by name, then patients."""
    order = (NeverKind.UNIT, NeverKind.PROCEDURE, NeverKind.PATIENT)
    found = OwnRows(session).never(series_id, session.workspace.never_called(series_id))
    return tuple(sorted(found, key=lambda one: (order.index(one.kind), one.value)))


@needs(Permission.CALL_PATIENTS)
def set_never(session: Session, series_id: str, one: Never, *, never: bool) -> None:
    """Puts a patient, procedure or unit on the list of what is never called, or takes it off."""
    OwnRows(session).refuse_never(series_id, one)
    session.workspace.set_never(series_id, one, never=never)
    session.audit("never_called", series=series_id, kind=str(one.kind), never=never)


@needs(Permission.SEE_RISK)
def override(session: Session, series_id: str, key: str, risk: float | None, reason: str, caller: Caller) -> None:
    """Sets the risk of an appointment by hand, with the reason; None: the model's counts again. PresencaError without a
    reason, or for what is no risk.
    """
    why = cleaned(reason, LONGEST_REASON)
    if not why or not _KEY.fullmatch(key) or (risk is not None and not 0 <= risk <= 1):
        raise PresencaError("contacts.override_without_reason")
    OwnRows(session).refuse_events(series_id, [key])
    now = session.now().replace(microsecond=0)
    session.workspace.add_override(series_id, RiskOverride(key, risk, why, now, visible(caller.who)[:LONGEST_NAME]))
    session.audit("risk_overridden", series=series_id)
