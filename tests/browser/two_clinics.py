"""A workspace in which two clinics have sent their first month and trained; and what a page says, to be held against
pandas.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from pipeline import services
from pipeline.modeling.training import boosting
from pipeline.records import Recipe
from pipeline.services.data import datasets
from pipeline.services.data.placing import Into
from pipeline.services.models import models
from tests.browser import way
from tests.browser.walking import LONG_MS, click, open_page, overflow, upload, wait_until_idle
from tests.clinics import (
    CAME,
    MISSED,
    OTHER_HEADERS,
    PENDING,
    STATUS,
    UNIT,
    VITORIA,
    Clinic,
    sampled,
    vitoria,
)
from tests.conftest import REAL
from tests.toy.house import TINY, train_here

FIRST, SECOND, THIRD = range(3)


@dataclass(frozen=True)
class City:
    """The workspace, its clinics (Vitória where the real data are, else a sample network), and by clinic's name the ids
    of the first month's data set and model."""

    home: Path
    north: Clinic
    south: Clinic
    first: dict[str, tuple[str, str]]

    def address(self, url: str, clinic: Clinic, page: str = "") -> str:
        dataset, model = self.first[clinic.name]
        return f"{url}/{page}?produto=no_show&dados={dataset}&modelo={model}"


ROWS = 12_000  # of a year of a made-up clinic


def built(folder: Path) -> City:
    """Files written, first months kept and learnt from, as fast as can be."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**way.ENVIRON, "PRESENCA_HOME": str(folder / "home")}.items():
            patch.setenv(name, value)
        patch.setitem(boosting.EFFORTS, "fast", TINY)
        train_here(patch)
        real = (REAL / VITORIA).exists()
        north = vitoria(folder, REAL) if real else sampled("Norte", folder, 21, {}, ROWS)
        south = sampled("Sul", folder, 22, OTHER_HEADERS, ROWS)
        workspace, first = services.open_workspace(), {}
        for clinic, chosen in ((north, {}), (south, {"unit": OTHER_HEADERS[UNIT]})):
            file = clinic.files[FIRST]
            info = datasets.keep(
                workspace,
                "no_show",
                file.read_bytes(),
                file.name,
                recipe=Recipe.of(chosen),
                into=Into(name=clinic.name),
            )
            job = models.start_training(workspace, info.id, effort="fast")
            assert job.state == "done" and job.model_id, job.message
            first[clinic.name] = (info.id, job.model_id)
    return City(folder / "home", north, south, first)


def said(page: Page) -> str:
    """What the page's main part says, white space squeezed."""
    return " ".join(page.get_by_test_id("stMain").inner_text().split())


def figures(page: Page) -> dict[str, tuple[str, str]]:
    """Key figures: label → value and note."""
    found = {}
    page.get_by_test_id("stMetric").first.wait_for(timeout=LONG_MS)
    wait_until_idle(page)  # the others are drawn after the first
    for card in page.get_by_test_id("stMetric").all():
        label, value, *note = [line for line in card.inner_text().splitlines() if line.strip()]
        found[label.strip()] = (value.strip(), " ".join(note).strip())
    return found


def chosen(page: Page, key: str) -> str:
    """An id in the page's address."""
    return parse_qs(urlsplit(page.url).query).get(key, [""])[0]


def count(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def send(page: Page, url: str, city: City, clinic: Clinic, month: int) -> str:
    """Uploads a month as a user does: recognised, with the columns as they were chosen before; gives its id."""
    open_page(page, city.address(url, clinic, "dados"))
    if not page.get_by_test_id("stFileUploader").first.is_visible():
        page.get_by_text("Enviar arquivo").first.click()
        wait_until_idle(page)
    upload(page, clinic.files[month])
    text = said(page)
    assert "Reconhecida:" in text and "os cabeçalhos são os mesmos" in text, text
    click(page, "Conferir e guardar")
    expect(page.get_by_role("heading", name="Relatório dos dados")).to_be_visible(timeout=LONG_MS)
    wait_until_idle(page)
    assert count(len(clinic.rows[month])) in said(page) and overflow(page) == 0
    return chosen(page, "dados")


def percent(share: float) -> str:
    return f"{100 * share:.1f}%".replace(".", ",")


def outcomes(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows that are known to have been a no-show or not."""
    return rows[rows[STATUS].isin([MISSED, CAME])]


def rate(rows: pd.DataFrame) -> float:
    known = outcomes(rows)
    return float((known[STATUS] == MISSED).mean())


def ahead(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows[STATUS] == PENDING]
