"""Privacidade: one patient is found, and erased once somebody typed that it is meant; a review asked for in Agenda is
decided here.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.products.no_show import PRODUCT
from pipeline.services import Workspace
from pipeline.services.data import datasets, event_keys
from pipeline.services.privacy import reviews
from tests.dashboard.pages import AGENDA, PRIVACY, opened, said, sound


@pytest.fixture
def raw_id(trained: Workspace) -> str:
    """A patient of the sample, as the clinic writes them."""
    info = next(d for d in datasets.datasets(trained, PRODUCT.key) if d.purpose == "past")
    header = next(c.header for c in datasets.report(trained, info.id).columns if c.field == "patient_id")
    raw = trained.raw(info.id)
    assert raw is not None
    return str(raw.column(header)[5].as_py())


def test_an_empty_workspace_has_nothing_to_show_and_says_so(empty_home: Path) -> None:
    text = said(sound(opened(PRIVACY), PRODUCT))
    assert "0\u00a0conjuntos de dados".replace("\u00a0", " ") in text.replace("\u00a0", " ")
    assert "nada foi mudado, tirado nem cortado" in text and "Nenhum pedido ainda." in text


def test_a_patient_is_found_and_erased_only_when_it_is_meant(trained: Workspace, raw_id: str) -> None:
    app = opened(PRIVACY)
    app.text_input("patient_typed").input(raw_id)
    app = sound(next(button for button in app.button if button.label == "Achar").click().run(), PRODUCT)
    assert "Encontrado em" in said(app) and raw_id not in said(app)
    assert app.button("patient_erase").disabled
    app.text_input("patient_confirmed").input("APAGAR").run()
    app = sound(app.button("patient_erase").click().run(), PRODUCT)
    assert "a pedido do titular" in said(app) and "Encontrado em" not in said(app)
    (done,) = trained.erasures()
    assert done.done and len(done.facts.models) == 1
    app.text_input("patient_typed").input(raw_id)
    app = next(button for button in app.button if button.label == "Achar").click().run()
    assert "Nada guardado sobre este paciente." in said(app)


def test_a_review_is_asked_for_in_the_list_and_decided_here(trained: Workspace) -> None:
    app = sound(opened(AGENDA), PRODUCT)
    why = next(one for one in app.text_input if str(one.key).startswith("review_why_"))
    why.input("não concorda com o risco").run()
    button = next(one for one in app.button if str(one.key).startswith("review_ask_"))
    assert "Pedido registrado." in said(sound(button.click().run(), PRODUCT))
    series = trained.series(PRODUCT.key)[0].id
    (asked,) = reviews.of(trained, series)
    future = next(d for d in datasets.datasets(trained, PRODUCT.key) if d.purpose == "future")
    assert asked.key in event_keys.named(trained, future.id).values() and asked.risk is not None
    app = sound(opened(PRIVACY), PRODUCT)
    assert "Ainda sem decisão." in said(app)
    app.text_input(f"review_reason_{asked.id}").input("o cálculo está certo").run()
    app = sound(app.button(f"review_save_{asked.id}").click().run(), PRODUCT)
    assert "risco mantido" in said(app) and reviews.of(trained, series)[0].decision == "kept"
