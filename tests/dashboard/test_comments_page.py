"""The pages of a product with comments: every state of the patients' voice, and what the shared pages say of stars."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pipeline import services
from pipeline.products.no_show import PRODUCT as NO_SHOW
from pipeline.products.satisfaction import PRODUCT
from pipeline.records import Role
from pipeline.services import Session, Workspace, catalog, settings
from pipeline.services.data import datasets
from pipeline.services.models import models
from pipeline.services.pages import comments
from tests.conftest import TEST_KEY
from tests.dashboard.pages import COMMENTS, DATA, HOME, MODEL, RISK, TODAY, columns, opened, said, sound
from tests.dashboard.people import comes_in
from tests.toy.house import move_in, train_here


@pytest.fixture(scope="module")
def _heard(heard_home: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    samples, home = heard_home[0], tmp_path_factory.mktemp("heard") / "home"
    shutil.copytree(heard_home[1], home)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRESENCA_KEY", TEST_KEY)
        patch.setenv("PRESENCA_HOME", str(home))
        move_in(patch, samples, PRODUCT)
        train_here(patch)
        space = services.open_workspace()
        space.set_setting("produto", PRODUCT.key)
        for info in datasets.datasets(space, PRODUCT.key):  # heard before each test has its copy
            comments.hear(space, info.id, models.models(space, PRODUCT.key)[0].id)
        yield home


@pytest.fixture
def space(_heard: Path, workspace_home: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    shutil.copytree(_heard, workspace_home)
    monkeypatch.setenv("PRESENCA_TODAY", "2026-11-23")
    return services.open_workspace()


def _file(space: Workspace, part: str) -> str:
    return next(d.id for d in datasets.datasets(space, PRODUCT.key) if part in d.name)


def on_past(space: Workspace, page: str, **held: Any) -> AppTest:
    """A page with the rated file open. `held`: what the session holds."""
    return opened(page, held, dados=_file(space, "passado"))


@pytest.mark.parametrize(
    ("page", "sentences"),
    [
        (HOME, ("Ler comentários", "Do arquivo à resposta")),
        (DATA, ("Relatório dos dados",)),
        (
            MODEL,
            (
                "o modelo reconhece o detrator em",
                "As palavras que mais pesam",
                "E as estrelas",
                "Quanto se alcança lendo",
            ),
        ),
        (
            RISK,
            (
                "Saldo",
                "Estrelas (média)",
                "Em quais regiões há mais detratores",
                "Por faixa de idade",
                "Presencial e remoto",
                "O que distingue",
            ),
        ),
        (COMMENTS, ("esperam resposta", "Detratores a responder", "A responder")),
    ],
)
def test_pages_speak_of_stars_and_comments(space: Workspace, page: str, sentences: tuple[str, ...]) -> None:
    text = said(sound(on_past(space, page), PRODUCT))
    for sentence in sentences:
        assert sentence in text, sentence
    assert "ligar para" not in text.lower() and "agendamentos" not in text.lower() and "Comentário: +" not in text


def test_ratings_and_texts_that_differ_have_a_section(space: Workspace) -> None:
    app = on_past(space, COMMENTS, comments_section="Divergências", comments_period=0)
    assert "Nota e texto que não combinam" in said(sound(app, PRODUCT))


@pytest.mark.slow
def test_a_comment_is_tried_and_read(space: Workspace) -> None:
    app = on_past(space, COMMENTS, comments_section="Experimentar")
    assert "Escreva como um paciente escreveria" in said(sound(app, PRODUCT))
    app.text_area("try_comment").set_value("Péssimo, esperei 3 horas <b>x</b>").run()
    assert "risco de detrator" in said(sound(app, PRODUCT))


@pytest.mark.slow  # explained exactly: services/pages/test_comments.py
def test_a_risk_is_explained_on_its_card(space: Workspace) -> None:
    app = opened(COMMENTS, dados=_file(space, "sem_nota"))
    toggle = next(t for t in app.toggle if "_why_" in t.key)
    toggle.set_value(True).run()
    assert "a soma dá exatamente o risco" in said(sound(app, PRODUCT))


@pytest.mark.slow
def test_search_finds_all_or_says_that_nothing_is_found(space: Workspace) -> None:
    app = on_past(space, COMMENTS, comments_section="Buscar", comments_period=0)
    assert "Todos os comentários" in said(sound(app, PRODUCT))
    app.text_input("comments_words").set_value("zzzzqqq").run()
    assert "Nenhum comentário" in said(sound(app, PRODUCT))


def test_an_unrated_file_leads_from_risk_to_the_comments(space: Workspace) -> None:
    app = opened(RISK, dados=_file(space, "sem_nota"))
    text = said(sound(app, PRODUCT))
    assert "Ler os comentários" in text
    assert "sem nota" in said(sound(app.switch_page(COMMENTS).run(), PRODUCT))


def test_a_grave_comment_of_a_row_that_was_left_out_is_seen(space: Workspace) -> None:
    lines = ["01/03/2099;1;Meu *pai* morreu na fila.", "02/03/2026;5;Gostei", "01/03/2099;5;Gostei"]
    info = datasets.keep(space, PRODUCT.key, "\n".join(["Data;Nota;Comentario", *lines]).encode(), "fora.csv")
    app = sound(opened(COMMENTS, dados=info.id), PRODUCT)
    assert "Não pode esperar, e ficou de fora: 1 linha" in said(app)
    assert "Linha 2 do arquivo · Evento em data futura" in said(app) and "pai" in said(app)
    app.button(key="left_out_mend").click().run()
    assert not app.exception


def test_without_a_model_the_starter_reads_and_says_what_it_is(space: Workspace) -> None:
    for info in models.models(space, PRODUCT.key):
        space.delete_model(info.id)
    page = said(sound(on_past(space, COMMENTS), PRODUCT))
    assert "Leitor de partida" in page and "toma o lugar dele" in page and "Ainda não há modelo" not in page


def test_without_a_model_or_a_starter_the_page_says_what_is_missing(
    space: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    for info in models.models(space, PRODUCT.key):
        space.delete_model(info.id)
    monkeypatch.setattr(catalog, "starter_file", lambda _: None)
    assert "Ainda não há modelo" in said(sound(on_past(space, COMMENTS), PRODUCT))


def test_numbers_of_groups_have_stars_and_balance(space: Workspace) -> None:
    app = on_past(space, RISK, numbers=True)
    if not app.dataframe:  # the expander is closed until it is asked for
        pytest.skip("o quadro só se abre no navegador")
    assert {"Estrelas (média)", "Saldo"} <= set(columns(app))


def test_a_product_without_comments_has_no_page_for_them(workspace_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalog, "all_products", lambda: (NO_SHOW,))
    with pytest.raises(ValueError, match="comments"):
        opened(HOME).switch_page(COMMENTS)


@pytest.mark.slow  # in a browser they do: tests/browser/test_voice_walk.py
def test_comments_without_a_date_go_through_every_page(space: Workspace, tmp_path: Path) -> None:
    source = tmp_path / "só comentários.csv"
    source.write_text(
        "Comentário\n" + "\n".join(f"Péssimo, esperei {n} horas" if n % 3 else "Ótimo atendimento" for n in range(40)),
        "utf-8",
    )
    info = datasets.keep(space, PRODUCT.key, source, source.name)
    for page in (HOME, DATA, MODEL, RISK, COMMENTS):
        app = opened(page, dados=info.id, modelo=models.models(space, PRODUCT.key)[0].id)
        text = said(sound(app, PRODUCT))
    assert "esperam resposta" in text and "Período" not in {box.label for box in app.selectbox}
    for kept in models.models(space, PRODUCT.key):
        space.delete_model(kept.id)
    text = said(sound(opened(COMMENTS, dados=info.id), PRODUCT))
    assert "Leitor de partida" in text and "500 comentários com nota" in text


def test_where_is_told_of_what_the_file_has_and_why_a_unit_differs(space: Workspace) -> None:
    app = AppTest.from_file(str(Path(__file__).with_name("places_app.py")), default_timeout=60)
    info = next(d for d in datasets.datasets(space, PRODUCT.key) if "passado" in d.name)
    app.session_state["dados"] = info.id
    sound(app.run(), PRODUCT)
    assert app.selectbox(key="places_by").options[:2] == ["Unidade", "Setor"]
    assert "de uma vez (Benjamini-Hochberg, 5%)" in said(app) and "Do que se reclama" in said(app)
    app.selectbox(key="places_value_unit").set_value("Unidade Norte")
    sound(app.run(), PRODUCT)
    assert "O que distingue Unidade Norte" in said(app) and "nas outras unidades" in said(app)
    app.selectbox(key="places_by").set_value("sector")
    sound(app.run(), PRODUCT)
    assert "O que distingue" in said(app) and "nos outros setores" in said(app)


@pytest.mark.slow  # as appointments are: test_filters
def test_comments_are_filtered_only_by_what_the_file_has_several_of(
    space: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = on_past(space, COMMENTS)
    level = PRODUCT.column_label("care_level")
    assert level in [box.label for box in app.selectbox]
    whole = comments.options

    def of_one_level(*asked: Any) -> tuple[tuple[str, tuple[str, ...]], ...]:
        return tuple((name, values[:1] if name == "care_level" else values) for name, values in whole(*asked))

    monkeypatch.setattr(comments, "options", of_one_level)
    assert level not in [box.label for box in sound(app.run(), PRODUCT).selectbox]


@pytest.mark.slow  # edited and tried: services/pages/test_theme_sets.py; by a click: below
def test_a_theme_is_read_in_its_sentences_edited_and_tried(space: Workspace) -> None:
    app = on_past(
        space,
        COMMENTS,
        comments_section="Temas",
        comments_period=0,
        comments_theme="reception",
        comments_polarity="negative",
        theme_editor=True,
    )
    text = said(sound(app, PRODUCT))
    assert "O que mais recebe queixa" in text and "Recepção" in text and "Temas que andam juntos" in text
    assert "Sublinhado inteiro" in text and "Criar tema com estas palavras" in [b.label for b in app.button]
    app.text_input[0].set_value("Totem")
    app.text_area[0].set_value("tótem, 😀").run()
    next(b for b in app.button if b.key == "theme_save").click().run()
    assert "“😀” não é uma palavra" in said(sound(app, PRODUCT)) and app.text_area[0].value == "tótem, 😀"
    app.text_area[0].set_value("tótem").run()
    assert "Estas palavras pegam" in said(app)
    next(b for b in app.button if b.key == "theme_save").click().run()
    assert "Temas editados por esta clínica" in said(sound(app, PRODUCT))
    assert app.text_area[0].value == "totem" and app.selectbox(key="theme_edit_which").value == "totem"
    next(b for b in app.button if b.key == "theme_remove").click().run()
    assert "totem" not in app.selectbox(key="theme_edit_which").options
    next(b for b in app.button if b.key == "theme_reset").click().run()
    assert "Temas da Presença" in said(sound(app, PRODUCT))


def test_words_of_no_theme_become_one_with_a_click(space: Workspace) -> None:
    app = on_past(space, COMMENTS, comments_section="Temas", comments_period=0)
    next(b for b in app.button if b.label == "Criar tema com estas palavras").click().run()
    assert "Temas editados por esta clínica" in said(sound(app, PRODUCT))


def test_today_leads_to_what_may_not_wait_and_the_effect_of_answers_is_not_pretended(space: Workspace) -> None:
    app = sound(on_past(space, TODAY), PRODUCT)
    text = said(app).replace("\u00a0", " ")
    assert "Não pode esperar" in text and "Nos últimos 30 dias" in text and "Ligações" not in text
    text = said(sound(app.button("today_go_Responder").click().run(), PRODUCT))
    assert "Voz do paciente" in text and "as avaliações não dizem de quem são" in text


def test_a_reader_finds_what_is_counted_and_no_comment(space: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    assert PRODUCT.comment is not None
    user = comes_in(space, Role.READER, monkeypatch)
    settings.keep(Session(space, user=user), "produto", PRODUCT.key)
    past = next(d for d in datasets.datasets(Session(space, user=user), PRODUCT.key) if "passado" in d.name)
    shown = ""
    for section in ("Temas", "Onde"):
        app = opened(COMMENTS, {"comments_section": section}, dados=past.id)
        words = said(sound(app, PRODUCT))
        assert "não tem permissão" not in words and "Buscar" not in words and "Não pode esperar" not in words
        shown += words + " ".join(str(one.proto.body) for one in app.get("html"))
    texts = space.rows(past.id, [PRODUCT.comment.key])[PRODUCT.comment.key].dropna().unique()
    assert len(texts) > 100 and not [text for text in texts if len(text) > 30 and text in shown]
