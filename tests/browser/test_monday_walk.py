"""Monday morning as a clinic lives it: the agenda is sent, calls are shared out and written down, a slot that empties
is offered; weeks later the outcomes are sent, and the page says what the calls did.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from pipeline import services
from pipeline.modeling.training import boosting
from pipeline.services.data import datasets
from pipeline.services.data.placing import Into
from pipeline.services.models import models
from tests.browser import way
from tests.browser.conftest import screen_of, watched_page
from tests.browser.server import ROOT, serve
from tests.browser.two_clinics import FIRST, SECOND, THIRD, City, chosen, said, send
from tests.browser.walking import LONG_MS, click, looked_at, open_page, overflow, upload, wait_until_idle
from tests.clinics import Clinic, sampled
from tests.toy.house import TINY, train_here

ROWS = 12_000  # of a year of the made-up clinic
MONDAY, AFTER = {"PRESENCA_TODAY": "2026-09-21"}, {"PRESENCA_TODAY": "2026-10-17"}


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    """A clinic whose first month was sent and learnt from."""
    folder = tmp_path_factory.mktemp("monday")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**way.ENVIRON, **MONDAY, "PRESENCA_HOME": str(folder / "home")}.items():
            patch.setenv(name, value)
        patch.setitem(boosting.EFFORTS, "fast", TINY)
        train_here(patch)
        clinic, space = sampled("Norte", folder, 21, {}, ROWS), services.open_workspace()
        file = clinic.files[FIRST]
        kept = datasets.keep(space, "no_show", file.read_bytes(), file.name, into=Into(name=clinic.name))
        job = models.start_training(space, kept.id, effort="fast")
        assert job.state == "done" and job.model_id, job.message
        return City(folder / "home", clinic, clinic, {clinic.name: (kept.id, job.model_id)})


@pytest.mark.slow  # test_walk and test_voice_walk are not
@pytest.mark.parametrize("screen", ["wide", "phone"])
def test_from_the_agenda_to_the_effect(browser: Browser, city: City, tmp_path: Path, screen: str) -> None:
    home, size, clinic = tmp_path / "presenca", screen_of(screen), city.north
    shutil.copytree(city.home, home)
    with _served(home, MONDAY) as url, watched_page(browser, url, **size) as page:
        agenda = send(page, url, city, clinic, SECOND)
        _calls(page, f"{url}/agenda?produto=no_show&dados={agenda}&parte=Ligar", screen)
        _slots(page, f"{url}/vagas?produto=no_show&dados={agenda}", tmp_path / "fila.csv", screen)
    with _served(home, AFTER) as url, watched_page(browser, url, **size) as page:
        _effect(page, url, city, clinic, screen)


def _served(home: Path, day: dict[str, str]):  # type: ignore[no-untyped-def]
    return serve(ROOT / "dashboard" / "app.py", home, environ={**way.ENVIRON, **day})


def _set(page: Page, label: str, value: int) -> None:
    page.get_by_label(label).fill(str(value))
    page.get_by_label(label).press("Tab")


def _calls(page: Page, address: str, screen: str) -> None:
    """Two people, thirty calls each, a third left alone; four calls, each with another end."""
    open_page(page, address)
    for label, value in (("Pessoas que ligam", 2), ("Ligações por dia, cada", 30), ("Grupo de controle (%)", 30)):
        _set(page, label, value)
    looked_at(page, f"monday_{screen}_plan")
    click(page, "Fazer a fila")
    page.get_by_label("Seu nome").fill("Ana")
    page.get_by_label("Seu nome").press("Enter")
    wait_until_idle(page)
    click(page, "Próximo a ligar")
    for done, outcome in enumerate(("Confirmou", "Não atendeu", "Desmarcou", "Remarcou"), 1):
        click(page, outcome)
        expect(page.get_by_text(re.compile(f"{done} de [0-9]+ ligaç"))).to_be_visible(timeout=LONG_MS)
    looked_at(page, f"monday_{screen}_calls")
    assert overflow(page) == 0


SLOT = re.compile(r"\d\d/\d\d/\d{4} às \d\d:\d\d · (.+) · (.+)")


def _slots(page: Page, address: str, waiting: Path, screen: str) -> None:
    """What the calls emptied is there; with people who wait, the last slot is offered and the offer is taken."""
    open_page(page, address)
    slots = SLOT.findall(page.get_by_test_id("stMain").inner_text())
    assert len(slots) >= 2, said(page)  # given up, and moved, on the phone
    procedure, unit = slots[-1]
    lines = [f"P-FILA-{number};1{number}/08/2026;{procedure};{unit};Aguardando" for number in range(3)]
    waiting.write_text(
        "\n".join(["Id do paciente;Na fila desde;Procedimento;Unidade;Situação na fila", *lines]), "utf-8"
    )
    upload(page, waiting)
    click(page, "Guardar a fila")
    segment = page.get_by_role("radio", name="Oferecer", exact=True)
    segment.or_(page.get_by_role("button", name="Oferecer", exact=True)).first.click()
    wait_until_idle(page)
    looked_at(page, f"monday_{screen}_slots")
    page.get_by_role("button", name=re.compile("^Oferecer a [0-9]")).first.click()
    wait_until_idle(page)
    looked_at(page, f"monday_{screen}_offers")
    page.get_by_role("button", name="Aceita", exact=True).first.click()
    wait_until_idle(page)
    assert "Vagas preenchidas" in said(page) and overflow(page) == 0, said(page)


def _effect(page: Page, url: str, city: City, clinic: Clinic, screen: str) -> None:
    """Next month's file tells how the appointments ended."""
    outcomes = send(page, url, city, clinic, THIRD)
    open_page(page, f"{url}/efeito?produto=no_show&dados={outcomes}")
    told = said(page)
    looked_at(page, f"monday_{screen}_effect")
    assert "Contato contra grupo de controle" in told and re.search(r"n [0-9]+", told), told
    assert overflow(page) == 0
    open_page(page, f"{url}/hoje?produto=no_show&dados={outcomes}")
    looked_at(page, f"monday_{screen}_today")
    assert "resultados novos" in said(page), said(page)
    assert chosen(page, "dados") == outcomes and overflow(page) == 0
