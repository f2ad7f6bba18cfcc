"""The risk of rows that a caller brings: nothing of them is kept, and the model stays warm between calls.

Rows that come together are seen together, as those of a file are: how full a day is and what else a patient has booked
is counted among all of them, and where none says which day it is, that is told by all of them. The same rows in other
company may so get another risk; the same body gets the same one, at once or as a job.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import pandas as pd

from pipeline.contract import Product, Role
from pipeline.errors import PresencaError
from pipeline.ingestion import frame_records, record_table
from pipeline.ingestion.dataset import Dataset
from pipeline.ingestion.event_id import with_event_ids
from pipeline.ingestion.reading.raw_table import RawTable
from pipeline.ingestion.record_table import Record
from pipeline.insight.scoring import score
from pipeline.modeling.text import sentence_encoder
from pipeline.presentation.locale import names
from pipeline.records import ModelInfo, Progress
from pipeline.records.scores import RowScore
from pipeline.services import catalog
from pipeline.services.data import loading, reading, series
from pipeline.services.models import models, row_scores
from pipeline.services.models.row_scores import ScoredRows
from pipeline.services.session import Permission, Session, needs
from pipeline.workspace.secrets.identities import without_identities
from pipeline.workspace.store import Workspace

CURRENT = "current"  # stands for the model in use
MOST = 1_000
_NAME = "score"


@dataclass(frozen=True)
class Scores:
    """The risks of the rows that were brought, in their order. `as_of`: the day that they are seen from."""

    model: ModelInfo
    as_of: dt.date
    reference: float
    rows: tuple[RowScore, ...]


@dataclass(frozen=True)
class Asked:
    """How to score. `history`: whether what the model's series knows of the patients is used, as in the app's lists;
    `as_of`: the day that is looked from (None: as the rows tell).
    """

    history: bool = True
    as_of: dt.date | None = None


@needs(Permission.SCORE_RECORDS)
def chosen(session: Session, model_id: str, series_id: str = "", product_key: str = "") -> ModelInfo:
    """A model by its id; or, for `CURRENT`, the one in use in a series, or in the only one (of a product) that uses
    one. PresencaError where none is, or where several can be meant.
    """
    if model_id != CURRENT:
        return session.workspace.model(model_id)
    found = [s for s in session.workspace.series(product_key or None) if s.model_id and series_id in ("", s.id)]
    own = [s for s in found if not s.is_sample] or found
    if not own:
        raise PresencaError("model.none_in_use")
    if len(own) > 1:
        raise PresencaError("sending.which_series", known=[s.id for s in own])
    return session.workspace.model(own[0].model_id)


def records_of(content: bytes) -> list[Record]:
    """The records of a JSON body. PresencaError where it holds something else."""
    return record_table.from_json(content)


def resources_of(content: bytes) -> RawTable:
    """The rows of FHIR's resources. UnreadableFile where there are none."""
    if not content.strip():
        raise PresencaError("sending.empty")
    return reading.read(content, names.sending(_NAME, "json"))


def table_of(content: bytes, info: ModelInfo) -> RawTable:
    """The records of a JSON body, as a table for a model. PresencaError where it holds something else."""
    records = records_of(content)
    if len(records) > MOST:
        raise PresencaError("sending.too_many_records", limit=MOST)
    return record_table.table_of(records, catalog.product(info.product), _NAME)


def frame_of(content: bytes, *, is_csv: bool) -> list[Record]:
    """The records of a body of MLflow's protocol. PresencaError where it holds something else."""
    if not is_csv:
        return frame_records.from_mlflow(content)
    if not content.strip():
        raise PresencaError("sending.empty")
    table = reading.read(content, names.sending(_NAME, "csv")).table
    if table.num_rows > MOST:
        raise PresencaError("sending.too_many_records", limit=MOST)
    return table.to_pylist()


@needs(Permission.SCORE_RECORDS)
def score_records(session: Session, info: ModelInfo, records: Sequence[Record], asked: Asked) -> Scores:
    """The risks of at most `MOST` records. PresencaError for more, for none, and where a needed field is missing."""
    return score_table(session, info, record_table.table_of(records, catalog.product(info.product), _NAME), asked)


@needs(Permission.SCORE_RECORDS)
def score_table(session: Session, info: ModelInfo, raw: RawTable, asked: Asked) -> Scores:
    """The risks of the rows of a table, by their numbers."""
    found = scored_rows(session, info, raw, asked)
    return Scores(info, found.scored.as_of, float(found.scored.reference), tuple(row_scores.each(found)))


@needs(Permission.SCORE_RECORDS)
def scored_rows(
    session: Session,
    info: ModelInfo,
    raw: RawTable,
    asked: Asked,
    *,
    most: int | None = None,
    progress: loading.Report | None = None,
) -> ScoredRows:
    """What the rows of a table are read as, the model and their risks. PresencaError beyond `most` rows (None: as many
    as are scored while somebody waits). `progress`: told of the reading, to its end.
    """
    limit = MOST if most is None else most
    if raw.table.num_rows > limit:
        raise PresencaError("sending.too_many_records", limit=limit)
    declared, model = catalog.product(info.product), models.load(session, info.id)
    dataset = loading.rows_of(declared, raw, progress)
    if progress is not None:
        progress(Progress(1.0, rows=raw.table.num_rows))
    rows, history = _rows(session, declared, dataset, info, asked)
    scored = score.score(
        rows, declared, model, history=history, as_of=asked.as_of, encoder=sentence_encoder.installed(), threads=1
    )
    return ScoredRows(declared, dataset, model, rows, scored)


def _rows(
    session: Session, declared: Product, dataset: Dataset, info: ModelInfo, asked: Asked
) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    """The rows, and what is known of their patients; under pseudonyms where there is something to compare with."""
    if not asked.history or not info.series:
        return dataset.rows, None
    past = _history(session, declared, info)
    if past is None:
        return dataset.rows, None
    personal = tuple(field.key for field in declared.fields if field.personal)
    hidden = without_identities(dataset.rows, personal, session.workspace.key)
    return with_event_ids(hidden, declared), _of_the_same(past, hidden, declared)


def _of_the_same(past: pd.DataFrame, rows: pd.DataFrame, declared: Product) -> pd.DataFrame:
    """The past with the names of those patients alone whom the rows are about, and of one more, so that it stays a
    past that knows patients: of the others only counts are made, and a name costs a look-up.
    """
    field = declared.by_role(Role.PATIENT)
    if field is None or not isinstance(past[field.key].dtype, pd.CategoricalDtype):
        return past
    names = past[field.key].cat.categories
    wanted = pd.Index(rows[field.key].dropna().astype("str").unique()).union(names[:1])
    return past.assign(**{field.key: past[field.key].cat.set_categories(names.intersection(wanted))})


# by series, while the workspace is open and its files are the same: a call must not read them all again
_HELD: WeakKeyDictionary[Workspace, dict[str, tuple[tuple[object, ...], pd.DataFrame | None]]] = WeakKeyDictionary()


def _history(session: Session, declared: Product, info: ModelInfo) -> pd.DataFrame | None:
    own = [d for d in session.workspace.datasets(declared.key) if d.series == info.series]
    stamp = tuple((d.id, session.workspace.revision(d.id)) for d in own)
    held = _HELD.setdefault(session.workspace, {})
    if info.series not in held or held[info.series][0] != stamp:
        held[info.series] = stamp, series.rows_of(session, own, declared)
    return held[info.series][1]
