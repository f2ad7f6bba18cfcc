"""Under a comment: taken on, noted, answered, and gone from what is left to do; two at one comment; hostile names."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.components.caller import NAME
from pipeline import services
from pipeline.products.satisfaction import PRODUCT
from pipeline.records import FollowUpChange, FollowUpState
from pipeline.services import Workspace
from pipeline.services.data import datasets
from pipeline.services.data.placing import Into
from pipeline.services.pages import follow_ups
from tests.dashboard import pages
from tests.dashboard.pages import DATA, said, sound

APP = Path(__file__).with_name("follow_up_app.py")
CSV = "Nota;Comentario;Nivel de atendimento\n1;Fiquei duas horas na fila.;Exame\n1;Ninguem atende.;Consulta"
HOSTILE = "[Ana](http://x.y) :red[oi] <b>"


@pytest.fixture
def space(workspace_home: Path) -> Workspace:
    space = services.open_workspace()
    datasets.keep(space, PRODUCT.key, CSV.encode(), "opinioes.csv", into=Into(name="Clínica A"))
    return space


def opened() -> AppTest:
    return sound(AppTest.from_file(str(APP), default_timeout=60).run(), PRODUCT)


def pressed(app: AppTest, label: str, place: int = 0) -> AppTest:
    [button for button in app.button if button.label == label][place].click()
    return sound(app.run(), PRODUCT)


def test_a_comment_is_taken_on_answered_and_gone_from_what_is_left(space: Workspace) -> None:
    app = opened()
    assert "2 a responder" in said(app) and "responder até" in said(app) and "sem responsável" in said(app)
    app.text_input(key=NAME).input("Bia")
    app = pressed(app, "Assumir")
    assert "2 a responder" in said(app) and "em resposta" in said(app) and "Bia" in said(app)

    app.toggle[0].set_value(True)
    app = sound(app.run(), PRODUCT)
    (reply,) = app.code
    assert "tempo de espera" in reply.value and "{canal}" in reply.value
    app.text_area[0].input("Liguei *duas* vezes.")
    app = pressed(app, "Respondido")
    assert "1 a responder" in said(app) and len(app.toggle) == 1  # it left the list of those to be answered

    app.selectbox(key="follow_up_state").select("answered")
    app = sound(app.run(), PRODUCT)
    assert "respondido em" in said(app)
    app.toggle[0].set_value(True)
    app = sound(app.run(), PRODUCT)
    assert "anotou: Liguei duas vezes." in said(app) and "de em resposta a respondido" in said(app)
    assert app.text_area[0].value == ""
    assert "Metade respondida em até" in said(app)
    assert [event.note for event in _history(space)[-1:]] == ["Liguei *duas* vezes."]


def _history(space: Workspace):  # type: ignore[no-untyped-def]
    info = datasets.datasets(space, PRODUCT.key)[0]
    (series,) = space.series(PRODUCT.key)
    return follow_ups.history(space, info.id, next(iter(space.follow_ups(series.id))))


def test_a_change_on_a_stale_card_is_told_and_the_note_stays(space: Workspace) -> None:
    app = opened()
    app.toggle[0].set_value(True)
    app = sound(app.run(), PRODUCT)
    info = datasets.datasets(space, PRODUCT.key)[0]
    one = follow_ups.asked(space, info.id, {2: "detractor"})[0]
    taken = FollowUpChange(FollowUpState.ANSWERING, HOSTILE, who=HOSTILE)
    follow_ups.change(space, info.id, one, taken, expected_version=0)  # in another browser

    app.text_area[0].input("Combinei retorno.")
    app = pressed(app, "Resolvido")
    (told,) = app.error
    assert (
        "Outra pessoa mudou" in told.value and r"\[Ana\]" in told.value and "<b>" not in told.value.replace(r"\<", "")
    )
    assert app.text_area[0].value == "Combinei retorno."
    assert follow_ups.of(space, info.id, [one])[one.key].state == FollowUpState.ANSWERING

    app = pressed(app, "Resolvido")  # seen, and confirmed
    assert not app.error and "1 a responder" in said(app)
    assert [event.note for event in _history(space) if event.note] == ["Combinei retorno."]
    for element in (*app.markdown, *app.error):
        assert "[Ana](" not in element.value and ":red[oi]" not in element.value


def test_a_comment_like_an_answered_one_of_another_file_is_shown_and_said_to_be(space: Workspace) -> None:
    (first,), (series,) = datasets.datasets(space, PRODUCT.key), space.series(PRODUCT.key)
    one = follow_ups.asked(space, first.id, {2: "detractor"})[0]
    follow_ups.change(space, first.id, one, FollowUpChange(FollowUpState.ANSWERED), expected_version=0)
    datasets.keep(space, PRODUCT.key, f"{CSV};\n".encode(), "_x_.csv", into=Into(series=series.id))
    told = said(opened())
    assert "2 a responder" in told and told.count("Igual a um já respondido em “opinioes.csv”") == 1


def test_what_is_late_is_counted_and_can_be_asked_for_alone(space: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    later = dt.datetime.now(ZoneInfo("America/Sao_Paulo")) + dt.timedelta(days=5)
    monkeypatch.setenv("PRESENCA_TODAY", later.date().isoformat())
    app = opened()
    assert "2 a responder, 2 atrasados" in said(app) and "atrasado há 2" in said(app)
    app.text_input(key=NAME).input("Bia")
    app = pressed(app, "Assumir")
    app.selectbox(key="follow_up_owner").select("=Bia")
    app.checkbox(key="follow_up_overdue").check()
    app = sound(app.run(), PRODUCT)
    assert len(app.toggle) == 1
    app.toggle[0].set_value(True)
    app = sound(app.run(), PRODUCT)
    app = pressed(app, "Deixar sem responsável")
    assert [event.after for event in _history(space) if event.what == "owner"] == ["Bia", ""]
    assert len(app.toggle) == 2  # nobody's name is Bia any more: everybody's are shown


def test_the_data_page_says_what_goes_with_a_file(space: Workspace) -> None:
    space.set_setting("produto", PRODUCT.key)
    info = datasets.datasets(space, PRODUCT.key)[0]
    assert "acompanhamento" not in said(sound(pages.opened(DATA), PRODUCT))
    one = follow_ups.asked(space, info.id, {2: "detractor"})[0]
    follow_ups.change(space, info.id, one, FollowUpChange(FollowUpState.ANSWERED), expected_version=0)
    assert "1 acompanhamento é só deste arquivo" in said(sound(pages.opened(DATA), PRODUCT)).replace("\u00a0", " ")
