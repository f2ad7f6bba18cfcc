"""The main way in a browser, on both screens: sample data → report → train → risk → agenda → download."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.browser import way
from tests.browser.conftest import Walk
from tests.browser.walking import (
    LONG_MS,
    click,
    download,
    expect_no_exception,
    looked_at,
    press,
    wait_until_idle,
)

MAIN_WAY = pytest.mark.parametrize(
    "walk",
    [
        pytest.param(("no_show", "wide", True), id="wide"),
        pytest.param(("no_show", "phone", False), id="phone", marks=pytest.mark.slow),
    ],
    indirect=True,
)


@MAIN_WAY
def test_from_sample_data_to_the_list_of_calls(walk: Walk, tmp_path: Path) -> None:
    page, url, screen = walk.page, walk.url, walk.screen
    if walk.new:
        way.begin_with_samples(page, url)
    else:
        way.step(page, url, "Ver dados", "Relatório dos dados")
    expect(page.get_by_text("10.500", exact=True).first).to_be_visible()
    if walk.new:  # files are the same on any screen
        report = download(page, "Relatório em HTML", tmp_path).read_text("utf-8")
        assert "10.500" in report and "http://" not in report.replace("http://www.w3.org", "")
    looked_at(page, f"dados_{screen}")

    if walk.new:
        way.train(page, url)
    else:
        way.step(page, url, "Ver modelo", "Modelo de faltas")
    for title in ("O risco previsto se confirma?", "Ao lado das referências", "O que mais pesa"):
        expect(page.get_by_role("heading", name=title)).to_be_visible()
    if walk.new:
        assert download(page, re.compile("Modelo$"), tmp_path).read_bytes()[:2] == b"PK"
    looked_at(page, f"modelo_{screen}")

    _next(page, "Ver risco", "Risco de falta")
    for title in ("Em quais unidades se falta mais", "Onde no Brasil", "Quando se falta mais"):
        expect(page.get_by_role("heading", name=title)).to_be_visible()
    if walk.new:
        groups = download(page, "Por unidade (CSV)", tmp_path).read_text("utf-8-sig").splitlines()
        assert len(groups) == 1 + 16 and groups[0].startswith("Unidade;")
    looked_at(page, f"risco_{screen}")
    press(page, "section_unit", -1, 1)  # the dots are the last trace
    expect(page.get_by_text("Linhas de Clínica Boa Viagem")).to_be_visible()
    assert "unidade=Cl" in page.url
    click(page, "Ver todas as unidades")
    expect(page.get_by_text("Linhas de Clínica Boa Viagem")).to_have_count(0)
    if screen == "phone":
        _a_tap_that_selects_nothing_is_handed_on(page)

    _next(page, "Abrir agenda", "Agenda de contatos")
    looked_at(page, f"agenda_{screen}")  # as it opens: the next working day
    click(page, "Todos os dias")
    expect(page.get_by_text("388", exact=True).first).to_be_visible()
    if walk.new:
        _the_list_in_hand(page, tmp_path)


def _next(page: Page, button: str, title: str) -> None:
    """By the page's own way to the next one."""
    click(page, button)
    expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible(timeout=LONG_MS)
    wait_until_idle(page)
    expect_no_exception(page)


def _a_tap_that_selects_nothing_is_handed_on(page: Page) -> None:
    """Plotly may tell a tap as a click alone; its points know their axes, which hold the whole plot."""
    page.wait_for_timeout(700)  # a finger's charts are made ready twice a second
    page.locator(".st-key-section_unit .js-plotly-plot").first.evaluate(
        """plot => {
            const data = plot._fullData.at(-1), { xaxis, yaxis } = plot._fullLayout;
            const point = { data, fullData: data, curveNumber: plot._fullData.length - 1, pointNumber: 1, pointIndex: 1,
                            x: data.x[1], y: data.y[1], customdata: data.customdata[1], xaxis, yaxis };
            plot.emit("plotly_click", { points: [point] });
        }"""
    )
    expect(page.get_by_text("Linhas de Clínica Boa Viagem")).to_be_visible()
    click(page, "Ver todas as unidades")
    expect(page.get_by_text("Linhas de Clínica Boa Viagem")).to_have_count(0)


def _the_list_in_hand(page: Page, tmp_path: Path) -> None:
    rows = list(
        csv.DictReader(download(page, "Lista em CSV", tmp_path).read_text("utf-8-sig").splitlines(), delimiter=";")
    )
    risks = [float(row["risco"].replace(",", ".")) for row in rows]
    bookings = [1 + len([text for text in row["outros_agendamentos"].split(" | ") if text]) for row in rows]
    assert sum(bookings) == 388 > len(rows) == len({row["paciente"] for row in rows}), (
        "one line a patient, with all bookings"
    )
    assert risks == sorted(risks, reverse=True) and 0 < risks[-1] < risks[0] < 1
    assert all(row["motivo_1"] and row["pontos_1"] and row["faixa"] for row in rows)
    sheet = openpyxl.load_workbook(download(page, "Lista em XLSX", tmp_path), read_only=True).worksheets[0]
    lines = [row for row in sheet.iter_rows(values_only=True) if any(row)]
    assert len(lines) == len(rows) + 1 and lines[0][0] == "Risco" and "Resultado do contato" in lines[0]
