"""The use cases of the patients' voice: every comment read once, then lists, themes, search, and one tried live."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.contract import Product
from pipeline.errors import PresencaError
from pipeline.ingestion.parsing.comments import read_comments
from pipeline.insight.calls import call_list
from pipeline.insight.comments import comment_list
from pipeline.insight.comments.comment_list import CommentFilters
from pipeline.insight.comments.themes import overview as overview_of_themes
from pipeline.insight.groups.counts import days
from pipeline.insight.scoring import score
from pipeline.presentation import spreadsheets
from pipeline.presentation.frames import comment_tables
from pipeline.presentation.locale.messages import say
from pipeline.records import CommentItem, CommentSummary, Note, Reading, RowExplanation, ThemeOverview
from pipeline.services import catalog
from pipeline.services.models import models
from pipeline.services.pages import risk
from pipeline.services.session import Permission, Session, needs

__all__ = [
    "LONGEST",
    "LISTS",
    "HeardComments",
    "CommentFilters",
    "CommentPage",
    "csv",
    "explain",
    "hear",
    "listed",
    "options",
    "read",
    "summary",
    "themes",
    "xlsx",
]

ANSWER, CONTRADICTIONS, ALL = LISTS = ("answer", "contradictions", "all")
FORMAT = 3  # of kept readings: one that was kept in another is made again
LONGEST = 5_000  # characters of a comment that is tried live


@dataclass(frozen=True)
class HeardComments:
    """A data set's comments as a model reads them, kept in the workspace."""

    dataset_id: str
    model_id: str
    as_of: dt.date


@dataclass(frozen=True)
class CommentPage:
    """One page of a list, and how many events are behind it."""

    items: tuple[CommentItem, ...]
    total: int


@needs(Permission.READ_COMMENTS)
def hear(session: Session, dataset_id: str, model_id: str) -> HeardComments:
    """Reads all comments of a data set and keeps what was read; the second call finds it."""
    info = session.workspace.dataset(dataset_id)
    found = HeardComments(dataset_id, model_id, (info.last_date or dt.date(1970, 1, 1)) + dt.timedelta(days=1))
    meta = session.workspace.scored_meta(dataset_id, model_id, found.as_of)
    if meta is None or meta.get("format") != FORMAT:
        model, declared, rows = (
            models.load(session, model_id),
            catalog.product(info.product),
            session.workspace.rows(dataset_id),
        )
        past = risk.past_risks(session, dataset_id, model_id)
        scored = comment_list.honest(score.score(rows, declared, model), rows, past, declared, model)
        session.workspace.save_scored(
            dataset_id,
            model_id,
            found.as_of,
            comment_list.heard_list(scored, rows, declared, reader=model.reader),
            {"format": FORMAT},
        )
        session.audit("voice_heard", dataset=dataset_id, model=model_id, rows=len(rows))
    return found


def _kept(session: Session, heard: HeardComments) -> tuple[pd.DataFrame, Product]:
    kept = session.workspace.scored(heard.dataset_id, heard.model_id, heard.as_of)
    if kept is None:
        raise PresencaError("comments.erased")
    return kept[0], catalog.product(session.workspace.dataset(heard.dataset_id).product)


def _chosen(
    session: Session, heard: HeardComments, filters: CommentFilters, which: str
) -> tuple[pd.DataFrame, Product]:
    table, declared = _kept(session, heard)
    found = comment_list.select(table, filters, declared)
    if which == ANSWER:
        return comment_list.to_answer(found, declared), declared
    return (comment_list.contradictions(found) if which == CONTRADICTIONS else found), declared


@needs(Permission.READ_COMMENTS)
def options(session: Session, heard: HeardComments) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """For each column that can narrow the lists, its values, most frequent first."""
    table, declared = _kept(session, heard)
    columns = [column for column in comment_list.detail_columns(declared) if table[column].notna().any()]
    return tuple(
        (column, tuple(map(str, table[column].value_counts().loc[lambda n: n > 0].index))) for column in columns
    )


@needs(Permission.READ_COMMENTS)
def summary(session: Session, heard: HeardComments, filters: CommentFilters) -> CommentSummary:
    """Key figures under the filters."""
    table, declared = _kept(session, heard)
    return comment_list.summary(comment_list.select(table, filters, declared), declared)


@needs(Permission.READ_COMMENTS)
def listed(
    session: Session, heard: HeardComments, filters: CommentFilters, which: str, *, page: int = 1, size: int = 20
) -> CommentPage:
    """A page of one of LISTS under the filters."""
    found, declared = _chosen(session, heard, filters, which)
    if which == ALL and declared.comment is not None:
        found = found.loc[found[declared.comment.key].notna()]
    start = (min(page, max(1, -(-len(found) // size))) - 1) * size
    return CommentPage(comment_list.items(found.iloc[start : start + size], declared), len(found))


@needs(Permission.READ_COMMENTS)
def explain(session: Session, heard: HeardComments, row: int) -> RowExplanation:
    """Reference, factors and risk of one event; they sum exactly. PresencaError for one without a risk."""
    table, declared = _kept(session, heard)
    return call_list.explain_row(table, row, declared)


@needs(Permission.READ_COMMENTS)
def themes(session: Session, heard: HeardComments, filters: CommentFilters) -> ThemeOverview:
    """What the comments under the filters speak of."""
    found, declared = _chosen(session, heard, filters, ALL)
    assert declared.comment is not None
    said = found.loc[found[declared.comment.key].notna()]
    return overview_of_themes(
        said[declared.comment.key].tolist(),
        said[declared.target.key].to_numpy(dtype=np.float64),
        days(said[declared.time.key]),
        declared.themes,
    )


@needs(Permission.READ_COMMENTS)
def read(session: Session, model_id: str, comment: str, circumstances: Mapping[str, str] | None = None) -> Reading:
    """What a model reads in one comment; nothing of it is kept. PresencaError where there is nothing to read."""
    if not comment.strip():
        raise PresencaError("comments.no_comment")
    model = models.load(session, model_id)
    declared = catalog.product(model.product_key)
    scrubbed = read_comments([comment[:LONGEST]])
    row = comment_list.one_row(scrubbed.texts[0], circumstances or {}, declared, model)
    return comment_list.reading(row, declared, model, scrubbed=bool(scrubbed.scrubs))


def _download(session: Session, heard: HeardComments, filters: CommentFilters, which: str) -> pa.Table:
    """A list with the clinic's own columns while the vault lasts; without identifiers after that."""
    found, declared = _chosen(session, heard, filters, which)
    own = pa.Table.from_pandas(comment_tables.listed(found, declared), preserve_index=False)
    raw = session.workspace.raw(heard.dataset_id)
    if raw is None:
        return own
    numbers = np.asarray(session.workspace.row_numbers(heard.dataset_id))
    table = raw.take(pa.array(np.searchsorted(numbers, found["row"].to_numpy())))
    for name in own.column_names:
        table = table.append_column(spreadsheets.free_name(table, name), own[name])
    return table


@needs(Permission.READ_COMMENTS)
def csv(session: Session, heard: HeardComments, filters: CommentFilters, which: str) -> bytes:
    """A list of comments as CSV."""
    return spreadsheets.csv_bytes(_download(session, heard, filters, which))


@needs(Permission.READ_COMMENTS)
def xlsx(session: Session, heard: HeardComments, filters: CommentFilters, which: str) -> bytes:
    """A list of comments as a workbook."""
    return spreadsheets.xlsx_bytes(_download(session, heard, filters, which), say(Note("comments.sheet")))


def themes_csv(overview: ThemeOverview) -> bytes:
    """The themes as a table."""
    return spreadsheets.csv_bytes(pa.Table.from_pandas(comment_tables.themes(overview), preserve_index=False))
