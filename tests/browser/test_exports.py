"""The HTML exports in a browser: quiet, closed to the network, within the screen, no label cut or covered."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from pipeline.presentation.html import model_card_html, risk_html, validation_html
from tests.browser.watching import Watch
from tests.pipeline.presentation import examples as ex

EXPORTS: dict[str, Callable[[], str]] = {
    "validation": lambda: validation_html(ex.REPORT, ex.PRODUCT),
    "model": lambda: model_card_html(ex.CARD, ex.PRODUCT),
    "risk": lambda: risk_html(ex.VIEW, ex.PRODUCT, "reservas.csv", why=[ex.WHY]),
}
WITH_FIGURES = ("model", "risk")
_LABELS = """() => [...document.querySelectorAll('figure')].flatMap(figure => {
    const frame = figure.getBoundingClientRect();
    const boxes = [...figure.querySelectorAll('.annotation-text')].map(e => [e.textContent, e.getBoundingClientRect()]);
    const faults = boxes.filter(([, b]) => b.left < frame.left - 2 || b.right > frame.right + 2)
        .map(([t]) => 'cut: ' + t);
    boxes.forEach(([one, a], i) => boxes.slice(i + 1).forEach(([other, b]) => {
        const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (wide > 2 && high > 4) faults.push('covered: ' + one + ' / ' + other);
    }));
    return faults;
})"""


@pytest.fixture(
    scope="module",
    params=EXPORTS,
)
def export(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Each export as a file, made once; that of *Risco* has every kind of figure."""
    path = tmp_path_factory.mktemp("exports") / f"{request.param}.html"
    path.write_text(EXPORTS[request.param](), encoding="utf-8")
    return path


def opened(browser: Browser, path: Path, width: int) -> tuple[Page, Watch]:
    page = browser.new_page(viewport={"width": width, "height": 900})
    watch = Watch("")
    watch.attach(page)
    page.goto(path.as_uri())
    page.wait_for_function("document.readyState === 'complete'")
    page.wait_for_timeout(400)  # the figures take their final width
    return page, watch


@pytest.mark.slow  # what they say, and that they ask for nothing: tests/pipeline/presentation/html
def test_exports_fit_ask_for_nothing_and_print(browser: Browser, export: Path) -> None:
    page, watch = opened(browser, export, 1200)
    _fits(page, 1200)
    if export.stem in WITH_FIGURES:
        _prints(page)
    page.close()
    narrow, asked = opened(browser, export, 390)
    _fits(narrow, 390)
    narrow.close()
    assert watch.faults == asked.faults == []


def _fits(page: Page, width: int) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(_LABELS) == []


def _prints(page: Page) -> None:
    """Figures take the width of the paper, and give it back."""
    widths = "[...document.querySelectorAll('.main-svg')].map(e => Number(e.getAttribute('width')))"
    before = page.evaluate(widths)
    page.evaluate(f"window.addEventListener('beforeprint', () => {{ window.seen = {widths}; }})")
    page.pdf(prefer_css_page_size=True)
    assert max(page.evaluate("window.seen")) <= 700 < max(before)
    assert page.evaluate(widths) == before
