"""The sense beside the words: both sum to the answer, whatever the comment; it helps where it can; it is kept whole."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.modeling import ordinal
from pipeline.modeling.text import fit, sentence_encoder
from pipeline.modeling.text.contributions import Said
from pipeline.modeling.text.fit import Sensed
from pipeline.modeling.text.sense import WIDTH, Sense, SenseAnswer, made_up
from pipeline.modeling.text.text_model import Reader
from pipeline.products.satisfaction import PRODUCT
from tests.pipeline.modeling.text.encoders import MadeUp
from tests.pipeline.modeling.text.test_text_model import planted

ROWS = 900
ENCODER = MadeUp()


@pytest.fixture(scope="module")
def learnt() -> tuple[Reader, np.ndarray, np.ndarray]:
    comments, rating = planted(ROWS, 3)
    comments[:60] = [""] * 60
    sensed = Sensed(ENCODER.vectors(comments), ENCODER.name)
    made, unseen = fit.fit(comments, ordinal.questions(rating), np.arange(ROWS), sensed)
    assert made is not None and made.sense is not None
    return made, unseen, rating


def _said(reader: Reader, comments: list[str], vectors: np.ndarray | None) -> Said:
    return Said(reader, comments, reader.log_odds(comments, vectors), vectors)


@settings(max_examples=40)
@given(st.lists(st.text(max_size=60), min_size=1, max_size=5), st.booleans())
def test_words_and_sense_sum_to_what_the_comment_says_whatever_it_is(
    learnt: tuple, texts: list[str], with_vectors: bool
) -> None:
    reader = learnt[0]
    said = _said(reader, texts, ENCODER.vectors(texts) if with_vectors else None)
    words, sense = said.contributions(PRODUCT)
    assert (words.factor, sense.factor) == ("comment", "comment_sense")
    np.testing.assert_allclose(words.log_odds + sense.log_odds, said.log_odds[:, 0], atol=1e-12)
    shares = reader.shares(texts)
    given_by_words = np.zeros(len(texts))
    np.add.at(given_by_words, shares.tokens.row, shares.given)
    spoken = np.array([bool(text.strip()) for text in texts])
    by_word = (given_by_words + shares.form) * said.words_share
    np.testing.assert_allclose((words.log_odds - words.reference)[spoken], by_word[spoken], atol=1e-9)
    if not with_vectors:
        assert not sense.log_odds.any() and sense.reference == 0.0


def test_without_vectors_the_words_answer_as_a_reader_of_words_alone_would(learnt: tuple) -> None:
    comments, rating = planted(ROWS, 3)
    comments[:60] = [""] * 60
    plain, _ = fit.fit(comments, ordinal.questions(rating), np.arange(ROWS))
    assert plain is not None and plain.sense is None
    texts = ["médico péssimo", "", "clínica excelente"]
    np.testing.assert_allclose(learnt[0].log_odds(texts), plain.log_odds(texts), atol=1e-12)


def test_silence_has_no_sense(learnt: tuple) -> None:
    reader = learnt[0]
    texts = ["", "   "]
    np.testing.assert_allclose(reader.log_odds(texts, made_up(2)), reader.log_odds(texts), atol=1e-12)


def test_a_sense_that_words_do_not_tell_is_learnt() -> None:
    """The words say nothing at all; the vectors tell the answer."""
    rng = np.random.default_rng(5)
    rating = rng.integers(1, 6, 700).astype(float)
    comments = [f"atendimento de número {'abcdefghij'[n % 10]}" for n in range(700)]
    direction = made_up(1)[0]
    noise = rng.standard_normal((700, WIDTH)) / 20
    vectors = (np.where(rating <= 2, 1, -1)[:, None] * direction * 0.3 + noise).astype(np.float32)
    plain, before = fit.fit(comments, ordinal.questions(rating), np.arange(700))
    reader, unseen = fit.fit(comments, ordinal.questions(rating), np.arange(700), Sensed(vectors, "x/1"))
    assert reader is not None and reader.sense is not None and plain is not None

    def loss(log_odds: np.ndarray) -> float:
        return float(np.logaddexp(0, np.where(rating <= 2, -1, 1) * log_odds[:, 0]).mean())

    assert loss(unseen) < 0.75 * loss(before)


def test_too_few_answers_leave_the_words_as_they_are() -> None:
    comments, rating = planted(300, 4)
    rating[:] = np.where(np.arange(300) < 60, 2.0, 5.0)  # nobody gives one star: no second question
    reader, unseen = fit.fit(
        comments, ordinal.questions(rating), np.arange(300), Sensed(ENCODER.vectors(comments), ENCODER.name)
    )
    assert reader is not None and reader.sense is not None
    head = reader.sense.answers[1]
    assert (head.words, head.offset, head.level) == (1.0, 0.0, 0.0) and not head.weights.any()
    assert np.isfinite(unseen[rating <= 2, 1]).all()


def test_a_reader_is_kept_and_found_whole(learnt: tuple) -> None:
    reader = learnt[0]
    again = Reader.from_plain(json.loads(json.dumps(reader.to_plain())))
    texts = ["médico péssimo e clínica bom", "exame"]
    vectors = ENCODER.vectors(texts)
    np.testing.assert_allclose(again.log_odds(texts, vectors), reader.log_odds(texts, vectors), atol=1e-12)


@pytest.mark.parametrize(
    "broken",
    [
        {"encoder": "x"},
        {"encoder": "x", "answers": [{"words": 1, "weights": [0.0] * 3, "offset": 0, "level": 0}]},
        {"encoder": "x", "answers": [{"words": float("nan"), "weights": [0.0] * WIDTH, "offset": 0, "level": 0}]},
        {"encoder": "x", "answers": [{"words": 1, "weights": [float("inf")] * WIDTH, "offset": 0, "level": 0}]},
        {"encoder": "x", "answers": []},
    ],
)
def test_a_broken_sense_is_refused(learnt: tuple, broken: dict) -> None:
    with pytest.raises((KeyError, ValueError)):
        Reader.from_plain({**learnt[0].to_plain(), "sense": broken})


def test_vectors_of_another_encoder_are_not_read(learnt: tuple) -> None:
    reader, texts = learnt[0], ["médico"]
    assert reader.vectors(texts, MadeUp("another/2")) is None and reader.vectors(texts, None) is None
    found = reader.vectors(texts, ENCODER)
    assert found is not None and found.shape == (1, WIDTH)
    assert Reader(reader.vocabulary, reader.answers).vectors(texts, ENCODER) is None


def test_a_silent_head_changes_nothing() -> None:
    words = np.array([[0.3], [-2.0]])
    np.testing.assert_array_equal(Sense("x", (SenseAnswer.silent(),)).joined(words, made_up(2)), words)


@pytest.mark.skipif(sentence_encoder.installed() is None, reason="o leitor de sentido não está instalado aqui")
def test_the_encoder_reads_any_text_the_same_way_alone_or_among_others() -> None:
    encoder = sentence_encoder.installed()
    assert encoder is not None
    texts = ["Ótimo atendimento", "Péssimo, esperei horas", "", "\0nulo\0", "\ud800 solto", "😀" * 50, "ok " * 300]
    heard: list[tuple[int, int]] = []
    found = encoder.vectors([*texts, texts[0]], lambda done, of: heard.append((done, of)))
    assert found.shape == (8, WIDTH) and found.dtype == np.float32 and heard == [(7, 7)]
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=2e-3)
    np.testing.assert_array_equal(found[7], found[0])
    np.testing.assert_array_equal(encoder.vectors([texts[1]])[0], found[1])
    near, far = encoder.vectors(["Fui muito bem atendida", "Nunca esperei tanto na vida"])
    assert near @ found[0] > far @ found[0] and far @ found[1] > near @ found[1]


def test_other_weights_than_the_pinned_ones_are_left_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sentence_encoder, "_SHA256", "0" * 64)
    monkeypatch.setattr(sentence_encoder, "_load", lambda: pytest.fail("loaded"))
    assert sentence_encoder.installed.__wrapped__() is None
