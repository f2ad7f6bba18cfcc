"""Each role finds the pages that it opens, sound and without a refusal, and nothing of the others."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboard import navigation, who
from pipeline import services
from pipeline.errors import PresencaError
from pipeline.products.no_show import PRODUCT
from pipeline.records import Role
from pipeline.services import Workspace
from pipeline.services.pages import agenda, call_queue
from pipeline.services.people import entering
from pipeline.services.session import HIDDEN_RISK
from tests.dashboard.pages import (
    AGENDA,
    APP,
    EFFECT,
    MODEL,
    RISK,
    SLOTS,
    TODAY,
    labels,
    opened,
    said,
    sound,
)
from tests.dashboard.people import comes_in
from tests.refusals import refused

PEOPLE = "views/people.py"
REFUSED = "não tem permissão"
OPEN = {
    Role.READER: (TODAY, MODEL, RISK, EFFECT),
    Role.ATTENDANT: (TODAY, AGENDA, SLOTS),
    Role.ANALYST: (TODAY, "views/home.py", "views/data.py", MODEL, RISK, AGENDA, SLOTS, EFFECT),
}


def opened_at_first() -> AppTest:
    """The app as it opens, whatever page that is."""
    return AppTest.from_file(str(APP), default_timeout=60).run()


@pytest.mark.parametrize(
    ("role", "page"),
    [  # whoever may do least finds most refusals; the analyst's pages are walked when there is time
        pytest.param(role, page, marks=[pytest.mark.slow] if role is Role.ANALYST else [])
        for role, pages in OPEN.items()
        for page in pages
    ],
)
def test_a_role_finds_its_pages_without_a_refusal(
    role: Role, page: str, trained: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    comes_in(trained, role, monkeypatch)
    app = sound(opened(page), PRODUCT)
    assert REFUSED not in said(app) and "Página não encontrada" not in said(app)
    assert "Pessoa" in said(app) and "Sair" in labels(app)


ALL = ["Hoje", "Início", "Dados", "Modelo", "Risco", "Agenda", "Vagas", "Efeito", "Privacidade"]


@pytest.mark.parametrize(
    ("role", "menu"),
    [
        (Role.READER, ["Hoje", "Modelo", "Risco", "Efeito"]),
        (Role.ATTENDANT, ["Hoje", "Agenda", "Vagas"]),
        (Role.MANAGER, ALL),
        (
            Role.ADMIN,
            [
                "Hoje",
                "Início",
                "Dados",
                "Modelo",
                "Risco",
                "Agenda",
                "Vagas",
                "Efeito",
                "Privacidade",
                "Cópias e exame",
                "Integração",
                "Pessoas",
            ],
        ),
    ],
)
def test_the_menu_holds_what_a_role_opens(
    role: Role, menu: list[str], trained: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    comes_in(trained, role, monkeypatch)
    found: list[str] = []

    def navigation(pages, **_):  # type: ignore[no-untyped-def]
        found.extend(page.title for page in pages)
        return pages[0]

    monkeypatch.setattr(st, "navigation", navigation)
    opened_at_first()
    assert found == menu


def test_hoje_asked_for_by_its_own_name_is_there_for_whoever_has_no_home(
    trained: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    comes_in(trained, Role.ATTENDANT, monkeypatch)
    monkeypatch.setattr(navigation, "_asked", lambda: "hoje")
    found: list[st.Page] = []  # type: ignore[valid-type]

    def drawn(pages, **_):  # type: ignore[no-untyped-def]
        found.extend(pages)
        return pages[0]

    monkeypatch.setattr(st, "navigation", drawn)
    opened_at_first()
    assert [page.title for page in found if page.url_path == "hoje" and page.visibility == "visible"] == ["Hoje"]
    assert [page.visibility for page in found if not page.url_path] == ["hidden"]
    assert navigation.MISSING not in [page.title for page in found]


@pytest.mark.parametrize(
    ("role", "page"),
    [
        *((Role.MANAGER, page) for page in (TODAY, AGENDA, SLOTS, RISK)),  # who sees most of each
        *(pytest.param(Role.ATTENDANT, page, marks=pytest.mark.slow) for page in (TODAY, AGENDA, SLOTS)),
        pytest.param(Role.READER, RISK, marks=pytest.mark.slow),
    ],
)
def test_whoever_is_of_one_unit_finds_nothing_of_the_others(
    role: Role, page: str, trained: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = agenda.candidates(trained, PRODUCT.key)[0]
    scored = agenda.score(trained, found.id, trained.models(PRODUCT.key)[0].id)
    call_queue.make_list(trained, scored)
    own, *others = scored.units
    user = comes_in(trained, role, monkeypatch)
    trained.change_user(user.id, role=role, units=(own.upper(),), active=True)
    app = sound(opened(page), PRODUCT)
    words = said(app) + str([frame.value for frame in app.dataframe]) + str(labels(app))
    assert page != AGENDA or own in words
    assert others and [name for name in others if name in words] == []
    assert REFUSED not in words and "rede inteira" not in words
    offered = {option for one in (*app.selectbox, *app.multiselect) for option in one.options}
    assert offered.isdisjoint(others)


@pytest.mark.parametrize(("path", "why"), [("efeito", "sorteado"), ("modelo", "aprendeu")])
def test_a_page_that_speaks_of_all_units_says_why_it_is_closed(
    path: str, why: str, trained: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = comes_in(trained, Role.READER, monkeypatch)
    trained.change_user(user.id, role=Role.READER, units=("Centro",), active=True)
    app = opened(TODAY)
    app.session_state["missing_page"] = path
    app = app.run().switch_page("views/missing.py").run()
    assert why in said(app) and "O seu papel não abre" not in said(app)


def test_an_attendant_changes_no_list_and_a_hidden_risk_is_nowhere(
    trained: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = agenda.candidates(trained, PRODUCT.key)[0]
    call_queue.make_list(trained, agenda.score(trained, found.id, trained.models(PRODUCT.key)[0].id))
    comes_in(trained, Role.ATTENDANT, monkeypatch)
    words = said(sound(opened(AGENDA), PRODUCT))
    assert "Primeiros da lista" in words and "Enviar arquivo" not in words
    trained.set_setting(HIDDEN_RISK, [str(Role.ATTENDANT)])
    app = sound(opened(AGENDA), PRODUCT)
    assert "Próximo a ligar" in said(app) and "%" not in said(app) and "Fazer outra fila" not in said(app)
    app = sound(app.button(key="calling_start").click().run(), PRODUCT)
    assert "Confirmou" in said(app) and "Mudar o risco" not in said(app)


def test_an_attendant_is_not_asked_to_make_the_queue_that_they_wait_for(
    trained: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    comes_in(trained, Role.ATTENDANT, monkeypatch)
    app = sound(opened(TODAY), PRODUCT)
    assert "Ainda não há fila de ligações para hoje. Quem planeja as ligações a faz em Agenda." in said(app)
    app = sound(app.button("today_go_calls").click().run(), PRODUCT)
    words = said(app)
    assert "Quando quem planeja a fizer, vem aqui um paciente de cada vez." in words and "Diga quantas" not in words


def test_whoever_is_removed_sees_the_way_in_and_nothing_more(
    trained: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(who, "_TRUSTED_SECONDS", 0.0)
    user = comes_in(trained, Role.MANAGER, monkeypatch)
    app = opened()
    app.session_state["of_the_clinic"] = "kept"
    trained.change_user(user.id, role=user.role, units=(), active=False)
    app = app.run()
    app = app.run()
    assert "Você saiu da Presença" in said(app) and "Dados" not in said(app)
    assert "of_the_clinic" not in app.session_state


def test_what_one_person_looked_at_is_not_the_next_ones(trained: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(who, "_TRUSTED_SECONDS", 0.0)
    comes_in(trained, Role.MANAGER, monkeypatch, "ana")
    app = opened()
    app.session_state["of_the_clinic"] = "kept"
    comes_in(trained, Role.READER, monkeypatch, "bia")
    app.run()
    assert "of_the_clinic" not in app.session_state


def test_a_download_is_made_for_whoever_asked_and_may_still(
    trained: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = comes_in(trained, Role.MANAGER, monkeypatch)
    build = who.later(lambda: who.session().user)
    with ThreadPoolExecutor(1) as apart:
        assert apart.submit(build).result() == user
        trained.change_user(user.id, role=user.role, units=(), active=False)
        with refused(PresencaError, match="entrar de novo"):
            apart.submit(build).result()


def test_the_page_of_people_begins_with_whoever_sits_here(empty_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(PEOPLE)
    assert "Só você usa a Presença aqui" in said(app)
    for place, text in enumerate(("Ana Souza", "ana", "cavalo bateria grampo", "outra")):
        app.text_input[place].set_value(text)
    app = app.button[0].click().run()
    assert "não são iguais" in said(app)
    app.text_input[3].set_value("cavalo bateria grampo")
    monkeypatch.setattr(who, "_TRUSTED_SECONDS", 0.0)
    app = app.button[0].click().run()
    assert "Você saiu da Presença" in said(app)
    assert entering.log_in(services.open_workspace(), "ana", "cavalo bateria grampo").user.role is Role.ADMIN


def test_an_admin_adds_changes_and_removes_and_the_last_one_stays(
    empty_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = services.open_workspace()
    workspace.add_user("outra", "Outra Admin", Role.READER)
    ana = comes_in(workspace, Role.ADMIN, monkeypatch, "ana")
    app = opened(PEOPLE)
    app = app.button(key=f"remove_{ana.id}").click().run()
    assert "última pessoa" in said(app)
    other = workspace.user_of_login("outra")
    assert other is not None
    app = app.button(key=f"invite_{other.id}").click().run()
    assert "Convite de Outra Admin" in said(app) and "/convite/" in app.code[0].value
    app = app.button(key=f"remove_{other.id}").click().run()
    assert "não entra mais" in said(app) and "sem acesso" in said(app) and not workspace.user(other.id).active
    assert "/convite/" not in " ".join(one.value for one in app.code)
    app = app.toggle(key="people_hide_risk").set_value(True).run()
    assert workspace.setting(HIDDEN_RISK) == [str(Role.ATTENDANT)]
