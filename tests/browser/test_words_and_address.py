"""What surrounds every page, in a browser: Streamlit's own words in any of its boxes, the address, and the way back."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import way
from tests.browser.conftest import PHONE, WIDE, watched_page
from tests.browser.english import english_in, english_words
from tests.browser.server import ROOT, serve
from tests.browser.walking import LONG_MS, click, download, open_page, overflow, upload, wait_until_idle

SAMPLE = ROOT / "data_samples" / "no_show_com_erros.csv"
MODEL = re.compile("^Modelo")  # of faltas, once it is there


def test_the_list_of_words_knows_streamlits_and_not_ours() -> None:
    english = [
        "Choose an option",
        "Select all",
        "(index)",
        "Search: Linhas",
        "Fullscreen",
        "Page not found",
        "88.2KB",
        "300MB per file",
        "Sunday, October 26, 2025",
        "Press Enter to apply",
        "Remove Clínica Tijuca",
        "empty",
        "Close",
        "Running...",
        "Next page",
    ]
    assert english_in(english) == english
    assert (
        english_in(
            [
                "Faltas (No Show)",
                "no_show_passado.csv, 88,2 KB",
                "AUC, Brier e log-loss",
                "Dados: total de 3, menor 2",
                "Opções: 14.",
                "Buscar: Linhas do arquivo",
                "Do menor ao maior",
                "Lista em CSV",
                "de 1 a 5",
            ]
        )
        == []
    )


def _choose_dates(page: Page) -> None:
    page.get_by_role("combobox").first.click()
    page.get_by_role("option", name="Escolher datas").click()
    wait_until_idle(page)
    page.get_by_text("Mais filtros").first.click()
    page.get_by_test_id("stDateInput").first.locator(
        "input"
    ).first.focus()  # on a phone the box may open under the page's head
    expect(page.get_by_test_id("stDateInputCalendar")).to_be_visible()


def _spoken(page: Page, what: str) -> None:
    page.wait_for_timeout(250)  # a box that opens is not a run of the script
    assert english_words(page) == [], what


@contextmanager
def _english_page(browser: Browser, home: Path, screen: dict[str, Any]) -> Iterator[tuple[Page, str]]:
    """A page on the app in a browser that is itself English: nothing may follow its language."""
    with (
        serve(ROOT / "dashboard" / "app.py", home, environ=way.ENVIRON) as url,
        watched_page(browser, url, locale="en-US", **screen) as page,
    ):
        yield page, url


@pytest.mark.slow  # AppTest has the sentences, the address and what is gone: test_bad_files, test_address, test_pages
def test_a_wrong_file_gets_a_sentence_no_box_speaks_english_and_back_leaves_a_page_at_once(
    browser: Browser, tmp_path: Path
) -> None:
    with _english_page(browser, tmp_path / "presenca", WIDE) as (page, url):
        _wrong_file(page, url, tmp_path, folded=False)
        _boxes(page, url, tmp_path)
        _back(page, url, phone=False)
        _gone(page, url)
        _erased(page)


@pytest.mark.slow
def test_back_leaves_a_page_at_once_on_a_phone_too(
    browser: Browser, tmp_path: Path, trained_home: Callable[[str], Path]
) -> None:
    shutil.copytree(trained_home("no_show"), tmp_path / "presenca")
    with _english_page(browser, tmp_path / "presenca", PHONE) as (page, url):
        _back(page, url, phone=True)
        _wrong_file(page, url, tmp_path, folded=True)  # where there are data already


def _wrong_file(page: Page, url: str, tmp_path: Path, *, folded: bool) -> None:
    picture = tmp_path / "foto.csv"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40)
    open_page(page, f"{url}/dados")
    if folded:
        page.get_by_text("Enviar arquivo", exact=True).first.click()
    upload(page, picture)
    expect(page.get_by_text("“foto.csv” não é uma tabela: é uma imagem PNG.")).to_be_visible()
    _spoken(page, "a wrong file")


def _boxes(page: Page, url: str, tmp_path: Path) -> None:
    open_page(page, f"{url}/dados")
    upload(page, SAMPLE)
    size = f"{SAMPLE.stat().st_size / 1000:.1f} KB".replace(".", ",")
    expect(page.get_by_text(size)).to_be_visible()
    _spoken(page, "uploader with a file")
    page.get_by_role("combobox").first.click()
    page.keyboard.type("zzzz")
    _spoken(page, "a choice of which nothing fits")
    page.keyboard.press("Escape")
    click(page, "Conferir e guardar")
    expect(page.get_by_role("heading", name="Relatório dos dados")).to_be_visible()
    _spoken(page, "report")
    left_out = download(page, "Linhas deixadas de fora", tmp_path).read_text("utf-8-sig").splitlines()
    assert len(left_out) == 1 + 23 and left_out[0].startswith("linha;motivo;")
    open_page(page, f"{url}/dados?parte=corrigir")
    expect(page.get_by_role("heading", name="Corrigir no Excel")).to_be_visible()
    table = page.get_by_test_id("stDataFrame").first
    table.scroll_into_view_if_needed()
    table.hover()
    tools = page.get_by_test_id("stElementToolbarButton")
    expect(tools).to_have_count(3)  # columns, search, fullscreen
    for button in tools.all():
        button.get_by_role("button").click()
        _spoken(page, "a table's menu")
        page.keyboard.press("Escape")


def _back(page: Page, url: str, *, phone: bool) -> None:
    open_page(page, f"{url}/risco")
    _choose_dates(page)
    _spoken(page, "calendar")
    assert overflow(page) == 0

    # Back leaves at once, and what was chosen on the page left is there; forward comes again
    open_page(page, f"{url}/dados?parte=comparar")
    steps = page.evaluate("history.length")
    if phone:
        page.get_by_test_id("stExpandSidebarButton").click()
    page.get_by_test_id("stSidebarNavLink").filter(has_text="Modelo").click()
    expect(page.get_by_role("heading", name=MODEL)).to_be_visible()
    wait_until_idle(page)
    assert page.evaluate("history.length") == steps + 1 and "parte=" not in page.url
    page.go_back()
    expect(page.get_by_role("radio", name="Comparar")).to_be_checked(timeout=LONG_MS)
    wait_until_idle(page)
    assert "parte=comparar" in page.url
    page.go_forward()
    expect(page.get_by_role("heading", name=MODEL)).to_be_visible()


def _gone(page: Page, url: str) -> None:
    """The address of a file that is gone, and of no page."""
    open_page(page, f"{url}/dados?produto=no_show&dados=apagado")
    expect(page.get_by_text("O arquivo deste link foi apagado")).to_be_visible()
    _spoken(page, "a file that is gone")
    click(page, "Abrir o mais novo")
    expect(page.get_by_role("heading", name="Relatório dos dados")).to_be_visible()
    open_page(page, f"{url}/xyz")
    expect(page.get_by_text("Este endereço não existe")).to_be_visible()
    _spoken(page, "no page")
    click(page, "Ir para Início")
    expect(page.get_by_role("heading", name="Início")).to_be_visible()


def _erased(page: Page) -> None:
    page.get_by_test_id("stSidebarNavLink").filter(has_text="Dados").click()
    expect(page.get_by_role("heading", name="Relatório dos dados")).to_be_visible(timeout=LONG_MS)
    wait_until_idle(page)
    click(page, "Apagar")
    click(page, "Apagar dados")
    wait_until_idle(page)
    expect(page.get_by_text("Ainda não há dados.")).to_be_visible()
