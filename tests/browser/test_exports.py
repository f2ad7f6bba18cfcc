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


def opened(browser: Browser, folder: Path, name: str, width: int) -> tuple[Page, Watch]:
    path = folder / f"{name}.html"
    path.write_text(EXPORTS[name](), encoding="utf-8")
    page = browser.new_page(viewport={"width": width, "height": 900})
    watch = Watch("")
    watch.attach(page)
    page.goto(path.as_uri())
    page.wait_for_function("document.readyState === 'complete'")
    page.wait_for_timeout(400)  # the figures take their final width
    return page, watch


@pytest.mark.parametrize("width", [1200, 390])
@pytest.mark.parametrize("name", EXPORTS)
def test_exports_fit_and_ask_for_nothing(browser: Browser, tmp_path: Path, name: str, width: int) -> None:
    page, watch = opened(browser, tmp_path, name, width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(_LABELS) == []
    assert watch.faults == []
    page.close()


@pytest.mark.parametrize("name", ["model", "risk"])
def test_figures_take_the_width_of_the_paper_and_give_it_back(browser: Browser, tmp_path: Path, name: str) -> None:
    page, watch = opened(browser, tmp_path, name, 1200)
    widths = "[...document.querySelectorAll('.main-svg')].map(e => Number(e.getAttribute('width')))"
    before = page.evaluate(widths)
    page.evaluate(f"window.addEventListener('beforeprint', () => {{ window.seen = {widths}; }})")
    page.pdf(prefer_css_page_size=True)
    assert max(page.evaluate("window.seen")) <= 700 < max(before)
    assert page.evaluate(widths) == before
    assert watch.faults == []
    page.close()
