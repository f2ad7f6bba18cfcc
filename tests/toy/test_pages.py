"""A product that nobody knows goes through every page, in its own words."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipeline.contract import Product
from tests.dashboard.pages import AGENDA, COMMENTS, DATA, HOME, MODEL, RISK, columns, opened, said, sound
from tests.toy.products import BELL, GUESTBOOK, LETTERBOX, LIBRARY

FOREIGN = ("convênio", "Data do agendamento", "Taxa de falta", "faltas")


@pytest.fixture
def at(homes: dict[str, Path], monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """Opens a page of a product in its trained workspace."""

    def go(product: Product, page: str):  # type: ignore[no-untyped-def]
        monkeypatch.setenv("PRESENCA_HOME", str(homes[product.key]))
        if page != HOME:
            return opened(page, produto=product.key)
        app = opened()  # where a person chooses
        choose = f"choose_{product.key}"
        if choose in {b.key for b in app.button}:
            app.button(choose).click().run()
        return app.switch_page(page).run()

    return go


ALIKE = [pytest.param(page, marks=pytest.mark.slow) for page in (HOME, DATA)]  # whatever the product


@pytest.mark.parametrize("page", [HOME, DATA, MODEL, RISK, AGENDA])
def test_library_on_every_page(at, page: str) -> None:  # type: ignore[no-untyped-def]
    app = sound(at(LIBRARY, page), LIBRARY)
    text = said(app)
    shown = text if page != HOME else text.split("Conheça")[0]  # the house's own line on its samples
    assert not [word for word in FOREIGN if word in shown], shown
    wanted = {
        HOME: "mais atrasos",
        DATA: "Taxa de atraso por mês",
        MODEL: "Parte dos atrasos",
        RISK: "Em quais estantes se atrasa mais",
        AGENDA: "Livros a lembrar",
    }
    assert wanted[page] in text


def test_list_of_the_library_has_reasons(at) -> None:  # type: ignore[no-untyped-def]
    app = at(LIBRARY, AGENDA)
    day = next(box for box in app.selectbox if box.label == "Dia")
    assert day.value.weekday() < 5
    app.button("every_day").click().run()
    assert "com 60 empréstimos, do maior risco ao menor." in said(app)
    assert "O risco é de quem não termina como “Perdido”." in said(app)
    assert {"Risco", "Quando", "Principal motivo", "Faixa", "Estante"} <= set(columns(app))
    assert "agenda_unit" not in {box.key for box in app.selectbox}  # no unit is declared: nothing to choose


@pytest.mark.parametrize("page", [*ALIKE, MODEL, RISK])
def test_bell_on_every_page_that_it_has(at, page: str) -> None:  # type: ignore[no-untyped-def]
    text = said(sound(at(BELL, page), BELL))
    wanted = {
        HOME: "mais silêncios",
        DATA: "Taxa de silêncio por mês",
        MODEL: "Parte dos silêncios",
        RISK: "Ao longo do tempo",
    }
    assert wanted[page] in text


@pytest.mark.parametrize("page", [*ALIKE, MODEL, RISK, COMMENTS])
def test_guest_book_on_every_page(at, page: str) -> None:  # type: ignore[no-untyped-def]
    app = sound(at(GUESTBOOK, page), GUESTBOOK)
    text = said(app)
    shown = text if page != HOME else text.split("Conheça")[0]
    assert not [word for word in (*FOREIGN, "atendimento", "CEP") if word in shown], shown
    wanted = {
        HOME: "Ler comentários",
        DATA: "Taxa de queixa por mês",
        MODEL: "As palavras que mais pesam",
        RISK: "Estrelas (média)",
        COMMENTS: "esperam resposta",
    }
    assert wanted[page] in text


def test_themes_of_the_guest_book_are_its_own(at) -> None:  # type: ignore[no-untyped-def]
    app = at(GUESTBOOK, COMMENTS)
    app.session_state["comments_section"], app.session_state["comments_period"] = "Temas", 0
    text = said(sound(app.run(), GUESTBOOK))
    assert "O que mais recebe queixa: sopa (" in text and "O que mais recebe elogio: jardim (" in text


@pytest.mark.parametrize("page", [*ALIKE, MODEL, RISK])
def test_letters_sorted_by_hand_need_no_stars(at, page: str) -> None:  # type: ignore[no-untyped-def]
    """A target that is a category of three, read from text: one of them is the event."""
    text = said(sound(at(LETTERBOX, page), LETTERBOX))
    wanted = {
        HOME: "mais queixas",
        DATA: "Taxa de queixa por mês",
        MODEL: "As palavras que mais pesam",
        RISK: "De que assunto se escreve mais",
    }
    assert wanted[page] in text, text
    assert page == HOME or "estrelas" not in text.lower(), text  # there the other toys are offered


def test_bell_is_offered_no_agenda(at) -> None:  # type: ignore[no-untyped-def]
    app = at(BELL, HOME)
    assert "Abrir agenda" not in said(app)
    with pytest.raises(ValueError, match="agenda"):
        app.switch_page(AGENDA)


def test_nothing_is_left_in_the_home_of_the_person(at) -> None:  # type: ignore[no-untyped-def]
    at(LIBRARY, HOME)
    assert "toy_library" in os.environ["PRESENCA_HOME"]
