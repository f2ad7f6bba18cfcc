"""A large data set's pages count from columns on disk what they count from frames, and what is too large is refused."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline import services
from pipeline.errors import PresencaError, WorkspaceError
from pipeline.products.no_show import PRODUCT
from pipeline.services.data import coded
from pipeline.services.models import fit as judging
from pipeline.services.models import models
from pipeline.services.pages import agenda, carrying, risk, weights
from pipeline.services.pages.risk import Filters, GroupQuery
from pipeline.services.session import Session
from pipeline.workspace.storage import columns
from tests.conftest import TEST_KEY
from tests.refusals import refused
from tests.toy.house import move_in


@dataclass(frozen=True)
class House:
    """A workspace that learnt from a past file, and holds a future one."""

    session: Session
    data: str
    future: str
    model: str

    @property
    def unit(self) -> str:
        return risk.options(self.session, self.data).of("unit")[0]


@pytest.fixture(scope="module")
def house(missed_home: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    samples, filled = missed_home
    home = tmp_path_factory.mktemp("columns") / "home"
    shutil.copytree(filled, home)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRESENCA_KEY", TEST_KEY)
        patch.setenv("PRESENCA_HOME", str(home))
        move_in(patch, samples, PRODUCT)
        session = Session(services.open_workspace())
        kept = {one.purpose: one.id for one in session.workspace.datasets(PRODUCT.key)}
        yield House(session, kept["past"], kept["future"], models.models(session, PRODUCT.key)[0].id)


_ID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")  # of a chart, drawn each time


def _page(found: risk.RowsPage) -> tuple[object, ...]:
    return found.total, found.outcomes, found.rows.astype("object").astype(str).to_numpy().tolist()


ASKED: dict[str, Callable[[House, Filters], Any]] = {
    "options": lambda h, f: risk.options(h.session, h.data),
    "overview": lambda h, f: risk.overview(h.session, h.data, h.model, f),
    "overview without a model": lambda h, f: risk.overview(h.session, h.data, None, f),
    "late": lambda h, f: risk.late_cancellations(h.session, h.data, f),
    "why": lambda h, f: risk.why(h.session, h.data, h.model, "unit", h.unit, f),
    "average": lambda h, f: risk.average_of_all(h.session, h.data),
    "a page of rows": lambda h, f: _page(
        risk.page_of_rows(h.session, GroupQuery(h.data, h.model, f, "unit", h.unit), page=2, size=7)
    ),
    "rows": lambda h, f: risk.rows_csv(h.session, GroupQuery(h.data, h.model, f, "unit", h.unit)),
    "board": lambda h, f: _ID.sub(b"", risk.board_html(h.session, h.data, h.model, f)),
}


@pytest.mark.parametrize("name", ASKED)
def test_columns_tell_what_frames_tell(house: House, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    values = risk.options(house.session, house.data)
    assert values.last_date is not None
    for filters in (
        Filters(),
        Filters(values.last_date.replace(day=1), None, {"uf": values.of("uf")[:2]}),
        Filters(values={"health_plan": values.of("health_plan")[:3], "uf": values.of("uf")[:3]}),
    ):
        monkeypatch.setattr(coded, "LARGE", 10**9)
        frame = ASKED[name](house, filters)
        monkeypatch.setattr(coded, "LARGE", 1)
        assert ASKED[name](house, filters) == frame
    assert frame is not None or name == "average"  # of all, for whoever sees all: there are no others


def test_columns_that_cannot_be_read_are_made_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coded, "LARGE", 1)
    before = risk.overview(house.session, house.data, house.model, Filters())
    folders = list(house.session.workspace.home.rglob(columns.FOLDER))
    assert len(folders) == 2  # beside the rows, and beside the past risks
    for folder in folders:
        (folder / "000.npy").unlink()  # cut short in place it would read as zeros to whoever has it mapped
        (folder / "000.npy").write_bytes(b"no array")
    monkeypatch.setattr(coded, "_HELD", type(coded._HELD)())
    assert risk.overview(house.session, house.data, house.model, Filters()) == before


def test_columns_that_were_removed_are_not_read_on_by_who_has_them_open(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coded, "LARGE", 1)
    before = coded.opened(house.session, house.data, house.model)
    assert coded.opened(house.session, house.data, house.model).rows is before.rows
    for folder in list(house.session.workspace.home.rglob(columns.FOLDER)):  # as the examination does with damaged ones
        shutil.rmtree(folder)
    after = coded.opened(house.session, house.data, house.model)
    assert after.rows is not before.rows and after.past is not before.past
    assert risk.overview(house.session, house.data, house.model, Filters()) is not None


def test_rows_that_are_read_anew_take_their_columns_along(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coded, "LARGE", 1)
    space = house.session.workspace
    held = coded.opened(house.session, house.data)
    assert (space.home / "datasets" / house.data / columns.FOLDER).is_dir()
    assert columns.FOLDER in space._of_revision(space.home / "datasets" / house.data, 0)
    assert held.rows.position.dtype.itemsize <= 4 and len(held.rows) == space.dataset(house.data).rows


def test_what_is_kept_beside_the_rows_names_no_patient(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coded, "LARGE", 1)
    coded.opened(house.session, house.data, house.model)
    patients = house.session.workspace.rows(house.data, ["patient_id"])["patient_id"].cat.categories
    folders = house.session.workspace.home.rglob(columns.FOLDER)
    held = b"".join(path.read_bytes() for folder in folders for path in folder.iterdir())
    assert len(patients) and not any(str(name).encode() in held for name in patients[:50])


def test_a_server_refuses_what_takes_more_memory_than_one_may_have(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    space = house.session.workspace
    monkeypatch.setattr(space, "most_bytes", 10_000)
    with refused(WorkspaceError, "a ler de uma vez"):
        space.rows(house.data)
    with refused(WorkspaceError, "a ler de uma vez"):
        space.past_risks(house.model, house.data)
    monkeypatch.setattr(space, "most_bytes", 10**9)
    assert len(space.rows(house.data))


def test_a_page_gives_no_risk_to_more_rows_than_it_may(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows that have a risk already keep it; a model that has none for so many rows says nothing of them."""
    monkeypatch.setattr(coded, "LARGE", 1)
    monkeypatch.setattr(coded, "MOST_WHOLE", 10)
    assert not risk.is_unscored(house.session, house.data, house.model)
    assert risk.overview(house.session, house.data, house.model, Filters()).predicted is not None
    assert risk.is_unscored(house.session, house.future, house.model)
    assert carrying.standing(house.session, house.future, house.model) is None
    assert not weights.can_tell(house.session, house.data)
    monkeypatch.setattr(risk, "MOST_TAKEN", 5)
    with refused(PresencaError, "a página entrega até 5 por vez"):
        risk.rows_csv(house.session, GroupQuery(house.data, house.model, Filters(), "unit", house.unit))


def test_a_list_that_is_made_is_shown_without_reading_its_file(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    made = agenda.score(house.session, house.future, house.model)
    monkeypatch.setattr(type(house.session.workspace), "rows", _no_rows)
    monkeypatch.setattr(house.session.workspace, "most_bytes", 10**9)
    monkeypatch.setattr(coded, "MOST_WHOLE", 10)
    assert agenda.score(house.session, house.future, house.model) == made
    assert agenda.page(house.session, made, agenda.ListFilters()).rows
    with refused(PresencaError, "é feita por um trabalho"):
        agenda.score(house.session, house.future, house.model, made.as_of + (made.last - made.first))


def _no_rows(*_: object, **__: object) -> pd.DataFrame:
    raise AssertionError("a list that is made needs no rows")


def test_a_model_is_judged_by_columns_as_by_frames(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of more rows than are read whole: series and level; what the values tell is left out."""
    told = judging.judge(house.session, house.data, house.model)
    monkeypatch.setattr(coded, "LARGE", 1)
    monkeypatch.setattr(coded, "MOST_WHOLE", 10)
    monkeypatch.setattr(judging, "_REMEMBERED", {})
    found = judging.judge(house.session, house.data, house.model)
    assert found.outcomes == told.outcomes > 1_000 and found.observed == told.observed
    assert found.predicted == pytest.approx(told.predicted, abs=2e-9)  # risks are whole numbers of 2**-30
    assert (found.same_series, found.sample_mismatch) == (told.same_series, told.sample_mismatch)
    assert found.level_off == told.level_off
    assert found.places is None and found.lacking == ()
