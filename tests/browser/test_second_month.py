"""The second month in Chromium, on both screens: two clinics in one workspace, two browsers, and every number as pandas
counts it.
"""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import two_clinics as city_of
from tests.browser import way
from tests.browser.conftest import screen_of, watched_page
from tests.browser.server import ROOT, serve
from tests.browser.two_clinics import FIRST, SECOND, City, chosen, count, figures, percent, said, send
from tests.browser.walking import LONG_MS, click, download, open_page, overflow, wait_until_idle
from tests.clinics import MISSED, UNIT, Clinic


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    return city_of.built(tmp_path_factory.mktemp("two_clinics"))


@dataclass(frozen=True)
class Town:
    """A copy of the workspace, served; two browsers on it, of one screen: one at each clinic."""

    city: City
    url: str
    north: Page
    south: Page
    folder: Path


SLOW = [pytest.param(screen, marks=pytest.mark.slow) for screen in ("wide", "phone")]
BOTH = pytest.mark.parametrize("town", SLOW, indirect=True)


@pytest.fixture
def town(request: pytest.FixtureRequest, browser: Browser, city: City, tmp_path: Path) -> Iterator[Town]:
    """By the parameter: the screen."""
    home, screen = tmp_path / "presenca", screen_of(request.param)
    shutil.copytree(city.home, home)
    with (
        serve(ROOT / "dashboard" / "app.py", home, environ=way.ENVIRON) as url,
        watched_page(browser, url, **screen) as north,
        watched_page(browser, url, **screen) as south,
    ):
        yield Town(city, url, north, south, tmp_path)


def _train(page: Page) -> None:
    """On Modelo: the open file teaches a model; returns while that runs."""
    if not page.get_by_test_id("stMain").get_by_role("button", name="Treinar", exact=True).first.is_visible():
        page.locator("summary").filter(has_text="Treinar de novo").click()
        wait_until_idle(page)
    page.get_by_role("radio", name="Rápido").or_(page.get_by_role("button", name="Rápido")).first.click()
    wait_until_idle(page)
    page.get_by_test_id("stMain").get_by_role("button", name="Treinar", exact=True).first.click()
    expect(page.get_by_text("Pode fechar ou recarregar a página")).to_be_visible(timeout=LONG_MS)
    expect(page.get_by_role("button", name="Cancelar", exact=True)).to_be_visible()


def _table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text("utf-8-sig").splitlines(), delimiter=";"))


def _check_home(town: Town, page: Page, clinic: Clinic, dataset: str, rows: pd.DataFrame) -> None:
    open_page(page, f"{town.url}/inicio?produto=no_show&dados={dataset}")
    text = said(page)
    assert f"{count(len(rows))} agendamentos de " in text and clinic.name in page.content(), text
    assert overflow(page) == 0


def _check_risk(town: Town, page: Page, dataset: str, rows: pd.DataFrame) -> None:
    """The figures and each unit's rate, n and no-shows."""
    open_page(page, f"{town.url}/risco?produto=no_show&dados={dataset}")
    shown = figures(page)
    known = city_of.outcomes(rows)
    assert shown.get("Taxa de falta", ("", ""))[0] == percent(city_of.rate(rows)), (shown, said(page))
    assert shown["Com resultado"] == (count(len(known)), f"de {count(len(rows))}"), shown
    assert overflow(page) == 0
    found = {row["Unidade"]: row for row in _table(download(page, "Por unidade (CSV)", town.folder))}
    assert set(found) == set(rows[UNIT])
    for unit, own in known.groupby(UNIT):
        line, missed = found[str(unit)], int((own[city_of.STATUS] == MISSED).sum())
        assert (line["Com resultado"], line["Faltas"]) == (str(len(own)), str(missed)), line
        assert line["Agendamentos"] == str((rows[UNIT] == unit).sum()), line
        assert float(line["Taxa de falta"].replace(",", ".")) == pytest.approx(missed / len(own), abs=5.1e-5), line


def _check_agenda(town: Town, page: Page, clinic: Clinic, dataset: str, rows: pd.DataFrame) -> None:
    """What lies ahead: all of it, day by day, and the sum of the risks."""
    ahead = city_of.ahead(rows)
    days = ahead.groupby("day").size()
    open_page(page, f"{town.url}/agenda?produto=no_show&dados={dataset}")
    text = said(page)
    assert f"{count(len(rows))} linhas no arquivo: {count(len(ahead))} para contatar" in text, text
    as_of = city_of.outcomes(rows)["day"].max() + pd.Timedelta(days=1)
    opening = min(day for day in days.index if day > as_of and day.weekday() < 5)  # the next working day
    assert figures(page)["Agendamentos"][0] == count(days[opening]), (figures(page), days)
    if len(days) > 1:
        click(page, "Todos os dias")
    shown = figures(page)
    assert shown["Agendamentos"][0] == count(len(ahead)), shown
    assert overflow(page) == 0
    page.get_by_role("button", name="Lista e data").click()
    page.get_by_text("Uma linha por agendamento").click()
    wait_until_idle(page)
    page.keyboard.press("Escape")
    listed = pd.DataFrame(_table(download(page, "Lista em CSV", town.folder)))
    assert len(listed) == len(ahead)
    told = pd.to_datetime(listed["data"], format="%d/%m/%Y").value_counts()
    assert {d: int(n) for d, n in told.items()} == {d: int(n) for d, n in days.items()}
    assert set(listed["linha"].astype(int)) == {
        place + 2 for place, status in enumerate(rows[city_of.STATUS]) if status == city_of.PENDING
    }
    _check_expected(shown["Faltas esperadas"], listed, clinic)


def _check_expected(figure: tuple[str, str], listed: pd.DataFrame, clinic: Clinic) -> None:
    """The sum of the listed risks, less what the clinic's patients call off; within its own interval."""
    total = listed["risco"].str.replace(",", ".").astype(float).sum()
    expected = float(figure[0].replace(".", "").replace(",", "."))
    low, high = (float(end.replace(".", "").replace(",", ".")) for end in re.findall(r"[\d.,]+", figure[1]))
    assert low <= expected <= high and expected <= round(total) + 0.5, (figure, total)
    past = pd.concat(clinic.rows[: SECOND + 1])
    past = past[past[city_of.STATUS] != city_of.PENDING]
    kept = float(past[city_of.STATUS].isin([MISSED, city_of.CAME]).mean())
    assert expected == pytest.approx(total * kept, rel=0.06, abs=0.6), (figure, total, kept)


@BOTH
def test_one_trains_while_the_other_works(town: Town) -> None:
    """The other's page keeps its model and is not offered to cancel; who trained is proposed the new
    one, and takes it.
    """
    city, north, south = town.city, town.north, town.south
    held, others = city.first[city.north.name][1], city.first[city.south.name][1]
    second = send(north, town.url, city, city.north, SECOND)
    assert chosen(north, "modelo") == held
    open_page(north, f"{town.url}/modelo?produto=no_show&dados={second}&modelo={held}")
    _train(north)
    south.goto(city.address(town.url, city.south, "modelo"))  # never idle: it follows the training
    followed = south.get_by_text("Há um treino em andamento").or_(
        south.get_by_role("heading", name="Modelos desta série")
    )
    expect(followed.first).to_be_visible(timeout=LONG_MS)
    assert south.get_by_role("button", name="Cancelar", exact=True).count() == 0
    _check_risk(town, south, city.first[city.south.name][0], city.south.rows[FIRST])
    assert chosen(south, "modelo") == others

    expect(north.get_by_text("Há um modelo novo")).to_be_visible(timeout=way.TRAINING_MS)
    wait_until_idle(north)
    north.reload()
    wait_until_idle(north)
    assert chosen(north, "modelo") == held
    click(north, "Usar")
    assert chosen(north, "modelo") not in (held, others, "")
    open_page(south, city.address(town.url, city.south, "modelo"))
    assert "Há um modelo novo" not in said(south) and chosen(south, "modelo") == others


@BOTH
def test_every_number_is_what_pandas_counts(town: Town) -> None:
    city = town.city
    for page, clinic in ((town.north, city.north), (town.south, city.south)):
        second, rows = send(page, town.url, city, clinic, SECOND), clinic.rows[SECOND]
        _check_home(town, page, clinic, second, rows)
        _check_risk(town, page, second, rows)
        _check_agenda(town, page, clinic, second, rows)


@BOTH
def test_what_is_deleted_or_shared_is_said(town: Town) -> None:
    """A shared address opens the same in the other browser; a deleted file's link says so; Back and reload keep the
    place.
    """
    city, north, south = town.city, town.north, town.south
    open_page(north, city.address(town.url, city.north, "risco"))
    shared = north.url
    open_page(south, shared)
    assert figures(south) == figures(north) and chosen(south, "dados") == city.first[city.north.name][0]
    north.reload()
    wait_until_idle(north)
    assert figures(north) == figures(south)
    open_page(north, city.address(town.url, city.north, "modelo"))
    north.go_back()
    wait_until_idle(north)
    assert "/risco" in north.url and figures(north) == figures(south)

    deleted = city.first[city.north.name][0]
    open_page(north, city.address(town.url, city.north, "dados"))
    north.locator(f".st-key-delete_menu_{deleted} button").first.click()
    wait_until_idle(north)
    click(north, re.compile("^Apagar dados$"))
    open_page(south, shared)
    assert "O arquivo não está mais aqui" in said(south) and overflow(south) == 0
    open_page(south, city.address(town.url, city.south, "risco"))
    assert chosen(south, "dados") == city.first[city.south.name][0]
    _check_risk(town, south, chosen(south, "dados"), city.south.rows[FIRST])
