"""The call list as a file, and who stands in it: the clinic's own ids and phones, shown only where somebody asked."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.contract import Role
from pipeline.folding import fold
from pipeline.ingestion.reading.fhir.vocabulary import RESOURCE, SUBJECT
from pipeline.insight.calls import call_list
from pipeline.insight.calls import entries as entry
from pipeline.insight.calls.call_list import ListFilters
from pipeline.presentation import spreadsheets
from pipeline.presentation.frames import assessments, call_list_files
from pipeline.presentation.frames.call_list_files import ListLines
from pipeline.presentation.frames.contact_files import NAMES
from pipeline.presentation.locale.messages import say
from pipeline.presentation.spreadsheets import Assessor
from pipeline.presentation.spreadsheets.call_list import call_list_xlsx
from pipeline.records import FileUse, Note
from pipeline.services.data import datasets, masking, seen
from pipeline.services.data.own_units import OwnRows
from pipeline.services.models import models
from pipeline.services.pages import agenda
from pipeline.services.pages.agenda import Agenda
from pipeline.services.session import Permission, Session, needs

__all__ = ["can_identify", "csv", "fhir", "identities", "on_record", "own_of", "phones_of", "xlsx"]

_PHONE = ("telefon", "celular", "fone", "whats")
_DIGITS = 8  # of a phone without its area
_LOOKED_AT = 200


@needs(Permission.SEE_RISK)
def csv(
    session: Session, found: Agenda, filters: ListFilters, *, by_row: bool = False, identified: bool = False
) -> bytes:
    """The list for programs; `identified`: after the clinic's own columns, as the file had them."""
    lines, named = _taken(session, found, filters, by_row, identified)
    own = _raw(session, found, lines.chosen["row"].to_numpy(), None) if named else None
    if own is not None:
        _told(session, found, len(lines.chosen))
    return spreadsheets.csv_bytes(call_list_files.plain(lines, own))


@needs(Permission.SEE_RISK)
def xlsx(
    session: Session, found: Agenda, filters: ListFilters, *, by_row: bool = False, identified: bool = False
) -> bytes:
    """The list in words for whoever calls; `identified`: with the clinic's own id and phone."""
    lines, named = _taken(session, found, filters, by_row, identified)
    own = identities(session, found, lines.chosen["row"].to_numpy()) if named else None
    title = say(Note("call_list.as_it_would_be" if found.looks_back else "call_list.sheet"))
    return call_list_xlsx(call_list_files.sheet(lines, own), title, call_list_files.CONTACT, call_list_files.OUTCOMES)


@needs(Permission.SEE_RISK)
def fhir(
    session: Session, found: Agenda, filters: ListFilters, *, by_row: bool = False, identified: bool = False
) -> bytes:
    """The list as FHIR's RiskAssessments, one a line (NDJSON); `identified`: with the appointment and the patient as
    the file pointed to them, else with pseudonyms.
    """
    lines, named = _taken(session, found, filters, by_row, identified)
    own = _raw(session, found, lines.chosen["row"].to_numpy(), None) if named else None
    if own is not None:
        _told(session, found, len(lines.chosen))
    card = models.card(session, found.model_id)
    by = Assessor(lines.product, found.as_of, card.created, card.trained_until)
    columns = assessments.Columns(RESOURCE, SUBJECT, next(iter(_identifying(session, found.dataset_id)[0]), ""))
    return spreadsheets.as_ndjson(spreadsheets.risk_assessments(assessments.of_list(lines, own, columns), by))


def _taken(
    session: Session, found: Agenda, filters: ListFilters, by_row: bool, identified: bool
) -> tuple[ListLines, bool]:
    """The lines of a file, and whether it says who the patients are; that it was taken out is on record."""
    named = masking.is_identified(session, FileUse.CALLS, identified)
    lines = _lines(session, found, filters, by_row)
    seen.taken(session, found.dataset_id, "call_list", len(lines.chosen), identified=named)
    return lines, named


def _lines(session: Session, found: Agenda, filters: ListFilters, by_row: bool) -> ListLines:
    declared, held = agenda.declared(session, found.dataset_id), agenda.lines(session, found)
    chosen = call_list.select(held.some(filters), filters)
    return ListLines(
        chosen,
        entry.entries(chosen, declared, by_row=by_row),
        held.of_patients(chosen),
        declared,
        found.as_of,
        call_list.told_by(filters, declared),
        found.looks_back,
    )


@needs(Permission.READ_LISTS)
def can_identify(session: Session, dataset_id: str) -> bool:
    """Whether the sheet as it came is still kept, and has an id of the clinic's own or a phone."""
    return session.workspace.dataset(dataset_id).vault_until is not None and any(_identifying(session, dataset_id))


@needs(Permission.READ_IDENTITIES)
def identities(session: Session, found: Agenda, rows: np.ndarray, *, on_record: bool = True) -> pd.DataFrame | None:
    """The clinic's own patient id and phones of spreadsheet rows (index = row); None once the sheet is erased.

    Kept nowhere, and each showing is on record; `on_record` is False where this one is already.
    """
    own = _raw(session, found, rows, _identifying(session, found.dataset_id))
    if own is not None and on_record:
        _told(session, found, len(rows))
    return own


@needs(Permission.READ_IDENTITIES)
def own_of(
    session: Session, found: Agenda, rows: Sequence[int], *, on_record: bool = True
) -> tuple[tuple[str, str], ...]:
    """The same of the first of these rows alone, as pairs of header and text; what is empty is left out."""
    own = identities(session, found, np.array(rows, dtype=np.int64), on_record=on_record)
    if own is None or not len(own):
        return ()
    return tuple((str(name), str(text)) for name, text in own.iloc[0].items() if text)


@needs(Permission.READ_IDENTITIES)
def phones_of(session: Session, found: Agenda, rows: np.ndarray) -> tuple[pd.DataFrame | None, list[str]]:
    """Columns of the sheet with patients' names and phones, one line for each of `rows`, and which of them hold phones;
    None once the sheet is erased. Whoever shows them says so with `on_record`.
    """
    named = [c.header for c in datasets.report(session, found.dataset_id).columns if fold(c.header) in NAMES]
    phones = _identifying(session, found.dataset_id)[1]
    own = _raw(session, found, rows, (named, phones))
    return own, [] if own is None else [name for name in own.columns if name in phones]


@needs(Permission.READ_IDENTITIES)
def on_record(session: Session, found: Agenda, rows: int) -> None:
    """Puts on record that identities of so many rows were shown."""
    _told(session, found, rows)


@needs(Permission.READ_IDENTITIES)
def _told(session: Session, found: Agenda, rows: int) -> None:
    session.audit("identities_shown", dataset=found.dataset_id, rows=rows)


def _raw(
    session: Session, found: Agenda, rows: np.ndarray, wanted: tuple[list[str], list[str]] | None
) -> pd.DataFrame | None:
    """Columns of the sheet as it came (None: all), one line for each of `rows`. PresencaError for another unit's."""
    OwnRows(session).refuse_rows(found.dataset_id, rows.tolist())
    raw = session.workspace.raw(found.dataset_id)
    if raw is None:
        return None
    ids, phones = wanted if wanted is not None else (raw.column_names, [])
    chosen = [
        i for i, name in enumerate(raw.column_names) if name in ids or (name in phones and _holds_phones(raw.column(i)))
    ]
    numbers = np.asarray(session.workspace.row_numbers(found.dataset_id))
    order = np.argsort(numbers, kind="stable")
    at = pa.array(order[np.searchsorted(numbers, rows, sorter=order)])
    columns = {raw.column_names[i]: raw.column(i).take(at).to_pylist() for i in chosen}
    return pd.DataFrame(columns, index=rows, dtype="object").fillna("") if columns else None


def _identifying(session: Session, dataset_id: str) -> tuple[list[str], list[str]]:
    """Headers of the file that say who: the patient's id; and columns of no field that are named like phones."""
    declared = agenda.declared(session, dataset_id)
    patient, columns = declared.by_role(Role.PATIENT), datasets.report(session, dataset_id).columns
    return (
        [c.header for c in columns if patient is not None and c.field == patient.key],
        [c.header for c in columns if c.field is None and _named_phone(c.header)],
    )


def _named_phone(header: str) -> bool:
    return any(word.startswith(_PHONE) or word == "tel" for word in fold(header).split())


def _holds_phones(column: pa.ChunkedArray) -> bool:
    """Whether the cells mostly hold numbers long enough: those of "Telefone confirmado" don't."""
    filled = [text for text in column.slice(0, _LOOKED_AT).to_pylist() if text]
    return bool(filled) and sum(sum(c.isdigit() for c in text) >= _DIGITS for text in filled) * 2 >= len(filled)
