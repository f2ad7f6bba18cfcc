"""Text of files on every page in a browser: shown as it stands, never as Markdown, HTML, a formula or a link.

Payloads stand in every field of text, in headers, in the names of files and of the series, in comments. Each that is
taken for a mark would leave its word bare in an element of its own; `Watch` fails the test on a request elsewhere.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from pipeline import services
from pipeline.access.request import COOKIE
from pipeline.modeling.training import boosting
from pipeline.services.data import datasets
from pipeline.services.data.placing import Into
from pipeline.services.models import models
from pipeline.services.session import Session
from tests.browser import hostile_hands, way
from tests.browser.conftest import WIDE, watched_page
from tests.browser.server import ROOT, serve
from tests.browser.walking import expect_no_exception, open_page, wait_until_idle
from tests.toy.house import TINY, train_here

WORD = "zq7"  # in each payload, and in nothing else
PAYLOADS = (
    f"**{WORD}a**",
    f"*{WORD}b*",
    f"__{WORD}c__",
    f"~~{WORD}d~~",
    f"`{WORD}e`",
    f"[{WORD}f](http://evil.example/f)",
    f"![{WORD}g](http://evil.example/g.png)",
    f"[{WORD}h](javascript:alert(1))",
    f"<http://evil.example/{WORD}i>",
    f"http://evil.example/{WORD}j",
    f"www.evil.example/{WORD}k",
    f"<b>{WORD}l</b>",
    f"<img src=x onerror=alert('{WORD}m')>",
    f"<img src=http://evil.example/{WORD}n.png>",
    f"<script>window.{WORD}=1</script>",
    f'<svg onload="window.{WORD}=1"></svg>',
    f"<a href=http://evil.example>{WORD}o</a>",
    f"<style>body{{background:url(http://evil.example/{WORD}p)}}</style>",
    f"<iframe src=http://evil.example/{WORD}q></iframe>",
    f'=HYPERLINK("http://evil.example";"{WORD}r")',
    f"@SUM(1)+{WORD}s",
    f"${WORD}t^2$",
    f"$${WORD}u_i$$",
    f":red[{WORD}v]",
    f":blue-background[{WORD}w]",
    f":material/skull: {WORD}x",
    f":cowboy_hat_face: {WORD}y",
    f"# {WORD}z",
    f"- {WORD}aa -> {WORD}ab",
    f"> {WORD}ac",
    f"[{WORD}ad]: http://evil.example",
)
PAGES = {
    "no_show": ("hoje", "inicio", "dados", "modelo", "risco", "agenda", "agenda?parte=Ligar", "vagas", "efeito"),
    "satisfaction": ("hoje", "inicio", "dados", "modelo", "risco", "voz"),
}
HERE = ("privacidade", "pessoas", "copias", "integracao")
PLANTED = {
    "no_show": ("ID único do paciente", "Nome do Procedimento", "Nome da Unidade", "Convênio", "Origem do agendamento"),
    "satisfaction": ("Texto", "Unidade", "Setor"),
}
# an element that a mark would make, with nothing in it but a word of ours
INTERPRETED = """word => {
    const made = 'strong, b, em, i, del, s, u, code, a, h1, h2, h3, h4, h5, h6, li, blockquote, mark, span[style]';
    const bare = new RegExp(`^${word}\\\\w{1,2}$`);
    const found = [...document.querySelectorAll(made)].filter(e => bare.test(e.textContent.trim()));
    const never = '.katex, [onerror], [onload], iframe[src*=evil], img[src*=evil], img[src="x"], a[href*=evil], '
        + 'a[href^=javascript], link[href*=evil]';
    found.push(...document.querySelectorAll(never));
    const icons = [...document.querySelectorAll('[data-testid=stIconMaterial]')];
    found.push(...icons.filter(e => e.textContent === 'skull'));
    const text = document.body.innerText;
    for (const sign of ['\\u{1F920}', `${word}aa \\u2192`]) if (text.includes(sign)) found.push(document.body);
    if (window[word] !== undefined) found.push(document.body);
    return found.map(e => e === document.body ? 'a sign, or a script that ran' : e.outerHTML.slice(0, 300));
}"""


def _planted(product_key: str, name: str, rows: int) -> bytes:
    """A sample file with payloads in the cells of its text fields, and two headers more."""
    lines = list(csv.reader((ROOT / "data_samples" / name).read_text("utf-8-sig").splitlines(), delimiter=";"))
    header, body = lines[0], lines[1:][-rows:]
    for number, row in enumerate(body):
        for place, column in enumerate(PLANTED[product_key]):
            if row[header.index(column)] or column == "Texto":
                row[header.index(column)] = PAYLOADS[(number // (1 + place) + place) % len(PAYLOADS)]
        row += [PAYLOADS[number % len(PAYLOADS)], "1", PAYLOADS[(number // 7) % len(PAYLOADS)]]
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";").writerows([[*header, PAYLOADS[0], PAYLOADS[5], "Profissional"], *body])
    return out.getvalue().encode()


@pytest.fixture
def planted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, str]:
    """A workspace with payloads in all that a file brings and people type, and a model that learnt from them; and the
    token of somebody who may see it all.
    """
    home = tmp_path / "presenca"
    for name, value in {**way.ENVIRON, "PRESENCA_HOME": str(home)}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setitem(boosting.EFFORTS, "fast", TINY)
    train_here(monkeypatch)
    space = Session(services.open_workspace())
    past = _planted("no_show", "no_show_passado.csv", 2_500)
    kept = datasets.keep(
        space, "no_show", past, f"**{WORD}a** [{WORD}f](evil.example).csv", into=Into(name=PAYLOADS[0])
    )
    job = models.start_training(space, kept.id, effort="fast")
    assert job.state == "done", job.message
    ahead = _planted("no_show", "no_show_futuro.csv", 200)
    coming = datasets.keep(space, "no_show", ahead, f"<b>{WORD}l<b>.csv", into=Into(series=kept.series))
    hostile_hands.notes_on_calls(space, coming.id, kept.series, PAYLOADS)
    hostile_hands.queue(space, kept.series, PAYLOADS)
    hostile_hands.texts_of_scripts(space, kept.series, PAYLOADS)
    told = _planted("satisfaction", "satisfaction_passado.csv", 700)
    heard = datasets.keep(space, "satisfaction", told, f":red[{WORD}v].csv", into=Into(name=PAYLOADS[5]))
    hostile_hands.answers_to_comments(space, heard.id, PAYLOADS)
    hostile_hands.names_of_themes(space, heard.id, PAYLOADS)
    return home, hostile_hands.people(space, PAYLOADS)


def _looked(page: Page, url: str) -> set[str]:
    """The payloads whose words stand on a page, once nothing on it was interpreted."""
    open_page(page, url)
    for opener in page.locator("details:not([open]) > summary").all():
        if opener.is_visible():
            opener.click()
    wait_until_idle(page)
    expect_no_exception(page)
    assert page.evaluate(INTERPRETED, WORD) == [], url
    text = page.inner_text("body")
    return {payload for payload in PAYLOADS if payload in text}


def test_what_is_interpreted_would_be_found(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content(f"<p><b>{WORD}a</b> <i style='color:red'>{WORD}v</i> {WORD}aa → <b>**{WORD}a**</b></p>")
    assert len(page.evaluate(INTERPRETED, WORD)) == 3
    page.close()


@pytest.mark.slow
def test_nothing_of_a_file_is_interpreted_on_any_page(browser: Browser, planted: tuple[Path, str]) -> None:
    home, token = planted
    assert len(set(PAYLOADS)) == 31
    seen: dict[str, set[str]] = {}
    with (
        serve(ROOT / "dashboard" / "app.py", home, environ=way.ENVIRON) as url,
        watched_page(browser, url, **WIDE) as page,
    ):
        page.context.add_cookies([{"name": COOKIE, "value": token, "url": url}])
        for product_key, paths in PAGES.items():
            for path in (*paths, *HERE):
                address = f"{url}/{path}{'&' if '?' in path else '?'}produto={product_key}"
                seen[f"{product_key} {path}"] = _looked(page, address)
        # a script that stands in a page runs by its hash, or not at all
        assert page.evaluate("typeof window.presencaComplete") == "function"
    shown = set().union(*seen.values())
    for page_of in ("no_show pessoas", "no_show agenda?parte=Ligar", "satisfaction voz", "no_show vagas"):
        assert seen[page_of], (page_of, seen)  # what people typed is on it
    assert len(shown) >= 20 and sum(bool(found) for found in seen.values()) >= 8, seen
