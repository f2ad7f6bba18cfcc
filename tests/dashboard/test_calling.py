"""Calling from the page: a list is made, the next patient comes as a card, one press writes the call down and brings
the next; another browser is told; a press can be taken back; what was typed is kept.
"""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.components.caller import NAME
from pipeline.products.no_show import PRODUCT
from pipeline.records.contacts import Caller, Channel, ContactOutcome, Mute
from pipeline.services import Workspace
from pipeline.services.data import series_settings
from pipeline.services.pages import call_queue, contacts
from tests.dashboard.pages import AGENDA, opened, said, sound


def pressed(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click()
    return sound(app.run(), PRODUCT)


def calling() -> AppTest:
    app = opened(AGENDA)
    app.segmented_control(key="agenda_part").set_value("Ligar")
    return sound(app.run(), PRODUCT)


@pytest.fixture
def series(trained: Workspace) -> str:
    return trained.series(PRODUCT.key)[0].id


def test_a_morning_of_calls(trained: Workspace, series: str) -> None:
    app = calling()
    assert "Para quem ligar hoje" in said(app) and not contacts.contacts(trained, series)
    app = pressed(app, "Fazer a fila")
    assert "0 de 40 ligações feitas hoje" in said(app) and "40 pacientes a ligar" in said(app)

    other = call_queue.next_to_call(trained, series, Caller("other", "Bia [x](http://y)"))
    assert other is not None
    app.text_input(key=NAME).input("Ana")
    app = pressed(app, "Próximo a ligar")
    told = said(app)
    assert "Sendo ligado agora por Bia" in told and "aqui é Ana" in told and f"P-{other.patient[:5]}" not in told
    assert not [element.value for element in app.markdown if "[x](http" in element.value]

    next(toggle for toggle in app.toggle if toggle.label == "Canal, barreira e anotação").set_value(True)
    app = sound(app.run(), PRODUCT)
    app.text_area[0].input("Vem de van, liguem no (27) 99876-1234")
    app = pressed(app, "Confirmou")
    (first,) = {one.patient for one in contacts.contacts(trained, series)}
    kept = contacts.contacts(trained, series)[0]
    assert (kept.outcome, kept.who) == (ContactOutcome.CONFIRMED, "Ana") and "[telefone]" in kept.note
    assert "1 de 40 ligações feitas hoje" in said(app) and "Registrado: confirmou." in said(app)
    assert f"P-{first[:5]}" not in said(app)  # the next one is here

    app = pressed(app, "Não atendeu")
    assert "2 de 40 ligações feitas hoje" in said(app) and "Volta mais tarde: 1" in said(app)
    app = pressed(app, "Desfazer")
    assert "1 de 40 ligações feitas hoje" in said(app) and len(contacts.contacts(trained, series)) == len(
        [one for one in contacts.contacts(trained, series) if one.patient == first]
    )
    assert "Volta mais tarde" not in said(app)
    app = pressed(app, "Não ligar mais para este paciente")
    assert "não ligar: 1" in said(app)


@pytest.mark.slow  # drawn and told apart: tests/pipeline/services/pages/test_contacts.py
def test_two_channels_to_compare_are_chosen_and_each_card_says_the_patients_own(
    trained: Workspace, series: str
) -> None:
    app = calling()
    app.segmented_control(key="calling_compare").set_value("channel")
    app = pressed(sound(app.run(), PRODUCT), "Fazer a fila")
    assert "Duas formas sorteadas: ligação e, para 50% dos pacientes, WhatsApp." in said(app)
    app, seen = pressed(app, "Próximo a ligar"), set()
    for _ in range(6):
        text = said(app)
        seen |= {way for way in ("ligação", "WhatsApp") if f"Fale por {way}: o sorteio escolheu" in text}
        app = pressed(app, "Confirmou")
    by = {one.channel for one in contacts.contacts(trained, series)}
    assert seen == {"ligação", "WhatsApp"} and by == {Channel.CALL, Channel.WHATSAPP}

    app.segmented_control(key="calling_compare").set_value("wording")
    app = pressed(sound(app.run(), PRODUCT), "Fazer a fila")
    assert "Não há duas formas de contato a comparar." in said(app)
    app.text_area(key="calling_compare_text").set_value("Oi! {procedimento} em {dia}?")
    app = pressed(app, "Fazer a fila")
    assert "o texto de sempre e, para 50% dos pacientes, “Oi! … em …?”." in said(app)


@pytest.mark.slow
def test_a_press_that_is_refused_says_so_and_keeps_what_was_typed(
    trained: Workspace, series: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline.errors import WorkspaceError

    app = pressed(pressed(calling(), "Fazer a fila"), "Próximo a ligar")
    next(toggle for toggle in app.toggle if toggle.label == "Canal, barreira e anotação").set_value(True)
    app = sound(app.run(), PRODUCT)
    app.text_area[0].input("Combinei retorno.")

    def refuse(*_: object, **__: object) -> int:
        raise WorkspaceError("records.busy")

    with monkeypatch.context() as patched:
        patched.setattr(Workspace, "add_contacts", refuse)
        app = pressed(app, "Confirmou")
    assert app.error and app.text_area[0].value == "Combinei retorno." and not contacts.contacts(trained, series)
    app = pressed(app, "Confirmou")
    assert not app.error and contacts.contacts(trained, series)[0].note == "Combinei retorno."


@pytest.mark.slow
def test_the_end_of_a_list_is_told(trained: Workspace, series: str) -> None:
    app = calling()
    next(one for one in app.number_input if one.label == "Ligações por dia, cada").set_value(1)
    apart = next(one for one in app.multiselect if one.label.startswith("Outro prazo"))
    apart.set_value([apart.options[0]])
    next(one for one in app.number_input if one.label == "Dias nessas").set_value(2)
    app = pressed(pressed(app, "Fazer a fila"), "Próximo a ligar")
    assert series_settings.calls(trained, series).mute == Mute(7, ((apart.options[0], 2),))
    app = pressed(app, "Não atendeu")
    assert "Ninguém mais a ligar agora" in said(app) and "Há quem volte à fila às" in said(app)
    next(one for one in app.number_input if one.label == "Piso de risco (%)").set_value(100)
    app = pressed(app, "Fazer a fila")
    assert "Não há ninguém a ligar" in " ".join(str(error.value) for error in app.error)
