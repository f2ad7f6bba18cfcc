"""How the heads over vectors of comments are made; see `sense` for what they are."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from sklearn.linear_model import LogisticRegression

from pipeline.modeling.text.sense import SenseAnswer

_STRETCH = 10.0  # vectors of length 1 differ by hundredths: stretched, the solver needs few steps
_STRENGTH = 0.1  # the ridge's inverse strength (C) on stretched vectors
_STACKING = 100.0  # that of the three numbers which join words and sense

Sides = Iterable[tuple[np.ndarray, np.ndarray]]


def head(vectors: np.ndarray, yes: np.ndarray, words: np.ndarray, sides: Sides) -> tuple[SenseAnswer, np.ndarray]:
    """The head of n answered comments, and the log-odds (n) that words and sense give together.

    `vectors`: n × WIDTH; `words`: log-odds by the words of models that had not seen each row; `sides`: (learnt from,
    judged) positions, so that the sense of each row is judged by a head that had not seen it.
    """
    unseen = np.full(len(yes), np.nan)
    for learn, judge in sides:
        weights, offset = _linear(vectors[learn], yes[learn])
        unseen[judge] = vectors[judge] @ weights + offset
    share, pull, start = _stacked(words, unseen, yes)
    if pull <= 0:  # the sense says nothing that the words don't
        return SenseAnswer.silent(), words
    weights, offset = _linear(vectors, yes)
    weights = pull * weights
    answer = SenseAnswer(share, weights, start + pull * offset, float((vectors @ weights).mean()))
    return answer, start + share * words + pull * unseen


def _stacked(words: np.ndarray, sense: np.ndarray, yes: np.ndarray) -> tuple[float, float, float]:
    """The share of each and the offset; neither share is negative, since either answers the same question."""
    made = LogisticRegression(C=_STACKING).fit(np.column_stack([words, sense]), yes)
    share, pull = (float(c) for c in made.coef_[0])
    if share >= 0:
        return share, pull, float(made.intercept_[0])
    made = LogisticRegression(C=_STACKING).fit(sense[:, None], yes)  # the words know nothing
    return 0.0, float(made.coef_[0, 0]), float(made.intercept_[0])


def _linear(vectors: np.ndarray, yes: np.ndarray) -> tuple[np.ndarray, float]:
    if len(np.unique(yes)) < 2:  # a fold of one answer only
        return np.zeros(vectors.shape[1]), float(np.log((yes.sum() + 0.5) / (len(yes) - yes.sum() + 0.5)))
    centre = vectors.mean(axis=0, dtype=np.float64)
    model = LogisticRegression(C=_STRENGTH, max_iter=1000).fit(_STRETCH * (vectors - centre), yes.astype(int))
    weights = _STRETCH * np.asarray(model.coef_[0], dtype=np.float64)
    return weights, float(model.intercept_[0] - weights @ centre)
