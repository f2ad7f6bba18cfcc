"""The use cases of the risk page: rows that already happened, by group and in time, with risks from models
that had not seen them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline import memory
from pipeline.contract import Product, Role
from pipeline.errors import PresencaError
from pipeline.insight.groups import coded_view, counted, late, periods, small_cells, suppression
from pipeline.insight.groups import overview as segments
from pipeline.insight.groups.counts import select
from pipeline.insight.groups.heat import CELL
from pipeline.insight.groups.overview import Filters
from pipeline.presentation import html, spreadsheets
from pipeline.presentation.frames import tables
from pipeline.presentation.sentences import risk_words
from pipeline.records import (
    GroupExplanation,
    LateCancellations,
    RiskOverview,
)
from pipeline.services import catalog, settings
from pipeline.services.data import coded, seen
from pipeline.services.data.own_units import OwnRows
from pipeline.services.pages.past_risks import (
    MOST_SCORED,
    is_unscored,
    known_past,
    past_made,
    past_risks,
    past_skill,
)
from pipeline.services.session import Permission, Session, needs

__all__ = [
    "CELL",
    "Filters",
    "GroupQuery",
    "MOST_SCORED",
    "Options",
    "average_of_all",
    "columns",
    "group_csv",
    "is_quick",
    "is_unscored",
    "known_past",
    "late_cancellations",
    "options",
    "overview",
    "page_of_rows",
    "past_risks",
    "past_skill",
    "rows_csv",
    "view_columns",
    "why",
]


MOST_TAKEN = 500_000  # rows of a large data set in one CSV: it is made in memory
LATE_DAYS, USUAL_LATE = late.CHOICES, late.USUAL


@dataclass(frozen=True)
class Options:
    """What the filters can choose from: the period (without dates far outside the others) and, for each dimension,
    its values, most frequent first. `only`: the units whose rows are all that is shown; empty where all are."""

    first_date: dt.date | None
    last_date: dt.date | None
    values: tuple[tuple[str, tuple[str, ...]], ...]
    only: tuple[str, ...] = ()

    def of(self, field: str) -> tuple[str, ...]:
        """The values of a field, most frequent first; empty for one that is no filter."""
        return dict(self.values).get(field, ())


@needs(Permission.READ_AGGREGATES, by_unit=True)
def options(session: Session, dataset_id: str) -> Options:
    """What the filters of the page offer: the span of dates, and the values of each field."""
    declared = catalog.product(session.workspace.dataset(dataset_id).product)
    if coded.is_large(session, dataset_id):
        asked = coded.opened(session, dataset_id)
        told = coded.kept(
            session,
            ("options", *asked.key),
            lambda: (
                coded_view.dates(asked.rows, declared, asked.own),
                coded_view.values_of(asked.rows, declared, asked.own),
            ),
        )
        return Options(*told[0], told[1], OwnRows(session).names)
    fields = filter_fields(declared)
    rows = columns(session, dataset_id, declared, [declared.time.key, *fields])
    there = [name for name in fields if name in rows]
    values = tuple((name, segments.values_of(rows[name])) for name in there)
    return Options(*periods.dates(rows, declared), values, OwnRows(session).names)


@needs(Permission.READ_DATA)
def columns(session: Session, dataset_id: str, declared: Product, wanted: Sequence[str]) -> pd.DataFrame:
    """Columns of the typed rows, of the units of whoever asks; of fields that nobody asks for those that the file has.
    PresencaError where no row is of their units.
    """
    extra = [f.key for f in declared.extras if f.key in wanted]
    own = OwnRows(session)
    return own.some(own.rows(dataset_id, [c for c in wanted if c not in extra], if_there=extra))


filter_fields = coded.fields_of


def view_columns(declared: Product) -> list[str]:
    """The columns of typed rows that an overview and its filters read."""
    dates = [f.key for role in (Role.CONTACT, Role.SCHEDULED, Role.OCCURRED) if (f := declared.by_role(role))]
    stars = [declared.target.key] if declared.has_stars else []
    return ["row", "state", "outcome", *dates, *stars, *filter_fields(declared)]


@needs(Permission.READ_AGGREGATES, by_unit=True)
def overview(session: Session, dataset_id: str, model_id: str | None, filters: Filters) -> RiskOverview:
    """Key figures, groups, months and the heat map under `filters`."""
    declared = catalog.product(session.workspace.dataset(dataset_id).product)
    if coded.is_large(session, dataset_id):
        asked = coded.opened(session, dataset_id, _scored(session, dataset_id, model_id))
        view = coded_view.view(asked.rows, coded.sums(session, asked, filters)[1], declared, filters, asked.own)
    else:
        rows = columns(session, dataset_id, declared, view_columns(declared))
        view = segments.overview(rows, past_risks(session, dataset_id, model_id), declared, filters)
    if not settings.hides_small_cells(session):
        return view
    _refuse_telling_few(session, dataset_id, declared, filters)
    return suppression.for_a_board(view)


def _scored(session: Session, dataset_id: str, model_id: str | None) -> str | None:
    """The model, where rows of a large data set have a risk by it: made of as many rows as a page may wait for."""
    if model_id is None or is_unscored(session, dataset_id, model_id):
        return None
    past_made(session, dataset_id, model_id)
    return model_id


@needs(Permission.OPEN)
def is_quick(session: Session, dataset_id: str) -> bool:
    """Whether all of a data set's rows are read with each change of a filter."""
    return not coded.is_large(session, dataset_id)


def _refuse_telling_few(session: Session, dataset_id: str, declared: Product, filters: Filters) -> None:
    """PresencaError for filters under which few rows are left, or of which one leaves out few: the view without it,
    beside this one, would tell of those.
    """
    chosen = [name for name, values in filters.values.items() if values]
    without = [replace(filters, values={**filters.values, name: ()}) for name in chosen]
    shown, *wider = _how_many(session, dataset_id, declared, (filters, *without))
    if chosen and small_cells.tells_few(shown, wider):
        raise PresencaError("risk.tells_few", least=suppression.LEAST)


def _how_many(session: Session, dataset_id: str, declared: Product, asked: Sequence[Filters]) -> tuple[int, ...]:
    """How many rows pass each of these filters."""
    if coded.is_large(session, dataset_id):
        held = coded.opened(session, dataset_id)
        return tuple(counted.how_many(counted.choose(held.rows, declared, one, held.own)) for one in asked)
    rows = columns(session, dataset_id, declared, view_columns(declared))
    return tuple(len(select(rows, None, declared, one).positions) for one in asked)


@needs(Permission.READ_AGGREGATES, by_unit=True)
def average_of_all(session: Session, dataset_id: str) -> float | None:
    """The rate of all units over the whole file, for whoever is given the rows of some alone; None where the others'
    are too few to be told of, or none.
    """
    if coded.is_large(session, dataset_id):
        asked = coded.opened(session, dataset_id)
        return coded.kept(session, ("average", *asked.key), lambda: _average(asked))
    own = OwnRows(session).rows(dataset_id, ["outcome"])["outcome"]
    whole = session.workspace.rows(dataset_id, ["outcome"])["outcome"]
    return suppression.average_of_all(own.to_numpy(dtype=np.float64), whole.to_numpy(dtype=np.float64))


def _average(asked: coded.Coded) -> float | None:
    own, whole = (coded_view.outcomes(asked.rows, asked.product, own) for own in (asked.own, None))
    return suppression.average_of_counts(own, whole)


@needs(Permission.READ_AGGREGATES, by_unit=True)
def late_cancellations(
    session: Session, dataset_id: str, filters: Filters, within: int = late.USUAL, model_id: str | None = None
) -> LateCancellations | None:
    """How often bookings are given up at most `within` days before; None where the file does not tell when.

    `model_id`: the model of the overview that was asked for under the same filters, to spare another counting.
    """
    declared = catalog.product(session.workspace.dataset(dataset_id).product)
    field = declared.by_role(Role.CANCELLED)
    if field is None:
        return None
    if coded.is_large(session, dataset_id):
        asked = coded.opened(session, dataset_id, model_id)
        found = coded_view.late_view(asked.rows, coded.sums(session, asked, filters)[1], declared, within, asked.own)
    else:
        rows = columns(session, dataset_id, declared, [*view_columns(declared), field.key])
        found = late.overview(rows, declared, filters, within)
    return small_cells.late(found) if found is not None and settings.hides_small_cells(session) else found


@needs(Permission.READ_AGGREGATES, by_unit=True)
def why(
    session: Session, dataset_id: str, model_id: str | None, field: str, value: str, filters: Filters
) -> GroupExplanation | None:
    """Why a group's predicted risk differs from all others'; None where no row of it has a risk."""
    declared = catalog.product(session.workspace.dataset(dataset_id).product)
    if coded.is_large(session, dataset_id):
        asked = coded.opened(session, dataset_id, _scored(session, dataset_id, model_id))
        return _why(session, asked, (field, value), filters)
    past = past_risks(session, dataset_id, model_id)
    if past is None:
        return None
    rows = columns(session, dataset_id, declared, view_columns(declared))
    return segments.why(rows, past, declared, field, value, filters)


def _why(session: Session, asked: coded.Coded, group: tuple[str, str], filters: Filters) -> GroupExplanation | None:
    past = asked.past
    if past is None:
        return None
    chosen, sums = coded.sums(session, asked, filters)

    def explained() -> GroupExplanation | None:
        try:
            return coded_view.why(asked.rows, past, asked.product, group, sums, chosen, asked.cubes)
        finally:
            memory.let_go(past.points.values())  # 4 bytes a row for each factor, which nothing else reads

    return coded.kept(session, ("why", *asked.key, repr((filters, group))), explained)


@dataclass(frozen=True)
class RowsPage:
    """One page of typed rows (columns are keys), with the risk of those that have one; the total behind it and its
    outcomes.
    """

    rows: pd.DataFrame
    total: int
    outcomes: int


@dataclass(frozen=True)
class GroupQuery:
    """The rows of a group, or of a cell of the heat map (`CELL`): of which data and model, filters, field and value."""

    dataset_id: str
    model_id: str | None
    filters: Filters
    field: str
    value: str


@needs(Permission.READ_DATA, by_unit=True)
def page_of_rows(session: Session, group: GroupQuery, *, page: int = 1, size: int = 50) -> RowsPage:
    """The rows behind a group, latest first, `size` a page; patients as short pseudonyms."""
    if coded.is_large(session, group.dataset_id):
        asked, inside = _members(session, group)
        sums = coded.sums(session, asked, group.filters)[1]  # the page that shows the group has counted them
        counted_ = coded_view.how_many_of(sums, asked.rows, group.field, group.value)
        total, outcomes = counted_ or coded_view.known_among(asked.rows, inside)
        start = (min(page, max(1, -(-total // size))) - 1) * size
        return RowsPage(_rows_at(session, group, asked, inside, (start, size)), total, outcomes)
    chosen, _ = _rows_of(session, group)
    start = (min(page, max(1, -(-len(chosen) // size))) - 1) * size
    return RowsPage(chosen.iloc[start : start + size], len(chosen), int(chosen["outcome"].notna().sum()))


def _members(session: Session, group: GroupQuery) -> tuple[coded.Coded, counted.Chosen]:
    asked = coded.opened(session, group.dataset_id, _scored(session, group.dataset_id, group.model_id))
    chosen = counted.choose(asked.rows, asked.product, group.filters, asked.own)
    return asked, coded_view.members(asked.rows, chosen, group.field, group.value)


def _rows_at(
    session: Session, group: GroupQuery, asked: coded.Coded, inside: counted.Chosen, part: tuple[int, int]
) -> pd.DataFrame:
    """The rows of a group from one on, so many, read alone of all."""
    places = coded_view.latest(asked.rows, inside, *part)
    rows = session.workspace.rows_at(group.dataset_id, asked.rows.position[places])
    return OwnRows(session).lines(rows.assign(risk=coded.risks_at(asked, places)), asked.product)


def _rows_of(session: Session, group: GroupQuery) -> tuple[pd.DataFrame, Product]:
    declared = catalog.product(session.workspace.dataset(group.dataset_id).product)
    if coded.is_large(session, group.dataset_id):
        asked, inside = _members(session, group)
        total = counted.how_many(inside)
        if total > MOST_TAKEN:
            raise PresencaError("risk.too_many_rows", rows=total, most=MOST_TAKEN)
        return _rows_at(session, group, asked, inside, (0, total)), declared
    past = past_risks(session, group.dataset_id, group.model_id)
    rows = OwnRows(session).some(OwnRows(session).rows(group.dataset_id))
    return segments.rows_of(rows, past, declared, group.field, group.value, group.filters), declared


@needs(Permission.READ_DATA, by_unit=True)
def rows_csv(session: Session, group: GroupQuery) -> bytes:
    """All rows behind a group as CSV, pseudonymous."""
    chosen, declared = _rows_of(session, group)
    seen.taken(session, group.dataset_id, "rows", len(chosen))
    return _csv(tables.past_rows(chosen, declared, plain=True))


def _csv(frame: pd.DataFrame) -> bytes:
    return spreadsheets.csv_bytes(pa.Table.from_pandas(frame, preserve_index=False))


def group_csv(view: RiskOverview, declared: Product, field: str) -> bytes:
    """One dimension's table of an overview as CSV."""
    frame = tables.groups(dict(suppression.for_a_board(view).groups)[field], declared, field)
    return _csv(frame)


def times_csv(view: RiskOverview, declared: Product) -> bytes:
    """Months, and weekdays by lead time, as one CSV."""
    return _csv(tables.times(suppression.for_a_board(view), declared))


@needs(Permission.READ_AGGREGATES, by_unit=True)
def board_html(session: Session, dataset_id: str, model_id: str | None, filters: Filters) -> bytes:
    """The risk page as one self-contained HTML file for the board."""
    info = session.workspace.dataset(dataset_id)
    declared = catalog.product(info.product)
    _refuse_telling_few(session, dataset_id, declared, filters)
    view = suppression.for_a_board(overview(session, dataset_id, model_id, filters))
    said = risk_words.filters_said(filters.values, declared)
    only = OwnRows(session).names
    return html.risk_html(
        view, declared, info.name, filters=[risk_words.only_units(only), *said] if only else said
    ).encode()
