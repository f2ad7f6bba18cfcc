"""The use cases of the waiting list: a file of its own, read as every other, kept for a series in place of the last."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyarrow as pa

from pipeline.contract import Field, Outcome, Product, Role
from pipeline.errors import PresencaError
from pipeline.ingestion.dataset import Dataset
from pipeline.ingestion.intake import NOTHING, ingest
from pipeline.ingestion.mapping import propose
from pipeline.ingestion.parsing import wishes
from pipeline.ingestion.reading.raw_table import RawTable
from pipeline.presentation import spreadsheets
from pipeline.privacy import pseudonymise
from pipeline.records import ColumnMatch, Recipe
from pipeline.records.slots import WaitingChange, WaitingEntry, WaitingList
from pipeline.services import catalog
from pipeline.services.data.own_units import OwnRows
from pipeline.services.data.reading import read
from pipeline.services.session import Permission, Session, needs

_KEY_BYTES = 8
SAMPLE_ROWS, SAMPLE_SEED = 120, 7


def declared(product_key: str) -> Product:
    """How the waiting list of a product is written. PresencaError where it has none."""
    found = catalog.product(product_key).waiting
    if found is None:
        raise PresencaError("waiting.none")
    return found


@needs(Permission.CHANGE_DATA)
def preview(session: Session, product_key: str, source: Path | bytes, file_name: str) -> tuple[ColumnMatch, ...]:
    """What each column of a list is taken for, unless somebody chooses. UnreadableFile if it can't be read."""
    return propose.propose(read(source, file_name), declared(product_key))


@needs(Permission.READ_DATA)
def preview_kept(session: Session, series_id: str) -> tuple[ColumnMatch, ...]:
    """The same of the list that is kept, without a cell of it. PresencaError once its sheet is erased."""
    raw, form = _kept_sheet(session, series_id), _form(session, series_id)
    return tuple(replace(match, preview=()) for match in propose.propose(raw, form))


@needs(Permission.READ_DATA)
def known_columns(session: Session, series_id: str, columns: Sequence[ColumnMatch]) -> dict[str, str | None]:
    """What was chosen for the series' list (field → header, or None), as far as a new one has the headers."""
    found, headers = of(session, series_id), {match.header for match in columns}
    return {} if found is None else {field: name for field, name in found.columns if name is None or name in headers}


@needs(Permission.CHANGE_DATA)
def upload(
    session: Session, series_id: str, source: Path | bytes, file_name: str, recipe: Recipe = NOTHING
) -> WaitingList:
    """Reads a list and keeps it in place of the series' former one; offers that were made stay.

    UnreadableFile if it can't be read, MissingFields without the patient or since when they wait.
    """
    return _keep(session, series_id, read(source, file_name, sheet=recipe.sheet), recipe)


@needs(Permission.CHANGE_DATA)
def read_again(session: Session, series_id: str, recipe: Recipe) -> WaitingList:
    """Reads the list that is kept again, with other columns. PresencaError once its sheet is erased; as `upload`."""
    return _keep(session, series_id, _kept_sheet(session, series_id), recipe)


def _keep(session: Session, series_id: str, raw: RawTable, recipe: Recipe) -> WaitingList:
    told, made_of = _read(session, series_id, raw, recipe)
    made = session.workspace.put_waiting_list(series_id, told, made_of, (raw.table, raw.row_numbers), session.today())
    session.audit("waiting_list_added", series=series_id, rows=made.waiting)
    return made


@needs(Permission.CHANGE_DATA)
def checked(
    session: Session, series_id: str, source: Path | bytes, file_name: str, recipe: Recipe = NOTHING
) -> WaitingList:
    """What `upload` would keep of a list, with every row accounted for; nothing is kept. The same errors."""
    return _read(session, series_id, read(source, file_name, sheet=recipe.sheet), recipe)[0]


@needs(Permission.READ_DATA)
def checked_again(session: Session, series_id: str, recipe: Recipe) -> WaitingList:
    """What `read_again` would keep; nothing is kept. The same errors."""
    return _read(session, series_id, _kept_sheet(session, series_id), recipe)[0]


def _form(session: Session, series_id: str) -> Product:
    return declared(session.workspace.one_series(series_id).product)


def _kept_sheet(session: Session, series_id: str) -> RawTable:
    """The list as it was sent. PresencaError where there is none, or where its sheet is erased."""
    found, sheet = session.workspace.waiting_list(series_id), session.workspace.waiting_sheet(series_id)
    if found is None or sheet is None:
        raise PresencaError("waiting.sheet_gone")
    return RawTable(*sheet, found.name, "", 0, "", None, None, None, (), ())


def _read(session: Session, series_id: str, raw: RawTable, recipe: Recipe) -> tuple[WaitingList, list[WaitingEntry]]:
    """(the list without its id, who waits)."""
    form = _form(session, series_id)
    found = ingest(raw, form, recipe=recipe, today=session.today())
    entries, over, repeated = _entries(found, form, session.workspace.key)
    report = found.report
    told = WaitingList(
        id="",
        name=report.file.name,
        created="",
        rows=report.rows_read,
        waiting=len(entries),
        over=over,
        repeated=repeated,
        left_out=report.left_out,
        missing=tuple(missing.field for missing in report.missing),
        patient_column=next(place for place, match in enumerate(found.matches) if match.field == _patient(form).key),
        columns=recipe.columns,
        change=_change(session, series_id, {entry.key for entry in entries}),
    )
    return told, entries


def _change(session: Session, series_id: str, now: set[str]) -> WaitingChange | None:
    if session.workspace.waiting_list(series_id) is None:
        return None
    before = {entry.key for entry in session.workspace.waiting_entries(series_id)}
    return WaitingChange(len(now - before), len(before - now), len(now & before))


def template(product_key: str) -> bytes:
    """The workbook of a waiting list that a clinic fills in."""
    return spreadsheets.template_xlsx(declared(product_key))


def sample(product_key: str, rows: int = SAMPLE_ROWS) -> bytes:
    """A made-up list as CSV: the same each time."""
    form = declared(product_key)
    return spreadsheets.csv_bytes(pa.concat_tables(form.sample.generate(rows, SAMPLE_SEED)))


@needs(Permission.READ_LISTS)
def entries(session: Session, series_id: str) -> tuple[WaitingEntry, ...]:
    """Who waits, the longest first."""
    found = OwnRows(session).waiting(session.workspace.waiting_entries(series_id))
    return tuple(sorted(found, key=lambda entry: (entry.since, entry.key)))


@needs(Permission.READ_LISTS)
def of(session: Session, series_id: str) -> WaitingList | None:
    """The list of a series, if one was sent."""
    return session.workspace.waiting_list(series_id)


@needs(Permission.DELETE_DATA)
def delete(session: Session, series_id: str) -> None:
    """Deletes the list of a series with its sheet."""
    session.workspace.delete_waiting_list(series_id)
    session.audit("waiting_list_deleted", series=series_id)


@needs(Permission.READ_IDENTITIES)
def patients(
    session: Session, series_id: str, entries: Sequence[WaitingEntry], *, on_record: bool = True
) -> dict[str, str]:
    """The id of each of those who wait as the sheet writes it, by the key of their entry; empty once it is erased.

    Each showing is on record; `on_record` is False where this one is already.
    """
    found, sheet = session.workspace.waiting_list(series_id), session.workspace.waiting_sheet(series_id)
    if found is None or sheet is None:
        return {}
    if on_record:
        session.audit("identities_shown", series=series_id, rows=len(entries))
    known = {entry.key: entry.row for entry in OwnRows(session).waiting(session.workspace.waiting_entries(series_id))}
    table, numbers = sheet
    cells = dict(zip(numbers.tolist(), table.column(found.patient_column).to_pylist(), strict=True))
    own = [(entry.key, entry.row) for entry in entries if session.units is None or known.get(entry.key) == entry.row]
    return {key: str(cells[row]) for key, row in own if cells.get(row)}


def _entries(found: Dataset, form: Product, key: bytes) -> tuple[list[WaitingEntry], int, int]:
    """(who waits, rows whose wait is over, rows that tell a wait again)."""
    typed = found.typed
    waits = typed["state"].astype("str").isin([str(Outcome.PENDING), str(Outcome.UNKNOWN)]).to_numpy()
    rows = typed.loc[waits]
    names = {role: _texts(rows, form, role) for role in (Role.PROCEDURE, Role.UNIT, Role.WEEKDAYS, Role.SHIFTS)}
    entries: dict[str, WaitingEntry] = {}
    hidden = pseudonymise(rows[_patient(form).key], key).astype("str").tolist()
    since = pd.to_datetime(rows[form.time.key]).dt.date.tolist()
    for place, (who, day, row) in enumerate(zip(hidden, since, rows["row"].tolist(), strict=True)):
        procedure, unit = names[Role.PROCEDURE][place], names[Role.UNIT][place]
        entry = WaitingEntry(
            key=_key(who, procedure, unit, day.isoformat()),
            patient=who,
            since=day,
            procedure=procedure,
            unit=unit,
            weekdays=wishes.weekdays(names[Role.WEEKDAYS][place]),
            shifts=wishes.shifts(names[Role.SHIFTS][place]),
            row=row,
        )
        entries.setdefault(entry.key, entry)
    return list(entries.values()), int((~waits).sum()), len(rows) - len(entries)


def _patient(form: Product) -> Field:
    found = form.by_role(Role.PATIENT)
    assert found is not None, "a waiting list says who waits"
    return found


def _texts(rows: pd.DataFrame, form: Product, role: Role) -> list[str]:
    field = form.by_role(role)
    if field is None:
        return [""] * len(rows)
    return ["" if pd.isna(value) else str(value) for value in rows[field.key]]


def _key(*parts: str) -> str:
    """Of a wait: alike in the next list, if it is the same one. 16 hex digits, of the pseudonym."""
    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=_KEY_BYTES).hexdigest()
