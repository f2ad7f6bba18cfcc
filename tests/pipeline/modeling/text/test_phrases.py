"""Phrases: what joins, what never does, and points that are neither lost nor made."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.modeling.text.phrases import LONGEST, phrases_of
from pipeline.modeling.text.tokenizer import tokens_of
from tests.growth import grows_with_its_size

BAD = ("reclamar", "péssimo", "grossa", "resolveu", "ruim", "não", "ninguém", "horas", "esperei")
GOOD = ("ótimo", "gostei", "atenciosa", "médica", "equipe", "educada", "demorou")


def pull(word: str) -> float:
    """A made-up reader: blames some words, praises others, and gives grammar a little."""
    return 0.05 if word in BAD else -0.05 if word in GOOD else 0.002


def phrases(comment: str) -> list[tuple[str, float]]:
    tokens = tokens_of([comment])
    words = [comment[a:b].lower() for a, b in zip(tokens.start.tolist(), tokens.end.tolist(), strict=True)]
    found = phrases_of(tokens, [comment], np.array([pull(word) for word in words]))
    spans = zip(found.start.tolist(), found.end.tolist(), found.points.tolist(), strict=True)
    return [(comment[a:b], round(points, 3)) for a, b, points in spans]


@pytest.mark.parametrize(
    ("comment", "told"),
    [
        ("O atendimento foi péssimo, mas a médica é ótimo", ["atendimento foi péssimo", "médica é ótimo"]),
        ("Não tenho do que reclamar", ["Não tenho do que reclamar"]),
        ("não foi ruim não, gostei", ["não foi ruim não", "gostei"]),
        ("Esperei 3 horas e ninguém resolveu nada!!!", ["Esperei 3 horas", "ninguém resolveu nada!!!"]),
        ("não resolveu", ["não resolveu"]),
        ("equipe [12] atenciosa", ["equipe", "atenciosa"]),
        ("gostei… só que não", ["gostei", "só que não"]),
        ("com a", []),
        ("ótimo porém ruim", ["ótimo", "ruim"]),
        ("gostei\nótimo", ["gostei", "ótimo"]),
    ],
)
def test_what_is_one_phrase(comment: str, told: list[str]) -> None:
    assert [text for text, _ in phrases(comment)] == told


def test_a_negator_is_never_parted_from_what_it_denies() -> None:
    """Even where it pulls the other way: the phrase has the sum of both."""
    assert phrases("não me atendeu") == [("não me atendeu", 0.054)]
    assert phrases("nunca mais gostei") == [("nunca mais gostei", -0.046)]
    assert phrases("não gostei") == [], "blame and praise alike: it pulls nowhere"


_TEXT = st.text(st.sampled_from("aoNnãe mr.,!?[]\n😀1"), max_size=80) | st.lists(
    st.sampled_from((*BAD, *GOOD, "o", "com", "mas", "só que", "nada", "demais", "!!!", ".", ",", "[nome]", "30")),
    max_size=25,
).map(" ".join)


@given(st.lists(_TEXT, min_size=1, max_size=4), st.integers(0, 99))
def test_points_of_phrases_are_those_of_their_words_and_no_word_is_in_two(comments: list[str], seed: int) -> None:
    tokens = tokens_of(comments)
    points = np.random.default_rng(seed).normal(scale=0.02, size=len(tokens))
    found = phrases_of(tokens, comments, points)
    for row, comment in enumerate(comments):
        own = found.row == row
        start, end = found.start[own], found.end[own]
        assert (start < end).all() and (end[:-1] <= start[1:]).all(), "in reading order, none over another"
        assert all(end <= len(comment))
        for a, b in zip(start.tolist(), end.tolist(), strict=True):
            inside = (tokens.row == row) & (tokens.start >= a) & (tokens.end <= b)
            assert 1 <= inside.sum() <= LONGEST
            assert not set(comment[a:b].rstrip("!?")) & set(".,;:\n[]"), "never over the end of a clause or a bracket"
        left = points[tokens.row == row].sum() - found.points[own].sum()
        alone = phrases_of(tokens_of([comment]), [comment], points[tokens.row == row])
        np.testing.assert_allclose(alone.points, found.points[own], atol=1e-12)
        outside = _unjoined(comment, points[tokens.row == row])
        assert left == pytest.approx(outside, abs=1e-9), "what no phrase took is the rest"


def _unjoined(comment: str, points: np.ndarray) -> float:
    """Points of the words that change no phrase when they are taken away: those of the rest."""
    tokens = tokens_of([comment])
    whole = phrases_of(tokens, [comment], points)
    rest = 0.0
    for place in range(len(tokens)):
        nudged = points.copy()
        nudged[place] += 1e-9
        again = phrases_of(tokens, [comment], nudged)
        if len(again.points) == len(whole.points) and abs((again.points - whole.points).sum()) < 5e-10:
            rest += float(points[place])
    return rest


@pytest.mark.slow  # by the clock; test_hanging has long words
def test_a_long_run_of_words_takes_time_in_proportion() -> None:
    def run(size: int) -> None:
        comment = "não gostei ruim " * size
        tokens = tokens_of([comment])
        phrases_of(tokens, [comment], np.full(len(tokens), 0.01))

    assert grows_with_its_size(run, 20_000)
