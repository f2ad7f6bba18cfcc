"""The app, a browser, and a wide and a phone-sized page for each browser test; every fault fails the test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from launch.browser import find_chromium
from tests.browser.server import ROOT, serve
from tests.browser.watching import Watch

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
NO_BROWSER = (
    "sem Chromium nem Chrome nesta máquina: instale um deles ou indique o caminho em PRESENCA_CHROMIUM "
    "(no Chromium browser found)"
)
PHONE_AGENT = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.0.0 Mobile Safari/537.36"
)
WIDE: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "user_agent": PHONE_AGENT,
    "is_mobile": True,
    "has_touch": True,
    "device_scale_factor": 2,
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests carry their mark and run in one worker: one server, and one browser at a time."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.timeout(900))  # a walk trains, beside whatever the other worker does
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a screen; skips, with a reason, where there is none."""
    path = find_chromium()
    if path is None:
        pytest.skip(NO_BROWSER)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS, headless=True)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def app_url(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the running app; its workspace begins empty and is shared by the session's tests."""
    script = ROOT / "dashboard" / "app.py"
    if not script.exists():
        pytest.skip("dashboard/app.py ainda não existe")
    home = tmp_path_factory.mktemp("app") / "presenca"
    with serve(script, home, environ={"PRESENCA_KEY": "chave-apenas-dos-testes-0123456789abcdef"}) as url:
        yield url


@contextmanager
def watched_page(browser: Browser, url: str, **context_options: Any) -> Iterator[Page]:
    """A page in a context of its own; at its end every collected fault fails the test."""
    context = browser.new_context(locale="pt-BR", timezone_id="America/Sao_Paulo", **context_options)
    page = context.new_page()
    watch = Watch(urlsplit(url).netloc)
    watch.attach(page)
    try:
        yield page
    finally:
        context.close()
    assert not watch.faults, "the page complained:\n" + "\n".join(watch.faults)


@pytest.fixture
def wide_page(browser: Browser, app_url: str) -> Iterator[Page]:
    """A page of 1440 × 900."""
    with watched_page(browser, app_url, **WIDE) as page:
        yield page


@pytest.fixture
def phone_page(browser: Browser, app_url: str) -> Iterator[Page]:
    """A page of 390 × 844 on a phone: mobile user agent, touch."""
    with watched_page(browser, app_url, **PHONE) as page:
        yield page


@pytest.fixture(params=["wide", "phone"])
def page(request: pytest.FixtureRequest, browser: Browser, app_url: str) -> Iterator[Page]:
    """The same test on both screens."""
    with watched_page(browser, app_url, **(WIDE if request.param == "wide" else PHONE)) as page:
        yield page
