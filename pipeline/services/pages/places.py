"""The use cases of "where": the level and the themes of each unit, sector, professional or plan, and why one differs.

On the patients' voice under its filters, and on the risk page for a product with comments under that page's own.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.contract import FeatureKind, Product
from pipeline.insight.comments import place_reasons, places
from pipeline.insight.comments.comment_list import CommentFilters
from pipeline.insight.comments.places import Spoken
from pipeline.insight.comments.polarity import NEGATIVE, POSITIVE, SILENT
from pipeline.insight.groups import small_cells
from pipeline.insight.groups.counts import Filters, select
from pipeline.presentation import spreadsheets
from pipeline.presentation.frames import place_tables
from pipeline.records import GroupExplanation, PlaceOverview, PlaceWhy, note
from pipeline.services import catalog, settings
from pipeline.services.pages import comments, risk, theme_readings
from pipeline.services.pages import themes as theme_pages
from pipeline.services.pages.comments import HeardComments
from pipeline.services.session import Permission, Session, needs

__all__ = ["by", "dimensions", "periods_csv", "places_csv", "spoken", "why", "why_group"]

_NAMED = 3  # themes that a bar is called by


@needs(Permission.READ_AGGREGATES, by_unit=True)
def dimensions(session: Session, heard: HeardComments) -> tuple[str, ...]:
    """The columns by which the file can be told apart, places before kinds of care; empty where it has none."""
    declared = catalog.product(session.workspace.dataset(heard.dataset_id).product)
    return places.dimensions(comments.selected(session, heard, CommentFilters()), declared)


@needs(Permission.READ_AGGREGATES, by_unit=True)
def by(session: Session, heard: HeardComments, filters: CommentFilters, column: str) -> PlaceOverview:
    """Every value of a dimension under the filters: its level, its themes, its months."""
    table, declared = _selected(session, heard, filters)
    found = places.overview(table, spoken(session, heard.dataset_id, table, declared), declared, column)
    return small_cells.places(found) if settings.hides_small_cells(session) else found


@needs(Permission.READ_AGGREGATES, by_unit=True)
def why(session: Session, heard: HeardComments, filters: CommentFilters, column: str, value: str) -> PlaceWhy | None:
    """Why a value differs from all others, in themes and words; None where too few comments tell."""
    table, declared = _selected(session, heard, filters)
    return place_reasons.why_place(table, spoken(session, heard.dataset_id, table, declared), declared, column, value)


def _selected(session: Session, heard: HeardComments, filters: CommentFilters) -> tuple[pd.DataFrame, Product]:
    declared = catalog.product(session.workspace.dataset(heard.dataset_id).product)
    return comments.selected(session, heard, filters), declared


@needs(Permission.READ_AGGREGATES, by_unit=True)
def why_group(
    session: Session, dataset_id: str, model_id: str, column: str, value: str, filters: Filters
) -> tuple[GroupExplanation | None, PlaceWhy | None]:
    """Why a group of the risk page differs, for a product with comments: by factors, that of the comments named by
    its themes, and what it has to say in themes and words; None for what can't be told.
    """
    declared = catalog.product(session.workspace.dataset(dataset_id).product)
    said = _said_in_group(session, dataset_id, declared, column, value, filters)
    answer = risk.why(session, dataset_id, model_id, column, value, filters)
    return (None if answer is None else _in_themes(answer, declared, said)), said


def _said_in_group(
    session: Session, dataset_id: str, declared: Product, column: str, value: str, filters: Filters
) -> PlaceWhy | None:
    assert declared.comment is not None
    wanted = dict.fromkeys([*risk.view_columns(declared), declared.comment.key])
    rows = risk.columns(session, dataset_id, declared, list(wanted))
    table = rows.iloc[select(rows, None, declared, filters).positions]
    return place_reasons.why_place(table, spoken(session, dataset_id, table, declared), declared, column, value)


def _in_themes(answer: GroupExplanation, declared: Product, said: PlaceWhy | None) -> GroupExplanation:
    """The factor that reads comments, called by the themes that differ there; its points stay, so that the sum ties."""
    read = {spec.key for spec in declared.features if spec.kind is FeatureKind.TEXT}
    themes = list(dict.fromkeys(gap.label for gap in said.clear))[:_NAMED] if said else []
    return replace(
        answer,
        contributions=tuple(
            replace(c, said=note("factor.said", themes=themes)) if c.factor in read else c for c in answer.contributions
        ),
    )


@needs(Permission.READ_COMMENTS)
def spoken(session: Session, dataset_id: str, table: pd.DataFrame, declared: Product) -> Spoken:
    """What the comments of a list speak of, main themes of the clinic's set, and on which side their words are."""
    assert declared.comment is not None
    said = [text if isinstance(text, str) else "" for text in table[declared.comment.key]]
    asked = theme_readings.ReadFor(theme_pages.active(session, dataset_id), declared.opinions, None)
    reading = theme_readings.of(said, asked, dataset_id)
    main = [place for place, theme in enumerate(reading.themes) if not theme.parent]
    found = reading.said[:, main]
    sides = (found == POSITIVE).astype(np.int8) - (found == NEGATIVE).astype(np.int8)
    return Spoken(tuple(reading.themes[place] for place in main), found != SILENT, sides)


def places_csv(view: PlaceOverview, declared: Product) -> bytes:
    """A line a value as CSV."""
    return _csv(place_tables.places(small_cells.places(view), declared))


def periods_csv(view: PlaceOverview, declared: Product) -> bytes:
    """A line a value and month (or week) as CSV."""
    return _csv(place_tables.periods(small_cells.places(view), declared))


def _csv(frame: pd.DataFrame) -> bytes:
    return spreadsheets.csv_bytes(pa.Table.from_pandas(frame, preserve_index=False))
