"""Stars as a chain of four binary questions, so that five probabilities are never negative and sum to one.

Asked in turn: two stars or fewer? of those, one? of the others, three? of those above, four? Independent cumulative
models don't give that: their curves cross. The first answer is the risk itself: P(1) + P(2) equals it.
"""

from __future__ import annotations

import numpy as np

from pipeline.contract import DETRACTOR_MAX
from pipeline.modeling.text.text_model import Asked

_STRENGTHS = (2.0, 0.3, 0.3, 0.3)  # the finer questions have fewer rows


def questions(stars: np.ndarray) -> tuple[Asked, ...]:
    """The four questions to rows with these ratings (1 to 5)."""
    asked = (stars >= 1, stars <= DETRACTOR_MAX, stars > DETRACTOR_MAX, stars > DETRACTOR_MAX + 1)
    yes = (stars <= DETRACTOR_MAX, stars == 1, stars == DETRACTOR_MAX + 1, stars == DETRACTOR_MAX + 2)
    return tuple(Asked(a, y, c) for a, y, c in zip(asked, yes, _STRENGTHS, strict=True))


def chained(answers: np.ndarray) -> np.ndarray:
    """The five probabilities (n × 5) of the answers to the four questions (n × 4)."""
    low, one, three, four = answers.T
    return np.column_stack(
        [
            low * one,
            low - low * one,
            (1 - low) * three,
            (1 - low) * (1 - three) * four,
            (1 - low) * (1 - three) * (1 - four),
        ]
    )


def expected(probabilities: np.ndarray) -> np.ndarray:
    """Expected stars (n) of n × 5 probabilities."""
    return probabilities @ np.arange(1.0, 6.0)
