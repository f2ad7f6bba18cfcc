"""Words as they are spelt, what a negation reaches, and readers that learnt from words made otherwise."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.modeling.text import tfidf
from pipeline.modeling.text.tokenizer import FIRST, NEWEST, tokens_of
from tests.growth import grows_with_its_size


def words(comment: str, version: int = NEWEST) -> list[str]:
    found = tokens_of([comment], version)
    return [found.words[place] for place in found.word]


def turned(comment: str, version: int = NEWEST) -> list[str]:
    found = tokens_of([comment], version)
    return [found.words[w] for w, negated in zip(found.word, found.negated, strict=True) if negated]


@pytest.mark.parametrize(
    ("written", "spelt"),
    [
        ("Ótimoooo", ["otimo"]),
        ("péssssimo", ["pessimo"]),
        ("muuuito booom", ["muito", "bom"]),
        ("demaisss", ["demais"]),
        ("vc é mto bom q só", ["voce", "e", "muito", "bom", "que", "so"]),
        ("passou o carro", ["passou", "o", "carro"]),
        ("n gostei", ["nao", "gostei"]),
    ],
)
def test_words_are_read_as_they_are_spelt(written: str, spelt: list[str]) -> None:
    assert words(written) == spelt


def test_a_negation_reaches_over_grammar_but_over_no_turn() -> None:
    assert "reclamar" in turned("não tenho do que reclamar")
    assert "reclamar" not in turned("não tenho do que reclamar", FIRST)
    assert turned("não gostei mas voltarei") == ["gostei"]
    assert "limpo" not in turned("não de do da em no na os as limpo"), "it ends after six words"


def test_a_reader_of_an_earlier_version_is_read_with_its_own_words() -> None:
    plain = {"blocks": [["gostei", "não…gostei", "otimo"], ["go"]], "idf": [[1.0, 1.0, 1.0], [1.0]]}
    old = tfidf.Vocabulary.from_plain(plain)
    new = tfidf.Vocabulary.from_plain({**plain, "words": NEWEST})
    assert old.words == FIRST and new.words == NEWEST and new.to_plain()["words"] == NEWEST
    both = [v.matrix(["não gostei", "ótimooo"]).toarray()[:, :4] for v in (old, new)]
    assert (both[0][0, :2] > 0).all() and both[0][1, 2] == 0
    np.testing.assert_allclose(both[1][:, :3], [[0, 1, 0], [0, 0, 1]])
    for wrong in (0, NEWEST + 1, "2", None):
        with pytest.raises(ValueError, match="not known"):
            tfidf.Vocabulary.from_plain({**plain, "words": wrong})


def test_endless_words_take_time_in_proportion() -> None:
    assert grows_with_its_size(lambda size: tokens_of(["o" * size, "não " * size, "aab" * size]), 20_000)
