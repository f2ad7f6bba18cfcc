"""A list made by shards and laid out to be read by the day says what the list made whole says, number by number."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipeline import services
from pipeline.errors import Cancelled, PresencaError
from pipeline.insight.calls.call_list import TOLD
from pipeline.products.no_show import PRODUCT
from pipeline.records import Role, User
from pipeline.records.contacts import Channel, Contact, ContactOutcome
from pipeline.services.data import datasets
from pipeline.services.models import models
from pipeline.services.pages import agenda, call_queue, kept_lines, list_job, list_making
from pipeline.services.pages.agenda import Agenda, ListFilters
from pipeline.services.session import Session
from pipeline.workspace.audit import entries
from pipeline.workspace.jobs import job_launch, job_recovery
from tests.conftest import TEST_KEY
from tests.refusals import refused
from tests.toy.house import move_in, train_here


@dataclass(frozen=True)
class House:
    """A workspace that learnt from a past file, and holds a future one."""

    session: Session
    past: str
    future: str
    came: str
    model: str


@pytest.fixture(scope="module")
def house(missed_home: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    samples, filled = missed_home
    home = tmp_path_factory.mktemp("lists") / "home"
    shutil.copytree(filled, home)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRESENCA_KEY", TEST_KEY)
        patch.setenv("PRESENCA_HOME", str(home))
        move_in(patch, samples, PRODUCT)
        patch.setenv("PRESENCA_TODAY", "2027-03-01")  # all of it is over
        session = Session(services.open_workspace())
        kept = {one.purpose: one.id for one in session.workspace.datasets(PRODUCT.key)}
        came = datasets.keep(session, PRODUCT.key, _over((samples / "no_show_futuro.csv").read_bytes()), "houve.csv")
        yield House(session, kept["past"], kept["future"], came.id, models.models(session, PRODUCT.key)[0].id)


def _over(text: bytes) -> bytes:
    """A file of appointments to come as it is when they are over, of other patients."""
    lines = text.decode("utf-8-sig").replace("\nP", "\nQ").splitlines()
    states = ("Realizado", "No Show", "Realizado")
    told = [line.replace(";Agendado;", f";{states[at % 3]};") for at, line in enumerate(lines[1:])]
    return "\n".join([lines[0], *told]).encode()


def _made(house: House, data: str, number: int, as_of: Any = None) -> Agenda:
    """The list made by shards, as it opens."""
    list_making.by_shards(house.session, data, house.model, as_of, lambda _: None, lambda: False, number)
    return agenda.score(house.session, data, house.model, as_of)


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Values alone: the order of categories, and those that nobody has, are not compared."""
    kinds = frame.select_dtypes("category")
    made = frame.assign(**{str(name): kinds[name].astype("object") for name in kinds})
    return made[sorted(made.columns)].reset_index(drop=True)


def _whole(house: House, data: str, as_of: Any = None) -> tuple[Agenda, pd.DataFrame]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(list_making, "FORMAT", -1)  # what was kept before is made again
        made = agenda.score(house.session, data, house.model, as_of)
        frame = house.session.workspace.scored(data, house.model, made.as_of)
    assert frame is not None
    return made, frame[0]


@pytest.mark.parametrize(
    ("which", "number"),
    [
        ("future", 3),
        ("came", 3),
        *(pytest.param(which, number, marks=pytest.mark.slow) for which in ("future", "came") for number in (1, 8)),
    ],
)
def test_lines_and_what_is_said_of_them_are_the_same(house: House, which: str, number: int) -> None:
    data = getattr(house, which)
    whole, frame = _whole(house, data)
    found = _made(house, data, number)
    assert found == whole and found.counts.listed > 20 and found.looks_back == (which == "came")
    mapped = house.session.workspace.scored_lines(data, house.model, found.as_of)
    assert mapped is not None
    lines = mapped.whole()
    in_order = lines.iloc[np.argsort(lines["list_place"].to_numpy())].drop(columns=["list_place", "list_held"])
    pd.testing.assert_frame_equal(_plain(in_order), _plain(frame), check_exact=True)


def _asked(found: Agenda) -> list[ListFilters]:
    day, unit = found.days[len(found.days) // 2], found.units[0]
    if len(found.units) < 3:
        return [ListFilters(), ListFilters(day)]
    return [
        ListFilters(),
        ListFilters(day, (unit,)),
        ListFilters(None, (unit, found.units[-1]), ("high", "low")),
        ListFilters(day - dt.timedelta(days=400)),
    ]


def _pages(session: Session, found: Agenda) -> list[Any]:
    """All that pages of a list say, under filters, by patient and by booking."""
    told: list[Any] = []
    for filters in _asked(found):
        for number, by_row in ((1, False), (2, True))[: 2 if filters.day is None else 1]:
            shown = agenda.page(session, found, filters, number=number, size=7, by_row=by_row)
            frames = (_shown(frame) for frame in (shown.chosen, shown.lines))
            told.append((*frames, shown.place.tolist(), replace(shown, chosen=None, lines=None, place=None)))
            for row in shown.chosen["row"].head(0 if by_row else 1).tolist():
                told.append(agenda.explain(session, found, row, shown.lines))
                told.append(agenda.row_values(session, found, row, shown.lines))
                own = agenda.bookings(session, found, shown.lines, row, filters)
                told.append((own.lines["row"].tolist(), own.shown.tolist()))
                told.append(agenda.what_if(session, found, row, _changes(found, shown.lines, row), shown.lines))
    return told


def _changes(found: Agenda, lines: pd.DataFrame, row: int) -> dict[str, Any]:
    """Another day, and another patient, of a line."""
    others = [str(one) for one in lines["patient_id"].dropna().unique()]
    day = pd.Timestamp(lines.loc[lines["row"] == row, "scheduled_date"].iloc[0]).date()
    return {"scheduled_date": day + dt.timedelta(days=1 + row % 5), "patient_id": others[row % len(others)]}


def _shown(frame: pd.DataFrame) -> list[list[str]]:
    """What a page has of its lines; what only explains a risk is asked for when it is."""
    told = _plain(frame[[name for name in frame.columns if not name.startswith(("points__", "feature__"))]])
    told = told.assign(**{TOLD: told.get(TOLD, 0.0)}).astype("object")  # absent: nothing
    names = sorted(told.columns)
    told = told[names]
    return [names, *told.where(told.notna(), "").astype(str).to_numpy().tolist()]


@pytest.mark.slow(seconds=10)  # the list and its lines are the same, above
@pytest.mark.parametrize("which", ["future", "came"])
def test_pages_are_the_same(house: House, which: str) -> None:
    data = getattr(house, which)
    whole, _ = _whole(house, data)
    _note(house, whole)
    units = whole.units[:2]
    sessions = [house.session, replace(house.session, user=_of_units(units))]
    expected = [_pages(one, agenda.score(one, data, house.model) if one.user else whole) for one in sessions]
    own = agenda.score(sessions[1], data, house.model)
    list_making.by_shards(house.session, data, house.model, None, lambda _: None, lambda: False, 3)
    found = [agenda.score(one, data, house.model) for one in sessions]
    assert found == [whole, own]
    for one, own_list, pages in zip(sessions, found, expected, strict=True):
        for told, wanted in zip(_pages(one, own_list), pages, strict=True):
            assert told == wanted
    assert own.units == units and own.counts.listed < whole.counts.listed


def _note(house: House, found: Agenda) -> None:
    """Contacts and a hand that change some risks of a list."""
    keys = call_queue.named_lines(house.session, found)[1][:4]
    series = house.session.workspace.dataset(found.dataset_id).series
    for key, outcome in zip(keys, (ContactOutcome.CONFIRMED, ContactOutcome.CANCELLED), strict=False):
        at = house.session.now() - dt.timedelta(minutes=5)
        made = Contact(key, "somebody", at, Channel.CALL, outcome, f"{key}{outcome}")
        house.session.workspace.add_contacts(series, [made])


def _of_units(units: Sequence[str]) -> User:
    return User("u1", "ana", "Ana", Role.MANAGER, units=tuple(units))


def test_a_job_makes_what_is_too_long_to_wait_for(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    session, data = house.session, house.future
    _made(house, data, 1)  # what was made before holds
    monkeypatch.setattr(list_making, "MOST_AT_ONCE", 50)
    before = agenda.score(session, data, house.model)
    day = before.as_of + dt.timedelta(days=1)
    assert agenda.made(session, data, house.model, day) is None
    with refused(PresencaError, "trabalho à parte"):
        agenda.score(session, data, house.model, day)
    train_here(monkeypatch)
    monkeypatch.setenv("PRESENCA_HOME", str(session.workspace.home))
    monkeypatch.setenv("PRESENCA_KEY", TEST_KEY)
    job = list_job.start(session, data, house.model, day)
    assert list_job.job(session, job.id).state == "done" and list_job.current(session) is None
    found = agenda.score(session, data, house.model, day)
    assert found.as_of == day and list_job.last(session, data) == list_job.job(session, job.id)
    actions = {one.action for one in entries(session.workspace)}
    assert {"list_making_started", "agenda_scored", "list_making_ended"} <= actions


def test_who_has_no_page_to_ask_on_has_the_job_begun_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    session, data = house.session, house.future
    day = _made(house, data, 1).as_of + dt.timedelta(days=3)
    monkeypatch.setattr(list_making, "MOST_AT_ONCE", 50)
    begun: list[str] = []
    with monkeypatch.context() as waiting:
        waiting.setattr(job_launch, "launch", lambda _space, job_id, _attempt: begun.append(job_id))
        for _ in range(2):
            with refused(PresencaError, "está sendo feita") as told:
                list_job.made_or_begun(session, data, house.model, day)
            assert told.value.note.params["job"] == begun[0] and len(begun) == 1
    job_recovery.mark_orphans(session.workspace)
    list_job.cancel(session, begun[0])
    with refused(PresencaError, "trabalho à parte"):
        list_job.made_or_begun(session, data, house.model, day)
    list_making.by_shards(session, data, house.model, day, lambda _: None, lambda: False, 2)
    assert list_job.made_or_begun(session, data, house.model, day).as_of == day


def test_a_cancelled_job_leaves_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    session, told = house.session, []

    def stopped() -> bool:
        told.append(1)
        return len(told) > 2

    day = agenda.score(session, house.future, house.model).as_of + dt.timedelta(days=2)
    before = sorted(path.name for path in session.workspace.staging.iterdir())
    with pytest.raises(Cancelled):
        list_making.by_shards(session, house.future, house.model, day, lambda _: None, stopped, 3)
    assert session.workspace.scored_meta(house.future, house.model, day) is None
    assert sorted(path.name for path in session.workspace.staging.iterdir()) == before


def test_too_many_lines_at_once_are_refused(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    found = _made(house, house.future, 2)
    monkeypatch.setattr(kept_lines, "MOST_LINES", found.counts.listed - 1)
    with refused(PresencaError, "Escolha um dia"):
        agenda.page(house.session, found, ListFilters())
    assert agenda.page(house.session, found, ListFilters(found.opening)).rows > 0


def test_a_patient_who_is_erased_is_in_no_long_list(house: House) -> None:
    found = _made(house, house.came, 2)
    space, lines = house.session.workspace, agenda.kept(house.session, found)
    row = int(lines["row"].iloc[0])
    every = [frame for _, _, frame in space.every_risk(house.came, [row])]
    assert [frame["row"].tolist() for frame in every] == [[row]]
    mapped = space.scored_lines(house.came, house.model, found.as_of)
    assert mapped is not None
    space._erase_rows(house.came, frozenset({row}), "2027-03-01")
    assert space.scored_lines(house.came, house.model, found.as_of) is None and not mapped.folder.exists()
