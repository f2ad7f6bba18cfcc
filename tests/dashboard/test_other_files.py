"""Files that need a question before they are kept: another product's, and ratings on another scale."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import services
from pipeline.products.no_show import PRODUCT as NO_SHOW
from pipeline.products.satisfaction import PRODUCT
from pipeline.services.data import datasets
from tests.conftest import ROOT
from tests.dashboard.pages import DATA, opened, said, sound


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
