"""One patient: found by what the clinic knows them by, handed a copy of all that is kept (LGPD, art. 18), erased.

What is typed becomes a pseudonym at once; it is written nowhere, and nothing here gives it back.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from pipeline.contract import Role
from pipeline.errors import PresencaError
from pipeline.privacy import normalise, pseudonym
from pipeline.records import DatasetInfo, ValidationReport, load_kept
from pipeline.records.privacy import Erasure, KeptPart, LearntModel, PatientFound, PatientRows, PatientTarget, Source
from pipeline.services import catalog
from pipeline.services.arrivals import working
from pipeline.services.data import erasing, event_keys
from pipeline.services.privacy import set_aside, sheet_search
from pipeline.services.session import Permission, Session, needs

__all__ = ["erase", "erased_rows", "erasures", "find", "texts"]

_SHORTEST, _LONGEST = 3, 120  # characters of what is typed
_CPF = 11
_TABLES = {
    "contacts": Source.CONTACTS,
    "call_list_entries": Source.LISTS,
    "risk_overrides": Source.OVERRIDES,
    "risk_reviews": Source.REVIEWS,
    "never_call": Source.NEVER,
    "waiting_entries": Source.WAITING,
    "offers": Source.OFFERS,
    "follow_ups": Source.FOLLOW_UPS,
}


@needs(Permission.DELETE_DATA)
def find(session: Session, typed: str) -> PatientFound:
    """What is kept of the patient whom the clinic knows by this id or CPF, in all series. PresencaError for what is
    too short to name one person, or while something is being read.

    What other systems sent and still waits is read before, so that it is found where everything else is.
    """
    names = _spellings(typed)
    working.read_waiting(session.workspace)
    if session.workspace.has_waiting():
        raise PresencaError("patient.still_reading")
    codes = tuple(pseudonym(name, session.workspace.key) for name in names)
    parts: list[KeptPart] = []
    rows: list[PatientRows] = []
    events: defaultdict[str, set[str]] = defaultdict(set)
    for info in session.workspace.datasets():
        typed_rows, sheet_rows = _typed_rows(session, info, names), _sheet_rows(session, info, names)
        own = np.union1d(typed_rows, sheet_rows)
        if len(own):
            rows.append(PatientRows(info.id, tuple(own.tolist())))
            risks = sum(len(one) for _, _, one in session.workspace.every_risk(info.id, own.tolist()))
            parts += _parts_of(info, typed_rows, sheet_rows, risks)
            events[info.series].update(_keys(session, info, own))
    aside = set_aside.look(session, names, codes)
    for series, keys in aside.events:
        events[series].update(keys)
    told = tuple((series, tuple(sorted(keys))) for series, keys in sorted(events.items()) if keys)
    target = PatientTarget(codes, tuple(rows), told, tuple(_waiting_rows(session, names)), aside.rows)
    kept = session.workspace.records_of(target)
    parts += [KeptPart(_TABLES[name], "", count) for name, count in kept if name in _TABLES]
    parts += aside.parts
    session.audit("patient_looked_for", found=bool(parts), datasets=len(rows), aside=len(aside.rows))
    return PatientFound(target, tuple(parts), _learnt(session, rows), aside.unopened)


def _spellings(typed: str) -> list[str]:
    """What was typed, as it is compared; of a CPF that lost its zeros in a spreadsheet, also without them."""
    name = normalise(typed)
    if not _SHORTEST <= len(name) <= _LONGEST:
        raise PresencaError("patient.too_short", shortest=_SHORTEST)
    bare = name.lstrip("0")
    return (
        [name, bare] if re.fullmatch(r"\d{11}", name) and bare != name and len(bare) >= sheet_search.TELLING else [name]
    )


def _typed_rows(session: Session, info: DatasetInfo, names: Iterable[str]) -> np.ndarray:
    field = catalog.product(info.product).by_role(Role.PATIENT)
    if field is None:
        return np.array([], dtype=np.int64)
    rows = session.workspace.rows(info.id, ["row"], if_there=[field.key])
    if field.key not in rows:
        return np.array([], dtype=np.int64)
    codes = [pseudonym(name, session.workspace.key) for name in names]
    return rows.loc[rows[field.key].isin(codes), "row"].to_numpy(np.int64)


def _sheet_rows(session: Session, info: DatasetInfo, names: Iterable[str]) -> np.ndarray:
    """Rows of the sheet as it came that say one of these names: rows that were left out, too, and other columns."""
    table, numbers = session.workspace.raw(info.id), session.workspace.row_numbers(info.id)
    if table is None or numbers is None:
        return np.array([], dtype=np.int64)
    report = load_kept(ValidationReport, session.workspace.report(info.id))
    patient = catalog.product(info.product).by_role(Role.PATIENT)
    of_patient = [c.header for c in report.columns if patient is not None and c.field == patient.key]
    return sheet_search.rows_saying((table, np.asarray(numbers)), names, of_patient)


def _waiting_rows(session: Session, names: Iterable[str]) -> Iterator[PatientRows]:
    """Rows of the sheets of waiting lists, in which the patient's own column alone is looked at."""
    for series in session.workspace.series():
        found, sheet = session.workspace.waiting_list(series.id), session.workspace.waiting_sheet(series.id)
        if found is not None and sheet is not None:
            rows = sheet[1][sheet_search.says(sheet[0].column(found.patient_column), set(names))]
            if len(rows):
                yield PatientRows(series.id, tuple(rows.tolist()))


def _parts_of(info: DatasetInfo, typed: np.ndarray, sheet: np.ndarray, risks: int) -> list[KeptPart]:
    found = ((Source.ROWS, len(typed)), (Source.SHEET, len(sheet)), (Source.RISKS, risks))
    return [KeptPart(source, info.name, count) for source, count in found if count]


def _keys(session: Session, info: DatasetInfo, rows: np.ndarray) -> Iterable[str]:
    return event_keys.named(session, info.id, rows.tolist()).values()


def _learnt(session: Session, rows: Iterable[PatientRows]) -> tuple[LearntModel, ...]:
    names = {part.of: session.workspace.dataset(part.of).name for part in rows}
    models = session.workspace.models()
    return tuple(LearntModel(m.id, m.created, names[m.dataset_id]) for m in models if m.dataset_id in names)


@needs(Permission.DELETE_DATA)
def erase(session: Session, found: PatientFound) -> Erasure:
    """Erases all that was found of a patient. PresencaError where nothing was, or while a training runs on it."""
    if not found.parts:
        raise PresencaError("patient.nothing_to_erase")
    begun = session.workspace.begin_erasure(found.target, str(session.actor))
    session.audit("patient_erasure_begun", erasure=begun, datasets=len(found.target.datasets))
    return erasing.end(session, begun)


@needs(Permission.READ_DATA)
def erasures(session: Session) -> tuple[Erasure, ...]:
    """The erasures that patients asked for, newest first."""
    return tuple(reversed(session.workspace.erasures()))


@needs(Permission.READ_DATA)
def erased_rows(session: Session, dataset_id: str) -> tuple[tuple[str, int], ...]:
    """(When, how many) rows of a data set were erased at their patient's request, oldest first."""
    return session.workspace.erased_rows(dataset_id)


def texts(frame: pd.DataFrame) -> list[tuple[str, ...]]:
    """The cells of a frame as text, "" where one is missing."""
    plain = frame.astype("object").where(frame.notna(), "")
    return [tuple(str(cell) for cell in line) for line in plain.itertuples(index=False)]
