"""Memory of the app's server with three browsers on the risk page at once."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path

from launch.browser import find_chromium
from tests.benchmarks import material
from tests.benchmarks.harness import MEGABYTE, PeakWatch, Result, memory_of, written

TITLE = "servidor"
LIMIT_MB = 1536.0
SESSIONS = 3


def measure(quick: bool = False) -> list[Result]:
    """The peak of the server's process tree while three sessions open the page and change a filter."""
    chromium = find_chromium()
    if chromium is None or not Path("/proc/self/statm").exists():
        print("  pulada: é preciso Linux e um Chromium ou Chrome (PRESENCA_CHROMIUM)", file=sys.stderr)
        return []
    from tests.browser.server import ROOT, serving

    rows = material.QUICK if quick else material.HUNDRED_THOUSAND
    home, dataset, model = material.workspace(rows)
    with serving(ROOT / "dashboard" / "app.py", home) as server, PeakWatch(server.pid) as watch:
        _visit(chromium, f"{server.url}/risco?produto={material.PRODUCT}&dados={dataset}&modelo={model}")
        at_rest = memory_of(server.pid)
    detail = f"{written(at_rest / MEGABYTE)} MB no fim"
    return [
        Result(
            f"{SESSIONS} sessões em Risco, {written(rows)} linhas, pico",
            watch.peak / MEGABYTE,
            LIMIT_MB,
            "MB",
            detail=detail,
        )
    ]


def _visit(chromium: str, url: str) -> None:
    """Opens the page in three sessions, which stay open while each changes the period."""
    from playwright.sync_api import sync_playwright

    from tests.browser.conftest import ARGUMENTS, WIDE
    from tests.browser.walking import expect_no_exception, open_page, wait_until_idle

    with sync_playwright() as playwright, ExitStack() as open_ones:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS, headless=True)
        open_ones.callback(browser.close)
        pages = [browser.new_context(locale="pt-BR", **WIDE).new_page() for _ in range(SESSIONS)]
        for page in pages:
            open_page(page, url, timeout=180_000)
        for page in pages:
            page.get_by_role("combobox", name="Período").click()
            page.get_by_role("option", name="Últimos 6 meses").click()
            wait_until_idle(page, timeout=180_000)
            expect_no_exception(page)
