"""The harness itself: it walks a small app on both screens, and each kind of fault is seen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from launch.server import is_free
from tests.browser import walking
from tests.browser.conftest import PHONE, WIDE, watched_page
from tests.browser.server import serve


@pytest.fixture(scope="module")
def hello(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serve(Path(__file__).with_name("hello_app.py"), tmp_path_factory.mktemp("hello") / "home") as url:
        yield url


@pytest.mark.parametrize(
    "screen",
    [pytest.param(screen, id=name, marks=pytest.mark.slow) for name, screen in (("wide", WIDE), ("phone", PHONE))],
)
def test_a_walk_waits_uploads_downloads_and_takes_a_picture(
    browser: Browser, hello: str, tmp_path: Path, screen: dict
) -> None:
    source = tmp_path / "envio.csv"
    source.write_bytes(b"x" * 1234)
    with watched_page(browser, hello, **screen) as page:
        walking.open_page(page, hello)
        walking.click(page, "Contar")
        assert page.get_by_text("contado até o fim").is_visible()
        walking.upload(page, source)
        expect(page.get_by_text("1234 bytes recebidos")).to_be_visible()  # a busy machine takes its time to send it
        assert walking.download(page, "Baixar", tmp_path).read_bytes() == b"a;b\n1;2\n"
        picture = walking.screenshot(page, tmp_path / "pagina.png")
        assert picture.stat().st_size > 2_000
        assert walking.overflow(page) == 0
        is_phone = screen is PHONE
        assert ("Mobi" in page.evaluate("navigator.userAgent")) is is_phone
        assert page.evaluate("navigator.maxTouchPoints > 0") is is_phone


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("console.error('queixa')", "console error: queixa"),
        pytest.param("setTimeout(() => { throw new Error('quebrou') })", "page error: quebrou", marks=pytest.mark.slow),
        ("new Image().src = 'http://localhost:9/longe.png'", "request to another host"),
        pytest.param("fetch('/media/nada.png').then(() => null)", "console error", marks=pytest.mark.slow),
        pytest.param(
            "document.head.innerHTML = `<meta http-equiv=Content-Security-Policy content=\"script-src 'self'\">`, "
            "document.body.append(Object.assign(document.createElement('script'), { textContent: '1' }))",
            "Content Security Policy",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_a_fault_of_the_page_fails_the_test(browser: Browser, hello: str, fault: str, told: str) -> None:
    with pytest.raises(AssertionError, match=told), watched_page(browser, hello) as page:
        page.goto(f"{hello}/_stcore/health")
        page.evaluate(f"async () => {{ await ({fault}) }}")  # a busy machine answers late
        page.wait_for_timeout(300)


@pytest.mark.slow  # where they were no longer allowed, each walk would fail
def test_the_two_404s_of_streamlit_itself_are_allowed(browser: Browser, hello: str) -> None:
    with watched_page(browser, hello) as page:
        page.goto(f"{hello}/_stcore/health")
        page.evaluate("() => Promise.all(['/risco/_stcore/health', '/risco/_stcore/host-config'].map(u => fetch(u)))")
        page.wait_for_timeout(200)


@pytest.mark.slow  # the walk's own hand, which changes with Streamlit alone
def test_an_exception_of_the_script_is_seen(browser: Browser, hello: str) -> None:
    with pytest.raises(AssertionError, match="exception on the page"), watched_page(browser, hello) as page:
        walking.open_page(page, f"{hello}/?fault=exception")


def test_the_server_is_gone_when_the_walk_ends(tmp_path: Path) -> None:
    script = tmp_path / "one.py"
    script.write_text("import streamlit as st\nst.write('oi')\n")
    with serve(script, tmp_path / "home") as url:
        port = urlsplit(url).port or 0

    assert is_free(port)
