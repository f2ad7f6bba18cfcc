"""Five probabilities in words: expected stars, the group of a client, and whether the text contradicts the rating."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.contract import DETRACTOR_MAX, PROMOTER_MIN, Product
from pipeline.insight.comments.mismatch import divergences, notes
from pipeline.modeling.ordinal import expected

__all__ = [
    "DETRACTOR",
    "GROUPS",
    "NEUTRAL",
    "PROMOTER",
    "divergence_notes",
    "expected",
    "groups",
    "groups_of",
    "shares",
]

DETRACTOR, NEUTRAL, PROMOTER = GROUPS = ("detractor", "neutral", "promoter")


def groups(stars: np.ndarray) -> np.ndarray:
    """The likeliest group of each row (object array, None where the probabilities are missing); `stars`: n × 5."""
    names = np.array(GROUPS, dtype=object)[np.nan_to_num(shares(stars)).argmax(axis=1)]
    names[np.isnan(stars[:, 0])] = None
    return names


def shares(stars: np.ndarray) -> np.ndarray:
    """Probabilities of the three groups (n × 3, in the order of GROUPS) of those of the stars (n × 5)."""
    return np.column_stack(
        [
            stars[:, :DETRACTOR_MAX].sum(axis=1),
            stars[:, DETRACTOR_MAX : PROMOTER_MIN - 1].sum(axis=1),
            stars[:, PROMOTER_MIN - 1 :].sum(axis=1),
        ]
    )


def groups_of(ratings: np.ndarray) -> np.ndarray:
    """The group of each rating (object array, None where there is none)."""
    with np.errstate(invalid="ignore"):
        place = np.select([ratings <= DETRACTOR_MAX, ratings < PROMOTER_MIN, ratings >= PROMOTER_MIN], [0, 1, 2], 3)
    return np.array([*GROUPS, None], dtype=object)[place]


def divergence_notes(rows: pd.DataFrame, product: Product, stars: np.ndarray) -> np.ndarray:
    """What to say (packed notes) where a typed row's rating and its text contradict each other; "" elsewhere."""
    comment = product.comment
    commented = np.zeros(len(rows), dtype=bool) if comment is None else rows[comment.key].notna().to_numpy()
    rated = rows[product.target.key].to_numpy(dtype=np.float64)
    return notes(rated, divergences(rated, stars, commented))
