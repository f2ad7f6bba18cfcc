"""What a page's address brings and keeps: the file, the model, the section, the filters; and what is gone says so."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from streamlit.testing.v1 import AppTest

from dashboard import address
from pipeline.products.no_show import PRODUCT
from pipeline.services import Workspace
from pipeline.services.data import datasets
from tests.dashboard.pages import APP, HOME, opened, said, sound


def _linked(**words: str | list[str]) -> AppTest:
    """The app in a new session, reached by a link."""
    app = AppTest.from_file(str(APP), default_timeout=60)
    for name, value in words.items():
        app.query_params[name] = value
    return app.run()


def test_a_link_shows_its_file_and_not_the_newest(trained: Workspace) -> None:
    kept = datasets.datasets(trained, PRODUCT.key)
    for info in kept:
        assert info.name in said(_linked(produto=PRODUCT.key, dados=info.id))


def test_a_link_to_a_deleted_file_says_so_and_offers_the_newest(trained: Workspace) -> None:
    app = sound(_linked(produto=PRODUCT.key, dados="apagado"), PRODUCT)
    text = said(app)
    assert "O arquivo deste link foi apagado" in text and "Nenhum arquivo carregado" in text
    app.button("lost_go").click().run()
    assert "deste link" not in said(sound(app, PRODUCT)) and app.title[0].value == "Hoje"


def test_a_link_to_a_deleted_model_says_so_and_keeps_the_file(trained: Workspace) -> None:
    info = datasets.datasets(trained, PRODUCT.key)[0]
    app = sound(_linked(produto=PRODUCT.key, dados=info.id, modelo="apagado"), PRODUCT)
    assert "O modelo deste link foi apagado" in said(app)
    app.button("lost_go").click().run()
    assert info.name in said(sound(app, PRODUCT)) and app.session_state["dados"] == info.id


def test_a_link_to_a_deleted_file_in_an_empty_house_leads_home(empty_home: Path) -> None:
    assert "Ir para Início" in said(sound(_linked(dados="apagado"), PRODUCT))


def test_what_somebody_else_deleted_is_not_replaced_in_silence(trained: Workspace) -> None:
    app = opened(HOME)
    trained.delete_dataset(app.session_state["dados"])
    assert "O arquivo deste link foi apagado" in said(sound(app.run(), PRODUCT))


def test_words_of_the_address_are_read_or_are_nothing() -> None:
    read = address.among(["Relatório", "Corrigir"], str.lower)
    assert read("corrigir") == "Corrigir" and read("nada") is None
    assert address.a_date("2026-11-23") == dt.date(2026, 11, 23) and address.a_date("ontem") is None


def _page_of_choices() -> None:
    import streamlit as st

    from dashboard import address as where

    choices = [
        where.Choice("uf", "uf", where.among(["SP", "RJ"]), default=""),
        where.Choice("planos", "plans", where.among(["A", "B", "C"]), default=[], many=True),
    ]
    where.restore(choices)
    st.selectbox("UF", ["", "SP", "RJ"], key="uf")
    st.multiselect("Planos", ["A", "B", "C"], key="plans", placeholder="Todos", select_all=False)
    where.keep_frame({"dados": "d1", "modelo": None})
    where.keep(choices)
    where.write()
    where.settle()


def test_filters_come_from_the_address_and_go_back_into_it() -> None:
    app = AppTest.from_function(_page_of_choices)
    app.query_params["uf"], app.query_params["planos"], app.query_params["outra"] = "RJ", ["A", "C", "Z"], "página"
    app.run()
    assert app.selectbox[0].value == "RJ" and app.multiselect[0].value == ["A", "C"]
    app.selectbox[0].set_value("SP").run()
    assert app.query_params == {"dados": "d1", "uf": "SP", "planos": ["A", "C"]}  # what is of no choice here is gone
    app.selectbox[0].set_value("").run()
    assert "uf" not in app.query_params and app.selectbox[0].value == ""
