"""People in Chromium: the first by the command line, a second by invitation, each with what their role opens."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import way
from tests.browser.conftest import PHONE, STILL, WIDE, watched_page
from tests.browser.english import english_words
from tests.browser.server import ROOT, serve
from tests.browser.walking import LONG_MS, click, open_page, overflow, picture, wait_until_idle

ANA, BIA = "cavalo bateria grampo", "outra frase bem comprida"


def _people(home: Path, *arguments: str, typed: str = "") -> str:
    """What `python -m pipeline people …` prints."""
    environ = os.environ | way.ENVIRON | {"PRESENCA_HOME": str(home)}
    command = [sys.executable, "-m", "pipeline", "people", *arguments]
    done = subprocess.run(command, input=typed, capture_output=True, text=True, cwd=ROOT, env=environ, check=True)
    return done.stdout.strip()


def _plain(page: Page, name: str) -> None:
    """A picture of a page before the app, where one is wanted; nothing of it is cut on the right."""
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), name
    if folder := os.environ.get("PRESENCA_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


@contextmanager
def _refused_once(browser: Browser) -> Iterator[Page]:
    """A page that nobody watches: Chromium writes the refusal of a wrong password into its console."""
    context = browser.new_context(locale="pt-BR", timezone_id="America/Sao_Paulo", **WIDE)
    context.add_init_script(STILL)
    yield context.new_page()
    context.close()


def _menu(page: Page) -> list[str]:
    opener = page.get_by_test_id("stExpandSidebarButton")
    if opener.is_visible():
        opener.click()
    return [text.split("\n")[-1].strip() for text in page.get_by_test_id("stSidebarNavLink").all_inner_texts()]


@pytest.fixture
def home(tmp_path: Path, missed_home: tuple[Path, Path]) -> Path:
    shutil.copytree(missed_home[1], tmp_path / "presenca")
    return tmp_path / "presenca"


def test_two_people_come_in_and_each_sees_what_is_theirs(home: Path, browser: Browser) -> None:
    _people(home, "add", "ana", "--name", "Ana Souza", "--role", "admin", "--password", typed=ANA + "\n")
    app = ROOT / "dashboard" / "app.py"
    with serve(app, home, environ=way.ENVIRON) as url, _refused_once(browser) as ana:
        link = _admin(ana, url)
        with watched_page(browser, url, **PHONE) as bia:
            _reader(bia, url, link)
        click(ana, "Sair")
        expect(ana.get_by_role("heading", name="Você saiu da Presença")).to_be_visible(timeout=LONG_MS)
        ana.get_by_role("link", name="Entrar de novo").click()
        expect(ana.get_by_role("heading", name="Entrar")).to_be_visible()
        cookies = ana.context.cookies()
        ana.goto(f"{url}/pessoas")
        expect(ana.get_by_role("heading", name="Entrar")).to_be_visible()
    held = next(one for one in cookies if one["name"] == "presenca_sessao")
    assert held["httpOnly"] and held["sameSite"] == "Lax"
    log = (home.parent / "server.log").read_text()
    assert not [secret for secret in (ANA, BIA, link.rpartition("/")[2], held["value"]) if secret in log], log


def _admin(page: Page, url: str) -> str:
    """Wrong once, then in; adds a reader, and gives the link that is shown for her."""
    page.goto(f"{url}/pessoas")
    _plain(page, "pessoas_entrar")
    page.get_by_label("Nome de acesso").fill("ana")
    page.get_by_label("Senha").fill("não é esta a senha")
    page.get_by_role("button", name="Entrar").click()
    expect(page.get_by_role("alert")).to_contain_text("não conferem")
    page.get_by_label("Senha").fill(ANA)
    page.get_by_role("button", name="Entrar").click()
    expect(page.get_by_role("heading", name="Pessoas")).to_be_visible(timeout=LONG_MS)  # where the address led
    wait_until_idle(page)
    assert english_words(page) == []
    page.get_by_text("Acrescentar uma pessoa").click()
    page.get_by_label("Nome", exact=True).fill("Bia Lima")
    page.get_by_label("Nome de acesso").fill("bia")
    page.get_by_label("Nome de acesso").press("Tab")
    wait_until_idle(page)  # the rerun that follows would close an open list
    page.get_by_role("combobox", name="Papel").click()
    page.get_by_role("option", name="Leitor").click()
    click(page, "Acrescentar e fazer o convite")
    link = page.get_by_text(re.compile(r"/convite/")).first
    expect(link).to_be_visible(timeout=LONG_MS)
    picture(page, "pessoas")
    assert _menu(page)[-1] == "Pessoas" and "Dados" in _menu(page)
    return link.inner_text().strip()


def _reader(page: Page, url: str, link: str) -> None:
    """By the invitation to the pages of sums, on a phone; nothing else is there, whatever the address."""
    page.goto(link)
    _plain(page, "pessoas_convite")
    page.get_by_label("Senha nova").fill(BIA)
    page.get_by_label("A mesma, de novo").fill(BIA)
    page.get_by_role("button", name="Guardar a senha e entrar").click()
    expect(page.get_by_role("heading", name="Hoje")).to_be_visible(timeout=LONG_MS)
    wait_until_idle(page)
    assert _menu(page) == ["Hoje", "Modelo", "Risco", "Efeito"]
    picture(page, "pessoas_leitor")
    assert overflow(page) <= 0
    open_page(page, f"{url}/dados")
    expect(page.get_by_role("heading", name="Sem permissão")).to_be_visible(timeout=LONG_MS)
