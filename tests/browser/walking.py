"""The steps that every walk through the app is made of: wait, upload, download, picture."""

from __future__ import annotations

import os
import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.english import english_words

LONG_MS = 60_000  # a page that computes; a training is waited for by its own text
_RUNNING = "[data-testid='stApp'][data-test-script-state='running']"
_STALE = "[data-stale='true']"
_ERROR_BOX = "[data-testid='stException']"


def wait_until_idle(page: Page, timeout: float = LONG_MS, quiet_ms: int = 300) -> None:
    """Returns when the script has run, nothing on the page is stale, and both have stayed so for `quiet_ms`.

    Between two runs the state says "not running" for a moment, so that one look is not enough.
    """
    page.wait_for_selector("[data-testid='stApp']", timeout=timeout)
    page.wait_for_function(
        """([running, stale, quiet]) => {
            const busy = document.querySelector(running) || document.querySelector(stale)
                || document.querySelector("[data-testid='stSkeleton']")
                || document.querySelector("[data-testid='stSpinner']")
                || document.querySelector("[data-testid='stApp'][data-test-connection-state]"
                     + ":not([data-test-connection-state='CONNECTED'])");
            const now = performance.now();
            if (busy || window.__idleSince === undefined) {
                window.__idleSince = busy ? undefined : now;
                return false;
            }
            return now - window.__idleSince >= quiet;
        }""",
        arg=[_RUNNING, _STALE, quiet_ms],
        timeout=timeout,
        polling=100,  # at each frame, which is the default, the browser draws sixty times a second to be asked
    )
    page.evaluate("() => { window.__idleSince = undefined }")


def open_page(page: Page, url: str, timeout: float = LONG_MS) -> None:
    """Goes to an address and waits until the page stands."""
    page.goto(url, wait_until="domcontentloaded", timeout=timeout)
    wait_until_idle(page, timeout)
    expect_no_exception(page)


def expect_no_exception(page: Page) -> None:
    """Fails with the text of Streamlit's red box, or of our own about a fault of ours, where there is one."""
    boxes = page.locator(_ERROR_BOX)
    assert boxes.count() == 0, f"exception on the page: {boxes.first.inner_text()}"
    fault = page.get_by_text("Algo falhou ao montar esta página")
    assert fault.count() == 0, fault.first.inner_text()


def upload(page: Page, files: Path | list[Path], uploader: Locator | None = None, timeout: float = LONG_MS) -> None:
    """Gives files to an uploader (the page's first unless told) and waits until the app has taken them."""
    box = uploader or page.locator("[data-testid='stFileUploader']").first
    paths = [str(one) for one in (files if isinstance(files, list) else [files])]
    box.locator("input[type='file']").set_input_files(paths)
    wait_until_idle(page, timeout)


def download(page: Page, name: str | re.Pattern[str], folder: Path, timeout: float = LONG_MS) -> Path:
    """Clicks the download button of that name and gives the file as it was saved."""
    with page.expect_download(timeout=timeout) as waiting:
        page.get_by_test_id("stDownloadButton").get_by_role("button", name=name).first.click()
    target = folder / waiting.value.suggested_filename
    waiting.value.save_as(target)
    wait_until_idle(page, timeout)
    return target


def click(page: Page, name: str | re.Pattern[str], timeout: float = LONG_MS) -> None:
    """Clicks a button and waits until the app has answered."""
    button = page.get_by_role("button", name=name).first
    expect(button).to_be_visible(timeout=timeout)
    button.click()
    wait_until_idle(page, timeout)


def press(page: Page, section: str, trace: int, point: int) -> None:
    """Clicks, or taps where there is a finger, one mark of a chart; a negative `trace` counts from the last."""
    chart = page.locator(f".st-key-{section} .js-plotly-plot").first
    chart.scroll_into_view_if_needed()
    page.wait_for_timeout(700)  # a finger's charts are made ready twice a second
    x, y = chart.evaluate(
        """(plot, [trace, point]) => {
            const layout = plot._fullLayout, marks = plot._fullData.at(trace), box = plot.getBoundingClientRect();
            return [box.left + layout.xaxis._offset + layout.xaxis.d2p(marks.x[point]),
                    box.top + layout.yaxis._offset + layout.yaxis.d2p(marks.y[point])];
        }""",
        [trace, point],
    )
    if page.evaluate("() => matchMedia('(pointer: coarse)').matches"):
        page.touchscreen.tap(x, y)
    else:
        page.mouse.click(x, y)
    wait_until_idle(page)


def screenshot(page: Page, path: Path) -> Path:
    """A picture of the whole page: Streamlit scrolls inside, so the window is made as tall as the content."""
    path.parent.mkdir(parents=True, exist_ok=True)
    size = page.viewport_size or {"width": 1440, "height": 900}
    tall = page.evaluate("() => (document.querySelector(\"[data-testid='stMain']\") || document.body).scrollHeight")
    page.set_viewport_size({"width": size["width"], "height": max(size["height"], min(int(tall) + 8, 8_000))})
    wait_until_idle(page)
    page.screenshot(path=str(path))
    page.set_viewport_size({"width": size["width"], "height": size["height"]})
    wait_until_idle(page)
    return path


def overflow(page: Page) -> int:
    """By how many pixels the content is wider than the window: 0 where nothing is cut on the right."""
    return int(
        page.evaluate(
            """() => {
                const main = document.querySelector("[data-testid='stMain']") || document.documentElement;
                return Math.max(0, main.scrollWidth - main.clientWidth);
            }"""
        )
    )


def picture(page: Page, name: str) -> None:
    """A picture to look at, where PRESENCA_PICTURES names a folder: no test reads it, and it costs seconds."""
    folder = os.environ.get("PRESENCA_PICTURES")
    if folder:
        screenshot(page, Path(folder) / f"{name}.png")


def looked_at(page: Page, name: str) -> None:
    """Nothing is cut on the right or said in English; the picture is kept where PRESENCA_PICTURES says."""
    assert overflow(page) == 0, name
    assert english_words(page) == [], name
    picture(page, name)
