"""Files that need a question before they are kept: another product's, ratings on another scale. And Parquet."""

from __future__ import annotations

import io
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline import services
from pipeline.products.no_show import PRODUCT as NO_SHOW
from pipeline.products.satisfaction import PRODUCT
from pipeline.services.data import datasets
from tests.conftest import ROOT
from tests.dashboard.pages import DATA, opened, said, sound
from tests.dashboard.test_bad_files import HEADER, lines


@pytest.mark.parametrize(
    ("product", "file", "title"),
    [
        (PRODUCT, "no_show_passado.csv", "Faltas (No Show)"),
        (NO_SHOW, "satisfaction_passado.csv", "Satisfação"),
    ],
)
def test_a_file_of_the_other_product_is_said_to_be_one_and_is_one_click_from_it(
    workspace_home: Path,
    monkeypatch: pytest.MonkeyPatch,
    product,
    file: str,
    title: str,  # type: ignore[no-untyped-def]
) -> None:
    monkeypatch.setenv("PRESENCA_TODAY", "2026-11-23")
    services.open_workspace().set_setting("produto", product.key)
    app = opened(DATA)
    content = b"\n".join((ROOT / "data_samples" / file).read_bytes().splitlines()[:300])
    app.file_uploader[0].upload(file, content, "text/csv").run()
    text = said(sound(app, product))
    assert "Este arquivo parece ser de" in text and f"Mudar para {title}" in text
    app.button("change_product").click().run()
    text = said(app)
    assert "parece ser de" not in text and services.open_workspace().setting("produto", None) != product.key


def test_notes_of_0_to_10_are_asked_about(workspace_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESENCA_TODAY", "2026-11-23")
    space = services.open_workspace()
    space.set_setting("produto", PRODUCT.key)
    rows = ["Data do evento;Nota NPS;Comentário"] + [
        f"0{1 + n % 9}/02/2026;{n % 11};texto de número {'abc'[n % 3]}" for n in range(60)
    ]
    app = opened(DATA)
    app.file_uploader[0].upload("nps.csv", "\n".join(rows).encode(), "text/csv").run()
    assert "como uma nota de NPS" in said(sound(app, PRODUCT))
    app.checkbox[0].check().run()
    app.button("keep_upload").click().run()
    info = datasets.datasets(space, PRODUCT.key)[0]
    assert space.rows(info.id)["rating"].notna().all()


def _parquet(text: str) -> bytes:
    """The cells of a CSV as a warehouse would write them."""
    header, *rows = [line.split(";") for line in text.splitlines()]
    made = io.BytesIO()
    pq.write_table(pa.table(dict(zip(header, map(list, zip(*rows, strict=True)), strict=True))), made)
    return made.getvalue()


def test_a_parquet_sent_by_the_browser_is_what_its_csv_is(
    workspace_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRESENCA_TODAY", "2026-11-23")
    space, text = services.open_workspace(), HEADER + lines(60)
    space.set_setting("produto", NO_SHOW.key)
    app = opened(DATA)
    assert "XLSX ou Parquet" in said(app)
    app.file_uploader[0].upload("agenda.parquet", _parquet(text)).run()
    sound(app, NO_SHOW).button("keep_upload").click().run()
    sound(app, NO_SHOW)
    (sent,) = datasets.datasets(space, NO_SHOW.key)
    typed = datasets.keep(space, NO_SHOW.key, text.encode(), "agenda.csv")
    found, expected = (space.rows(one.id).drop(columns="taken_in") for one in (sent, typed))  # known since when
    assert found.equals(expected) and len(found) == 60


def test_a_parquet_of_lists_is_refused_on_the_page(workspace_home: Path) -> None:
    services.open_workspace().set_setting("produto", NO_SHOW.key)
    made = io.BytesIO()
    pq.write_table(pa.table({"Paciente": ["P1"], "Consultas": [[1, 2]]}), made)
    app = opened(DATA)
    app.file_uploader[0].upload("agenda.parquet", made.getvalue()).run()
    assert "a coluna 2 guarda listas" in " ".join(error.value for error in sound(app, NO_SHOW).error)
