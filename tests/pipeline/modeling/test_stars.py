"""Stars from comments: probabilities that hold together, words that were planted, skill on real comments."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, roc_auc_score

from pipeline.errors import NotEnoughData
from pipeline.modeling import stars

WORDS = {1: "péssimo", 2: "ruim", 3: "razoável", 4: "bom", 5: "excelente"}


def planted(n: int, seed: int) -> tuple[list[str], np.ndarray]:
    """Comments in which one word tells the stars, most of the time, among words that tell nothing."""
    rng = np.random.default_rng(seed)
    rating = rng.integers(1, 6, n)
    said = np.where(rng.random(n) < 0.85, rating, rng.integers(1, 6, n))
    fill = rng.choice(["atendimento", "clínica", "médico", "exame", "hoje", "fui", "lá"], (n, 4))
    return [f"{' '.join(f)} {WORDS[s]}" for f, s in zip(fill, said, strict=True)], rating


def test_probabilities_hold_together_and_find_what_was_planted() -> None:
    comments, rating = planted(1500, 1)
    model, unseen = stars.fit(comments, rating, np.arange(len(comments)))
    found = model.probabilities(["médico péssimo", "exame razoável", "clínica excelente", ""])
    np.testing.assert_allclose(found.sum(axis=1), 1)
    assert (found >= 0).all() and [int(p.argmax()) + 1 for p in found[:3]] == [1, 3, 5]
    risk = found[:, 0] + found[:, 1]
    assert risk[0] > 0.8 > 0.2 > risk[2] and 0.2 < risk[3] < 0.7
    weights = model.answers[0].weights
    shares = model.vocabulary.shares(["médico péssimo"], weights)
    assert shares.tokens.words[shares.tokens.word[int(shares.given.argmax())]] == "pessimo"
    assert not np.isnan(unseen[:, 0]).any() and np.isnan(unseen[rating > 2, 1]).all()


def test_margins_of_a_row_are_made_without_its_group() -> None:
    comments, rating = planted(600, 2)
    groups = np.arange(600) // 2
    turned = rating.copy()
    turned[groups == 7] = 6 - turned[groups == 7]
    first, second = (stars.fit(comments, r, groups)[1][groups == 7, 0] for r in (rating, turned))
    np.testing.assert_array_equal(first, second)


def test_too_few_of_an_answer_are_refused() -> None:
    comments, rating = planted(300, 3)
    with pytest.raises(NotEnoughData):
        stars.fit(comments, np.where(rating == 4, 5, rating), np.arange(300))


@pytest.mark.real
@pytest.mark.slow
def test_beats_tf_idf_with_logistic_regression_on_later_days(real_dir: Path) -> None:
    with gzip.open(real_dir / "b2w_avaliacoes_10k.csv.gz", "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    comments, day = [r["Texto"] for r in rows], np.array([int(r["Data do evento"][:2]) for r in rows])
    rating = np.array([int(r["Classificação"][0]) for r in rows])
    learn = np.flatnonzero(day <= 6)
    known = {comments[i] for i in learn}
    judge = np.array([i for i in np.flatnonzero(day > 6) if comments[i] not in known])
    said, asked = [comments[i] for i in learn], [comments[i] for i in judge]
    codes = {text: place for place, text in enumerate(dict.fromkeys(said))}
    ours = stars.fit(said, rating[learn], np.array([codes[c] for c in said]))[0].probabilities(asked)
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True, strip_accents="unicode")
    reference = LogisticRegression(C=1, solver="liblinear").fit(words.fit_transform(said), rating[learn] <= 2)
    theirs = reference.predict_proba(words.transform(asked))[:, 1]
    low, risk = rating[judge] <= 2, ours[:, 0] + ours[:, 1]
    assert roc_auc_score(low, risk) > roc_auc_score(low, theirs) + 0.002
    assert log_loss(low, risk) < log_loss(low, theirs)
    assert log_loss(rating[judge], ours) < 0.98 and (ours.argmax(axis=1) + 1 == rating[judge]).mean() > 0.57
