"""The page of a model that has later outcomes: advice, months, what moved; two models in its series."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import replace
from pathlib import Path

import pytest

from dashboard import state
from pipeline.insight import evaluation
from pipeline.products.no_show import PRODUCT
from pipeline.records import TRAIN_AGAIN, Importance, Watched
from pipeline.services import Session, Workspace, open_workspace
from pipeline.services.data import datasets, series
from pipeline.services.data.placing import Into
from pipeline.services.models import models
from pipeline.services.pages import watching
from pipeline.workspace.jobs import processes
from tests.dashboard.pages import MODEL, columns, opened, said, sound
from tests.pipeline.insight.judged import UNTIL, saved, trained_early, written
from tests.pipeline.insight.typed import typed_rows


@pytest.mark.slow  # what it tells: services/pages/test_watching.py, test_two_models.py
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
    monkeypatch.setattr(state, "is_phone", lambda: True)
    app = sound(app.run(), PRODUCT)
    assert "Segundo menos primeiro" not in columns(app) and said(app).count("Segundo menos primeiro") >= 3
    assert "watch_level" not in {button.key for button in app.button}  # the card of the open file has that way
    written(rows[rows["scheduled_date"] < UNTIL].head(300), tmp_path / "antes.csv")
    before = datasets.keep(
        session, PRODUCT.key, (tmp_path / "antes.csv").read_bytes(), "antes.csv", into=Into(info.series)
    )
    shown = app.session_state[state.MODEL]
    app.query_params[state.DATASET] = app.session_state[state.DATASET] = before.id
    app = sound(app.run(), PRODUCT)
    assert app.session_state[state.MODEL] == shown
    app = sound(app.button("watch_level").click().run(), PRODUCT)
    made = app.session_state[state.MODEL]
    assert made != shown and "nível" in said(app) and series.known(session, info.series).model_id == made


def test_where_training_is_advised_its_form_stands_beside_the_advice(
    trained: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = Watched(dt.date(2026, 6, 30), 400, 0, None, False, None, None, (), TRAIN_AGAIN, ("order_lost",))
    monkeypatch.setattr(watching, "watched", lambda *_: lost)
    app = sound(opened(MODEL), PRODUCT)
    again = [box for box in app.expander if box.label == "Treinar de novo"]
    assert len(again) == 1 and again[0].proto.expanded and "train" in {button.key for button in app.button}
    assert "watch_level" not in {button.key for button in app.button}
    assert [button.label for button in app.button if button.proto.type == "primary"] == ["Ver risco"]
    monkeypatch.setattr(processes, "start", lambda *_, **__: os.getpid())
    app.button("train").click().run()
    assert models.current_job(Session(trained), PRODUCT.key) is not None
