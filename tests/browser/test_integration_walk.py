"""Another system in Chromium: a key is made, what it sends stands in *Dados*, and once revoked it opens nothing; it is
told of things at its address, and what it did not take is sent again.
"""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.browser import way
from tests.browser.conftest import screen_of, watched_page
from tests.browser.english import english_words
from tests.browser.server import ROOT, serve
from tests.browser.walking import LONG_MS, click, open_page, overflow, picture, wait_until_idle
from tests.pipeline.services.webhooks.receiving import receiver

SAMPLE = Path(ROOT) / "data_samples" / "no_show_passado.csv"
ROWS = 250
_TAKEN_S = 60.0


@pytest.mark.slow  # tests/pipeline/api sends, tests/dashboard/test_integration_page.py makes keys
@pytest.mark.parametrize("screen", ["wide", "phone"])
def test_what_a_system_sends_with_its_key_stands_in_dados(screen: str, browser: Browser, tmp_path: Path) -> None:
    sent = b"".join(SAMPLE.read_bytes().splitlines(keepends=True)[: ROWS + 1])
    with (
        serve(ROOT / "dashboard" / "app.py", tmp_path / "presenca", environ=way.ENVIRON) as url,
        watched_page(browser, url, **screen_of(screen)) as page,
    ):
        open_page(page, f"{url}/integracao?produto=no_show")
        page.get_by_text("Fazer uma chave").click()
        page.get_by_label("Sistema").fill("Agenda da clínica")
        page.locator("[data-testid='stCheckbox']").first.click()  # what it may: send
        click(page, "Fazer a chave")
        key = page.get_by_test_id("stCode").first.inner_text().strip()
        assert re.fullmatch(r"prs_\S{20,}", key)
        picture(page, f"integracao_chave_{screen}")
        with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {key}"}) as system:
            answer = system.post(
                "/api/v1/products/no_show/records", content=sent, headers={"Content-Type": "text/csv; charset=utf-8"}
            )
            assert answer.status_code == 202, answer.text
            job = _read(system, answer.json()["href"])
            assert (job["state"], job["records"], job["rejected_count"]) == ("done", ROWS, 0), job
            open_page(page, f"{url}/dados?produto=no_show")
            expect(page.get_by_text(f"Todas as {ROWS} linhas podem ser usadas.")).to_be_visible(timeout=LONG_MS)
            assert overflow(page) == 0 and english_words(page) == []
            picture(page, f"integracao_dados_{screen}")
            open_page(page, f"{url}/integracao?produto=no_show")
            assert key not in page.content()  # it was told once
            click(page, "Revogar")
            click(page, "Revogar a chave")
            wait_until_idle(page)
            assert system.get("/api/v1/products").status_code == 401


def _read(system: httpx.Client, href: str) -> dict[str, Any]:
    """The job of what was sent, once it was read."""
    until = time.monotonic() + _TAKEN_S
    while True:
        job: dict[str, Any] = system.get(href).json()
        if job["state"] not in ("waiting", "reading", "running"):
            return job
        assert time.monotonic() < until, job
        time.sleep(0.2)


@pytest.mark.slow
@pytest.mark.parametrize("screen", ["wide", "phone"])
def test_a_system_is_told_at_its_address_and_told_again(screen: str, browser: Browser, tmp_path: Path) -> None:
    environ = {**way.ENVIRON, "PRESENCA_WEBHOOK_PRIVATE": "1"}
    with (
        receiver() as other,
        serve(ROOT / "dashboard" / "app.py", tmp_path / "presenca", environ=environ, forked=False) as url,
        watched_page(browser, url, **screen_of(screen)) as page,
    ):
        open_page(page, f"{url}/integracao?produto=no_show")
        page.get_by_text("Avisar outro sistema").click()
        page.get_by_label("Endereço").fill(f"{other.url}/{'um/caminho/' * 9}?token=xyzzy")
        click(page, "Acrescentar")
        expect(page.get_by_text("Escolha ao menos um acontecimento.")).to_be_visible(timeout=LONG_MS)
        page.locator("label").filter(has_text="Lista pronta").click()
        click(page, "Acrescentar")  # the address stands as it was typed
        secret = page.get_by_test_id("stCode").first.inner_text().strip()
        assert secret.startswith("whsec_") and overflow(page) == 0 and english_words(page) == []
        picture(page, f"integracao_webhook_{screen}")
        other.status = 503
        click(page, "Enviar um teste")
        expect(page.get_by_text("não aceitou (resposta 503)").first).to_be_visible(timeout=LONG_MS)  # by itself
        other.status = 200
        page.get_by_text("Registro de envios").click()
        click(page, "Reenviar")
        expect(page.get_by_text("teste: entregue em")).to_be_visible(timeout=LONG_MS)
        assert secret not in page.content() and "xyzzy" not in page.content()
        assert overflow(page) == 0 and english_words(page) == []
        picture(page, f"integracao_registro_{screen}")
        assert {body["type"] for body in other.told(secret)} == {"webhook.test"}
        assert len({headers["webhook-id"] for headers, _ in other.came}) == 1 < len(other.came)
