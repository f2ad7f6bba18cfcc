"""Ratings and texts that contradict each other, with the model's confidence;
where it is unsure it says so, or nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.contract import DETRACTOR_MAX, PROMOTER_MIN
from pipeline.records import note, pack

SURE = 0.8  # probability of the opposite group from which rating and text contradict each other
UNSURE = 0.6  # from here on it may be so: said as a doubt


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


def notes(ratings: np.ndarray, found: Divergence) -> np.ndarray:
    """What is said of each row's rating and text, as packed notes, "" where nothing is (object array)."""
    said = np.full(len(ratings), "", dtype=object)
    for row in np.flatnonzero(found.certain | found.doubtful).tolist():
        percent, stars = int(np.floor(100 * found.confidence[row])), int(ratings[row])
        if not found.certain[row]:
            said[row] = pack(note("mismatch.doubt", percent=percent))
        elif stars >= PROMOTER_MIN:
            said[row] = pack(note("mismatch.complaint", stars=stars, percent=percent))
        else:
            said[row] = pack(note("mismatch.praise", stars=stars, percent=percent))
    return said
