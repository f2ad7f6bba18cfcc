"""Ratings and texts that contradict each other, with the model's confidence; where it is unsure it says so, or nothing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.contract import DETRACTOR_MAX, PROMOTER_MIN

SURE = 0.8  # probability of the opposite group from which rating and text contradict each other
UNSURE = 0.6  # from here on it may be so: said as a doubt
UNCERTAIN = "sem certeza"


@dataclass(frozen=True)
class Divergence:
    """`confidence` (n): probability that the text is of the other side than the rating, 0 where it can't be;
    `certain`: where that is sure enough to be called a contradiction; `doubtful`: where it may be one."""

    confidence: np.ndarray
    certain: np.ndarray
    doubtful: np.ndarray


def divergences(ratings: np.ndarray, stars: np.ndarray, commented: np.ndarray) -> Divergence:
    """Holds ratings (n, NaN where there is none) against the five probabilities (n × 5) of rows with a comment."""
    low, high = stars[:, :DETRACTOR_MAX].sum(axis=1), stars[:, PROMOTER_MIN - 1 :].sum(axis=1)
    with np.errstate(invalid="ignore"):
        opposite = np.select([ratings >= PROMOTER_MIN, ratings <= DETRACTOR_MAX], [low, high], 0.0)
    confidence = np.where(commented, np.nan_to_num(opposite), 0.0)
    certain = confidence >= SURE
    return Divergence(confidence, certain, (confidence >= UNSURE) & ~certain)


def sentences(ratings: np.ndarray, found: Divergence) -> np.ndarray:
    """ "5 estrelas, texto de reclamação (94%)", "sem certeza (65%)" or "" for each row (object array)."""
    said = np.full(len(ratings), "", dtype=object)
    for row in np.flatnonzero(found.certain | found.doubtful).tolist():
        share = f"({np.floor(100 * found.confidence[row]):.0f}%)"
        stars = int(ratings[row])
        kind = "reclamação" if stars >= PROMOTER_MIN else "elogio"
        said[row] = (
            f"{stars} {'estrela' if stars == 1 else 'estrelas'}, texto de {kind} {share}"
            if found.certain[row]
            else f"{UNCERTAIN} {share}"
        )
    return said
