"""What comments say: answers that hold together, words that were planted, groups kept apart, skill on real comments."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit

from pipeline.modeling import ordinal
from pipeline.modeling.text import fit, text_model, word_points

WORDS = {1: "péssimo", 2: "ruim", 3: "razoável", 4: "bom", 5: "excelente"}


def planted(n: int, seed: int) -> tuple[list[str], np.ndarray]:
    """Comments in which one word tells the stars, most of the time, among words that tell nothing."""
    rng = np.random.default_rng(seed)
    rating = rng.integers(1, 6, n).astype(float)
    said = np.where(rng.random(n) < 0.85, rating, rng.integers(1, 6, n))
    fill = rng.choice(["atendimento", "clínica", "médico", "exame", "hoje", "fui", "lá"], (n, 4))
    return [f"{' '.join(f)} {WORDS[int(s)]}" for f, s in zip(fill, said, strict=True)], rating


def probabilities(made: text_model.Reader, comments: list[str]) -> np.ndarray:
    return ordinal.chained(expit(made.log_odds(comments)))


@pytest.fixture(scope="module")
def learnt() -> tuple[text_model.Reader, np.ndarray, np.ndarray]:
    comments, rating = planted(1500, 1)
    comments[:100] = [""] * 100
    made, unseen = fit.fit(comments, ordinal.questions(rating), np.arange(1500))
    assert made is not None
    return made, unseen, rating


def test_probabilities_hold_together_and_find_what_was_planted(learnt: tuple) -> None:
    made, unseen, rating = learnt
    found = probabilities(made, ["médico péssimo", "exame razoável", "clínica excelente", "xyzw"])
    np.testing.assert_allclose(found.sum(axis=1), 1)
    assert (found >= 0).all() and [int(p.argmax()) + 1 for p in found[:3]] == [1, 3, 5]
    risk = found[:, 0] + found[:, 1]
    assert risk[0] > 0.8 > 0.2 > risk[2] and 0.1 < risk[3] < 0.8
    assert not np.isnan(unseen[:, 0]).any() and np.isnan(unseen[rating > 2, 1]).all()


def test_rows_without_a_comment_say_what_such_rows_say(learnt: tuple) -> None:
    made, unseen, rating = learnt
    silent = float(np.mean(rating[:100] <= 2))
    assert expit(made.log_odds(["", "  "])[:, 0]) == pytest.approx(silent, abs=0.05)
    assert len(np.unique(unseen[:100, 0])) == 1


def test_phrases_are_marked_and_with_the_rest_sum_to_what_the_comment_gave(learnt: tuple) -> None:
    made = learnt[0]
    comments = ["médico péssimo", "clínica excelente!", ""]
    rate = np.array([0.1, 0.1, 0.1])
    phrases, words = word_points.said_points(made, comments, rate)
    given_ = made.log_odds(comments[:2])[:, 0] - made.answers[0].offset
    shares = made.shares(comments)
    summed = np.bincount(shares.tokens.row, shares.given, minlength=3) + shares.form
    np.testing.assert_allclose(summed[:2], given_, atol=1e-9)
    marks = word_points.packed(phrases, 3)
    first, second = word_points.unpacked(marks[0])[-1], word_points.unpacked(marks[1])[-1]
    assert comments[0][first.start : first.end].endswith("péssimo") and first.points > 0
    assert comments[1][second.start : second.end].endswith("excelente!") and second.points < 0
    single = word_points.unpacked(word_points.packed(words, 3)[0])[-1]
    assert comments[0][single.start : single.end] == "péssimo", "what words weigh is told word by word"
    assert marks[2] == "" and word_points.unpacked("") == ()
    old = word_points.unpacked("0-6:0.0123;7-14:0.2000")
    assert [(m.start, m.end, m.points) for m in old] == [(0, 6, 0.0123), (7, 14, 0.2)], "marks of words still read"


def test_margins_of_a_row_are_made_without_its_group() -> None:
    comments, rating = planted(600, 2)
    groups = np.arange(600) // 2
    turned = rating.copy()
    turned[groups == 7] = 6 - turned[groups == 7]

    def raw(ratings: np.ndarray) -> np.ndarray:
        return fit.fit(comments, ordinal.questions(ratings), groups)[1][groups == 7, 0]

    # the scale is fitted on all rows, so that it moves a hair; the words' weights must not know the row
    np.testing.assert_allclose(raw(rating), raw(turned), atol=0.15)
    mine = comments.copy()
    mine[14] = mine[15] = "zzzz"  # only this group says so: whatever it was rated, nobody else knows the word
    low, high = (
        fit.fit(mine, ordinal.questions(np.where(groups == 7, r, rating)), groups)[1][14, 0] for r in (1.0, 5.0)
    )
    assert low == pytest.approx(high, abs=0.15)


def test_too_few_of_an_answer_are_answered_by_their_rate() -> None:
    comments, rating = planted(300, 3)
    made, _ = fit.fit(comments, ordinal.questions(np.where(rating == 4, 5, rating)), np.arange(300))
    assert made is not None and not made.answers[3].weights.any()
    assert probabilities(made, ["clínica excelente"])[0, 3] < 0.02


def test_without_comments_there_is_no_reader() -> None:
    rating = np.tile([1.0, 5.0, 3.0], 100)
    made, unseen = fit.fit([""] * 300, ordinal.questions(rating), np.arange(300))
    assert made is None and expit(unseen[0, 0]) == pytest.approx(1 / 3, abs=0.01)


def test_a_reader_survives_json_and_refuses_what_does_not_fit(learnt: tuple) -> None:
    made = learnt[0]
    plain = json.loads(json.dumps(made.to_plain()))
    again = text_model.Reader.from_plain(plain)
    np.testing.assert_array_equal(again.log_odds(["médico péssimo", ""]), made.log_odds(["médico péssimo", ""]))
    plain["answers"][1]["weights"].pop()
    with pytest.raises(ValueError, match="differ"):
        text_model.Reader.from_plain(plain)


@given(st.lists(st.tuples(st.integers(-1, 6), st.integers(-1, 6)), min_size=1, max_size=30))
def test_rows_that_share_a_code_are_of_one_group(pairs: list[tuple[int, int]]) -> None:
    codes = [np.array(column) for column in zip(*pairs, strict=True)]
    groups = fit.linked(codes)
    for column in codes:
        for code in set(column[column >= 0].tolist()):
            assert len(set(groups[column == code].tolist())) == 1
    alone = [i for i, pair in enumerate(pairs) if pair == (-1, -1)]
    assert all((groups == groups[i]).sum() == 1 for i in alone)
