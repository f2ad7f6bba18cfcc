"""Mending in a browser: map, accept values, fix in place, send the workbook back, and see the faults grow fewer."""

from __future__ import annotations

from pathlib import Path

import openpyxl
from playwright.sync_api import Page, expect

from tests.browser.english import english_words
from tests.browser.walking import (
    LONG_MS,
    click,
    download,
    open_page,
    overflow,
    picture,
    upload,
    wait_until_idle,
)
from tests.pipeline.ingestion.files import csv_bytes
from tests.pipeline.ingestion.tables import HEADERS, sound


def _file(folder: Path) -> Path:
    """Forty appointments: four statuses nobody knows, three impossible days, a plan under a header nobody knows."""
    columns = sound(40)
    for row in (1, 2, 3, 4):
        columns["status"][row] = "Realiz"
    for row in (10, 11, 12):
        columns["scheduled_date"][row] = "31/02/2026"
    names = {**HEADERS, "health_plan": "Coluna 13"}
    path = folder / "agenda.csv"
    path.write_bytes(csv_bytes([[names[key] for key in columns], *zip(*columns.values(), strict=True)]))
    return path


def _expect_left_out(page: Page, rows: int) -> None:
    figure = page.get_by_test_id("stMetric").filter(has_text="Deixadas de fora").get_by_test_id("stMetricValue")
    expect(figure).to_have_text(str(rows), timeout=LONG_MS)


def _section(page: Page, name: str) -> None:
    page.get_by_role("radio", name=name).or_(page.get_by_role("button", name=name, exact=True)).first.click()
    wait_until_idle(page)


def test_map_accept_mend_and_send_back(fresh: tuple[Page, str, str], tmp_path: Path) -> None:
    page, url, screen = fresh
    open_page(page, f"{url}/dados")
    upload(page, _file(tmp_path))
    assert english_words(page) == []

    # map the column that no header explains
    page.get_by_role("combobox", name="Convênio").click()
    page.get_by_role("option", name="Coluna 13").click()
    wait_until_idle(page)
    assert overflow(page) == 0
    click(page, "Conferir e guardar")
    _expect_left_out(page, 3)

    # accept what a value means, for all rows
    expect(page.get_by_role("heading", name="Valores a confirmar")).to_be_visible()
    click(page, "Aceitar para 4 linhas")
    expect(page.get_by_text("1 valor aceito.")).to_be_visible()
    expect(page.get_by_role("heading", name="Valores a confirmar")).to_have_count(0)
    assert overflow(page) == 0
    picture(page, f"corrigir_relatorio_{screen}")

    # mend one cell in place, by the keyboard as everybody does
    _section(page, "Corrigir")
    assert overflow(page) == 0
    picture(page, f"corrigir_{screen}")
    assert english_words(page) == []
    if screen == "wide":
        _mend_in_place(page)

    # mend the others in the workbook, and send it back
    book = download(page, "Planilha de correção", tmp_path)
    _mend_workbook(book)
    upload(page, book, page.get_by_test_id("stFileUploader").last)
    click(page, "Aplicar as correções")
    _section(page, "Relatório")
    _expect_left_out(page, 0)

    # what was done can be taken back, one step at a time
    _section(page, "Corrigir")
    expect(page.get_by_role("heading", name="O que foi corrigido")).to_be_visible()
    click(page, "Desfazer")
    _section(page, "Relatório")
    _expect_left_out(page, 1)

    # and the recipe is remembered for the next file with the same headers
    expect(page.get_by_role("heading", name="Receitas lembradas")).to_be_visible()
    if screen == "wide":
        _back_leads_to_the_part_that_was_left(page)


def _back_leads_to_the_part_that_was_left(page: Page) -> None:
    _section(page, "Comparar")
    steps = page.evaluate("history.length")
    page.get_by_test_id("stSidebarNavLink").filter(has_text="Modelo").click()
    expect(page.get_by_role("heading", name="Modelo", exact=True)).to_be_visible()
    wait_until_idle(page)
    assert page.evaluate("history.length") == steps + 1 and "parte=" not in page.url
    page.go_back()
    expect(page.get_by_role("radio", name="Comparar")).to_be_checked(timeout=LONG_MS)


def _type_in_the_first_row(page: Page, left: float, top: float) -> None:
    """Opens the cell of “Data do agendamento” in the table's first row and types a day."""
    page.keyboard.press("Escape")
    page.mouse.click(left + 30, top + 36 + 18)  # the first row's number
    for _ in range(2):  # over to “Data do agendamento”, the column with the faults
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_timeout(600)
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("02/03/2026")
    page.wait_for_timeout(300)
    page.keyboard.press("Enter")
    page.wait_for_timeout(1500)
    wait_until_idle(page)


def _mend_in_place(page: Page) -> None:
    page.get_by_text("Corrigir nas células").click()
    wait_until_idle(page)
    canvas = page.get_by_test_id("stDataFrame").first
    canvas.scroll_into_view_if_needed()
    page.wait_for_timeout(1500)  # the table is drawn on a canvas, which no locator can wait for
    box = canvas.bounding_box()
    assert box is not None
    typed = page.get_by_text("1 correção digitada")
    for _ in range(3):  # on a busy machine the canvas may not have opened its cell when the keys come
        _type_in_the_first_row(page, box["x"], box["y"])
        if typed.or_(page.get_by_text("2 correções digitadas")).first.is_visible():
            break
    expect(typed).to_be_visible(timeout=30_000)
    _section(page, "Relatório")  # away from the editor, and back: what was typed stays
    expect(typed).to_be_visible(timeout=30_000)
    _section(page, "Corrigir")
    page.get_by_text("Corrigir nas células").click()
    wait_until_idle(page)
    click(page, "Salvar 1 correção")
    expect(page.get_by_text("1 célula corrigida.")).to_be_visible()


def _mend_workbook(path: Path) -> None:
    """Every impossible day becomes a possible one; the faulty cell is coloured and says why."""
    book = openpyxl.load_workbook(path)
    sheet = book["Corrigir"]
    place = next(c.column for c in sheet[1] if c.value == HEADERS["scheduled_date"])
    mended = 0
    for row in sheet.iter_rows(min_row=2):
        cell = row[place - 1]
        if cell.value == "31/02/2026":
            assert cell.comment is not None and cell.fill.fgColor.rgb == "00F7CFC7"
            cell.value = "03/03/2026"
            mended += 1
    assert mended >= 2
    book.save(path)
