"""The use cases of the agenda: score future rows once, then list, explain and try changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from pipeline.contract import Product, Role
from pipeline.errors import PresencaError
from pipeline.insight.calls import call_list, expected
from pipeline.insight.calls import entries as entry
from pipeline.insight.calls.call_list import ListFilters
from pipeline.insight.scoring.what_if import Versions, what_if_among
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
)
from pipeline.services import catalog
from pipeline.services.data import series
from pipeline.services.data.own_units import OwnRows
from pipeline.services.models import models
from pipeline.services.pages import kept_lines, list_making, slot_values, told_risk
from pipeline.services.pages.kept_lines import KeptLines, MappedLines
from pipeline.services.pages.list_day import ListData, day_of_list, known_day
from pipeline.services.pages.list_making import Asked
from pipeline.services.pages.near_rows import NearRows
from pipeline.services.session import Permission, Session, needs
from pipeline.workspace.storage.mapped import MappedFrame

__all__ = [
    "Agenda",
    "AgendaPage",
    "Bookings",
    "ListFilters",
    "bookings",
    "candidates",
    "explain",
    "made",
    "made_on",
    "page",
    "row_values",
    "score",
    "what_if",
]

_ASKED = ("future", "mixed")
EVERYTHING = ListFilters()


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


@needs(Permission.READ_LISTS)
def score(session: Session, dataset_id: str, model_id: str, as_of: dt.date | None = None) -> Agenda:
    """Scores a data set as known on `as_of` (None: the default day) and keeps the list; the second call reads it.

    A list that was made when the series held other files is made again. PresencaError for whoever is of some units
    alone, where no row is of these, and for rows so many that a job makes their list (`list_job`), until it is made.
    """
    found = made(session, dataset_id, model_id, as_of)
    if found is None:
        raise PresencaError("agenda.by_job", rows=session.workspace.dataset(dataset_id).rows)
    return found


@needs(Permission.READ_LISTS)
def made(session: Session, dataset_id: str, model_id: str, as_of: dt.date | None = None) -> Agenda | None:
    """As `score`; None where a job is to make the list, and has not."""
    product = catalog.product(session.workspace.model(model_id).product)
    sources = series.others(session, dataset_id)
    data = ListData(session, dataset_id, sources, product)
    info = session.workspace.dataset(dataset_id)
    by_job = list_making.is_by_job(info, sources)
    told = known_day(data, model_id, as_of) if by_job else day_of_list(data, model_id, as_of)
    meta = None if told is None else session.workspace.scored_meta(dataset_id, model_id, told.day)
    if told is None or (by_job and not list_making.holds(meta, sources, told)):
        return None
    asked = Asked(dataset_id, model_id, told.day, told.looks_back)
    if meta is None or not list_making.holds(meta, sources, told):
        known = data.rows, data.history
        frame, facts = list_making.whole(session, asked, known, product, models.load(session, model_id))
        meta = list_making.held(sources, told.looks_back) | facts
        session.workspace.save_scored(dataset_id, model_id, told.day, frame, meta)
        session.audit("agenda_scored", dataset=dataset_id, model=model_id, rows=len(frame))
    found = _opened(asked, (told.first, told.last), meta)
    return found if session.units is None else _of_own(session, found, product)


@needs(Permission.READ_LISTS)
def made_on(session: Session, dataset_id: str, model_id: str) -> dt.date | None:
    """The day as known on which the usual list of a data set was made, where it is kept and would be shown as it is;
    else None. Nothing is read or made for it.
    """
    sources = series.others(session, dataset_id)
    declared = catalog.product(session.workspace.model(model_id).product)
    told = known_day(ListData(session, dataset_id, sources, declared), model_id, None)
    if told is None:
        return None
    meta = session.workspace.scored_meta(dataset_id, model_id, told.day)
    return told.day if list_making.holds(meta, sources, told) else None


def _of_own(session: Session, found: Agenda, product: Product) -> Agenda:
    """What is said of a list as a whole, said of the rows of some units alone. How often bookings are cancelled and how
    far the level may be off is of all of them: rates, by which theirs are told.
    """
    frame = _everything(session, found, product)
    if not len(frame):
        raise PresencaError("session.nothing_of_units")
    part = call_list.parts(frame, product, found.as_of, looks_back=found.looks_back)
    risk = frame["risk"].dropna()
    return replace(
        found,
        summary=AgendaSummary(found.as_of, len(frame), len(risk), float(risk.sum()), ()),
        counts=call_list.counts(part),
        **list_making.of_listed(frame.loc[part == "listed"], product, found.as_of),
    )


def _opened(asked: Asked, bounds: tuple[dt.date, dt.date], meta: dict[str, Any]) -> Agenda:
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


def _everything(session: Session, found: Agenda, product: Product) -> pd.DataFrame:
    """All rows of whoever asks that a list was made of, also those that it does not hold: what is counted of them."""
    mapped = session.workspace.scored_lines(found.dataset_id, found.model_id, found.as_of)
    if mapped is not None:
        roles = (Role.CONTACT, Role.UNIT, Role.UF)
        fields = [field.key for role in roles if (field := product.by_role(role)) is not None]
        wanted = ["row", "state", "outcome", "risk", call_list.DAY, call_list.UNIT, product.time.key, *fields]
        return MappedLines(mapped, product, session).everything(wanted)
    kept_ = session.workspace.scored(found.dataset_id, found.model_id, found.as_of)
    assert kept_ is not None, "it was read or made just now"
    return OwnRows(session).lines(kept_[0], product)


@needs(Permission.SEE_RISK)
def lines(session: Session, agenda: Agenda, *, as_made: bool = False) -> KeptLines:
    """The lines of the list: what is to be called, or, of one that looks back, what would have been. With their risk as
    it stands now, of one that looks back as it was; and, where the clinic said what slots are worth, their value.
    `as_made`: with neither.
    """
    space, product = session.workspace, declared(session, agenda.dataset_id)
    key = agenda.dataset_id, agenda.model_id, agenda.as_of
    found = space.scored_lines(*key)
    whole = space.scored(*key) if found is None else None
    if found is None and whole is None:
        raise PresencaError("call_list.erased")

    def listed(frame: pd.DataFrame) -> pd.DataFrame:
        return call_list.listed(frame, product, agenda.as_of, looks_back=agenda.looks_back)

    def as_told(frame: pd.DataFrame) -> pd.DataFrame:
        if as_made:
            return frame
        valued = slot_values.with_values(session, agenda.dataset_id, frame, _named(found, product))
        if agenda.looks_back:
            return valued
        tiers = models.card(session, agenda.model_id).tiers
        return told_risk.as_told(session, agenda.dataset_id, valued, product, tiers)

    return kept_lines.opened(session, found if whole is None else whole[0], product, listed, as_told)


def _named(found: MappedFrame | None, product: Product) -> tuple[list[str], ...]:
    """The procedures and types of a list that rests mapped, of which no line alone tells what slots are worth."""
    fields = [product.by_role(role) for role in (Role.PROCEDURE, Role.TYPE)]
    if found is None:
        return ()
    known = [field is not None and field.key in found.kinds for field in fields]
    return tuple(
        [str(text) for text in found.texts(field.key).to_pylist()] if there and field is not None else []
        for field, there in zip(fields, known, strict=True)
    )


@needs(Permission.SEE_RISK)
def kept(session: Session, agenda: Agenda, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """All lines of the list as they were made; PresencaError where they are too many to be looked at together."""
    return lines(session, agenda, as_made=True).some(ListFilters(), columns)


@needs(Permission.SEE_RISK)
def standing(
    session: Session, agenda: Agenda, filters: ListFilters = EVERYTHING, columns: Sequence[str] | None = None
) -> pd.DataFrame:
    """The lines of the list under filters with their risk as it stands now (see `lines`). PresencaError as `kept`."""
    return call_list.select(lines(session, agenda).some(filters, columns), filters)


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
    product, held = declared(session, agenda.dataset_id), lines(session, agenda)
    chosen = call_list.select(held.some(filters, kept_lines.narrow(product), nameless=True), filters)
    place = entry.entries(chosen, product, by_row=by_row)
    found = int(place.max()) + 1 if len(place) else 0
    first = min(found, calls if calls is not None else entry.default_calls(found))
    pages = max(1, -(-found // size))
    number = min(max(number, 1), pages)
    here = (place >= (number - 1) * size) & (place < number * size)
    whole = held.of_patients(chosen.loc[here])
    at = pd.Index(whole["row"]).get_indexer(chosen.loc[here, "row"])
    return AgendaPage(
        whole.iloc[at],
        place[here],
        whole,
        call_list.told_by(filters, product),
        found,
        len(chosen),
        expected.expected(chosen, agenda.cancelling, agenda.level),
        entry.reached(chosen, place, first),
        first,
        entry.came_of(chosen, place, first) if agenda.looks_back else None,
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
    return call_list.explain_row(_line(session, agenda, row, lines), row, declared(session, agenda.dataset_id))


@needs(Permission.SEE_RISK)
def row_values(session: Session, agenda: Agenda, row: int, lines: pd.DataFrame | None = None) -> dict[str, Any]:
    """The fields of one row that a what-if may change: dates as dates, missing ones as None."""
    return call_list.row_values(_line(session, agenda, row, lines), row, declared(session, agenda.dataset_id))


@needs(Permission.SEE_RISK)
def what_if(
    session: Session, agenda: Agenda, row: int, changes: Mapping[str, Any], lines: pd.DataFrame | None = None
) -> RowExplanation:
    """The explanation of one row with some of its fields changed; nothing is kept."""
    product, space = declared(session, agenda.dataset_id), session.workspace
    model = models.load(session, agenda.model_id)
    history = series.rows_of(session, series.others(session, agenda.dataset_id), product)
    features = call_list.features_of(_line(session, agenda, row, lines), row)
    known = call_list.Known(agenda.as_of, history)
    mapped = space.scored_lines(agenda.dataset_id, agenda.model_id, agenda.as_of)
    if mapped is None:
        rows = call_list.as_it_stood(space.rows(agenda.dataset_id), product, agenda.as_of)
        return call_list.what_if(rows, row, changes, product, model, known, features)
    found = NearRows(mapped, space.columns_of_rows(agenda.dataset_id), product, agenda.as_of)

    def near(versions: Versions) -> pd.DataFrame:
        return found.near(row, versions)

    return what_if_among(found.one(row), near, changes, product, model, known, features)


def _line(session: Session, agenda: Agenda, row: int, known: pd.DataFrame | None) -> pd.DataFrame:
    """A line with all that explains it: of the lines of a page, where they have that."""
    if known is not None and any(name.startswith(call_list.FEATURE) for name in known.columns):
        return known
    return lines(session, agenda).of_rows([row])


@needs(Permission.OPEN)
def declared(session: Session, dataset_id: str) -> Product:
    """The product of a data set."""
    return catalog.product(session.workspace.dataset(dataset_id).product)
