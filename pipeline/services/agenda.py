"""The use cases of the agenda: score future rows once, then list, explain, try changes and download."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.contract import Product
from pipeline.errors import PresencaError
from pipeline.insight import scoring, worklist
from pipeline.insight.worklist import ListFilters
from pipeline.presentation import spreadsheets, tables
from pipeline.records import AgendaSummary, DatasetInfo, RowExplanation, from_plain, to_plain
from pipeline.services import catalog, models, series
from pipeline.workspace.audit import audit
from pipeline.workspace.store import Workspace

__all__ = ["Agenda", "AgendaPage", "ListFilters", "candidates", "csv", "explain", "page", "score", "what_if", "xlsx"]


@dataclass(frozen=True)
class Agenda:
    """A scored list in the workspace: which data, which model, as of which day."""

    dataset_id: str
    model_id: str
    as_of: dt.date
    summary: AgendaSummary
    days: tuple[dt.date, ...]
    units: tuple[str, ...]


@dataclass(frozen=True)
class AgendaPage:
    """What the page shows: a frame with Portuguese headers (index = spreadsheet row) and counts."""

    frame: pd.DataFrame
    total: int
    expected: float
    reached: float  # events expected among the first `calls`
    calls: int


def candidates(workspace: Workspace, product_key: str) -> tuple[DatasetInfo, ...]:
    """Data sets that may hold rows still to come, newest first."""
    return tuple(d for d in workspace.datasets(product_key) if d.purpose in ("future", "mixed"))


def score(workspace: Workspace, dataset_id: str, model_id: str, as_of: dt.date | None = None) -> Agenda:
    """Scores a data set as known on `as_of` (None: the default day) and keeps the list; the second call reads it.

    A list that was made when the workspace held other files is made again.
    """
    model = models.load(workspace, model_id)
    declared = catalog.product(model.product_key)
    rows = workspace.rows(dataset_id)
    sources = series.others(workspace, dataset_id)
    history = series.rows_of(workspace, sources, declared)
    day = as_of or scoring.default_as_of(rows, history, declared)
    kept = workspace.scored(dataset_id, model_id, day)
    if kept is None or kept[1].get("history") != [source.id for source in sources]:
        scored = scoring.score(rows, declared, model, history=history, as_of=day)
        frame = worklist.call_list(scored, rows, declared, model.card.tiers)
        meta = {"summary": to_plain(scored.summary), "history": [source.id for source in sources]}
        workspace.save_scored(dataset_id, model_id, day, frame, meta)
        audit(workspace, "agenda_scored", dataset=dataset_id, model=model_id, rows=len(frame))
        kept = frame, meta
    frame, meta = kept
    return Agenda(dataset_id, model_id, day, from_plain(AgendaSummary, meta["summary"]),
                  worklist.days_of(frame), worklist.units_of(frame))


def _kept(workspace: Workspace, agenda: Agenda) -> pd.DataFrame:
    kept = workspace.scored(agenda.dataset_id, agenda.model_id, agenda.as_of)
    if kept is None:
        raise PresencaError("A lista foi apagada.", "Calcule o risco de novo.")
    return kept[0]


def page(workspace: Workspace, agenda: Agenda, filters: ListFilters, *, number: int = 1, size: int = 200,
         calls: int | None = None) -> AgendaPage:
    """The ranked list under `filters`; `calls` counts how many of the expected events the first calls reach."""
    chosen = worklist.select(_kept(workspace, agenda), filters)
    first = calls if calls is not None else worklist.default_calls(len(chosen))
    start = (number - 1) * size
    declared = catalog.product(workspace.dataset(agenda.dataset_id).product)
    frame = tables.agenda(chosen.iloc[start:start + size], declared, agenda.as_of)
    expected, reached = worklist.expected_and_reached(chosen, first)
    return AgendaPage(frame, len(chosen), expected, reached, min(first, len(chosen)))


def explain(workspace: Workspace, agenda: Agenda, row: int) -> RowExplanation:
    """Reference, factors and risk of one row; they sum exactly."""
    return worklist.explain_row(_kept(workspace, agenda), row, _declared(workspace, agenda))


def row_values(workspace: Workspace, agenda: Agenda, row: int) -> dict[str, Any]:
    """The fields of one row that a what-if may change: dates as dates, missing ones as None."""
    return worklist.row_values(_kept(workspace, agenda), row, _declared(workspace, agenda))


def what_if(workspace: Workspace, agenda: Agenda, row: int, changes: Mapping[str, Any]) -> RowExplanation:
    """The explanation of one row with some of its fields changed; nothing is kept."""
    declared = _declared(workspace, agenda)
    rows = workspace.rows(agenda.dataset_id)
    model = models.load(workspace, agenda.model_id)
    history = series.rows_of(workspace, series.others(workspace, agenda.dataset_id), declared)
    return worklist.what_if(rows, row, changes, declared, model, history=history, as_of=agenda.as_of)


def _declared(workspace: Workspace, agenda: Agenda) -> Product:
    return catalog.product(workspace.dataset(agenda.dataset_id).product)


def _download(workspace: Workspace, agenda: Agenda, filters: ListFilters) -> pa.Table:
    """The call list with the clinic's own columns while the vault lasts, ranked; pseudonyms after that."""
    chosen = worklist.select(_kept(workspace, agenda), filters)
    own = pa.Table.from_pandas(tables.call_list(chosen, _declared(workspace, agenda)), preserve_index=False)
    raw = workspace.raw(agenda.dataset_id)
    if raw is None:
        return own
    numbers = np.asarray(workspace.row_numbers(agenda.dataset_id))
    order = pa.array(np.searchsorted(numbers, chosen["row"].to_numpy()))
    table = raw.take(order)
    for name in own.column_names:
        table = table.append_column(spreadsheets.free_name(table, name), own[name])
    return table


def csv(workspace: Workspace, agenda: Agenda, filters: ListFilters) -> bytes:
    return spreadsheets.csv_bytes(_download(workspace, agenda, filters))


def xlsx(workspace: Workspace, agenda: Agenda, filters: ListFilters) -> bytes:
    return spreadsheets.xlsx_bytes(_download(workspace, agenda, filters), "Lista de contato")
