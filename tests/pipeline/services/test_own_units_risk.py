"""The risk page of whoever is of some units alone: they are told what all are told of these units' rows."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipeline import services
from pipeline.contract import Product
from pipeline.contract import Role as Field
from pipeline.errors import PresencaError
from pipeline.folding import fold
from pipeline.products.no_show import PRODUCT as MISSED
from pipeline.products.satisfaction import PRODUCT as HEARD
from pipeline.records import Role, User
from pipeline.services.data import coded, datasets
from pipeline.services.models import models
from pipeline.services.pages import places, risk, weights
from pipeline.services.pages.risk import Filters, GroupQuery
from pipeline.services.session import Session
from tests.conftest import TEST_KEY
from tests.toy.house import move_in


@dataclass(frozen=True)
class House:
    """A network of a product that learnt from a past file, and the field of its units with two of them."""

    whole: Session
    product: Product
    data: str
    model: str
    column: str
    units: tuple[str, ...]

    def of(self, unit: str, role: Role = Role.ANALYST) -> Session:
        """Somebody of one unit, spelled otherwise than in the file."""
        return replace(self.whole, user=User("0" * 12, "a", "A", role, (f" {unit.upper()}",)), lent=False)

    def only(self, *units: str) -> Filters:
        """What holds everybody's page to some units."""
        return Filters(None, None, {self.column: units} if units else {})

    @cached_property
    def strongest(self) -> str:
        """The feature that weighs most."""
        found = weights.spread(self.whole, self.data, self.model, Filters())
        assert found is not None
        return found.valued[0]

    @cached_property
    def dimension(self) -> tuple[str, str]:
        """A dimension beside the unit, with a value that both units have."""
        mine, theirs = (risk.options(self.of(unit), self.data) for unit in self.units[:2])
        columns = [d.column for d in self.product.dimensions if d.column != self.column]
        return next((name, one) for name in columns for one in mine.of(name) if one in theirs.of(name))

    def group(self, filters: Filters) -> GroupQuery:
        """The rows of that value."""
        return GroupQuery(self.data, self.model, filters, *self.dimension)


@pytest.fixture(scope="module", params=["missed", "missed from columns", "heard"])
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    name, _, columns = request.param.partition(" ")
    product = {"missed": MISSED, "heard": HEARD}[name]
    samples, filled = request.getfixturevalue(f"{name}_home")
    home = tmp_path_factory.mktemp("risk_units") / "home"
    shutil.copytree(filled, home)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRESENCA_KEY", TEST_KEY)
        patch.setenv("PRESENCA_HOME", str(home))
        patch.setattr(coded, "LARGE", 1 if columns else 10**9)
        move_in(patch, samples, product)
        whole = Session(services.open_workspace())
        past = next(d for d in datasets.datasets(whole, product.key) if d.purpose == "past")
        field = product.by_role(Field.UNIT)
        assert field is not None
        units = risk.options(whole, past.id).of(field.key)
        yield House(whole, product, past.id, models.models(whole, product.key)[0].id, field.key, units)


def _why_group(house: House, session: Session, filters: Filters) -> object:
    if not house.product.has_comments:
        return None
    return places.why_group(session, house.data, house.model, *house.dimension, filters)


# What they are told with no filter is what everybody is told with the filter of their unit
Case = Callable[[House, Session, Filters], Any]
SAME: dict[str, Case] = {
    "pages.places.why_group": _why_group,
    "pages.risk.late_cancellations": lambda h, s, f: risk.late_cancellations(s, h.data, f),
    "pages.risk.overview": lambda h, s, f: replace(risk.overview(s, h.data, h.model, f), absent=()),
    "pages.risk.page_of_rows": lambda h, s, f: _plain(risk.page_of_rows(s, h.group(f), size=1_000)),
    "pages.risk.rows_csv": lambda h, s, f: risk.rows_csv(s, h.group(f)),
    "pages.risk.why": lambda h, s, f: risk.why(s, h.data, h.model, *h.dimension, f),
    "pages.weights.dependence": lambda h, s, f: weights.dependence(s, h.data, h.model, h.strongest, f),
    "pages.weights.spread": lambda h, s, f: weights.spread(s, h.data, h.model, f),
    "pages.weights.together": lambda h, s, f: weights.together(s, h.data, h.model, f),
}
TRIED = {*SAME, "pages.risk.options", "pages.risk.board_html", "pages.risk.average_of_all"}


def _plain(found: risk.RowsPage) -> tuple[object, ...]:
    return found.total, found.outcomes, found.rows.astype("object").astype(str).to_numpy().tolist()


@pytest.mark.parametrize("name", SAME)
def test_they_are_told_of_their_rows_what_all_are_told_of_these(house: House, name: str) -> None:
    """One after the other, what is kept being warm: nobody is told what was made for another."""
    case, told = SAME[name], dict[str, str]()
    before = repr(case(house, house.whole, Filters()))
    one, other = house.units[:2]
    for unit in (one, other):
        told[unit] = repr(case(house, house.of(unit), Filters()))
        assert told[unit] == repr(case(house, house.whole, house.only(unit)))
        others = [name for name in house.units if name != unit and name in told[unit]]
        assert others == []
    assert repr(case(house, house.of(one), Filters())) == told[one]
    assert repr(case(house, house.whole, Filters())) == before
    if before != "None":
        assert len({before, *told.values()}) == 3


def test_filters_offer_what_their_rows_have(house: House) -> None:
    every = house.whole.workspace.rows(house.data)
    whole = risk.options(house.whole, house.data)
    assert whole.only == () and len(whole.of(house.column)) > 1
    for unit in house.units[:2]:
        found, own = risk.options(house.of(unit), house.data), every.loc[every[house.column] == unit]
        assert found.of(house.column) == (unit,) and [fold(name) for name in found.only] == [fold(unit)]
        for name, values in found.values:
            assert set(values) == set(own[name].dropna().astype(str))


def test_the_file_for_a_board_says_whose_it_is(house: House) -> None:
    unit, *others = house.units
    own, whole = (
        risk.board_html(one, house.data, house.model, Filters()).decode() for one in (house.of(unit), house.whole)
    )
    assert f"só {unit.upper()}" in own and [name for name in others if name in own] == []
    assert others[0] in whole and "só " + unit.upper() not in whole


def test_an_address_that_names_another_unit_finds_what_one_that_there_is_not_finds(house: House) -> None:
    session, other = house.of(house.units[0]), house.units[1]
    told = []
    for asked in (other, "Unidade que não há"):
        group = GroupQuery(house.data, house.model, Filters(), house.column, asked)
        told.append(
            repr(
                (
                    risk.overview(session, house.data, house.model, house.only(asked)),
                    risk.why(session, house.data, house.model, house.column, asked, Filters()),
                    _plain(risk.page_of_rows(session, group)),
                    risk.rows_csv(session, group),
                )
            ).replace(asked, "")
        )
    assert told[0] == told[1]


def test_no_column_carries_the_names_of_others(house: House) -> None:
    """A category goes along with its column to the browser, whether a row has it or not."""
    session, others = house.of(house.units[0]), set(house.units[1:])
    found = risk.page_of_rows(session, house.group(Filters())).rows
    kinds = [found[name].cat.categories for name in found.select_dtypes("category")]
    assert kinds and not [one for one in kinds if others & set(map(str, one))]


def test_the_average_of_all_stands_beside_theirs(house: House) -> None:
    outcome = house.whole.workspace.rows(house.data, ["outcome"])["outcome"].to_numpy(dtype=np.float64)
    assert risk.average_of_all(house.of(house.units[0]), house.data) == pytest.approx(np.nanmean(outcome))
    assert risk.average_of_all(house.whole, house.data) is None
    every = replace(house.whole, user=User("0" * 12, "a", "A", Role.READER, house.units), lent=False)
    assert risk.average_of_all(every, house.data) is None


def test_a_unit_without_rows_and_a_file_without_units_say_so(house: House, tmp_path: Path) -> None:
    asked = [(house.of("Unidade que não há"), house.data)]
    if house.product is HEARD:
        lines = ["Data do evento;Classificação;Texto;Nível de atendimento"]
        lines += [f"{1 + i % 28:02d}/0{1 + i % 9}/2026;{1 + i % 5};Fui na visita {i};Consulta" for i in range(40)]
        path = tmp_path / "simples.csv"
        path.write_text("\n".join(lines), "utf-8")
        asked.append((house.of(house.units[0]), datasets.keep(house.whole, HEARD.key, path, path.name).id))
    for session, data in asked:
        for case in (
            lambda s, d: risk.options(s, d),
            lambda s, d: risk.overview(s, d, None, Filters()),
            lambda s, d: risk.board_html(s, d, None, Filters()),
            lambda s, d: risk.page_of_rows(s, GroupQuery(d, None, Filters(), house.column, house.units[0])),
        ):
            with pytest.raises(PresencaError) as caught:
                case(session, data)
            assert caught.value.note.code == "session.nothing_of_units"


@pytest.mark.parametrize("role", [Role.READER, Role.ATTENDANT])
def test_a_unit_opens_no_more_than_the_role(house: House, role: Role) -> None:
    session = house.of(house.units[0], role)
    assert session.allows(risk.overview) is (role is Role.READER) and not session.allows(risk.rows_csv)
    with pytest.raises(PresencaError) as caught:
        risk.page_of_rows(session, house.group(Filters()))
    assert caught.value.note.code == "session.not_allowed"


def test_the_table_has_rows(house: House) -> None:
    """The cases above compare something: of each unit some rows are known."""
    every: pd.DataFrame = house.whole.workspace.rows(house.data)
    assert (every[house.column].value_counts()[list(house.units[:2])] > 50).all()
