"""The use case of a file of outcomes that comes back from whoever called: matched by appointment, each line counted
once however often the file is sent.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from pipeline.action.contacts.planning import names_of
from pipeline.contract import Product, Role
from pipeline.ingestion.outcome_files import OutcomeLine, outcome_lines
from pipeline.presentation.escaping import visible
from pipeline.privacy import pseudonymise
from pipeline.records.contacts import Contact, OutcomesRead, Unmatched
from pipeline.services import catalog
from pipeline.services.data import bookings, event_keys
from pipeline.services.data.reading import read
from pipeline.services.pages.contacts import LONGEST_NAME, cleaned
from pipeline.services.session import Permission, Session, needs

__all__ = ["upload"]

_MIDDAY = dt.time(12)
_ONE_DAY = dt.timedelta(days=1)
_DIGITS = 24


@dataclass
class _Events:
    """The appointments of a series that a file speaks of: patient and day by key, and keys by patient and day."""

    patients: dict[str, str] = field(default_factory=dict)
    days: dict[str, dt.date] = field(default_factory=dict)
    of_day: defaultdict[tuple[str, dt.date], list[str]] = field(default_factory=lambda: defaultdict(list))


@needs(Permission.PLAN_CALLS)
def upload(session: Session, series_id: str, content: bytes, name: str, *, list_id: str = "") -> OutcomesRead:
    """Takes in the outcomes of a file (CSV or a spreadsheet): lines are matched by their column "evento", or by the
    patient's id and the day.

    The same line in a second file counts once: the same patient, channel, moment and outcome about the same
    appointment. A line without a moment is taken for a contact of the day before its appointment, or of now, whichever
    is earlier. UnreadableFile or PresencaError for a file that can't be used.
    """
    now = session.now().replace(microsecond=0)
    raw = read(content, name)
    lines = outcome_lines(raw, now.tzinfo or dt.UTC, now.year + 1)
    ids = _pseudonyms(session, [one.patient for one in lines])
    events = _found(session, series_id, lines, ids)
    known = {(one.call, one.key) for one in session.workspace.contacts(series_id)}
    made: list[Contact] = []
    unmatched, counted = [], {"new": 0, "known": 0, "empty": 0}
    for one in lines:
        keys, why = _keys(one, events, ids, now)
        if why == "empty":
            counted["empty"] += 1
        elif why:
            unmatched.append(Unmatched(one.line, why))
        else:
            own = [_contact(session, one, key, events, list_id) for key in keys]
            fresh = [contact for contact in own if (contact.call, contact.key) not in known]
            known |= {(contact.call, contact.key) for contact in fresh}
            made += fresh
            counted["new" if fresh else "known"] += 1
    session.workspace.add_contacts(series_id, made)
    session.audit("outcomes_uploaded", series=series_id, lines=len(lines), new=counted["new"])
    return OutcomesRead(len(lines), **counted, unmatched=tuple(unmatched))


def _pseudonyms(session: Session, patients: Sequence[str]) -> dict[str, str]:
    """The pseudonym of each of the clinic's own ids, as rows at rest hold it."""
    distinct = sorted(set(patients) - {""})
    if not distinct:
        return {}
    made = pseudonymise(pd.Series(distinct, dtype="str").astype("category"), session.workspace.key)
    return dict(zip(distinct, made.astype(str).tolist(), strict=True))


def _found(session: Session, series_id: str, lines: Sequence[OutcomeLine], ids: Mapping[str, str]) -> _Events:
    """What the newest file of the series that holds each of the appointments says of it."""
    events, info = _Events(), session.workspace.one_series(series_id)
    declared = catalog.product(info.product)
    keys = np.array(sorted({int(one.key, 16) for one in lines if one.key}), np.uint64)
    wanted = {ids[one.patient] for one in lines if not one.key and one.patient}
    for file in event_keys.others(session, info.product, series_id):
        patients, held = _patients(session, file.id, declared), event_keys.of(session, file.id)
        at = held.places(keys)
        named = np.flatnonzero(np.isin(patients.astype(str), sorted(wanted))) if wanted else np.array([], int)
        names = names_of(patients, held.keys)
        for place in {*at[at >= 0].tolist(), *named.tolist()}:
            key = event_keys.written(int(held.keys[place]))
            day = held.days[place].astype("datetime64[D]").item()
            if key in events.patients or day is None:
                continue
            events.patients[key], events.days[key] = str(names[place]), day
            events.of_day[(str(patients[place]), day)].append(key)
    return events


def _patients(session: Session, dataset_id: str, declared: Product) -> np.ndarray:
    patient = declared.by_role(Role.PATIENT)
    columns = ["row"] if patient is None else ["row", patient.key]
    return bookings.texts(session.workspace.rows(dataset_id, columns), declared, Role.PATIENT)


def _keys(one: OutcomeLine, events: _Events, ids: Mapping[str, str], now: dt.datetime) -> tuple[list[str], str]:
    """The appointments that a line is of, or the code of the reason why it is not taken."""
    if not one.asked:
        return [], "empty"
    if one.outcome is None:
        return [], "unknown_outcome"
    if one.at is not None and one.at > now + _ONE_DAY:
        return [], "in_the_future"
    if one.key:
        return ([one.key], "") if one.key in events.patients else ([], "unknown_event")
    if not one.patient or one.day is None:
        return [], "no_event"
    keys = events.of_day.get((ids[one.patient], one.day), [])
    return (keys, "") if keys else ([], "unknown_patient_or_day")


def _contact(session: Session, one: OutcomeLine, key: str, events: _Events, list_id: str) -> Contact:
    assert one.outcome is not None
    now, patient = session.now().replace(microsecond=0), events.patients[key]
    eve = dt.datetime.combine(events.days[key] - _ONE_DAY, _MIDDAY, now.tzinfo)
    told = "" if one.at is None else one.at.isoformat(timespec="minutes")
    parts = "\0".join((patient, told, str(one.channel), str(one.outcome)))
    return Contact(
        key,
        patient,
        one.at or min(now, eve),
        one.channel,
        one.outcome,
        "f" + hashlib.sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS],
        one.barrier,
        one.offered,
        visible(one.who)[:LONGEST_NAME],
        cleaned(one.note),
        list_id,
        actor=session.who,
    )
