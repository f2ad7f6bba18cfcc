"""The README's pictures, taken of the real app on the sample data: `python -m tests.browser.pictures docs`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from launch.browser import find_chromium
from tests.browser import way
from tests.browser.conftest import ARGUMENTS, NO_BROWSER, WIDE, watched_page
from tests.browser.server import ROOT, serve
from tests.browser.walking import wait_until_idle

TALL = {"width": 1440, "height": 1330}


def take(folder: Path) -> list[Path]:
    """Walks from the sample data to the agenda and keeps two pictures: the risk page and the list of calls."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = []
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as home:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS, headless=True)
        with (
            serve(ROOT / "dashboard" / "app.py", Path(home) / "presenca", environ=way.ENVIRON) as url,
            watched_page(browser, url, **WIDE) as page,
        ):
            way.begin_with_samples(page, url)
            way.train(page, url, effort="Padrão")
            for button, title, name in (("Ver risco", "Risco de falta", "risco"), ("Abrir agenda", "Agenda de contatos", "agenda")):
                way.step(page, url, button, title)
                page.set_viewport_size(TALL)
                wait_until_idle(page)
                kept.append(folder / f"{name}.png")
                page.screenshot(path=str(kept[-1]))
        browser.close()
    return kept


def main(arguments: list[str]) -> int:
    if find_chromium() is None:
        print(NO_BROWSER)
        return 1
    for path in take(Path(arguments[0] if arguments else "docs")):
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
