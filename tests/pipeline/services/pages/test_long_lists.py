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
from pipeline.insight.calls.call_list import TOLD
from pipeline.products.no_show import PRODUCT
from pipeline.records import Role, User
from pipeline.records.contacts import Channel, Contact, ContactOutcome
from pipeline.services.data import datasets
from pipeline.services.models import models
from pipeline.services.pages import agenda, call_queue, list_making
from pipeline.services.pages.agenda import Agenda, ListFilters
from pipeline.services.session import Session
from tests.conftest import TEST_KEY
from tests.toy.house import move_in


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


@pytest.mark.parametrize("number", [1, 3, pytest.param(8, marks=pytest.mark.slow)])
@pytest.mark.parametrize("which", ["future", "came"])
def test_the_lines_and_all_that_is_said_of_them_are_the_same(house: House, which: str, number: int) -> None:
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
    return [
        ListFilters(),
        ListFilters(found.opening),
        ListFilters(day, (unit,)),
        ListFilters(None, (unit, found.units[-1]), ("high",)),
        ListFilters(None, (), ("low", "medium")),
        ListFilters(day - dt.timedelta(days=400)),
    ]


def _pages(session: Session, found: Agenda) -> list[Any]:
    """All that pages of a list say, under filters, by patient and by booking."""
    told: list[Any] = []
    for filters in _asked(found):
        for number, by_row in ((1, False), (2, False), (1, True)):
            shown = agenda.page(session, found, filters, number=number, size=7, by_row=by_row)
            frames = (_shown(frame) for frame in (shown.chosen, shown.lines))
            told.append((*frames, shown.place.tolist(), replace(shown, chosen=None, lines=None, place=None)))
            for row in shown.chosen["row"].head(1).tolist():
                told.append(agenda.explain(session, found, row, shown.lines))
                told.append(agenda.row_values(session, found, row, shown.lines))
                own = agenda.bookings(session, found, shown.lines, row, filters)
                told.append((own.lines["row"].tolist(), own.shown.tolist()))
    return told


def _shown(frame: pd.DataFrame) -> list[list[str]]:
    """What a page has of its lines; what only explains a risk is asked for when it is."""
    frame = frame.assign(**{TOLD: frame.get(TOLD, 0.0)})  # absent: nothing
    names = [name for name in sorted(frame.columns) if not name.startswith(("points__", "feature__"))]
    told = _plain(frame[names]).astype("object")
    return [names, *told.where(told.notna(), "").astype(str).to_numpy().tolist()]


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
