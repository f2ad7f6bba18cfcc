"""Reading what was sent: all that waits for one series at once, into one data set of it.

A hundred sendings that wait cost one reading of what is there, not a hundred. The batch is on record before it is read
and each row says which sending it came in, so that a process that was killed at any moment is followed by one that
does the same again, and nothing counts twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pipeline.contract import Product
from pipeline.errors import PresencaError, WorkspaceError
from pipeline.ingestion import joining
from pipeline.ingestion.dataset import Dataset
from pipeline.ingestion.event_id import RECORD_KEY, TAKEN_IN
from pipeline.ingestion.intake import NOTHING
from pipeline.ingestion.reading.raw_table import RawTable
from pipeline.ingestion.reading.vocabulary import ORIGIN
from pipeline.presentation.locale import names
from pipeline.records import DatasetInfo, Note, Progress, Recipe, dump_kept, note
from pipeline.records.integration import Arrival
from pipeline.services import catalog
from pipeline.services.arrivals import opening
from pipeline.services.data import datasets, event_columns, event_keys, fixing, loading, row_keys, severe
from pipeline.services.data.placing import Into
from pipeline.services.session import Permission, Session, needs
from pipeline.workspace.repositories.arrivals import Ended
from pipeline.workspace.repositories.datasets import Source
from pipeline.workspace.secrets.identities import without_previews

Tell = Callable[[Progress], None]


@dataclass(frozen=True)
class _Part:
    """An arrival as it was read."""

    arrival: Arrival
    dataset: Dataset


@needs(Permission.CHANGE_DATA)
def read_batch(session: Session, batch: Sequence[Arrival], progress: Tell) -> DatasetInfo | None:
    """Reads arrivals of one series, in the order in which they came, and notes what became of each. None where each
    was refused. WorkspaceError where nothing can be saved now: they are still to be read then.
    """
    declared = catalog.product(batch[0].product)
    parts, refused = _parts(session, declared, batch)
    info = _taken_in(session, declared, batch[0].series, parts, progress) if parts else None
    done = [_done(part, declared, info.id) for part in parts] if info is not None else []
    if info is not None:
        severe.tell(session, info.id)  # before the end is noted: whoever is killed here does it again, and tells once
    session.workspace.end_arrivals([*done, *refused])
    for one in refused:
        session.audit("arrival_refused", arrival=one.id, why=one.note.code.replace(".", "_") if one.note else "")
    return info


def _parts(session: Session, declared: Product, batch: Sequence[Arrival]) -> tuple[list[_Part], list[Ended]]:
    parts, refused = [], []
    for arrival in batch:
        try:
            raw = opening.raw_of(session.workspace, declared, arrival)
            parts.append(_Part(arrival, loading.ingest(declared, raw, recipe=_known_recipe(session, arrival, raw))))
        except PresencaError as error:
            if isinstance(error, WorkspaceError) and error.note.code != opening.DAMAGED:
                raise
            refused.append(Ended(arrival.id, rows=arrival.rows, note=error.note))
    return parts, refused


def _known_recipe(session: Session, arrival: Arrival, raw: RawTable) -> Recipe:
    """What is remembered in the series of files with these headers."""
    known = session.workspace.recipe_for(arrival.product, raw.table.column_names, arrival.series)
    return known.recipe if known is not None else NOTHING


def _taken_in(session: Session, declared: Product, series: str, parts: Sequence[_Part], progress: Tell) -> DatasetInfo:
    fed = _fed(session, series)
    if fed is None:
        return _begun(session, declared, series, parts, progress)
    sheet = session.workspace.raw(fed.id)
    assert sheet is not None, "it was there just now"
    there = set(sheet[ORIGIN].to_pylist())
    new = [part for part in parts if part.arrival.name not in there]
    # whoever was killed between the sheet and its rows left a sheet that is longer than what was read of it
    whole = sheet.num_rows == datasets.report(session, fed.id).rows_read
    return fed if whole and not new else _grown(session, declared, fed, new, progress)


def _fed(session: Session, series: str) -> DatasetInfo | None:
    """The data set that grows by what is sent, while its original is kept."""
    wanted = session.workspace.fed_dataset(series)
    found = next((d for d in session.workspace.datasets() if d.id == wanted and d.series == series), None)
    raw = session.workspace.raw(found.id) if found is not None else None
    return found if raw is not None and ORIGIN in raw.column_names else None


def _begun(session: Session, declared: Product, series: str, parts: Sequence[_Part], progress: Tell) -> DatasetInfo:
    """The first data set of what is sent to a series."""
    files = [part.dataset for part in parts]
    raw = replace(joining.join(files, declared, in_turn=True), file_name=names.SENT, notes=(note("sending.joined"),))
    joined = loading.ingest(declared, raw, progress=progress)
    kept = [row_keys.Part(part.raw) for part in files]
    info = datasets.store(session, joined, NOTHING, into=Into(series), parts=kept)
    session.audit("arrivals_read", dataset=info.id, rows=info.rows, arrivals=len(parts))
    return info


def _grown(
    session: Session, declared: Product, fed: DatasetInfo, parts: Sequence[_Part], progress: Tell
) -> DatasetInfo:
    """The data set with the new rows after its own, read again by its own recipe."""
    used, before = fixing.recipe(session, fed.id), fixing.read_again(session, fed.id)
    noted = event_keys.noted(session, fed.id)
    first = session.workspace.next_row(fed.id, before.raw.rows)
    raw = joining.extend(before, [part.dataset for part in parts], declared, first)
    joined = loading.ingest(declared, raw, recipe=used, progress=progress)
    contents = fixing.contents(joined, used, _finish(session, declared, fed, raw))
    source = Source(fed.product, fed.name, raw.sha256, raw.table, raw.row_numbers, fed.series, fed.is_sample)
    info = session.workspace.extend_dataset(
        fed.id, source, contents, fixing.facts(joined.report, used), session.today()
    )
    event_keys.carry(session, fed.id, noted)
    event_columns.prepare(session, info.id)
    session.audit("arrivals_read", dataset=info.id, rows=info.rows, arrivals=len(parts))
    return info


def _finish(session: Session, declared: Product, fed: DatasetInfo, raw: RawTable) -> row_keys.Finish:
    """Gives old rows the keys and moments that they have, and new ones the moment that their event was first sent."""
    as_before = row_keys.of_same(session, fed.id, raw)
    held = event_keys.of(session, fed.id)
    everything = [*event_keys.others(session, declared.key, fed.series)]
    now = np.datetime64(pd.Timestamp(session.now()).tz_convert("UTC").tz_localize(None), "us")

    def finish(rows: pd.DataFrame) -> pd.DataFrame:
        made = as_before(rows)
        first = event_keys.first_taken_in(session, everything, made[RECORD_KEY].to_numpy())
        is_new = ~np.isin(made["row"].to_numpy(), held.rows)
        since = made[TAKEN_IN].to_numpy("datetime64[us]")
        return made.assign(**{TAKEN_IN: np.where(is_new, np.where(np.isnat(first), now, first), since)})

    return finish


def _done(part: _Part, declared: Product, dataset_id: str) -> Ended:
    report = part.dataset.report
    personal = tuple(field.key for field in declared.fields if field.personal)
    return Ended(
        part.arrival.id,
        dataset_id,
        rows=report.rows_read,
        left_out=report.rows_left_out,
        rejected=opening.rejected(part.dataset, declared),
        report_json=without_previews(dump_kept(report), personal),
    )


@needs(Permission.CHANGE_DATA)
def refuse(session: Session, arrival: Arrival, why: Note) -> None:
    """Gives an arrival up."""
    session.workspace.end_arrivals([Ended(arrival.id, rows=arrival.rows, note=why)])
    session.audit("arrival_refused", arrival=arrival.id, why=why.code.replace(".", "_"))
