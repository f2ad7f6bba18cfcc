"""The page of a model that has later outcomes: advice, months, what moved; two models in its series."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.insight import evaluation
from pipeline.products.no_show import PRODUCT
from pipeline.records import Importance
from pipeline.services import Session, open_workspace
from pipeline.services.data import datasets
from pipeline.services.data.placing import Into
from pipeline.services.models import models
from tests.dashboard.pages import MODEL, columns, opened, said, sound
from tests.pipeline.insight.judged import saved, trained_early, written
from tests.pipeline.insight.typed import typed_rows


def test_the_page_tells_what_became_of_it_and_of_a_new_one(
    empty_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evaluation, "references", lambda *_: {})
    rows, session = typed_rows(3_000), Session(open_workspace())
    written(rows, tmp_path / "tudo.csv")
    raw = (tmp_path / "tudo.csv").read_bytes()
    info = datasets.keep(session, PRODUCT.key, raw, "tudo.csv", into=Into(name="Daqui"))
    for level in (1.0, 0.0):
        made = trained_early(rows, 15, level)
        made = replace(made, card=replace(made.card, importance=(Importance("unit", 1.0),)))
        models.add(session, saved(made, tmp_path / "m.zip"), made.card, models.Source(None, "m.csv", info.series))
    app = sound(opened(MODEL), PRODUCT)
    text = said(app)
    assert "Depois do treino" in text and "Ajustar o nível: o que veio se afasta" in text
    assert "Nenhum campo em que o risco se apoia mudou" in text or "O que mais mudou" in text
    assert {"Peso no risco", "Nunca vistos"} <= set(columns(app))
    assert "O modelo novo erra menos; na ordem não há diferença clara." in text
    assert "Segundo menos primeiro" in columns(app) and "mudam de faixa" in text
