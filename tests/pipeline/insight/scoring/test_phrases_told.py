"""A comment's explanation: phrases, other words and circumstances, which sum to the risk whatever was written."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.insight.scoring.row_explanation import PHRASE, explanation_of
from pipeline.insight.scoring.score import SMALLEST_REASON, phrase
from pipeline.modeling.text.phrases import phrases_of
from pipeline.modeling.text.tokenizer import tokens_of
from pipeline.modeling.text.word_points import WordPoints, packed, unpacked
from pipeline.presentation.locale.messages import say
from pipeline.products.satisfaction import PRODUCT
from pipeline.records import MarkedWord, RowExplanation

TEXT = next(s.key for s in PRODUCT.features if s.kind.value == "text")
LEVEL = "care_level"


def told(comment: str, given_: float, marks: tuple[MarkedWord, ...], level: float = 0.0) -> RowExplanation:
    row = pd.DataFrame({"comment": [comment], LEVEL: pd.Categorical(["Consulta"])})
    points = pd.Series({TEXT: given_, LEVEL: level})
    return explanation_of(points, 0.3, 0.3 + given_ + level, row, pd.DataFrame(index=[0]), PRODUCT, marks)


def test_phrases_and_circumstances_are_named_and_small_ones_summed() -> None:
    comment = "Não  resolveu\nnada, moça gentil, ok"
    marks = (MarkedWord(0, 18, 0.2), MarkedWord(20, 31, -0.05))
    found = told(comment, 0.152, marks, level=0.04)
    said = [(say(c.said), round(c.points, 3)) for c in found.contributions]
    assert said == [
        ("“Não resolveu nada”", 0.2),
        ("“moça gentil”", -0.05),
        ("Nível Consulta", 0.04),
        ("Outro fator", 0.002),
    ]
    assert [c.factor for c in found.contributions][:2] == [PHRASE, PHRASE]


def test_other_words_are_told_where_they_are_worth_a_line() -> None:
    found = told("tudo bem", 0.2, (MarkedWord(0, 8, 0.15),))
    assert [say(c.said) for c in found.contributions][:2] == [
        "“tudo bem”",
        "Outras palavras, tamanho e forma do comentário",
    ]
    assert say(told("", 0.1, ()).contributions[0].said) == "Sem comentário"
    assert phrase("a" * 500).endswith("…") and len(phrase("a" * 500)) < 100


@given(
    st.text(st.sampled_from("anNoã e.,!?\n[]😀x3"), max_size=120) | st.text(max_size=60),
    st.integers(0, 999),
    st.floats(-0.2, 0.2),
)
def test_marks_and_other_words_sum_to_what_the_comment_gave(comment: str, seed: int, form: float) -> None:
    tokens = tokens_of([comment])
    own = np.random.default_rng(seed).normal(scale=0.03, size=len(tokens))
    found = phrases_of(tokens, [comment], own)
    marks = unpacked(str(packed(WordPoints(found.row, found.start, found.end, found.points), 1)[0]))
    given_ = float(own.sum()) + form
    explained = told(comment, given_, marks)
    lines = explained.contributions
    assert explained.reference + sum(c.points for c in lines) == pytest.approx(explained.risk, abs=1e-12)
    assert all(abs(c.points) >= SMALLEST_REASON for c in lines if c.factor in (PHRASE, TEXT, LEVEL))
