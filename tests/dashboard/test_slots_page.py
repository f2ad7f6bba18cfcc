"""The page of slots in each of its states: no file, no agenda to come, no list, nothing emptied, no model; and the way
from a waiting list to a slot that is filled, and to extra bookings.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Selectbox

from pipeline import services
from pipeline.products.no_show import PRODUCT
from pipeline.records.slots import OfferState
from pipeline.services import Workspace
from pipeline.services.data import datasets, waiting
from pipeline.services.data.placing import Into
from pipeline.services.pages import refill
from tests.conftest import TEST_KEY
from tests.dashboard.pages import HOME, SLOTS, opened, said, sound

AGENDA = b"""Id do paciente;Data de contato;Data do agendamento;Status;Procedimento;Unidade;Sexo;Data do cancelamento
39053344705;01/10/2026;25/11/2026 09:00;Cancelado;Ultrassom *x*;Centro;F;20/11/2026
11144477735;01/10/2026;25/11/2026 09:30;Agendado;Ultrassom *x*;Centro;M;
15350946056;01/10/2026;02/11/2026 10:00;Cancelado;Ultrassom *x*;Centro;M;01/11/2026
86288366757;01/10/2026;03/11/2026 10:00;Realizado;Ultrassom *x*;Centro;M;
"""
LIST = """Id do paciente;Na fila desde;Procedimento;Unidade;Situação na fila
98765432100;01/03/2026;Ultrassom *x*;Centro;Aguardando
12345678909;01/02/2026;Ultrassom *x*;Centro;Aguardando
""".encode()


@pytest.fixture(scope="module")
def _prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("slots") / "home"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRESENCA_HOME", str(home))
        patch.setenv("PRESENCA_KEY", TEST_KEY)
        patch.setenv("PRESENCA_TODAY", "2026-11-23")
        datasets.keep(services.open_workspace(), PRODUCT.key, AGENDA, "agenda.csv", into=Into(name="Clínica"))
    return home


@pytest.fixture
def clinic(_prepared: Path, empty_home: Path) -> Workspace:
    shutil.copytree(_prepared, empty_home)
    return services.open_workspace()


def test_what_the_address_may_give_has_no_default_of_its_own(
    clinic: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Streamlit warns, in a server alone, of a widget with a default whose value the session sets."""
    asked: list[dict[str, object]] = []
    drawn = st.segmented_control
    monkeypatch.setattr(st, "segmented_control", lambda *args, **more: (asked.append(more), drawn(*args, **more))[1])
    app = opened(HOME)
    app.session_state["slots_part"] = "Encaixes"  # as `address.restore` does
    app = sound(app.switch_page(SLOTS).run(), PRODUCT)
    assert app.segmented_control(key="slots_part").value == "Encaixes"
    (own,) = [one for one in asked if one.get("key") == "slots_part"]
    assert own.get("default") is None


def page(part: str = "") -> AppTest:
    app = sound(opened(SLOTS), PRODUCT)
    if part:
        app.segmented_control(key="slots_part").set_value(part)
        app = sound(app.run(), PRODUCT)
    return app


def pressed(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click()
    return sound(app.run(), PRODUCT)


def test_without_a_file_the_way_to_one_is_shown(empty_home: Path) -> None:
    assert "Ainda não há dados" in said(page())


def test_from_a_waiting_list_to_a_filled_slot(clinic: Workspace) -> None:
    app = page()
    assert "1 vaga esvaziada" in said(app) and "Ainda não há fila de espera" in said(app)
    assert "Ninguém da fila espera por esta vaga" in said(app) and "De 1 agendamento dos próximos 7 dias" in said(app)
    (info,) = clinic.datasets(PRODUCT.key)
    waiting.upload(clinic, info.series, LIST, "fila.csv")

    app = pressed(page(), "Oferecer a 2")
    made = refill.offers(clinic, info.id)
    assert len(made) == 2 and "12345678909" not in said(app)
    app.toggle(key="slots_identities").set_value(True)
    assert "12345678909" in said(sound(app.run(), PRODUCT))
    refill.answer(clinic, info.id, made[0].id, OfferState.DECLINED, expected_version=0)  # in another browser
    app.button(key=f"offer_accepted_{made[0].id}").click()
    app = sound(app.run(), PRODUCT)
    assert [error for error in app.error if "Outra pessoa mudou" in str(error.value)]
    app = pressed(app, "Aceita")
    assert refill.counts(clinic, info.id).filled == 1 and "Vagas preenchidas" in said(app)
    assert "Nenhuma vaga a preencher" in said(app)
    assert "Ainda não há modelo" in said(page("Encaixes"))


def test_the_list_is_made_up_counted_and_deleted(clinic: Workspace) -> None:
    app = pressed(page("Fila de espera"), "Usar uma fila de exemplo")
    assert "pacientes esperam" in said(app) and "Enviar outra fila no lugar desta" in said(app)
    app = pressed(app, "Apagar")
    assert "Ainda não há fila de espera" in said(app)
    assert waiting.template(PRODUCT.key)[:2] == b"PK"


@pytest.mark.slow  # counted and named, below
def test_extra_bookings_of_a_list_and_what_the_sample_emptied(trained: Workspace) -> None:
    app = page()
    assert "2 vagas esvaziadas" in said(app) and "espera-se que" in said(app)
    told = said(page("Encaixes"))
    assert "é um exemplo" in told and "onferido no período de teste" in told and "De 1 marcado" in told


def test_extra_bookings_that_fit_are_counted_and_named(trained: Workspace) -> None:
    people = ("39053344705", "11144477735", "15350946056", "86288366757", "98765432100", "12345678909")
    lines = [
        f"{people[n % 6]};01/10/2026;25/11/2026 {8 + n // 3:02d}:{20 * (n % 3):02d};Agendado;Ultrassom {n};Centro;F"
        for n in range(24)
    ]
    head = "Id do paciente;Data de contato;Data do agendamento;Status;Procedimento;Unidade;Sexo"
    series = trained.series(PRODUCT.key)[0].id
    datasets.keep(trained, PRODUCT.key, "\n".join([head, *lines]).encode(), "cheia.csv", into=Into(series))
    app = page("Encaixes")
    app.slider(key="extra_chance").set_value(10)
    app.selectbox(key="extra_by").select("day")
    told = said(sound(app.run(), PRODUCT)).replace("\u00a0", " ")
    assert re.search(r"[12] encaixes? (cabe|cabem) em \d+ agendas?", told), told
    assert re.search(r"25/11/2026 · Centro [12] encaixes?: chance de \d+,\d% de vir mais gente do que vagas", told), (
        told
    )


def test_a_series_that_is_over_asks_for_an_agenda(trained: Workspace) -> None:
    for info in trained.datasets(PRODUCT.key):
        if info.purpose != "past":
            datasets.delete(trained, info.id)
    assert "Ainda não há agenda por vir" in said(page())


@pytest.mark.slow  # kept by the series: tests/pipeline/services/pages/test_attendances.py
def test_what_is_allowed_of_extra_bookings_is_the_series_own(trained: Workspace) -> None:
    app = page("Encaixes")
    app.slider(key="extra_chance").set_value(20)
    app.number_input(key="extra_minutes").set_value(45)
    app.number_input(key="extra_bound").set_value(60)
    app = sound(app.run(), PRODUCT)
    app.selectbox(key="extra_by").select("day")
    app = sound(app.run(), PRODUCT)
    assert "é um exemplo: diga" not in said(app)
    other = page("Encaixes")  # another person's browser, or a reload
    assert other.slider(key="extra_chance").value == 20 and other.selectbox(key="extra_by").value == "day"
    assert other.number_input(key="extra_minutes").value == 45 and other.number_input(key="extra_bound").value == 60
    other.number_input(key="extra_most").set_value(0)
    sound(other.run(), PRODUCT)
    app = sound(app.run(), PRODUCT)  # who has the page open sees it, too
    assert app.number_input(key="extra_most").value == 0 and "45" in str(app.number_input(key="extra_minutes").value)


def sent(app: AppTest, content: bytes, name: str = "fila.csv") -> AppTest:
    app.file_uploader[0].upload(name, content, "text/csv")
    return sound(app.run(), PRODUCT)


def column(app: AppTest, label: str) -> Selectbox:
    """The choice of a field's column."""
    return next(box for box in app.selectbox if box.label.rstrip(" *") == label)


def test_lists_are_sent_sent_again_and_replaced(clinic: Workspace) -> None:
    (info,) = clinic.datasets(PRODUCT.key)
    app = sent(page("Fila de espera"), LIST)
    assert "2 linhas: 2 na fila" in said(app) and "lista anterior" not in said(app)
    assert waiting.of(clinic, info.series) is None  # nothing is kept before somebody says so
    app = pressed(app, "Guardar a fila")
    assert "2 pacientes esperam" in said(app)

    app = pressed(sent(app, LIST), "Guardar a fila")
    assert "Nada mudou em relação à lista anterior: 2 pedidos continuam." in said(app)
    assert "2 pacientes esperam" in said(app) and len(waiting.entries(clinic, info.series)) == 2

    newer = LIST.replace(b"12345678909;01/02/2026", b"22233344405;05/03/2026")
    app = sent(app, newer, "fila_nova.csv")
    assert "1 pedido novo, 1 saiu e 1 continua" in said(app)
    assert "1 pedido novo, 1 saiu e 1 continua" in said(pressed(app, "Guardar a fila"))
    assert "fila_nova.csv" in said(page("Fila de espera"))  # also after a reload, with what it changed


def test_a_wrong_file_is_a_sentence_and_changes_nothing(clinic: Workspace) -> None:
    (info,) = clinic.datasets(PRODUCT.key)
    app = sent(page("Fila de espera"), b"Cor;Peso\nazul;3\n", "outra.csv")
    (error,) = app.error
    assert "Na fila desde" in error.value and not [b for b in app.button if b.label == "Guardar a fila"]
    app = sent(app, b"\x00\x01\x02\xff" * 50, "foto.bin")
    assert len(app.error) == 1 and waiting.of(clinic, info.series) is None
    assert "2 pacientes esperam" in said(pressed(sent(app, LIST), "Guardar a fila"))


@pytest.mark.slow
def test_wrong_columns_are_put_right_before_and_after_the_list_is_kept(clinic: Workspace) -> None:
    (info,) = clinic.datasets(PRODUCT.key)
    odd = LIST.replace(b"Na fila desde;Procedimento;Unidade", b"Chegou;Exame pedido;Onde")
    app = sent(page("Fila de espera"), odd)
    if app.error:  # a required field has no column yet: it is chosen, and the result is there
        column(app, "Na fila desde").select("Chegou")
        app = sound(app.run(), PRODUCT)
    column(app, "Nome do procedimento").select("Onde")
    app = pressed(sound(app.run(), PRODUCT), "Guardar a fila")
    assert {one.procedure for one in waiting.entries(clinic, info.series)} == {"Centro"}

    app = page("Fila de espera")
    next(one for one in app.toggle if one.label == "Mudar as colunas").set_value(True)
    app = sound(app.run(), PRODUCT)
    assert column(app, "Nome do procedimento").value == "Onde" and "98765432100" not in said(app)
    column(app, "Nome do procedimento").select("Exame pedido")
    column(app, "Unidade").select("Onde")
    app = pressed(sound(app.run(), PRODUCT), "Guardar assim")
    found = waiting.entries(clinic, info.series)
    assert {(one.procedure, one.unit) for one in found} == {("Ultrassom *x*", "Centro")} and len(found) == 2
    next(one for one in app.toggle if one.label == "Mudar as colunas").set_value(True)
    assert column(sound(app.run(), PRODUCT), "Nome do procedimento").value == "Exame pedido"


def test_slots_that_nobody_waits_for_are_folded_below(clinic: Workspace) -> None:
    (info,) = clinic.datasets(PRODUCT.key)
    waiting.upload(clinic, info.series, LIST.replace(b"Ultrassom *x*", b"Raio X"), "fila.csv")
    app = page()
    assert [one.label for one in app.expander if "ninguém da fila espera" in one.label] == [
        "1\u00a0vaga por que ninguém da fila espera"
    ]
    assert not [one for one in app.button if one.label.startswith("Oferecer a ")]
    waiting.upload(clinic, info.series, LIST, "fila.csv")
    app = page()
    assert not [one for one in app.expander if "ninguém da fila espera" in one.label]
    assert [one for one in app.button if one.label == "Oferecer a 2"]
