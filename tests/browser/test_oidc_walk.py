"""By the organisation's provider in Chromium: from the login page to it, back across sites, and out of both."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import way
from tests.browser.conftest import PHONE, STILL, WIDE
from tests.browser.english import english_words
from tests.browser.server import ROOT, serve
from tests.browser.walking import LONG_MS, click, expect_no_exception, picture, wait_until_idle
from tests.oidc_provider import CLIENT, SECRET, LocalProvider, running

pytestmark = pytest.mark.slow
ANA, BIA = "cavalo bateria grampo", "bia@clinica.example"


def _add(home: Path, *arguments: str, typed: str = "") -> None:
    command = [sys.executable, "-m", "pipeline", "people", "add", *arguments]
    env = os.environ | way.ENVIRON | {"PRESENCA_HOME": str(home)}
    subprocess.run(command, input=typed, text=True, cwd=ROOT, env=env, check=True, capture_output=True)


def _plain(page: Page, name: str) -> None:
    """A picture of a page before the app, where one is wanted; nothing of it is cut on the right."""
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), name
    assert english_words(page) == []
    if folder := os.environ.get("PRESENCA_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


@contextmanager
def _page(browser: Browser, size: dict[str, object]) -> Iterator[Page]:
    context = browser.new_context(locale="pt-BR", timezone_id="America/Sao_Paulo", **size)
    context.add_init_script(STILL)
    yield context.new_page()
    context.close()


@pytest.fixture
def provider() -> Iterator[LocalProvider]:
    """Of another site: `localhost` is none of 127.0.0.1's, to a browser."""
    with running(LocalProvider(page=True)) as told:
        told.issuer = told.issuer.replace("127.0.0.1", "localhost")
        yield told


def test_a_person_comes_in_by_the_provider_and_leaves_both(
    tmp_path: Path, browser: Browser, provider: LocalProvider
) -> None:
    home = tmp_path / "presenca"
    named = {"ISSUER": provider.issuer, "CLIENT_ID": CLIENT, "CLIENT_SECRET": SECRET, "NAME": "Hospital Santa Rita"}
    environ = way.ENVIRON | {f"PRESENCA_OIDC_{name}": value for name, value in named.items()}
    _add(home, "ana", "--name", "Ana Souza", "--role", "admin", "--password", typed=ANA + "\n")
    _add(home, BIA, "--name", "Bia Lima", "--role", "gestor", "--provider")
    with serve(ROOT / "dashboard" / "app.py", home, environ=environ) as url:
        for size, name in ((WIDE, "oidc_1440"), (PHONE, "oidc_390")):
            with _page(browser, size) as page:
                _comes_and_goes(page, url, name)
        provider.person["email"] = "eva@clinica.example"
        with _page(browser, PHONE) as page:
            _to_the_provider(page, f"{url}/dados")
            expect(page.get_by_role("alert")).to_contain_text("Peça a quem administra que acrescente você")
            _plain(page, "oidc_desconhecida")
            page.get_by_role("link", name="Voltar e entrar de novo").click()
            expect(page.get_by_role("heading", name="Entrar")).to_be_visible()
        with _page(browser, WIDE) as page:
            _the_admins_page(page, url)
    log = (home.parent / "server.log").read_text()
    assert not [told for told in ("@clinica", SECRET, "code-", "presenca_oidc=") if told in log], log


def _to_the_provider(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("link", name="Entrar com Hospital Santa Rita").click()
    expect(page.get_by_role("heading", name="Provedor local")).to_be_visible()
    page.get_by_role("link", name="Sou eu").click()


def _comes_and_goes(page: Page, url: str, name: str) -> None:
    page.goto(f"{url}/dados")
    expect(page.get_by_role("heading", name="Entrar")).to_be_visible()
    _plain(page, name)
    _to_the_provider(page, f"{url}/dados")
    expect(page.get_by_role("heading", name="Dados")).to_be_visible(timeout=LONG_MS)  # where the address led
    wait_until_idle(page)
    expect_no_exception(page)
    assert page.url.startswith(f"{url}/dados") and "code" not in page.url
    held = {one["name"]: one for one in page.context.cookies()}
    assert "presenca_oidc" not in held and held["presenca_sessao"]["httpOnly"]
    page.goto(f"{url}/sair")
    page.get_by_role("button", name="Sair").click()
    expect(page.get_by_role("heading", name="Você saiu da Presença")).to_be_visible()
    _plain(page, f"{name}_saiu")
    page.get_by_role("link", name="Sair também de Hospital Santa Rita").click()
    expect(page.get_by_role("heading", name="Saiu do provedor")).to_be_visible()
    page.goto(f"{url}/dados")
    expect(page.get_by_role("heading", name="Entrar")).to_be_visible()


def _the_admins_page(page: Page, url: str) -> None:
    page.goto(f"{url}/pessoas")
    page.get_by_label("Nome de acesso").fill("ana")
    page.get_by_label("Senha").fill(ANA)
    page.get_by_role("button", name="Entrar").click()
    expect(page.get_by_role("heading", name="Pessoas")).to_be_visible(timeout=LONG_MS)
    page.get_by_text("Acrescentar uma pessoa").click()
    expect(page.get_by_text("Entra por Hospital Santa Rita, sem convite")).to_be_visible()
    wait_until_idle(page)
    picture(page, "oidc_pessoas")
    click(page, "Sair")
    expect(page.get_by_role("link", name="Sair também de Hospital Santa Rita")).to_be_visible(timeout=LONG_MS)
    picture(page, "oidc_saiu_do_aplicativo")
