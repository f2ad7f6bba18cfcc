"""A copy of all that is kept of one patient, as the law gives it to them (LGPD, art. 18): as it is, in plain words."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from pipeline.contract import Role
from pipeline.presentation import spreadsheets
from pipeline.presentation.frames import privacy_tables
from pipeline.presentation.html.account import patient_html
from pipeline.records import FileUse
from pipeline.records.contacts import Contact
from pipeline.records.privacy import PatientFound, PatientRows, PatientTable, Source
from pipeline.services import catalog
from pipeline.services.data import masking
from pipeline.services.privacy.patients import texts
from pipeline.services.session import Permission, Session, needs

_RISKS = ("row", "as_of", "model", "risk", "tier", "reasons")
_CONTACT = ("at", "channel", "outcome", "barrier", "offered", "who", "note")


@needs(Permission.READ_IDENTITIES, whole=True)
def tables(session: Session, found: PatientFound) -> tuple[PatientTable, ...]:
    """What each source holds of a patient, in the order in which it came to be."""
    made: list[PatientTable] = []
    for part in found.target.datasets:
        made += _of_dataset(session, part)
    for series, keys in found.target.events:
        made += _of_series(session, series, frozenset(keys), frozenset(found.target.pseudonyms))
    made += _waiting_sheets(session, found.target.waiting)
    return tuple(table for table in made if table.rows)


@needs(Permission.READ_IDENTITIES, whole=True)
def archive(session: Session, found: PatientFound) -> bytes:
    """The copy as a ZIP: a page to read, and a workbook with a sheet for each source. Kept nowhere here."""
    masking.is_identified(session, FileUse.OTHER, wanted=True)  # refused to whom no file but a list to call says who
    held = tables(session, found)
    page = patient_html(held, found.models, session.now())
    book = spreadsheets.book_xlsx(privacy_tables.sheets(held))
    session.audit("patient_copy_made", sources=len(held), rows=sum(len(table.rows) for table in held))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("seus_dados.html", page)
        packed.writestr("seus_dados.xlsx", book)
    return target.getvalue()


def _of_dataset(session: Session, part: PatientRows) -> Iterator[PatientTable]:
    space, info = session.workspace, session.workspace.dataset(part.of)
    declared = catalog.product(info.product)
    rows = space.rows(info.id)
    own = rows.loc[rows["row"].isin(part.rows)]
    patient = declared.by_role(Role.PATIENT)
    shown = [f for f in declared.fields if f.key in own and f is not patient]  # a pseudonym is of no use to its owner
    yield PatientTable(Source.ROWS, info.name, tuple(f.label for f in shown), tuple(texts(own[[f.key for f in shown]])))
    table, numbers = space.raw(info.id), space.row_numbers(info.id)
    if table is not None and numbers is not None:
        at = np.flatnonzero(np.isin(numbers, part.rows))
        lines = zip(*(column.take(at).to_pylist() for column in table.columns), strict=True)
        cells = tuple(tuple(cell or "" for cell in line) for line in lines)
        yield PatientTable(Source.SHEET, info.name, tuple(table.column_names), cells)
    yield from _risks(session, part, info.name)


def _risks(session: Session, part: PatientRows, name: str) -> Iterator[PatientTable]:
    lines: list[tuple[str, ...]] = []
    for model_id, as_of, frame in session.workspace.every_risk(part.of, part.rows):
        lines += texts(frame.reindex(columns=list(_RISKS)).assign(as_of=as_of, model=model_id))
    yield PatientTable(Source.RISKS, name, _RISKS, tuple(lines))


def _of_series(session: Session, series: str, keys: frozenset[str], names: frozenset[str]) -> Iterator[PatientTable]:
    space, place = session.workspace, session.workspace.one_series(series).name
    contacts = [_contact(one) for one in space.contacts(series) if one.key in keys or one.patient in names]
    yield PatientTable(Source.CONTACTS, place, _CONTACT, tuple(contacts))
    entries = [
        _plain((made.made_at, one.day, one.unit, one.arm, one.risk))
        for made in space.call_lists(series)
        for one in space.call_list_entries(made.id)
        if one.key in keys or one.patient in names
    ]
    yield PatientTable(Source.LISTS, place, ("at", "day", "unit", "arm", "risk"), tuple(entries))
    hands = [_plain((one.at, one.risk, one.reason, one.who)) for one in space.risk_overrides(series) if one.key in keys]
    yield PatientTable(Source.OVERRIDES, place, ("at", "risk", "reason", "who"), tuple(hands))
    yield _reviews(session, series, keys, names)
    never = [(str(one.kind),) for one in space.never_called(series) if one.value in names]
    yield PatientTable(Source.NEVER, place, ("kind",), tuple(never))
    waits = [
        _plain((one.since, one.procedure, one.unit)) for one in space.waiting_entries(series) if one.patient in names
    ]
    yield PatientTable(Source.WAITING, place, ("since", "procedure", "unit"), tuple(waits))
    offers = [_plain((one.made, one.slot.day, one.state)) for one in space.offers(series) if one.patient in names]
    yield PatientTable(Source.OFFERS, place, ("at", "day", "state"), tuple(offers))
    done = [
        _plain((event.at, event.what, event.before, event.after, event.who, event.note))
        for events in space.follow_up_events(series, keys).values()
        for event in events
    ]
    columns = ("at", "what", "before", "after", "who", "note")
    yield PatientTable(Source.FOLLOW_UPS, place, columns, tuple(done))


def _reviews(session: Session, series: str, keys: frozenset[str], names: frozenset[str]) -> PatientTable:
    columns = ("asked_at", "asked_by", "why", "risk", "decided_at", "decided_by", "decision", "risk_after", "reason")
    held = [one for one in session.workspace.reviews(series) if one.key in keys or one.patient in names]
    rows = tuple(_plain(tuple(getattr(one, name) for name in columns)) for one in held)
    return PatientTable(Source.REVIEWS, session.workspace.one_series(series).name, columns, rows)


def _waiting_sheets(session: Session, parts: Iterable[PatientRows]) -> Iterator[PatientTable]:
    for part in parts:
        sheet = session.workspace.waiting_sheet(part.of)
        if sheet is not None:
            at = np.flatnonzero(np.isin(sheet[1], part.rows))
            frame = pd.DataFrame({name: sheet[0].column(name).take(at).to_pylist() for name in sheet[0].column_names})
            name = session.workspace.one_series(part.of).name
            yield PatientTable(Source.SHEET, name, tuple(frame.columns), tuple(texts(frame)))


def _contact(one: Contact) -> tuple[str, ...]:
    return _plain((one.at, one.channel, one.outcome, one.barrier, one.offered, one.who, one.note))


def _plain(values: tuple[object, ...]) -> tuple[str, ...]:
    return tuple("" if value is None else str(value) for value in values)
