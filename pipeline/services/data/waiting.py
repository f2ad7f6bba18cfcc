"""The use cases of the waiting list: a file of its own, read as every other, kept for a series in place of the last."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.contract import Field, Outcome, Product, Role
from pipeline.errors import PresencaError
from pipeline.ingestion.dataset import Dataset
from pipeline.ingestion.intake import NOTHING, ingest
from pipeline.ingestion.mapping import propose
from pipeline.ingestion.parsing import wishes
from pipeline.ingestion.reading.apart import read
from pipeline.presentation import spreadsheets
from pipeline.privacy import pseudonymise
from pipeline.records import ColumnMatch, Recipe
from pipeline.records.slots import WaitingEntry, WaitingList
from pipeline.services import catalog
from pipeline.services.session import Permission, Session, needs

_KEY_BYTES = 8
SAMPLE_ROWS, SAMPLE_SEED = 120, 7


def declared(product_key: str) -> Product:
    """How the waiting list of a product is written. PresencaError where it has none."""
    found = catalog.product(product_key).waiting
    if found is None:
        raise PresencaError("waiting.none")
    return found


@needs(Permission.READ_DATA)
def preview(session: Session, product_key: str, source: Path | bytes, file_name: str) -> tuple[ColumnMatch, ...]:
    """What each column of a list was taken for. UnreadableFile if it can't be read."""
    return propose.propose(read(source, file_name), declared(product_key))


@needs(Permission.CHANGE_DATA)
def upload(
    session: Session, series_id: str, source: Path | bytes, file_name: str, recipe: Recipe = NOTHING
) -> WaitingList:
    """Reads a list and keeps it in place of the series' former one; offers that were made stay.

    UnreadableFile if it can't be read, MissingFields without the patient or since when they wait.
    """
    form = declared(session.workspace.one_series(series_id).product)
    told, made_of, sheet = _read(session, form, source, file_name, recipe)
    made = session.workspace.put_waiting_list(series_id, told, made_of, sheet, session.today())
    session.audit("waiting_list_added", series=series_id, rows=made.waiting)
    return made


@needs(Permission.READ_DATA)
def checked(session: Session, product_key: str, source: Path | bytes, file_name: str) -> WaitingList:
    """What `upload` would keep of a list, with every row accounted for; nothing is kept. The same errors."""
    return _read(session, declared(product_key), source, file_name, NOTHING)[0]


def _read(
    session: Session, form: Product, source: Path | bytes, file_name: str, recipe: Recipe
) -> tuple[WaitingList, list[WaitingEntry], tuple[pa.Table, np.ndarray | range]]:
    """(the list without its id, who waits, the sheet with its row numbers)."""
    found = ingest(read(source, file_name, sheet=recipe.sheet), form, recipe=recipe, today=session.today())
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
    )
    return told, entries, (found.raw.table, found.raw.row_numbers)


def template(product_key: str) -> bytes:
    """The workbook of a waiting list that a clinic fills in."""
    return spreadsheets.template_xlsx(declared(product_key))


def sample(product_key: str, rows: int = SAMPLE_ROWS) -> bytes:
    """A made-up list as CSV: the same each time."""
    form = declared(product_key)
    return spreadsheets.csv_bytes(pa.concat_tables(form.sample.generate(rows, SAMPLE_SEED)))


@needs(Permission.READ_DATA)
def entries(session: Session, series_id: str) -> tuple[WaitingEntry, ...]:
    """Who waits, the longest first."""
    return tuple(sorted(session.workspace.waiting_entries(series_id), key=lambda entry: (entry.since, entry.key)))


@needs(Permission.READ_DATA)
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
    table, numbers = sheet
    cells = dict(zip(numbers.tolist(), table.column(found.patient_column).to_pylist(), strict=True))
    return {entry.key: str(cells[entry.row]) for entry in entries if cells.get(entry.row)}


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
