"""A list made by shards and laid out to be read by the day says what the list made whole says, number by number."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipeline import services
from pipeline.products.no_show import PRODUCT
from pipeline.services.models import models
from pipeline.services.pages import agenda, list_making
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
        session = Session(services.open_workspace())
        kept = {one.purpose: one.id for one in session.workspace.datasets(PRODUCT.key)}
        yield House(session, kept["past"], kept["future"], models.models(session, PRODUCT.key)[0].id)


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
@pytest.mark.parametrize("which", ["future", "past"])
def test_the_lines_and_all_that_is_said_of_them_are_the_same(house: House, which: str, number: int) -> None:
    data = getattr(house, which)
    as_of = None if which == "future" else pd.Timestamp(house.session.workspace.dataset(data).last_date).date()
    as_of = None if as_of is None else as_of - pd.Timedelta(days=20).to_pytimedelta()
    whole, frame = _whole(house, data, as_of)
    found = _made(house, data, number, as_of)
    assert found == whole and found.counts.listed > 20
    mapped = house.session.workspace.scored_lines(data, house.model, found.as_of)
    assert mapped is not None
    lines = mapped.whole()
    in_order = lines.iloc[np.argsort(lines["list_place"].to_numpy())].drop(columns=["list_place", "list_held"])
    pd.testing.assert_frame_equal(_plain(in_order), _plain(frame), check_exact=True)
