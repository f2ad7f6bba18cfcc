"""The main way through the app, step by step: what the walk tests and what the README's picture is taken on."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.english import english_words
from tests.browser.walking import LONG_MS, click, expect_no_exception, open_page, wait_until_idle

TRAINING_MS = 420_000  # two trainings and two browsers may share two cores
ENVIRON = {
    "PRESENCA_KEY": "chave-apenas-dos-testes-0123456789abcdef",
    "PRESENCA_TODAY": "2026-11-23",
    "OMP_THREAD_LIMIT": "1",  # threads of LightGBM that wait for each other cost more than they give
}


def begin_with_samples(page: Page, url: str) -> None:
    """From the empty app to the report of the sample data, by one click."""
    open_page(page, url)
    expect(page.get_by_role("heading", name="Início")).to_be_visible()
    click(page, "Usar dados de exemplo")
    expect(page.get_by_role("heading", name="Relatório dos dados")).to_be_visible(timeout=LONG_MS)
    _stands(page)


def _stands(page: Page) -> None:
    """The page is drawn, without a fault and without a word of English."""
    wait_until_idle(page)
    expect_no_exception(page)
    assert english_words(page) == []


def step(page: Page, url: str, button: str, title: str) -> None:
    """From the home page by a step's card to the page of that title."""
    _home(page, url)
    click(page, button)
    expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible(timeout=LONG_MS)
    _stands(page)


def _home(page: Page, url: str) -> None:
    """By the menu, as a person goes: a page need not load anew, and with a model another page comes first."""
    menu = page.get_by_test_id("stSidebarNavLink").filter(has_text="Início")
    if not page.url.startswith(url.split("?")[0]):
        open_page(page, url)
    opener = page.get_by_test_id("stExpandSidebarButton")
    if opener.is_visible():  # a phone's menu is folded
        opener.click()
    menu.click()
    expect(page.get_by_role("heading", name="Início")).to_be_visible(timeout=LONG_MS)
    wait_until_idle(page)


def train(page: Page, url: str, effort: str = "Rápido", title: str = "Modelo de faltas") -> None:
    """Trains on what is loaded and waits until the model's page shows how good it is."""
    step(page, url, "Treinar", "Modelo")
    page.get_by_role("radio", name=effort).or_(page.get_by_role("button", name=effort)).first.click()
    wait_until_idle(page)
    click(page, re.compile("^Treinar$"))
    expect(page.get_by_text("Treinando com")).to_be_visible(timeout=LONG_MS)
    page.reload()  # a training survives it
    expect(page.get_by_role("heading", name=title)).to_be_visible(timeout=TRAINING_MS)
    wait_until_idle(page)
    expect_no_exception(page)
