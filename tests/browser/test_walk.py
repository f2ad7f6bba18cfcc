"""The main way in a browser, on both screens: sample data → report → train → risk → agenda → download."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import way
from tests.browser.conftest import PHONE, WIDE, watched_page
from tests.browser.english import english_words
from tests.browser.server import ROOT, serve
from tests.browser.walking import (
    click,
    download,
    open_page,
    overflow,
    pictures_folder,
    press,
    screenshot,
    upload,
    wait_until_idle,
)


@pytest.fixture(params=["wide", "phone"])
def fresh(request: pytest.FixtureRequest, browser: Browser, tmp_path: Path) -> Iterator[tuple[Page, str, str]]:
    """A page on an app that nobody has used yet."""
    with (
        serve(ROOT / "dashboard" / "app.py", tmp_path / "presenca", environ=way.ENVIRON) as url,
        watched_page(browser, url, **(WIDE if request.param == "wide" else PHONE)) as page,
    ):
        yield page, url, request.param


@pytest.fixture(scope="session")
def _trained_homes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("trained_homes")


@pytest.fixture(params=["wide", "phone"])
def walk(
    request: pytest.FixtureRequest, browser: Browser, tmp_path: Path, _trained_homes: Path
) -> Iterator[tuple[Page, str, str, bool]]:
    """A page on a new app; the phone's begins where the wide one's ended (and says so), as that costs no training."""
    screen, home = request.param, tmp_path / "presenca"
    kept = _trained_homes / request.function.__name__
    trained = screen == "phone" and kept.is_dir()
    if trained:
        shutil.copytree(kept, home)
    with (
        serve(ROOT / "dashboard" / "app.py", home, environ=way.ENVIRON) as url,
        watched_page(browser, url, **(WIDE if screen == "wide" else PHONE)) as page,
    ):
        yield page, url, screen, trained
    if screen == "wide" and any(home.glob("models/*")):
        shutil.copytree(home, kept)


def _looked_at(page: Page, tmp_path: Path, name: str) -> None:
    """Nothing is cut on the right; the picture is kept where PRESENCA_PICTURES says."""
    assert overflow(page) == 0, name
    assert english_words(page) == [], name
    screenshot(page, pictures_folder(tmp_path) / f"{name}.png")


def test_from_sample_data_to_the_list_of_calls(walk: tuple[Page, str, str, bool], tmp_path: Path) -> None:
    page, url, screen, trained = walk
    if trained:
        way.step(page, url, "Ver dados", "Relatório dos dados")
    else:
        way.begin_with_samples(page, url)
    expect(page.get_by_text("10.500", exact=True).first).to_be_visible()
    report = download(page, "Relatório em HTML", tmp_path).read_text("utf-8")
    assert "10.500" in report and "http://" not in report.replace("http://www.w3.org", "")
    _looked_at(page, tmp_path, f"dados_{screen}")

    if trained:
        way.step(page, url, "Ver modelo", "Modelo de faltas")
    else:
        way.train(page, url)
    for title in ("O risco previsto se confirma?", "Ao lado das referências", "O que mais pesa"):
        expect(page.get_by_role("heading", name=title)).to_be_visible()
    bundle = download(page, re.compile("Modelo$"), tmp_path)
    assert bundle.read_bytes()[:2] == b"PK"
    _looked_at(page, tmp_path, f"modelo_{screen}")

    way.step(page, url, "Ver risco", "Risco de falta")
    for title in ("Em quais unidades se falta mais", "Onde no Brasil", "Quando se falta mais"):
        expect(page.get_by_role("heading", name=title)).to_be_visible()
    groups = download(page, "Por unidade (CSV)", tmp_path).read_text("utf-8-sig").splitlines()
    assert len(groups) == 1 + 16 and groups[0].startswith("Unidade;")
    _looked_at(page, tmp_path, f"risco_{screen}")
    press(page, "section_unit", -1, 1)  # the dots are the last trace
    expect(page.get_by_text("Linhas de Clínica Boa Viagem")).to_be_visible()
    assert "unidade=Cl" in page.url
    click(page, "Ver todas as unidades")
    expect(page.get_by_text("Linhas de Clínica Boa Viagem")).to_have_count(0)

    way.step(page, url, "Abrir agenda", "Agenda de contatos")
    _looked_at(page, tmp_path, f"agenda_{screen}")  # as it opens: the next working day
    click(page, "Todos os dias")
    expect(page.get_by_text("400", exact=True).first).to_be_visible()
    rows = list(
        csv.DictReader(download(page, "Lista em CSV", tmp_path).read_text("utf-8-sig").splitlines(), delimiter=";")
    )
    risks = [float(row["risco"].replace(",", ".")) for row in rows]
    bookings = [1 + len([text for text in row["outros_agendamentos"].split(" | ") if text]) for row in rows]
    assert sum(bookings) == 400 > len(rows) == len({row["paciente"] for row in rows}), (
        "one line a patient, with all bookings"
    )
    assert risks == sorted(risks, reverse=True) and 0 < risks[-1] < risks[0] < 1
    assert all(row["motivo_1"] and row["pontos_1"] and row["faixa"] for row in rows)
    sheet = openpyxl.load_workbook(download(page, "Lista em XLSX", tmp_path), read_only=True).worksheets[0]
    lines = [row for row in sheet.iter_rows(values_only=True) if any(row)]
    assert len(lines) == len(rows) + 1 and lines[0][0] == "Risco" and "Resultado do contato" in lines[0]


def test_a_wrong_file_gets_a_sentence_and_the_app_goes_on(fresh: tuple[Page, str, str], tmp_path: Path) -> None:
    page, url, _ = fresh
    picture = tmp_path / "foto.csv"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40)
    open_page(page, f"{url}/dados")
    upload(page, picture)
    expect(page.get_by_text("“foto.csv” não é uma tabela: é uma imagem PNG.")).to_be_visible()
    open_page(page, f"{url}/dados")
    upload(page, ROOT / "data_samples" / "no_show_com_erros.csv")
    click(page, "Conferir e guardar")
    expect(page.get_by_role("heading", name="Relatório dos dados")).to_be_visible()
    left_out = download(page, "Linhas deixadas de fora", tmp_path).read_text("utf-8-sig").splitlines()
    assert len(left_out) == 1 + 23 and left_out[0].startswith("linha;motivo;")
    click(page, "Apagar")
    click(page, "Apagar dados")
    wait_until_idle(page)
    expect(page.get_by_text("Ainda não há dados.")).to_be_visible()
