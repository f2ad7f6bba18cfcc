"""Monday morning from the agenda to the effect, a week later: calls shared out and written down, a slot
that empties on the phone and is offered, next week's outcomes, and what the calls did.
"""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from pipeline import services
from pipeline.services.data import datasets
from pipeline.services.data.placing import Into
from tests.browser import way
from tests.browser.conftest import screen_of, watched_page
from tests.browser.server import ROOT, serve
from tests.browser.two_clinics import said
from tests.browser.walking import LONG_MS, click, looked_at, open_page, wait_until_idle

FUTURE = ROOT / "data_samples" / "no_show_futuro.csv"
AFTER = {**way.ENVIRON, "PRESENCA_TODAY": "2026-12-14"}


def _outcomes(target: Path) -> Path:
    """The same agenda three weeks on: every fifth who stood did not come."""
    rows = list(csv.reader(FUTURE.read_text("utf-8-sig").splitlines(), delimiter=";"))
    at = rows[0].index("Status do agendamento")
    for number, row in enumerate(rows[1:]):
        if row[at] != "Cancelado":
            row[at] = "No Show" if number % 5 == 0 else "Realizado"
    target.write_text("\n".join(";".join(row) for row in rows), "utf-8")
    return target


def _sent(home: Path, patch: pytest.MonkeyPatch, file: Path) -> None:
    """The file in the series of the samples; the walk of the second month goes through the page of uploads itself."""
    for name, value in {**AFTER, "PRESENCA_HOME": str(home)}.items():
        patch.setenv(name, value)
    space = services.open_workspace()
    (series,) = {info.series for info in datasets.datasets(space, "no_show") if info.purpose == "future"}
    datasets.keep(space, "no_show", file.read_bytes(), file.name, into=Into(series=series))


def _set(page: Page, label: str, value: int) -> None:
    page.get_by_label(label).fill(str(value))
    page.get_by_label(label).press("Tab")


@pytest.mark.slow
@pytest.mark.parametrize("screen", ["wide", "phone"])
def test_from_the_agenda_to_the_effect(
    browser: Browser,
    trained_home: Callable[[str], Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    screen: str,
) -> None:
    home, size = tmp_path / "presenca", screen_of(screen)
    shutil.copytree(trained_home("no_show"), home)
    with (
        serve(ROOT / "dashboard" / "app.py", home, environ=way.ENVIRON) as url,
        watched_page(browser, url, **size) as page,
    ):
        _calls(page, url, screen)
        _slots(page, url, screen)
    _sent(home, monkeypatch, _outcomes(tmp_path / "agenda_com_resultados.csv"))
    with serve(ROOT / "dashboard" / "app.py", home, environ=AFTER) as url, watched_page(browser, url, **size) as page:
        open_page(page, f"{url}/efeito?produto=no_show")
        told = said(page)
        assert "Contato contra grupo de controle" in told and re.search(r"IC |intervalo", told), told
        looked_at(page, f"monday_{screen}_effect")
        open_page(page, f"{url}/hoje?produto=no_show")
        looked_at(page, f"monday_{screen}_today")
        assert "0 de 60 feitas" in said(page), said(page)  # the list of that Monday is over


def _calls(page: Page, url: str, screen: str) -> None:
    """Two people, thirty calls each, a fifth left alone; four calls, each with another end."""
    open_page(page, f"{url}/agenda?produto=no_show&parte=Ligar")
    for label, value in (("Pessoas que ligam", 2), ("Ligações por dia, cada", 30), ("Grupo de controle (%)", 20)):
        _set(page, label, value)
    click(page, "Fazer a lista")
    page.get_by_label("Seu nome").fill("Ana")
    page.get_by_label("Seu nome").press("Enter")
    wait_until_idle(page)
    click(page, "Próximo a ligar")
    for done, outcome in enumerate(("Confirmou", "Não atendeu", "Desmarcou", "Remarcou"), 1):
        click(page, outcome)
        expect(page.get_by_text(re.compile(f"{done} de 60 ligaç"))).to_be_visible(timeout=LONG_MS)
    looked_at(page, f"monday_{screen}_calls")


def _slots(page: Page, url: str, screen: str) -> None:
    """What the two calls emptied is there beside what the file says; one is offered and one offer is taken."""
    open_page(page, f"{url}/vagas?produto=no_show")
    click(page, "Usar uma fila de exemplo")
    looked_at(page, f"monday_{screen}_slots")
    assert "vagas esvaziadas" in said(page)
    offer = page.get_by_role("button", name=re.compile("^Oferecer a [0-9]"))
    for _ in range(4):
        if offer.count():
            break
        page.get_by_test_id("stPagination").get_by_role("button").last.click()
        wait_until_idle(page)
    offer.first.click()
    wait_until_idle(page)
    looked_at(page, f"monday_{screen}_offers")
    click(page, "Aceita")
    expect(page.get_by_text("Vagas preenchidas")).to_be_visible(timeout=LONG_MS)
