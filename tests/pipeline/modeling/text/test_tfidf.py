"""Comments as columns: what may stand in a vocabulary, and that weights come back to the words exactly."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.modeling.text import tfidf
from pipeline.modeling.text.tokenizer import tokens_of

COMMENTS = [
    "Atendimento ótimo, não demorou nada!",
    "Atendimento péssimo: demorou demais.",
    "MUITO RUIM!!! nunca mais volto",
    "Médico atencioso, recepção ruim",
    "Não gostei do atendimento",
    "gostei muito, voltarei 😀",
    "ótimo 👍 ótimo",
    "Esperei 3 horas e não fui atendida",
    "recepção atenciosa e médico ótimo",
    "sem fila, sem demora, gostei",
]
VOCABULARY = tfidf.learn(COMMENTS, min_comments=2)


def test_words_stand_where_they_are_said_to_stand() -> None:
    comment = "NÃO gostei, mas o Médico 😀 foi ótimo!!! 3 vezes"
    found = tokens_of([comment])
    assert [comment[a:b] for a, b in zip(found.start, found.end, strict=True)] == [
        "NÃO",
        "gostei",
        "mas",
        "o",
        "Médico",
        "😀",
        "foi",
        "ótimo",
        "!!!",
        "vezes",
    ]
    folded = [found.words[w] for w in found.word]
    assert folded[:5] == ["nao", "gostei", "mas", "o", "medico"]
    assert [w for w, negated in zip(folded, found.negated, strict=True) if negated] == [
        "gostei"
    ]  # a comma ends what a negation turns


def test_a_term_needs_five_distinct_comments_and_no_digits() -> None:
    said = ["Maria Zwicky me atendeu às 10h30"] * 50 + [f"paciente {n}: fila longa" for n in range(4)]
    terms, pieces = tfidf.learn(said).blocks
    assert not terms and not [piece for piece in pieces if "zw" in piece or "mari" in piece]
    five = tfidf.learn([f"fila longa {'x' * n}" for n in range(5)])
    assert {"fila", "longa", "fila longa"} <= set(five.blocks[0])
    assert not any(
        c.isdigit() for block in tfidf.learn([f"sala {n} 2B" for n in range(9)]).blocks for t in block for c in t
    )


def test_marks_of_scrubbing_are_no_words() -> None:
    said = ["A Dra. [nome] foi ótima", "ligue [telefone]", "[profissional 12] e [data de nascimento]", "[nota] baixa"]
    found = tokens_of(said)
    assert [found.words[w] for w in found.word] == ["a", "dra", "foi", "otima", "ligue", "e", "nota", "baixa"]
    weights = np.ones(VOCABULARY.width)
    shares = VOCABULARY.shares(["[nome]"], weights)
    assert not len(shares.tokens) and VOCABULARY.matrix(["[nome]"])[:, :-2].nnz == 0


def test_a_term_needs_five_people_where_they_are_known() -> None:
    said = [f"fila longa{' x' * n}" for n in range(8)]
    assert "fila longa" in tfidf.learn(said).blocks[0]
    assert "fila longa" not in tfidf.learn(said, people=np.array([0, 0, 0, 0, 1, 1, 2, 3])).blocks[0]
    assert "fila longa" in tfidf.learn(said, people=np.array([0, 0, 0, 0, 1, 2, 3, 4])).blocks[0]
    assert "fila longa" in tfidf.learn(said, people=np.full(8, -1)).blocks[0]
    alone = tfidf.learn(COMMENTS, 2, people=np.arange(len(COMMENTS)), min_people=2)
    assert alone.to_plain() == VOCABULARY.to_plain()


def test_people_are_counted_once_however_many_comments_are_worked_on_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    said, people = [f"fila longa{' x' * n}" for n in range(40)], np.arange(40) % 7
    whole = tfidf.learn(said, people=people).to_plain()
    monkeypatch.setattr(tfidf, "CHUNK", 3)
    assert tfidf.learn(said, people=people).to_plain() == whole


def test_no_first_name_becomes_a_column_however_often_it_is_said() -> None:
    said = [f"a juliana atendeu bem {'x' * n} e a rosa também" for n in range(30)]
    terms, pieces = tfidf.learn(said).blocks
    assert not [term for term in terms if "juliana" in term] and {"atendeu", "rosa", "a rosa"} <= set(terms)
    assert not [piece for piece in pieces if "julia" in piece or "lian" in piece]


@settings(max_examples=60)
@given(
    st.lists(
        st.text(st.sampled_from("abnãoÓ t!.,😀1\n"), max_size=60) | st.sampled_from(COMMENTS), min_size=1, max_size=4
    ),
    st.integers(0, 99),
)
def test_shares_of_words_and_form_sum_to_the_margin(comments: list[str], seed: int) -> None:
    weights = np.random.default_rng(seed).normal(size=VOCABULARY.width)
    shares = VOCABULARY.shares(comments, weights)
    summed = np.bincount(shares.tokens.row, shares.given, minlength=len(comments)) + shares.form
    np.testing.assert_allclose(summed, VOCABULARY.matrix(comments) @ weights, atol=1e-9)
    for row, comment in enumerate(comments):  # each as if it were alone
        np.testing.assert_allclose(
            VOCABULARY.shares([comment], weights).given, shares.given[shares.tokens.row == row], atol=1e-12
        )


def test_rows_do_not_depend_on_the_other_rows() -> None:
    whole = VOCABULARY.matrix(COMMENTS).toarray()
    for row, comment in enumerate(COMMENTS):
        np.testing.assert_array_equal(VOCABULARY.matrix([comment]).toarray()[0], whole[row])
    blocks = np.split(whole[:, :-2], [len(VOCABULARY.blocks[0])], axis=1)
    for block in blocks:
        np.testing.assert_allclose(np.linalg.norm(block, axis=1), 1)


def test_empty_comments_and_unknown_words_have_no_weight() -> None:
    assert VOCABULARY.matrix(["", "  ", "123", "\u200f"]).nnz == 0
    shares = VOCABULARY.shares(["xyzw"], np.ones(VOCABULARY.width))
    assert len(shares.tokens) == 1 and shares.given[0] == 0


def test_a_vocabulary_survives_json() -> None:
    again = tfidf.Vocabulary.from_plain(json.loads(json.dumps(VOCABULARY.to_plain())))
    assert again.blocks == VOCABULARY.blocks
    np.testing.assert_array_equal(again.matrix(COMMENTS).toarray(), VOCABULARY.matrix(COMMENTS).toarray())


def test_the_same_text_twice_counts_once() -> None:
    assert tfidf.learn(COMMENTS * 3, min_comments=2).to_plain() == VOCABULARY.to_plain()
