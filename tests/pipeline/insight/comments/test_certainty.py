"""Sure or not: what a reader doesn't know, where classes lie close, and what is never called praise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pipeline.insight.comments.certainty import ALARMED, CLOSE, IRONIC, WORDS, certainty, groups_told, notes
from pipeline.insight.comments.nps_groups import DETRACTOR
from pipeline.modeling.text import tfidf
from pipeline.modeling.text.text_model import Linear, Reader
from pipeline.presentation.sentences import reason_words

_VOCABULARY = tfidf.learn(
    ["médico atencioso gostei", "não gostei", "recepção ruim", "não resolveu o exame", "clínica limpa"], min_comments=1
)
READER = Reader(_VOCABULARY, (Linear(np.zeros(_VOCABULARY.width), 0.0, 0.0),))
SURE, FAIR, EVEN = [0.9, 0.06, 0.02, 0.01, 0.01], [0.0, 0.0, 0.3, 0.35, 0.35], [0.3, 0.2, 0.1, 0.2, 0.2]


@pytest.mark.parametrize(
    ("comment", "stars", "code"),
    [
        ("médico atencioso", FAIR, ""),
        ("médico atencioso", EVEN, CLOSE),
        ("xyzw kwyjibo", SURE, WORDS),
        ("a quimera do abacaxi perdeu o médico", FAIR, WORDS),
        ("a quimera do abacaxi perdeu o médico", SURE, ""),
        ("não gostei", FAIR, ""),
        ("não tenho recepção", FAIR, WORDS),
        ("médico atencioso, só que não", FAIR, IRONIC),
        ("médico atencioso SQN!", FAIR, IRONIC),
        ("médico atencioso, só que não gostei da clínica limpa", FAIR, ""),
        ("", FAIR, ""),
        ("123 ...", FAIR, WORDS),
        ("xyzw", [np.nan] * 5, ""),
    ],
)
def test_what_is_sure(comment: str, stars: list[float], code: str) -> None:
    assert certainty(READER, [comment], np.array([stars])).tolist() == [code]


def test_without_a_reader_the_probabilities_tell() -> None:
    assert certainty(None, ["xyzw", "xyzw"], np.array([SURE, EVEN])).tolist() == ["", CLOSE]


def test_every_reason_has_a_sentence() -> None:
    said = reason_words.texts(notes(np.array([WORDS, CLOSE, IRONIC, ALARMED, ""], dtype=object)))
    assert all(text.startswith("Não sei: ") and text.endswith(".") for text in said[:4]) and said[4] == ""


@given(
    arrays(float, (12, 5), elements=st.floats(0.01, 1)),
    arrays(bool, 12),
    st.lists(st.sampled_from(["", WORDS, CLOSE]), min_size=12, max_size=12),
)
def test_what_may_not_wait_is_a_detractor_or_unknown(raw: np.ndarray, alarmed: np.ndarray, codes: list[str]) -> None:
    stars = raw / raw.sum(axis=1, keepdims=True)
    group, why = groups_told(stars, np.array(codes, dtype=object), alarmed)
    assert all((g is None) == (w != "") for g, w in zip(group, why, strict=True)), "no group without its reason"
    assert {g for g, a in zip(group, alarmed, strict=True) if a} <= {DETRACTOR, None}
    quiet = ~alarmed
    assert list(why[quiet]) == [c for c, q in zip(codes, quiet, strict=True) if q]
