"""Themes of comments: found where they are spoken of, an effect that was planted, expressions that are new."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.contract import Theme
from pipeline.insight.comments.themes import MIN_COMMENTS, mentions, overview
from pipeline.products.satisfaction.themes import THEMES
from tests.growth import grows_with_its_size

KEYS = [theme.key for theme in THEMES]
SAID = {
    "Esperei mais de duas horas na fila": "waiting",
    "ATENDIMENTO ATRASADO DE NOVO": "waiting",
    "fui chamado no horário, sem demora": "waiting",
    "chá de cadeira, como sempre": "waiting",
    "A recepcionista nem olhou na minha cara": "reception explanation",
    "moça do balcão muito grossa": "reception humanity",
    "atendente simpática": "reception humanity",
    "Dra. Helena explicou tudo com paciência": "doctor doctor_listening explanation humanity",
    "o ortopedista não examinou": "doctor doctor_conduct",
    "médicos excelentes": "doctor",
    "a enfermeira achou a veia de primeira": "nursing",
    "furaram meu braço três vezes": "nursing",
    "vacinação tranquila": "nursing",
    "banheiro sujo": "cleanliness",
    "ambiente climatizado e limpo": "cleanliness structure",
    "ar condicionado quebrado": "structure",
    "ninguém atende o telefone": "phone channels",
    "cancelaram minha consulta em cima da hora": "scheduling",
    "tentei remarcar e não tinha vaga": "scheduling",
    "o laudo veio errado": "results",
    "resultado saiu antes do prazo": "results",
    "perderam meu exame": "results",
    "cobraram duas vezes no cartão": "price_charge price",
    "o convênio não autorizou": "price_plan price",
    "achei muito caro": "price_charge price",
    "o aplicativo trava": "app channels",
    "a teleconsulta caiu no meio": "app channels",
    "não consigo entrar no app": "app channels",
    "não tem estacionamento": "access",
    "fica perto do metrô": "access",
    "sem rampa para cadeirante": "access",
    "um descaso com o paciente": "humanity",
    "me senti acolhida": "humanity",
    "funcionários mal educados": "humanity",
    "não esclareceu minhas dúvidas": "explanation",
    "ninguém sabe dar informação": "explanation",
    "O médico é ótimo. A espera, horrível!": "doctor waiting",
    "limpeza boa, mas a recepção deixa a desejar": "cleanliness reception",
}
NOTHING = (
    "Ótimo!",
    "recomendo",
    "espero voltar",
    "Nota 10",
    "👍👍",
    "Parabéns a todos",
    "gostei muito",
    "péssimo",
    "nunca mais",
    "fica atrás da igreja",
    "por conta da chuva",
    "Deus abençoe",
    "ok",
    "muito bom",
    "não tenho do que reclamar",
    "voltarei com certeza",
    "",
)


def found(comment: str) -> set[str]:
    return {KEYS[i] for i in np.flatnonzero(mentions([comment], THEMES)[0])}


def test_themes_are_found_and_no_others() -> None:
    wanted = [set(keys.split()) for keys in SAID.values()]
    got = [found(comment) for comment in SAID]
    hits = sum(len(w & g) for w, g in zip(wanted, got, strict=True))
    precision, recall = hits / sum(map(len, got)), hits / sum(map(len, wanted))
    wrong = [(c, sorted(w ^ g)) for c, w, g in zip(SAID, wanted, got, strict=True) if w != g]
    assert precision >= 0.9 and recall >= 0.9, wrong


@pytest.mark.parametrize("comment", NOTHING)
def test_comments_of_no_theme(comment: str) -> None:
    assert found(comment) == set()


def test_no_term_belongs_to_two_themes() -> None:
    """But for a part that needs its theme's words beside its own, and what is the lack of somebody."""
    terms = [term for theme in THEMES if not theme.within and theme.key != "doctor_diagnosis" for term in theme.terms]
    assert sorted(terms) == sorted(set(terms))


@given(st.sampled_from(sorted(SAID)), st.sampled_from([str.upper, str.lower, str.title]))
def test_case_and_accents_do_not_matter(comment: str, manner) -> None:  # type: ignore[no-untyped-def]
    bare = comment.translate(str.maketrans("áéíóúãõâêôç", "aeiouaoaeoc"))
    assert found(manner(comment)) == found(bare) == found(comment)


def test_a_phrase_does_not_reach_over_a_sentence() -> None:
    theme = Theme("line", "Fila", ("fila enorme",))
    assert mentions(["Uma fila enorme", "Uma fila. Enorme foi o cuidado", "fila; enorme"], (theme,))[:, 0].tolist() == [
        True,
        False,
        False,
    ]


def planted(n: int = 3_000, seed: int = 4) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Waiting costs 1.2 stars, the doctor brings 0.6 and is praised mostly by those who waited; "quiosque" is new."""
    rng = np.random.default_rng(seed)
    waited = rng.random(n) < 0.4
    doctor = rng.random(n) < np.where(waited, 0.6, 0.1)
    stars = np.clip(np.round(4 - 1.2 * waited + 0.6 * doctor + rng.normal(0, 0.6, n)), 1, 5)
    days = np.sort(rng.integers(20_000, 20_400, n))
    late = days > 20_370
    new = late & (rng.random(n) < 0.15)
    comments = [
        (
            f"{'esperei na fila' if w else 'fui lá'} "
            f"{'e o médico ajudou' if d else 'e voltei'}{' quiosque quebrado' if k else ''} {i}"
        )
        for i, (w, d, k) in enumerate(zip(waited, doctor, new, strict=True))
    ]
    return comments, stars, days


def test_effects_are_those_that_were_planted_with_the_other_themes_alike() -> None:
    view = overview(*planted(), THEMES)
    effects = {row.key: row.effect for row in view.themes}
    assert effects["waiting"].low < -1.2 < effects["waiting"].high or effects["waiting"].value == pytest.approx(
        -1.2, abs=0.12
    )
    assert effects["doctor"].value == pytest.approx(0.6, abs=0.15)
    stances = {row.key: row.stance for row in view.themes}
    assert (stances["waiting"], stances["doctor"]) == ("improve", "celebrate")
    raw = {row.key: row.stars.value for row in view.themes}
    assert raw["doctor"] < view.stars.value  # alone it would look like a fault: those who praise it also waited
    assert view.covered < view.comments and view.rated == 3_000


def test_new_expressions_are_found_and_quote_no_number() -> None:
    view = overview(*planted(), THEMES)
    assert view.since is not None and view.expressions[0].text == "quiosque quebrado"
    assert view.expressions[0].earlier == 0 and view.expressions[0].comments >= MIN_COMMENTS
    assert not any(c.isdigit() for item in view.expressions for c in item.text)


def test_a_short_period_has_no_new_and_no_old() -> None:
    comments, stars, _ = planted(400)
    view = overview(comments, stars, np.full(400, 20_000), THEMES)
    assert view.since is None and all(item.earlier == 0 for item in view.expressions)


def test_few_who_say_it_are_not_quoted() -> None:
    said = ["o segredo do vizinho"] * 40 + [f"fui lá {n}" for n in range(50)]
    view = overview(said, np.full(90, 4.0), np.full(90, 20_000), THEMES)
    assert not [item for item in view.expressions if "segredo" in item.text]  # forty times, but one text


@given(st.lists(st.text(max_size=80), max_size=8))
def test_any_comments_give_an_overview(comments: list[str]) -> None:
    n = len(comments)
    view = overview(comments, np.full(n, np.nan), np.full(n, -(10**9)), THEMES)
    assert (
        view.comments == n and view.rated == 0 and view.stars is None and all(row.effect is None for row in view.themes)
    )


@pytest.mark.parametrize("unit", ["a", "fila ", ", mas", "\0", "😀"])
def test_a_long_comment_takes_as_long_as_many_short_ones(unit: str) -> None:
    assert grows_with_its_size(lambda size: mentions([unit * (size // len(unit))], THEMES), 12_500)
