"""The use cases of the agenda: score future rows once, then list, explain and try changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from pipeline.contract import Product
from pipeline.errors import PresencaError
from pipeline.insight import evaluation
from pipeline.insight.calls import call_list, expected, first_day
from pipeline.insight.calls import entries as entry
from pipeline.insight.calls.call_list import ListFilters
from pipeline.insight.scoring import score as scoring
from pipeline.modeling.model import TrainedModel
from pipeline.records import (
    AgendaSummary,
    CameOf,
    Cancelling,
    DatasetInfo,
    Expected,
    ExpectedSkill,
    Level,
    ListCounts,
    RowExplanation,
    Skill,
    from_plain,
    to_plain,
)
from pipeline.services import catalog
from pipeline.services.data import datasets, series
from pipeline.services.data.own_units import OwnRows
from pipeline.services.models import models
from pipeline.services.pages import slot_values, told_risk
from pipeline.services.pages.list_day import ListData, day_of_list
from pipeline.services.session import Permission, Session, needs

__all__ = [
    "Agenda",
    "AgendaPage",
    "Bookings",
    "ListFilters",
    "bookings",
    "candidates",
    "explain",
    "page",
    "row_values",
    "score",
    "what_if",
]

FORMAT = 5  # of kept lists: one that was kept in another is made again
_ASKED = ("future", "mixed")


@dataclass(frozen=True)
class Agenda:
    """A scored list in the workspace: which data, which model, as of which day, and what its rows are.

    `looks_back`: the file already knows what came of the rows, so that this is the list as it would have been.
    `opening`: the day that it opens on; `first` and `last`: the days that the list can be made on.
    """

    dataset_id: str
    model_id: str
    as_of: dt.date
    summary: AgendaSummary
    days: tuple[dt.date, ...] = ()
    units: tuple[str, ...] = ()
    looks_back: bool = False
    opening: dt.date | None = None
    first: dt.date = dt.date.min
    last: dt.date = dt.date.max
    counts: ListCounts = field(default_factory=lambda: ListCounts(0))
    cancelling: Cancelling = field(default_factory=lambda: Cancelling(0, 0, ()))
    level: Level = field(default_factory=lambda: Level(0.0, 0.0, 0))
    promised: ExpectedSkill | None = None  # what the risks of the list promise
    came: Skill | None = None  # what came of it, where that is known


@dataclass(frozen=True)
class AgendaPage:
    """The lines that a page of the list shows, as they are kept (columns are keys), and counts of the whole.

    `chosen`: the lines of the entries shown, `place` the entry of each; `lines`: those with all else of their
    patients that the list holds; `untold`: factors that the filters have told already, and that are no reason here.
    """

    chosen: pd.DataFrame
    place: np.ndarray
    lines: pd.DataFrame
    untold: frozenset[str]
    entries: int
    rows: int
    expected: Expected
    reached: float  # events expected among the first `calls` entries
    calls: int
    came: CameOf | None
    number: int
    pages: int


@dataclass(frozen=True)
class Bookings:
    """The kept lines of one entry's bookings, and which of them lie under the filters (bool, one a line)."""

    lines: pd.DataFrame
    shown: np.ndarray


@needs(Permission.READ_LISTS)
def candidates(
    session: Session, product_key: str, series_id: str = "", until: dt.date | None = None
) -> tuple[DatasetInfo, ...]:
    """Data sets that a list can be made of, newest first: with rows to come, then those that are over.

    `until`: the day until which the model learnt; what is over can be listed only where it lies after.
    """
    own = [d for d in session.workspace.datasets(product_key) if not series_id or d.series == series_id]
    over = [
        d
        for d in own
        if d.purpose not in _ASKED and until is not None and d.last_date is not None and d.last_date > until
    ]
    return (*(d for d in own if d.purpose in _ASKED), *over)


@dataclass(frozen=True)
class _Asked:
    """Which list: of what data, by which model, as known on which day, and whether that day is past."""

    dataset_id: str
    model_id: str
    day: dt.date
    looks_back: bool


@needs(Permission.READ_LISTS)
def score(session: Session, dataset_id: str, model_id: str, as_of: dt.date | None = None) -> Agenda:
    """Scores a data set as known on `as_of` (None: the default day) and keeps the list; the second call reads it.

    A list that was made when the series held other files is made again. PresencaError for whoever is of some units
    alone, where no row is of these.
    """
    product = catalog.product(session.workspace.model(model_id).product)
    sources = series.others(session, dataset_id)
    data = ListData(session, dataset_id, sources, product)
    told = day_of_list(data, model_id, as_of)
    asked = _Asked(dataset_id, model_id, told.day, told.looks_back)
    held = {"history": [source.id for source in sources], "format": FORMAT, "looks_back": told.looks_back}
    meta = session.workspace.scored_meta(dataset_id, model_id, told.day)
    if meta is None or {key: meta.get(key) for key in held} != held:
        frame, facts = _made(session, asked, (data.rows, data.history), product, models.load(session, model_id))
        meta = held | facts
        session.workspace.save_scored(dataset_id, model_id, told.day, frame, meta)
        session.audit("agenda_scored", dataset=dataset_id, model=model_id, rows=len(frame))
    found = _opened(asked, (told.first, told.last), meta)
    return found if session.units is None else _of_own(session, found, product)


def _made(
    session: Session,
    asked: _Asked,
    data: tuple[pd.DataFrame, pd.DataFrame | None],
    product: Product,
    model: TrainedModel,
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """The list, and all that is said of it as a whole."""
    rows, history = data
    day, looks_back = asked.day, asked.looks_back
    standing = call_list.as_it_stood(rows, product, day) if looks_back else rows
    scored = scoring.score(standing, product, model, history=history, as_of=day)
    frame = call_list.call_list(scored, rows, product)
    past = [rows] if history is None else [rows, history]
    found = expected.cancelling(past, product, day)
    frame = expected.with_chances(frame, found, product, day, standing=not looks_back)
    frame = expected.with_late_chances(frame, past, product, day, standing=not looks_back)
    part = call_list.parts(frame, product, day, looks_back=looks_back)
    facts = {
        "summary": scored.summary,
        "cancelling": found,
        "level": _level(session, asked.model_id, model, product),
        "counts": call_list.counts(part, datasets.report(session, asked.dataset_id).rows_left_out),
        **_of_listed(frame.loc[part == "listed"], product, day),
    }
    return frame, {key: to_plain(value) for key, value in facts.items()}


def _of_listed(listed: pd.DataFrame, product: Product, day: dt.date) -> dict[str, Any]:
    """What is said of the lines of a list, by the names of `Agenda`."""
    promised, came = evaluation.of_list(listed)
    return {
        "days": call_list.days_of(listed),
        "units": call_list.units_of(listed),
        "opening": first_day.opening_day(listed, product, day),
        "promised": promised,
        "came": came,
    }


def _of_own(session: Session, found: Agenda, product: Product) -> Agenda:
    """What is said of a list as a whole, said of the rows of some units alone. How often bookings are cancelled and how
    far the level may be off is of all of them: rates, by which theirs are told.
    """
    kept_ = session.workspace.scored(found.dataset_id, found.model_id, found.as_of)
    assert kept_ is not None, "it was read or made just now"
    frame = OwnRows(session).lines(kept_[0], product)
    if not len(frame):
        raise PresencaError("session.nothing_of_units")
    part = call_list.parts(frame, product, found.as_of, looks_back=found.looks_back)
    risk = frame["risk"].dropna()
    return replace(
        found,
        summary=AgendaSummary(found.as_of, len(frame), len(risk), float(risk.sum()), ()),
        counts=call_list.counts(part),
        **_of_listed(frame.loc[part == "listed"], product, found.as_of),
    )


def _level(session: Session, model_id: str, model: TrainedModel, product: Product) -> Level:
    """How far the model's level may be off:
    from its test, and from the weeks of the file it learnt from, while that is there.
    """
    learnt_from = session.workspace.model(model_id).dataset_id
    kept = session.workspace.past_risks(model_id, learnt_from) if learnt_from else None
    if kept is None or learnt_from is None:
        return expected.level(model.card.test)
    past = models.unpack(kept[0])
    rows = session.workspace.rows(learnt_from, columns=["row", "outcome", product.time.key])
    return expected.level(model.card.test, *expected.past_levels(rows, past, product))


def _opened(asked: _Asked, bounds: tuple[dt.date, dt.date], meta: dict[str, Any]) -> Agenda:
    return Agenda(
        asked.dataset_id,
        asked.model_id,
        asked.day,
        from_plain(AgendaSummary, meta["summary"]),
        from_plain(tuple[dt.date, ...], meta["days"]),
        tuple(meta["units"]),
        asked.looks_back,
        from_plain(dt.date | None, meta["opening"]),
        *bounds,
        from_plain(ListCounts, meta["counts"]),
        from_plain(Cancelling, meta["cancelling"]),
        from_plain(Level, meta["level"]),
        from_plain(ExpectedSkill | None, meta["promised"]),
        from_plain(Skill | None, meta["came"]),
    )


@needs(Permission.SEE_RISK)
def kept(session: Session, agenda: Agenda) -> pd.DataFrame:
    """The lines of the list: what is to be called, or, of one that looks back, what would have been."""
    found = session.workspace.scored(agenda.dataset_id, agenda.model_id, agenda.as_of)
    if found is None:
        raise PresencaError("call_list.erased")
    product = declared(session, agenda.dataset_id)
    own = OwnRows(session).lines(found[0], product)
    return call_list.listed(own, product, agenda.as_of, looks_back=agenda.looks_back)


@needs(Permission.SEE_RISK)
def standing(session: Session, agenda: Agenda) -> pd.DataFrame:
    """The lines of the list with their risk as it stands now, of one that looks back as it was; and, where the clinic
    said what slots are worth, their value.
    """
    lines = slot_values.with_values(session, agenda.dataset_id, kept(session, agenda))
    if agenda.looks_back:
        return lines
    tiers = models.card(session, agenda.model_id).tiers
    return told_risk.as_told(session, agenda.dataset_id, lines, declared(session, agenda.dataset_id), tiers)


@needs(Permission.SEE_RISK)
def page(
    session: Session,
    agenda: Agenda,
    filters: ListFilters,
    *,
    number: int = 1,
    size: int = 200,
    calls: int | None = None,
    by_row: bool = False,
) -> AgendaPage:
    """The ranked list under `filters`, one entry a patient (or a booking, where `by_row` is asked for).

    `calls` counts how many of the expected events the first calls reach.
    """
    product, whole = declared(session, agenda.dataset_id), standing(session, agenda)
    chosen = call_list.select(whole, filters)
    place = entry.entries(chosen, product, by_row=by_row)
    found = int(place.max()) + 1 if len(place) else 0
    first = min(found, calls if calls is not None else entry.default_calls(found))
    pages = max(1, -(-found // size))
    number = min(max(number, 1), pages)
    here = (place >= (number - 1) * size) & (place < number * size)
    lines = entry.of_same_patients(whole, chosen.loc[here], product)
    came = entry.came_of(chosen, place, first) if agenda.looks_back else None
    return AgendaPage(
        chosen.loc[here],
        place[here],
        lines,
        call_list.told_by(filters, product),
        found,
        len(chosen),
        expected.expected(chosen, agenda.cancelling, agenda.level),
        entry.reached(chosen, place, first),
        first,
        came,
        number,
        pages,
    )


@needs(Permission.SEE_RISK)
def bookings(session: Session, agenda: Agenda, lines: pd.DataFrame, row: int, filters: ListFilters) -> Bookings:
    """All bookings of the entry of spreadsheet row `row`, under the filters or not."""
    product = declared(session, agenda.dataset_id)
    own = entry.of_same_patients(lines, lines.loc[lines["row"] == row], product)
    return Bookings(own, own["row"].isin(call_list.select(own, filters)["row"]).to_numpy())


@needs(Permission.SEE_RISK)
def explain(session: Session, agenda: Agenda, row: int, lines: pd.DataFrame | None = None) -> RowExplanation:
    """Reference, factors and risk of one row; they sum exactly. `lines`: of a page, to spare the reading."""
    return call_list.explain_row(_lines(session, agenda, lines), row, declared(session, agenda.dataset_id))


@needs(Permission.SEE_RISK)
def row_values(session: Session, agenda: Agenda, row: int, lines: pd.DataFrame | None = None) -> dict[str, Any]:
    """The fields of one row that a what-if may change: dates as dates, missing ones as None."""
    return call_list.row_values(_lines(session, agenda, lines), row, declared(session, agenda.dataset_id))


@needs(Permission.SEE_RISK)
def what_if(
    session: Session, agenda: Agenda, row: int, changes: Mapping[str, Any], lines: pd.DataFrame | None = None
) -> RowExplanation:
    """The explanation of one row with some of its fields changed; nothing is kept."""
    product = declared(session, agenda.dataset_id)
    rows = call_list.as_it_stood(session.workspace.rows(agenda.dataset_id), product, agenda.as_of)
    model = models.load(session, agenda.model_id)
    history = series.rows_of(session, series.others(session, agenda.dataset_id), product)
    features = call_list.features_of(_lines(session, agenda, lines), row)
    known = call_list.Known(agenda.as_of, history)
    return call_list.what_if(rows, row, changes, product, model, known, features)


def _lines(session: Session, agenda: Agenda, lines: pd.DataFrame | None) -> pd.DataFrame:
    return standing(session, agenda) if lines is None else lines


@needs(Permission.OPEN)
def declared(session: Session, dataset_id: str) -> Product:
    """The product of a data set."""
    return catalog.product(session.workspace.dataset(dataset_id).product)
