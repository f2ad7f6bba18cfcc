"""How a reader is made: linear models over words, calibrated on comments that they had not seen.

Kept apart from reading, so that scoring need not import how models are made.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from pipeline.modeling import calibration
from pipeline.modeling.text import fit_sense, tfidf
from pipeline.modeling.text.sense import Sense, SenseAnswer
from pipeline.modeling.text.text_model import Asked, Linear, Reader

FOLDS = 5
MIN_OF_ANSWER = 20  # comments with each answer to a question, fewer teach nothing
MOST_LEARNT = 30_000  # comments, the latest: bounds time and memory
_PRIOR = 0.1  # added to the sum of each column
_LEANING = 10.0  # rows of the overall answer mixed into that of rows without a comment


@dataclass(frozen=True)
class Sensed:
    """The vectors of n comments (n × WIDTH, float32), and the name of the encoder that made them."""

    vectors: np.ndarray
    encoder: str

    def of(self, rows: np.ndarray) -> Sensed:
        """Those of some rows."""
        return Sensed(self.vectors[rows], self.encoder)


def fit(
    comments: Sequence[str], questions: Sequence[Asked], groups: np.ndarray, sensed: Sensed | None = None
) -> tuple[Reader | None, np.ndarray]:
    """A reader, and the log-odds (n × questions) that each row's comment gets from models that had not seen its group.

    `groups`: int codes of what must stay on one side; `sensed`: the comments' vectors, where their sense is to be
    learnt beside the words. NaN where a question isn't asked of a row. Without enough
    comments to the first question there is no reader (None), and all rows say what the whole says.
    """
    said = np.array([bool(comment.strip()) for comment in comments], dtype=bool)
    latest = np.flatnonzero(said)[-MOST_LEARNT:]
    chosen = [comments[i] for i in latest]
    if not _enough(questions[0], latest, groups):
        return None, np.column_stack([np.where(q.rows, _leaning(q, ~said), np.nan) for q in questions])
    vocabulary = tfidf.learn(chosen, people=groups[latest])
    matrix = vocabulary.matrix(chosen)
    answers, heads, unseen = [], [], np.full((len(comments), len(questions)), np.nan)
    for place, question in enumerate(questions):
        answer, margins = _answer(matrix, question, latest, groups, ~said)
        answers.append(answer)
        if sensed is not None:
            made, margins = _head(sensed.vectors, question, latest, groups, margins)
            heads.append(made)
        unseen[latest, place] = margins
        unseen[~said & question.rows, place] = answer.unsaid
    reader = Reader(vocabulary, tuple(answers), Sense(sensed.encoder, tuple(heads)) if sensed is not None else None)
    early = np.setdiff1d(np.flatnonzero(said), latest)
    if len(early):  # too many to learn from: unseen by the whole model
        vectors = None if sensed is None else sensed.vectors[early]
        unseen[early] = reader.log_odds([comments[i] for i in early], vectors)
    for place, question in enumerate(questions):
        unseen[~question.rows, place] = np.nan
    return reader, unseen


def _enough(question: Asked, rows: np.ndarray, groups: np.ndarray) -> bool:
    asked = rows[question.rows[rows]]
    yes = int(question.yes[asked].sum())
    return min(yes, len(asked) - yes) >= MIN_OF_ANSWER and len(np.unique(groups[asked])) >= FOLDS


def _leaning(question: Asked, rows: np.ndarray) -> float:
    """Log-odds of yes among the asked of `rows`, leaning on all that are asked."""
    asked, some = question.rows, question.rows & rows
    overall = (question.yes[asked].sum() + 0.5) / (asked.sum() + 1)
    rate = (question.yes[some].sum() + _LEANING * overall) / (some.sum() + _LEANING)
    return float(np.log(rate / (1 - rate)))


def _answer(
    matrix: sparse.csr_matrix, question: Asked, latest: np.ndarray, groups: np.ndarray, silent: np.ndarray
) -> tuple[Linear, np.ndarray]:
    """The answer learnt from the rows `latest` (those of `matrix`),
    and their log-odds by models that had not seen them.
    """
    unsaid = _leaning(question, silent)
    margins = np.full(len(latest), np.nan)
    places = np.flatnonzero(question.rows[latest])
    if not _enough(question, latest, groups):
        level = _leaning(question, np.ones(len(question.rows), dtype=bool))
        margins[places] = level
        return Linear(np.zeros(matrix.shape[1]), level, unsaid), margins
    yes = question.yes[latest[places]]
    for learn, judge in _sides(latest[places], groups):
        weights, offset = _linear(matrix[places[learn]], yes[learn], question.strength)
        margins[places[judge]] = matrix[places[judge]] @ weights + offset
    scale = calibration.fit(margins[places], yes.astype(np.float64))
    margins = scale.intercept + scale.slope * margins
    weights, offset = _linear(matrix[places], yes, question.strength)
    return Linear(scale.slope * weights, scale.intercept + scale.slope * offset, unsaid), margins


def _head(
    vectors: np.ndarray, question: Asked, latest: np.ndarray, groups: np.ndarray, margins: np.ndarray
) -> tuple[SenseAnswer, np.ndarray]:
    """The sense beside the words' answer (log-odds of the rows `latest`), and the log-odds of both."""
    if not _enough(question, latest, groups):
        return SenseAnswer.silent(), margins
    places = np.flatnonzero(question.rows[latest])
    rows, found = latest[places], margins.copy()
    answer, found[places] = fit_sense.head(vectors[rows], question.yes[rows], margins[places], _sides(rows, groups))
    return answer, found


def _sides(rows: np.ndarray, groups: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """(learnt from, judged), FOLDS times: positions into `rows`, no group on both sides."""
    yield from GroupKFold(FOLDS).split(rows, groups=groups[rows])


def _linear(matrix: sparse.csr_matrix, yes: np.ndarray, strength: float) -> tuple[np.ndarray, float]:
    """Logistic regression with a ridge penalty that is lighter on columns that tell yes from no (Wang & Manning 2012).

    Each column is scaled by the square root of its absolute log-count ratio, and the weights are scaled back.
    """
    if len(np.unique(yes)) < 2:  # a fold of one answer only
        return np.zeros(matrix.shape[1]), float(np.log((yes.sum() + 0.5) / (len(yes) - yes.sum() + 0.5)))
    sums = [_PRIOR + np.asarray(matrix[rows].sum(axis=0)).ravel() for rows in (yes, ~yes)]
    tells = np.sqrt(np.abs(np.log((sums[0] / sums[0].sum()) / (sums[1] / sums[1].sum()))))
    model = LogisticRegression(C=strength, solver="liblinear", dual=True, max_iter=400, tol=1e-3, random_state=0)
    model.fit(matrix @ sparse.diags(tells), yes.astype(int))
    return tells * model.coef_[0], float(model.intercept_[0])


def linked(codes: Sequence[np.ndarray]) -> np.ndarray:
    """Groups of rows that share a code in any of `codes` (int, −1: shares nothing), directly or through others."""
    rows = len(codes[0])
    parts, start = [], rows
    for column in codes:
        known = np.flatnonzero(column >= 0)
        parts.append((known, start + column[known]))
        start += int(column.max(initial=-1)) + 1
    ends = [np.concatenate(side) for side in zip(*parts, strict=True)]
    graph = sparse.coo_matrix((np.ones(len(ends[0]), dtype=np.int8), (ends[0], ends[1])), (start, start))
    return connected_components(graph, directed=False)[1][:rows]
