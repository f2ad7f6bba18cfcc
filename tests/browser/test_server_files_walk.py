"""The server's folder in Chromium: a file is opened and kept; a large one is read beside, and left, and there."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from playwright.sync_api import Browser, Page, expect

from pipeline.services import Workspace, catalog
from pipeline.services.data import datasets
from tests.browser import way
from tests.browser.conftest import PHONE, WIDE, watched_page
from tests.browser.server import ROOT, serve
from tests.browser.walking import LONG_MS, click, looked_at, open_page, upload, wait_until_idle

pytestmark = pytest.mark.slow
PRODUCT = "no_show"
LABEL = "Da pasta do servidor"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two years of files, odd names among them, and one that is large."""
    made, sample = tmp_path / "importar", catalog.sample_file(PRODUCT, "past")
    assert sample is not None
    rows = sample.read_bytes().splitlines()
    for year in ("2025", "2026"):
        (made / year).mkdir(parents=True)
        for month in range(1, 13):
            path = made / year / f"agendamentos_{year}_{month:02d}.csv"
            path.write_bytes(b"\n".join(rows[:400]))
            os.utime(path, (1_700_000_000 + int(year) + month, 1_700_000_000 + int(year) + month))
    (made / "![foto](evil.example) <b>x.csv").write_bytes(b"\n".join(rows[:400]))
    (made / "link.csv").symlink_to(sample)
    large = made / "rede_inteira.csv"
    with large.open("wb") as file:
        file.write(rows[0] + b"\n")
        body = b"\n".join(rows[1:]) + b"\n"
        while file.tell() < 55_000_000:
            file.write(body)
    return made


def test_a_file_of_the_server_is_kept_and_a_large_one_read_beside(
    browser: Browser, tmp_path: Path, folder: Path
) -> None:
    home, told = tmp_path / "presenca", {"PRESENCA_IMPORT": str(folder)}
    with serve(ROOT / "dashboard" / "app.py", home, environ=way.ENVIRON | told, forked=False) as url:
        with watched_page(browser, url, **WIDE) as page:
            open_page(page, f"{url}/dados")
            expect(page.get_by_text("O que for maior pode ser escolhido abaixo")).to_be_visible(timeout=LONG_MS)
            looked_at(page, "server_files_1440")
            _pick(page, "2026_03", "server_files_list_1440")
            looked_at(page, "server_files_open_1440")
            click(page, "Conferir e guardar")
            expect(page.get_by_role("heading", name="Relatório dos dados")).to_be_visible(timeout=LONG_MS)
            page.get_by_text("Enviar arquivo", exact=True).click()
            upload(page, _as_parquet(folder / "2026" / "agendamentos_2026_04.csv", tmp_path / "abril.parquet"))
            expect(page.get_by_text("Qual coluna é qual")).to_be_visible(timeout=LONG_MS)
            looked_at(page, "parquet_sent_1440")
            click(page, "Conferir e guardar")
            expect(page.get_by_text("abril.parquet").first).to_be_visible(timeout=LONG_MS)
            page.get_by_text("Enviar arquivo", exact=True).click()
            wait_until_idle(page)
            _pick(page, "rede", "")
            expect(page.get_by_text("a leitura é feita à parte")).to_be_visible(timeout=LONG_MS)
            looked_at(page, "server_files_large_1440")
            click(page, "Conferir e guardar")
            expect(page.get_by_text("Lendo os arquivos do servidor")).to_be_visible(timeout=LONG_MS)
            looked_at(page, "server_files_reading_1440")
            followed = page.url
        with watched_page(browser, url, **PHONE) as page:  # left, and come back to
            open_page(page, followed)
            expect(page.get_by_text("Os arquivos do servidor foram lidos e guardados")).to_be_visible(timeout=240_000)
            looked_at(page, "server_files_done_390")
            page.get_by_text("Enviar arquivo", exact=True).click()
            _pick(page, "2025_1", "server_files_list_390")
            looked_at(page, "server_files_open_390")
    space = Workspace(home)
    names = {one.name for one in datasets.datasets(space, PRODUCT)}
    space.close()
    assert names == {"agendamentos_2026_03.csv", "abril.parquet", "rede_inteira.csv"}
    shutil.rmtree(folder)


def _as_parquet(source: Path, target: Path) -> Path:
    """A CSV as a warehouse would write it: one whose rows are others, else it would be kept already."""
    header, *lines = [line.split(";") for line in source.read_text("utf-8-sig").splitlines()[:300]]
    pq.write_table(pa.table(dict(zip(header, map(list, zip(*lines, strict=True)), strict=True))), target)
    return target


def _pick(page: Page, words: str, picture: str) -> None:
    """Looks for a file by a part of its name, chooses the first that is found, and opens it."""
    control = page.get_by_role("combobox", name=LABEL)
    control.click()
    control.press_sequentially(words)
    option = page.get_by_role("option").first
    expect(option).to_be_visible()
    if picture:
        looked_at(page, picture)
    option.click()
    wait_until_idle(page)
    page.get_by_text("por arquivo pelo navegador").click(force=True)  # elsewhere: the list closes
    page.locator(".st-key-server_open button").click()  # the arrow of the list is called so, too
    wait_until_idle(page)
    expect(page.get_by_text("Qual coluna é qual")).to_be_visible(timeout=LONG_MS)
