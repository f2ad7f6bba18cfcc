"""A browser, the app and a wide or a phone-sized page on it for each browser test; every fault fails the test."""

from __future__ import annotations

import functools
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from launch.browser import find_chromium
from pipeline.modeling.training import boosting
from tests.browser import way
from tests.browser.server import ROOT, serve
from tests.browser.watching import Watch
from tests.toy.house import TINY, fill

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

# without a graphics card each frame of what turns, fades or blinks is painted by the processor
STILL = """new MutationObserver((_, observer) => {
    if (!document.documentElement) return;
    observer.disconnect();
    const style = document.createElement('style');
    style.textContent = '*, ::before, ::after { animation: none !important; transition: none !important; }';
    document.documentElement.append(style);
}).observe(document, { childList: true })"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests carry their mark."""
    for item in items:
        if item.nodeid.startswith("tests/browser/"):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.timeout(900))  # a walk trains, beside whatever the other worker does


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


@contextmanager
def watched_page(browser: Browser, url: str, **context_options: Any) -> Iterator[Page]:
    """A page in a context of its own; at its end every collected fault fails the test."""
    context = browser.new_context(**{"locale": "pt-BR", "timezone_id": "America/Sao_Paulo"} | context_options)
    context.add_init_script(STILL)
    page = context.new_page()
    watch = Watch(urlsplit(url).netloc)
    watch.attach(page)
    try:
        yield page
    finally:
        context.close()
    assert not watch.faults, "the page complained:\n" + "\n".join(watch.faults)


def screen_of(name: str) -> dict[str, Any]:
    """The screen of that name, as the browser is told of it."""
    return WIDE if name == "wide" else PHONE


@contextmanager
def _walking(browser: Browser, home: Path, screen: str, *, forked: bool = True) -> Iterator[tuple[Page, str]]:
    """A page on the app, whose workspace is `home`."""
    with (
        serve(ROOT / "dashboard" / "app.py", home, environ=way.ENVIRON, forked=forked) as url,
        watched_page(browser, url, **screen_of(screen)) as page,
    ):
        yield page, url


@pytest.fixture(params=["wide", pytest.param("phone", marks=pytest.mark.slow)])
def fresh(request: pytest.FixtureRequest, browser: Browser, tmp_path: Path) -> Iterator[tuple[Page, str, str]]:
    """A page on an app that nobody has used yet, and the screen's name."""
    with _walking(browser, tmp_path / "presenca", request.param) as (page, url):
        yield page, url, request.param


@pytest.fixture(scope="session")
def trained_home(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Callable[[str], Path]:
    """By a product's key: a workspace with its sample data and a model that learnt from them, made once, fast."""

    @functools.cache
    def made(product_key: str) -> Path:
        if product_key == "satisfaction":  # learning to read takes longest
            heard: tuple[Path, Path] = request.getfixturevalue("heard_home")
            return heard[1]
        home = tmp_path_factory.mktemp(product_key) / "home"
        with pytest.MonkeyPatch.context() as patch:
            for name, value in way.ENVIRON.items():
                patch.setenv(name, value)
            patch.setitem(boosting.EFFORTS, "fast", TINY)
            fill(home, patch, product_key)
        return home

    return made


@dataclass(frozen=True)
class Walk:
    """A page on an app of its own; `new` where nobody has used it, else it begins with samples and a model."""

    page: Page
    url: str
    screen: str
    new: bool


@pytest.fixture
def walk(
    request: pytest.FixtureRequest, browser: Browser, tmp_path: Path, trained_home: Callable[[str], Path]
) -> Iterator[Walk]:
    """By parameters (`walks`): the product, the screen, and whether the walk begins at nothing and
    trains on its way. The app is started as a person starts it.
    """
    product_key, screen, new = request.param
    home = tmp_path / "presenca"
    if not new:
        shutil.copytree(trained_home(product_key), home)
    with _walking(browser, home, screen, forked=False) as (page, url):
        yield Walk(page, url, screen, new)
