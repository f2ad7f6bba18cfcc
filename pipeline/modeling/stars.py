"""Stars from comments: a chain of four binary questions, each a linear model over the words, calibrated on unseen comments.

Asked in turn: two stars or fewer? of those, one? of the others, three? of those above, four? The answers multiply to
five probabilities that are never negative and always sum to one, which independent cumulative models don't give
(their curves cross). The first answer is the risk itself: P(1) + P(2) equals it exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from pipeline.errors import NotEnoughData
from pipeline.modeling import calibration, text
from pipeline.modeling.calibration import Calibration

FOLDS = 5
MIN_OF_ANSWER = 20  # comments with each answer to a question, fewer teach nothing


@dataclass(frozen=True)
class _Question:
    """`asked` of these ratings, answered yes by those; `strength` is the inverse of the ridge penalty (C)."""

    asked: Callable[[np.ndarray], np.ndarray]
    yes: Callable[[np.ndarray], np.ndarray]
    strength: float


QUESTIONS = (
    _Question(lambda stars: stars >= 1, lambda stars: stars <= 2, 2.0),
    _Question(lambda stars: stars <= 2, lambda stars: stars == 1, 0.3),
    _Question(lambda stars: stars >= 3, lambda stars: stars == 3, 0.3),
    _Question(lambda stars: stars >= 4, lambda stars: stars == 4, 0.3),
)


@dataclass(frozen=True)
class Linear:
    """One answer: log-odds = intercept + slope · (weights · columns + offset), float64."""

    weights: np.ndarray
    offset: float
    scale: Calibration

    def margin(self, matrix: sparse.csr_matrix) -> np.ndarray:
        """Log-odds before calibration."""
        return matrix @ self.weights + self.offset


@dataclass(frozen=True)
class StarModel:
    """A vocabulary and the four answers over its columns."""

    vocabulary: text.Vocabulary
    answers: tuple[Linear, ...]

    def probabilities(self, comments: Sequence[str]) -> np.ndarray:
        """n × 5: the probability of each number of stars."""
        matrix = self.vocabulary.matrix(comments)
        return chained(np.column_stack([a.scale.risk(a.margin(matrix)) for a in self.answers]))


def chained(answers: np.ndarray) -> np.ndarray:
    """The five probabilities (n × 5) of the answers to the four questions (n × 4)."""
    low, one, three, four = answers.T
    return np.column_stack([low * one, low * (1 - one), (1 - low) * three, (1 - low) * (1 - three) * four,
                            (1 - low) * (1 - three) * (1 - four)])


def fit(comments: Sequence[str], stars: np.ndarray, groups: np.ndarray) -> tuple[StarModel, np.ndarray]:
    """The model, and for each comment the answers' margins (n × 4) by models that had not seen its group.

    `stars`: 1 to 5; `groups`: int codes of what must stay on one side (identical texts, one client). NaN where a
    question isn't asked of the row. NotEnoughData where a question has too few of an answer.
    """
    vocabulary = text.learn(comments)
    matrix = vocabulary.matrix(comments)
    unseen = np.full((len(stars), len(QUESTIONS)), np.nan)
    answers = []
    for place, question in enumerate(QUESTIONS):
        rows = np.flatnonzero(question.asked(stars))
        yes = question.yes(stars[rows])
        if min(yes.sum(), len(yes) - yes.sum()) < MIN_OF_ANSWER or len(np.unique(groups[rows])) < FOLDS:
            raise NotEnoughData("Há poucos comentários de alguma classificação para aprender com o texto.", "Envie um período maior.")
        for learn, judge in GroupKFold(FOLDS).split(rows, groups=groups[rows]):
            unseen[rows[judge], place] = _linear(matrix[rows[learn]], yes[learn], question.strength).margin(matrix[rows[judge]])
        made = _linear(matrix[rows], yes, question.strength)
        answers.append(Linear(made.weights, made.offset, calibration.fit(unseen[rows, place], yes.astype(np.float64))))
    return StarModel(vocabulary, tuple(answers)), unseen


def _linear(matrix: sparse.csr_matrix, yes: np.ndarray, strength: float) -> Linear:
    """Logistic regression with a ridge penalty, by dual coordinate descent; not calibrated."""
    model = LogisticRegression(C=strength, solver="liblinear", dual=True, max_iter=400, tol=1e-3, random_state=0)
    model.fit(matrix, yes.astype(int))
    return Linear(model.coef_[0].astype(np.float64), float(model.intercept_[0]), Calibration(1.0, 0.0))
