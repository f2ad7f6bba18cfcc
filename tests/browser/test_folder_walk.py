"""The morning in Chromium, by the server as it is started: what is dropped at 06:50 is a list in Hoje at 07:00."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from pipeline import services
from pipeline.records.folder import FolderState
from pipeline.services import Workspace, catalog
from pipeline.services.data import folder_log
from tests.browser import way
from tests.browser.conftest import PHONE, WIDE, watched_page
from tests.browser.server import ROOT, serve
from tests.browser.walking import LONG_MS, click, looked_at, open_page
from tests.set_clock import SetClock
from tests.toy.house import own_clinic

pytestmark = pytest.mark.slow
PRODUCT, DAY = "no_show", "2026-11-23"
_AT = "chegou pela pasta às 06:\u2060?50"  # a time is kept from looking like an emoji's name
CAME = re.compile(f"agenda.csv {_AT}: 400 agendamentos, lista pronta: [0-9]+ pacientes para contatar")
REFUSED = re.compile(f"notas.csv {_AT} e foi recusado. Não dá para saber de que produto")


@pytest.fixture
def home(trained_home: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clinic with a file of its own and the model that learnt from it."""
    place = tmp_path / "presenca"
    shutil.copytree(trained_home(PRODUCT), place)
    for name, value in (way.ENVIRON | {"PRESENCA_HOME": str(place)}).items():
        monkeypatch.setenv(name, value)
    space = services.open_workspace()
    own_clinic(space, PRODUCT, "Clínica Norte")
    space.close()
    return place


def test_an_agenda_of_ten_to_seven_is_a_list_at_seven(browser: Browser, home: Path, tmp_path: Path) -> None:
    folder, clock = tmp_path / "entrada", SetClock(tmp_path / "clock")
    folder.mkdir()
    agenda = catalog.sample_file(PRODUCT, "future")
    assert agenda is not None
    clock.set(f"{DAY}T06:48")
    with serve(ROOT / "dashboard" / "app.py", home, environ=way.ENVIRON | clock.environ, forked=False) as url:
        with watched_page(browser, url, **WIDE) as page:
            _set(page, url, folder)
            clock.set(f"{DAY}T06:50")
            shutil.copy(agenda, folder / "agenda.csv")
            _until_empty(folder)
            (folder / "notas.csv").write_bytes(b"a;b\n1;2\n")
            (folder / "notas.csv.pronto").touch()
            _until_empty(folder)
            clock.set(f"{DAY}T07:00")
            _today(page, url, "today_folder_1440")
        with watched_page(browser, url, **PHONE) as page:
            _today(page, url, "today_folder_390")
            open_page(page, f"{url}/integracao")
            looked_at(page, "integration_folder_390")
        shutil.copy(agenda, folder / "agenda.csv")  # once more: moved, and no list is made anew
        _until_empty(folder)
    space = Workspace(home)
    told = {one.name: one for one in folder_log.files(space)}
    assert told["agenda.csv"].state is FolderState.TAKEN and told["agenda.csv"].at.startswith(f"{DAY}T06:50")
    assert told["notas.csv"].state is FolderState.REFUSED and len(told) == 2
    assert len(space.call_lists(told["agenda.csv"].series)) == 1
    space.close()
    assert len(list((folder / "lidos" / "2026-11").iterdir())) == 2
    aside = [path.name for path in sorted((folder / "recusados").iterdir())]
    assert aside == ["notas.csv", "notas.csv.html", "notas.csv.txt"]


def _set(page: Page, url: str, folder: Path) -> None:
    open_page(page, f"{url}/integracao")
    page.get_by_text("Configurar a pasta").click()
    page.get_by_role("textbox", name="Pasta", exact=True).fill(str(folder))
    page.get_by_text("Vigiar a pasta", exact=True).click()
    looked_at(page, "integration_folder_form_1440")
    click(page, "Guardar")
    expect(page.get_by_text("A configuração da pasta foi guardada.")).to_be_visible()
    looked_at(page, "integration_folder_1440")


def _today(page: Page, url: str, name: str) -> None:
    open_page(page, url)
    expect(page.get_by_role("heading", name="Hoje", exact=True)).to_be_visible(timeout=LONG_MS)
    expect(page.get_by_text(CAME)).to_be_visible()
    expect(page.get_by_text(REFUSED)).to_be_visible()
    looked_at(page, name)


def _until_empty(folder: Path) -> None:
    last = time.monotonic() + 120
    while [path for path in folder.iterdir() if path.is_file()]:
        assert time.monotonic() < last, "nobody took it"
        time.sleep(0.2)
