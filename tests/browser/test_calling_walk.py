"""Monday morning by two people at once, one at a desk and one with a phone: a list is made, nobody is called twice, a
connection is lost in a call, and a call centre's file is sent twice.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import way
from tests.browser.conftest import PHONE, WIDE, watched_page
from tests.browser.english import english_words
from tests.browser.server import ROOT, serve
from tests.browser.walking import click, download, looked_at, open_page, upload, wait_until_idle

_NAME = re.compile(r"^P-[A-Z2-7]{5}$")


def _sits_down(page: Page, url: str, name: str) -> None:
    open_page(page, f"{url}/agenda?produto=no_show&parte=Ligar")
    page.get_by_label("Seu nome").fill(name)
    page.get_by_label("Seu nome").press("Enter")
    wait_until_idle(page)


def _patient(page: Page) -> str:
    return page.locator(".st-key-calling_card").get_by_text(_NAME).first.inner_text()


@pytest.mark.slow  # what a press does is proved by AppTest: tests/dashboard/test_calling.py, test_caller.py
def test_two_people_call_at_once(browser: Browser, trained_home: Callable[[str], Path], tmp_path: Path) -> None:
    home = tmp_path / "presenca"
    shutil.copytree(trained_home("no_show"), home)
    with (
        serve(ROOT / "dashboard" / "app.py", home, environ=way.ENVIRON) as url,
        watched_page(browser, url, **WIDE) as ana,
        watched_page(browser, url, **PHONE) as bia,
    ):
        open_page(ana, f"{url}/agenda?produto=no_show&parte=Ligar")
        click(ana, "Fazer a fila")
        _sits_down(ana, url, "Ana")
        _sits_down(bia, url, "Bia")
        click(ana, "Próximo a ligar")
        click(bia, "Próximo a ligar")
        first, second = _patient(ana), _patient(bia)
        assert first != second
        expect(bia.get_by_text("Sendo ligado agora por Ana")).to_be_visible()
        looked_at(ana, "ligar_wide")
        looked_at(bia, "ligar_phone")
        for page in (ana, bia):
            assert english_words(page) == [] and "Ana" not in page.url and "Bia" not in page.url

        ana.reload()  # in the middle of the call: the same caller, the same patient
        wait_until_idle(ana)
        expect(ana.get_by_label("Seu nome")).to_have_value("Ana")
        assert _patient(ana) == first and "Ana" not in ana.url

        bia.context.set_offline(True)  # the connection is lost in the call, and comes back
        bia.context.set_offline(False)
        wait_until_idle(bia)
        click(bia, "Confirmou")
        expect(bia.get_by_text(re.compile("1 de 40 ligações feitas hoje"))).to_be_visible()
        assert _patient(bia) not in (first, second)
        click(ana, "Não atendeu")
        expect(ana.get_by_text(re.compile("2 de 40 ligações feitas hoje"))).to_be_visible()
        assert _patient(ana) not in (first, second, _patient(bia))

        ana.get_by_text("Levar a lista").click()
        wait_until_idle(ana)
        rows = download(ana, "Para a central, em CSV", tmp_path).read_text("utf-8-sig").splitlines()
        place = rows[0].split(";").index("resultado")
        told = [line.split(";") for line in rows[1:6]]
        central = tmp_path / "retorno.csv"
        central.write_text("evento;resultado\n" + "".join(f"{line[0]};confirmou\n" for line in told), "utf-8")
        assert len(told) == 5 and place > 0
        ana.get_by_text("Enviar resultados de uma central").click()
        wait_until_idle(ana)
        upload(ana, central)
        click(ana, "Registrar os resultados")
        expect(ana.get_by_text("5 resultados novos")).to_be_visible()
        click(ana, "Registrar os resultados")
        expect(ana.get_by_text("0 resultados novos; 5 já estavam aqui")).to_be_visible()
