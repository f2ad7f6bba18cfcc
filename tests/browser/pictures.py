"""The README's pictures, taken of the real app on the sample data: `python -m tests.browser.pictures docs`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from launch.browser import find_chromium
from tests.browser import way
from tests.browser.conftest import ARGUMENTS, NO_BROWSER, WIDE, watched_page
from tests.browser.server import ROOT, serve
from tests.browser.walking import wait_until_idle

TALL = {"width": 1440, "height": 1330}


def take(folder: Path) -> list[Path]:
    """Walks both products' ways and keeps three pictures: the risk page, the list of calls, the patients' voice."""
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
            steps = [("Ver risco", "Risco de falta", "risco"), ("Abrir agenda", "Agenda de contatos", "agenda")]
            kept += [_kept(page, url, step, folder) for step in steps]
            page.set_viewport_size(WIDE["viewport"])
            other = f"{url}/?produto=satisfaction"
            way.begin_with_samples(page, other)
            way.train(page, other, title="Modelo de satisfação")
            kept.append(_kept(page, other, ("Ler comentários", "Voz do paciente", "voz"), folder))
        browser.close()
    return kept


def _kept(page: Page, url: str, step: tuple[str, str, str], folder: Path) -> Path:
    button, title, name = step
    way.step(page, url, button, title)
    page.set_viewport_size(TALL)
    wait_until_idle(page)
    page.screenshot(path=str(folder / f"{name}.png"))
    return folder / f"{name}.png"


def main(arguments: list[str]) -> int:
    if find_chromium() is None:
        print(NO_BROWSER)
        return 1
    for path in take(Path(arguments[0] if arguments else "docs")):
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
