"""The second product's way in a browser: choose it → samples → report → train → risk → comments → download."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.browser import way
from tests.browser.conftest import Walk
from tests.browser.walking import click, download, looked_at, open_page, wait_until_idle


def _section(page: Page, name: str) -> None:
    page.get_by_role("radio", name=name).or_(page.get_by_role("button", name=name, exact=True)).first.click()
    wait_until_idle(page)


@pytest.mark.parametrize(
    "walk",
    [
        pytest.param(("satisfaction", "wide", False), id="wide", marks=pytest.mark.slow),  # test_voice_walk is not
        pytest.param(("satisfaction", "phone", False), id="phone", marks=pytest.mark.slow),
        pytest.param(("satisfaction", "wide", True), id="wide, from nothing", marks=pytest.mark.slow),
    ],
    indirect=True,
)
def test_from_sample_comments_to_the_list_to_answer(walk: Walk, tmp_path: Path) -> None:
    page, url, screen = walk.page, walk.url, walk.screen
    if walk.new:
        open_page(page, f"{url}/inicio")
        click(page, "Escolher Satisfação")
        way.begin_with_samples(page, f"{url}/?produto=satisfaction")
    else:
        way.step(page, f"{url}/?produto=satisfaction", "Ver dados", "Relatório dos dados")
    expect(page.get_by_text("8.000" if walk.new else "2.000", exact=True).first).to_be_visible()
    looked_at(page, f"satisfacao_dados_{screen}")

    if walk.new:
        way.train(page, f"{url}/?produto=satisfaction", title="Modelo de satisfação")
    else:
        way.step(page, f"{url}/?produto=satisfaction", "Ver modelo", "Modelo de satisfação")
    for title in ("As palavras que mais pesam", "E as estrelas", "O que mais pesa"):
        expect(page.get_by_role("heading", name=title)).to_be_visible()
    looked_at(page, f"satisfacao_modelo_{screen}")

    way.step(page, f"{url}/?produto=satisfaction", "Ver risco", "Risco de detrator")
    for title in ("Onde no Brasil", "Em quais regiões há mais detratores", "Por faixa de idade", "Ao longo do tempo"):
        expect(page.get_by_role("heading", name=title)).to_be_visible()
    regions = download(page, "Por região (CSV)", tmp_path).read_text("utf-8-sig").splitlines()
    assert len(regions) == 1 + 4 and "Estrelas (média)" in regions[0] and "Saldo" in regions[0]
    looked_at(page, f"satisfacao_risco_{screen}")

    way.step(page, f"{url}/?produto=satisfaction", "Ler comentários", "Voz do paciente")
    expect(page.get_by_role("heading", name=re.compile("Detratores a responder"))).to_be_visible()
    looked_at(page, f"voz_{screen}")
    rows = list(
        csv.DictReader(download(page, "Lista em CSV", tmp_path).read_text("utf-8-sig").splitlines(), delimiter=";")
    )
    assert (
        rows
        and {row["classe"] for row in rows} == {"detrator"}
        and all(row["Texto"] or row["Classificação"] for row in rows)
    )
    sheet = openpyxl.load_workbook(download(page, "Lista em XLSX", tmp_path), read_only=True).worksheets[0]
    assert sum(1 for row in sheet.iter_rows(values_only=True) if any(row)) == 1 + len(rows)

    _section(page, "Temas")
    expect(page.get_by_text("Ver os números em tabela")).to_be_visible()
    looked_at(page, f"voz_temas_{screen}")
    _section(page, "Experimentar")
    page.get_by_label("Comentário").first.fill(
        "Esperei três horas, um descaso! <img src=x onerror=alert(1)> **negrito**"
    )
    click(page, "Ler comentário")
    expect(page.get_by_text(re.compile("risco de detrator|Não sei")).first).to_be_visible()
    expect(page.get_by_text("<img src=x onerror=alert(1)> **negrito**", exact=False).last).to_be_visible()
    assert page.locator("img[src='x']").count() == 0
    looked_at(page, f"voz_experimentar_{screen}")
