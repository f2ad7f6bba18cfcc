"""The page of slots in each of its states: no file, no agenda to come, no list, nothing emptied, no model; and the way
from a waiting list to a slot that is filled, and to extra bookings.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pipeline import services
from pipeline.products.no_show import PRODUCT
from pipeline.records.slots import OfferState
from pipeline.services import Workspace
from pipeline.services.data import datasets, waiting
from pipeline.services.data.placing import Into
from pipeline.services.pages import refill
from tests.conftest import TEST_KEY
from tests.dashboard.pages import SLOTS, opened, said, sound

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


def test_extra_bookings_of_a_list_and_what_the_sample_emptied(trained: Workspace) -> None:
    app = page()
    assert "2 vagas esvaziadas" in said(app) and "espera-se que" in said(app)
    told = said(page("Encaixes"))
    assert "é um exemplo" in told and "onferido no período de teste" in told and "De 1 marcado" in told


def test_a_series_that_is_over_asks_for_an_agenda(trained: Workspace) -> None:
    for info in trained.datasets(PRODUCT.key):
        if info.purpose != "past":
            datasets.delete(trained, info.id)
    assert "Ainda não há agenda por vir" in said(page())
