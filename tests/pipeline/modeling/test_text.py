"""Comments as columns: what may stand in a vocabulary, and that weights come back to the words exactly."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.modeling import text

COMMENTS = [
    "Atendimento ótimo, não demorou nada!", "Atendimento péssimo: demorou demais.", "MUITO RUIM!!! nunca mais volto",
    "Médico atencioso, recepção ruim", "Não gostei do atendimento", "gostei muito, voltarei 😀", "ótimo 👍 ótimo",
    "Esperei 3 horas e não fui atendida", "recepção atenciosa e médico ótimo", "sem fila, sem demora, gostei",
]
VOCABULARY = text.learn(COMMENTS, min_comments=2)


def test_words_stand_where_they_are_said_to_stand() -> None:
    comment = "NÃO gostei, mas o Médico 😀 foi ótimo!!! 3 vezes"
    words = text.words_of(comment)
    assert [comment[w.start:w.end] for w in words] == ["NÃO", "gostei", "mas", "o", "Médico", "😀", "foi", "ótimo", "!!!", "vezes"]
    assert [w.folded for w in words[:5]] == ["nao", "gostei", "mas", "o", "medico"]
    assert [w.folded for w in words if w.negated] == ["gostei"]  # a comma ends what a negation turns


def test_a_term_needs_five_distinct_comments_and_no_digits() -> None:
    said = ["Maria Zwicky me atendeu às 10h30"] * 50 + [f"paciente {n}: fila longa" for n in range(4)]
    terms, pieces = text.learn(said).blocks
    assert not terms and not [piece for piece in pieces if "zw" in piece or "mari" in piece]
    five = text.learn([f"fila longa {'x' * n}" for n in range(5)])
    assert {"fila", "longa", "fila longa"} <= set(five.blocks[0])
    assert not any(c.isdigit() for block in text.learn([f"sala {n} 2B" for n in range(9)]).blocks for t in block for c in t)


@settings(max_examples=60)
@given(st.lists(st.text(st.sampled_from("abnãoÓ t!.,😀1\n"), max_size=60) | st.sampled_from(COMMENTS), min_size=1, max_size=4), st.integers(0, 99))
def test_shares_of_words_and_form_sum_to_the_margin(comments: list[str], seed: int) -> None:
    weights = np.random.default_rng(seed).normal(size=VOCABULARY.width)
    margins = VOCABULARY.matrix(comments) @ weights
    for comment, margin in zip(comments, margins, strict=True):
        words, given_, form = VOCABULARY.shares(comment, weights)
        assert len(words) == len(given_) and given_.sum() + form == pytest.approx(margin, abs=1e-9)


def test_rows_do_not_depend_on_the_other_rows() -> None:
    whole = VOCABULARY.matrix(COMMENTS).toarray()
    for row, comment in enumerate(COMMENTS):
        np.testing.assert_array_equal(VOCABULARY.matrix([comment]).toarray()[0], whole[row])
    blocks = np.split(whole[:, :-2], [len(VOCABULARY.blocks[0])], axis=1)
    for block in blocks:
        np.testing.assert_allclose(np.linalg.norm(block, axis=1), 1)


def test_empty_comments_and_unknown_words_have_no_weight() -> None:
    assert VOCABULARY.matrix(["", "  ", "123", "\u200f"]).nnz == 0
    words, given_, _ = VOCABULARY.shares("xyzw", np.ones(VOCABULARY.width))
    assert len(words) == 1 and given_[0] == 0


def test_a_vocabulary_survives_json() -> None:
    again = text.Vocabulary.from_plain(json.loads(json.dumps(VOCABULARY.to_plain())))
    assert again.blocks == VOCABULARY.blocks
    np.testing.assert_array_equal(again.matrix(COMMENTS).toarray(), VOCABULARY.matrix(COMMENTS).toarray())


def test_the_same_text_twice_counts_once() -> None:
    assert text.learn(COMMENTS * 3, min_comments=2).to_plain() == VOCABULARY.to_plain()
