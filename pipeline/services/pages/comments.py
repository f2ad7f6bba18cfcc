"""The use cases of the patients' voice: every comment read once, then lists, themes, search, and one tried live."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.contract import Product
from pipeline.errors import PresencaError
from pipeline.ingestion.parsing.comments import read_comments
from pipeline.ingestion.scrubbed_table import scrubbed_table
from pipeline.insight.calls import call_list
from pipeline.insight.comments import comment_list, severity, unseen
from pipeline.insight.comments import themes as themes_insight
from pipeline.insight.comments.comment_list import CommentFilters
from pipeline.insight.comments.theme_reading import SpokenComments
from pipeline.insight.comments.theme_sentences import sentences_of
from pipeline.insight.groups import small_cells
from pipeline.insight.groups.counts import days
from pipeline.insight.scoring import score
from pipeline.presentation import spreadsheets
from pipeline.presentation.frames import comment_tables
from pipeline.presentation.locale.messages import say
from pipeline.presentation.sentences.hidden_words import groups_hidden
from pipeline.records import (
    Asked,
    CommentItem,
    CommentSummary,
    DatasetInfo,
    FileUse,
    FollowUpCounts,
    ModelInfo,
    Note,
    Reading,
    RowExplanation,
    ThemeOverview,
    ThemeSentences,
)
from pipeline.services import catalog
from pipeline.services.data import datasets, masking, seen, senses, severe
from pipeline.services.data.own_units import OwnRows
from pipeline.services.models import models
from pipeline.services.pages import follow_ups, risk, theme_readings
from pipeline.services.pages import themes as theme_pages
from pipeline.services.session import Permission, Session, needs

__all__ = [
    "LONGEST",
    "LISTS",
    "HeardComments",
    "CommentFilters",
    "CommentPage",
    "already_heard",
    "csv",
    "explain",
    "Waiting",
    "events",
    "hear",
    "listed",
    "of_rows",
    "options",
    "read",
    "sense",
    "selected",
    "summary",
    "theme_sentences",
    "themes",
    "undated",
    "waiting",
    "xlsx",
]

ANSWER, CONTRADICTIONS, ALL, ALARMING = LISTS = ("answer", "contradictions", "all", "alarming")
FORMAT = 5  # of kept readings: one that was kept in another is made again
LONGEST = 5_000  # characters of a comment that is tried live
SENTENCES = 8  # comments of a theme on a page


@dataclass(frozen=True)
class HeardComments:
    """A data set's comments as a model reads them, kept in the workspace."""

    dataset_id: str
    model_id: str
    as_of: dt.date


@dataclass(frozen=True)
class Waiting:
    """What is left to do: of all events that ask for an answer, and of those that may not wait."""

    every: FollowUpCounts
    grave: FollowUpCounts


@dataclass(frozen=True)
class CommentPage:
    """One page of a list, and how many events are behind it."""

    items: tuple[CommentItem, ...]
    total: int


@needs(Permission.READ_AGGREGATES, by_unit=True)
def hear(session: Session, dataset_id: str, model_id: str) -> HeardComments:
    """Reads all comments of a data set and keeps what was read; the second call finds it."""
    info, kept = session.workspace.dataset(dataset_id), session.workspace.model(model_id)
    found = HeardComments(dataset_id, model_id, _as_of(info))
    meta = session.workspace.scored_meta(dataset_id, model_id, found.as_of)
    model = models.load(session, model_id)
    sensed = senses.state(session, dataset_id, model).state == senses.READ
    if meta is None or meta.get("format") != FORMAT or (sensed and not meta.get("sensed")):
        declared, rows = catalog.product(info.product), session.workspace.rows(dataset_id)
        past = risk.past_risks(session, dataset_id, model_id)
        encoder = senses.encoder_of(session, dataset_id, model)
        scored = score.score(rows, declared, model, encoder=encoder)
        if _may_know(info, kept) and not model.card.levelled_on:
            scored = unseen.honest(scored, rows, past, declared, model)
        session.workspace.save_scored(
            dataset_id,
            model_id,
            found.as_of,
            comment_list.heard_list(scored, rows, declared, reader=model.reader),
            {"format": FORMAT, "sensed": encoder is not None},
        )
        severe.tell(session, dataset_id)
        session.audit("voice_heard", dataset=dataset_id, model=model_id, rows=len(rows))
    return found


@needs(Permission.READ_AGGREGATES, by_unit=True)
def already_heard(session: Session, dataset_id: str, model_id: str) -> HeardComments | None:
    """What `hear` would find, where it was asked for before; nothing is read for it."""
    as_of = _as_of(session.workspace.dataset(dataset_id))
    meta = session.workspace.scored_meta(dataset_id, model_id, as_of)
    there = meta is not None and meta.get("format") == FORMAT
    return HeardComments(dataset_id, model_id, as_of) if there else None


def _as_of(info: DatasetInfo) -> dt.date:
    return (info.last_date or dt.date(1970, 1, 1)) + dt.timedelta(days=1)


@needs(Permission.READ_AGGREGATES, by_unit=True)
def sense(session: Session, dataset_id: str, model_id: str) -> senses.SenseState:
    """How far the sense of a data set's comments has been read, for a model."""
    return senses.state(session, dataset_id, models.load(session, model_id))


def _may_know(info: DatasetInfo, model: ModelInfo) -> bool:
    """Whether the model may have learnt from these rows: a starter, or one of another clinic's, did not."""
    return not model.is_starter and (model.dataset_id == info.id or model.series == info.series)


def _kept(session: Session, heard: HeardComments) -> tuple[pd.DataFrame, Product]:
    kept = session.workspace.scored(heard.dataset_id, heard.model_id, heard.as_of)
    if kept is None:
        raise PresencaError("comments.erased")
    declared, own = catalog.product(session.workspace.dataset(heard.dataset_id).product), OwnRows(session)
    return own.some(own.lines(kept[0], declared)), declared


@needs(Permission.READ_COMMENTS)
def selected(session: Session, heard: HeardComments, filters: CommentFilters) -> pd.DataFrame:
    """The events under the filters, as they are kept (see `comment_list`), for the other use cases of this page."""
    return _chosen(session, heard, filters, ALL)[0]


def _chosen(
    session: Session, heard: HeardComments, filters: CommentFilters, which: str
) -> tuple[pd.DataFrame, Product]:
    table, declared = _kept(session, heard)
    found = comment_list.select(table, filters, declared)
    if which == ALARMING:
        return comment_list.alarming(found, declared), declared
    if which == ANSWER:
        return comment_list.to_answer(found, declared), declared
    return (comment_list.contradictions(found) if which == CONTRADICTIONS else found), declared


@needs(Permission.READ_AGGREGATES, by_unit=True)
def options(session: Session, heard: HeardComments) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """For each column that can narrow the lists, its values, most frequent first."""
    table, declared = _kept(session, heard)
    columns = [c for c in comment_list.detail_columns(declared) if c in table and table[c].notna().any()]
    return tuple(
        (column, tuple(map(str, table[column].value_counts().loc[lambda n: n > 0].index))) for column in columns
    )


@needs(Permission.READ_AGGREGATES, by_unit=True)
def only(session: Session) -> tuple[str, ...]:
    """The units whose events are all that is shown; empty where all are."""
    return OwnRows(session).names


@needs(Permission.READ_AGGREGATES, by_unit=True)
def undated(session: Session, heard: HeardComments) -> int:
    """How many events have no day, and so stand in no period."""
    table, declared = _kept(session, heard)
    return int(table[declared.time.key].isna().sum())


@needs(Permission.READ_AGGREGATES, by_unit=True)
def summary(session: Session, heard: HeardComments, filters: CommentFilters) -> CommentSummary:
    """Key figures under the filters."""
    table, declared = _kept(session, heard)
    return comment_list.summary(comment_list.select(table, filters, declared), declared)


@needs(Permission.READ_COMMENTS, by_unit=True)
def listed(
    session: Session, heard: HeardComments, filters: CommentFilters, which: str, *, page: int = 1, size: int = 20
) -> CommentPage:
    """A page of one of LISTS under the filters."""
    found, declared = _chosen(session, heard, filters, which)
    if which == ALL and declared.comment is not None:
        found = found.loc[found[declared.comment.key].notna()]
    start = (min(page, max(1, -(-len(found) // size))) - 1) * size
    return CommentPage(_items(session, heard, found.iloc[start : start + size], declared), len(found))


@needs(Permission.READ_COMMENTS, by_unit=True)
def events(session: Session, heard: HeardComments, filters: CommentFilters, which: str) -> tuple[Asked, ...]:
    """The events of one of LISTS under the filters, as what is done about them is kept; in the list's order."""
    found, _ = _chosen(session, heard, filters, which)
    rows = found["row"].astype(int).tolist()
    alerts = {
        row: [one.key for one in severity.unpacked(text)]
        for row, text in zip(rows, found["alerts"].fillna("").tolist(), strict=True)
    }
    groups = dict(zip(rows, found["group"].fillna("").tolist(), strict=True))
    return follow_ups.asked(session, heard.dataset_id, groups, alerts)


@needs(Permission.READ_COMMENTS, by_unit=True)
def of_rows(session: Session, heard: HeardComments, rows: Sequence[int]) -> tuple[CommentItem, ...]:
    """The events of these rows, in this order. PresencaError for a row of another unit than theirs."""
    OwnRows(session).refuse_rows(heard.dataset_id, rows)
    table, declared = _kept(session, heard)
    places = pd.Series(np.arange(len(table)), index=table["row"].to_numpy()).loc[list(rows)]
    return _items(session, heard, table.iloc[places.to_numpy()], declared)


def _items(session: Session, heard: HeardComments, table: pd.DataFrame, declared: Product) -> tuple[CommentItem, ...]:
    reader = models.load(session, heard.model_id).reader
    return comment_list.items(table, declared, theme_pages.active(session, heard.dataset_id), reader)


@needs(Permission.READ_AGGREGATES, by_unit=True)
def waiting(session: Session, heard: HeardComments, filters: CommentFilters) -> Waiting:
    """How many events under the filters still ask for an answer, and how many of them may not wait."""
    grave = events(session, heard, filters, ALARMING)
    asked = {one.key: one for one in (*grave, *events(session, heard, filters, ANSWER))}
    return Waiting(
        follow_ups.counts(session, heard.dataset_id, tuple(asked.values())),
        follow_ups.counts(session, heard.dataset_id, grave),
    )


@needs(Permission.READ_COMMENTS, by_unit=True)
def explain(session: Session, heard: HeardComments, row: int) -> RowExplanation:
    """Reference, factors and risk of one event; they sum exactly. PresencaError for one without a risk."""
    OwnRows(session).refuse_rows(heard.dataset_id, [row])
    table, declared = _kept(session, heard)
    return call_list.explain_row(table, row, declared)


@needs(Permission.READ_AGGREGATES, by_unit=True)
def themes(session: Session, heard: HeardComments, filters: CommentFilters) -> ThemeOverview:
    """What the comments under the filters speak of."""
    history = _spoken(session, heard, replace(filters, last_days=None))
    return themes_insight.overview_of(_spoken(session, heard, filters), history)


@needs(Permission.READ_COMMENTS, by_unit=True)
def theme_sentences(
    session: Session, heard: HeardComments, filters: CommentFilters, key: str, polarity: str = "", *, page: int = 1
) -> ThemeSentences:
    """A page of the comments under the filters that speak of a theme, with the clauses that do; `polarity`: only so,
    "" for all.
    """
    return sentences_of(_spoken(session, heard, filters), key, polarity, page=page, size=SENTENCES)


def _spoken(session: Session, heard: HeardComments, filters: CommentFilters) -> SpokenComments:
    """What is said under the filters, read for the themes of the series; the whole list is read once."""
    table, declared = _kept(session, heard)
    assert declared.comment is not None
    every = table.loc[table[declared.comment.key].notna()]
    said = comment_list.select(every, filters, declared)
    reader = models.load(session, heard.model_id).reader if heard.model_id else None
    asked = theme_readings.ReadFor(theme_pages.active(session, heard.dataset_id), declared.opinions, reader)
    reading = theme_readings.of(every[declared.comment.key].tolist(), asked, heard.model_id)
    return SpokenComments(
        reading.take(every.index.get_indexer(said.index)),
        said[declared.comment.key].tolist(),
        said["row"].to_numpy(dtype=np.int64),
        said[declared.target.key].to_numpy(dtype=np.float64),
        days(said[declared.time.key]),
    )


@needs(Permission.READ_COMMENTS, by_unit=True)
def read(session: Session, model_id: str, comment: str, circumstances: Mapping[str, str] | None = None) -> Reading:
    """What a model reads in one comment; nothing of it is kept. PresencaError where there is nothing to read."""
    if not comment.strip():
        raise PresencaError("comments.no_comment")
    model = models.load(session, model_id)
    declared = catalog.product(model.product_key)
    scrubbed = read_comments([comment[:LONGEST]])
    row = comment_list.one_row(scrubbed.texts[0], circumstances or {}, declared, model)
    return comment_list.reading(row, declared, model, senses.live(model), scrubbed=bool(scrubbed.scrubs))


def _download(
    session: Session, heard: HeardComments, filters: CommentFilters, which: str, identified: bool | None
) -> pa.Table:
    """A list with the clinic's own columns (see `masking`) while the vault lasts, their free text scrubbed; without
    them after that.
    """
    named = masking.is_identified(session, FileUse.OTHER, identified)
    found, declared = _chosen(session, heard, filters, which)
    seen.taken(session, heard.dataset_id, "comments", len(found), identified=named)
    own = pa.Table.from_pandas(_own_columns(session, heard, found, declared, which, filters), preserve_index=False)
    raw = session.workspace.raw(heard.dataset_id)
    if raw is None:
        return own
    numbers = np.asarray(session.workspace.row_numbers(heard.dataset_id))
    chosen = raw.take(pa.array(np.searchsorted(numbers, found["row"].to_numpy())))
    table = (_scrubbed if named else _masked)(session, heard.dataset_id, chosen, declared)
    for name in own.column_names:
        table = table.append_column(spreadsheets.free_name(table, name), own[name])
    return table


def _own_columns(
    session: Session, heard: HeardComments, found: pd.DataFrame, declared: Product, which: str, filters: CommentFilters
) -> pd.DataFrame:
    """What is read in each event and what was done about it."""
    reader, active = models.load(session, heard.model_id).reader, theme_pages.active(session, heard.dataset_id)
    spoken = comment_list.spoken_codes(found, active, declared, reader)
    shown = comment_tables.listed(found, declared, spoken, comment_list.gravity(found, declared))
    return follow_ups.with_columns(session, heard.dataset_id, shown, events(session, heard, filters, which))


def _masked(session: Session, dataset_id: str, table: pa.Table, declared: Product) -> pa.Table:
    columns = datasets.report(session, dataset_id).columns
    return masking.masked(table, columns, declared, session.workspace.key).table


def _scrubbed(session: Session, dataset_id: str, table: pa.Table, declared: Product) -> pa.Table:
    """The clinic's own columns with what identifies people taken out of comments and other free text."""
    columns = datasets.report(session, dataset_id).columns
    comments = {c.header for c in columns if declared.comment is not None and c.field == declared.comment.key}
    return scrubbed_table(table, comments, {c.header for c in columns if c.field is not None}).table


@needs(Permission.READ_COMMENTS, by_unit=True)
def csv(
    session: Session, heard: HeardComments, filters: CommentFilters, which: str, *, identified: bool | None = None
) -> bytes:
    """A list of comments as CSV."""
    return spreadsheets.csv_bytes(_download(session, heard, filters, which, identified))


@needs(Permission.READ_COMMENTS, by_unit=True)
def xlsx(
    session: Session, heard: HeardComments, filters: CommentFilters, which: str, *, identified: bool | None = None
) -> bytes:
    """A list of comments as a workbook."""
    found = _download(session, heard, filters, which, identified)
    return spreadsheets.xlsx_bytes(found, say(Note("comments.sheet")))


def themes_csv(overview: ThemeOverview) -> bytes:
    """The themes as a table, without those of few comments; a last line says how many those are."""
    told = small_cells.themes(overview)
    table = pa.Table.from_pandas(comment_tables.themes(told), preserve_index=False)
    said = groups_hidden(len(overview.themes) - len(told.themes))
    if said:
        last = pa.table({table.column_names[0]: [said]})
        table = pa.concat_tables([table, last], promote_options="permissive")
    return spreadsheets.csv_bytes(table)


def pages_of_sentences(total: int) -> int:
    """How many pages the comments of a theme fill."""
    return max(1, -(-total // SENTENCES))
