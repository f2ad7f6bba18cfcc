"""Whether a reading is sure enough to call a comment praise or blame; where it is not, the page says "não sei" and why.

Known are the words of content that stand in the reader's vocabulary, where a negation turns them only as turned ones.
The cuts were chosen on readings across domains (shop reviews by a clinic's reader, and the other way round): of what
is left unsaid by them 17 and 24 % would have been called the opposite of what it was, of what is told 1.4 and 8 %.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pipeline.contract import Product
from pipeline.insight.comments import nps_groups
from pipeline.insight.comments.vocabulary import IRONY
from pipeline.modeling.text.known_words import known_words
from pipeline.modeling.text.text_model import Reader
from pipeline.records import Note, pack

WORDS, CLOSE, IRONIC = "comments.unsure_words", "comments.unsure_close", "comments.unsure_irony"
ALARMED = "comments.unsure_alarmed"  # what may not wait is never called praise
LEAST_KNOWN = 0.5  # of the words of content
KNOWN_WELL = 0.9  # probability of a group from which pieces of words are trusted in place of the words
LEAST_LIKELY = 0.55  # of the likeliest group


def certainty(reader: Reader | None, comments: Sequence[str], stars: np.ndarray) -> np.ndarray:
    """Why the group of each comment isn't known: a code, "" where it is (object array).

    `stars`: n × 5 probabilities, NaN where there is no reading, of which nothing is said. Comments without words are
    judged by the probabilities alone.
    """
    likely = nps_groups.shares(stars).max(axis=1)
    found = np.full(len(comments), "", dtype=object)
    found[likely < LEAST_LIKELY] = CLOSE
    if reader is not None:
        content, known = known_words(reader.vocabulary, comments)
        share = known / np.maximum(content, 1)
        written = np.array([bool(comment.strip()) for comment in comments], dtype=bool)
        strange = written & ((known == 0) | ((share < LEAST_KNOWN) & (likely < KNOWN_WELL)))
        found[strange] = WORDS
    found[[IRONY.search(comment) is not None for comment in comments]] = IRONIC
    found[np.isnan(stars[:, 0])] = ""
    return found


def texts(rows: pd.DataFrame, product: Product) -> list[str]:
    """The comment of each typed row, "" where there is none."""
    if product.comment is None:
        return [""] * len(rows)
    column = rows[product.comment.key].astype("object")
    return column.where(column.notna(), "").tolist()


def notes(codes: np.ndarray) -> np.ndarray:
    """Codes as packed notes (object array)."""
    return np.array([pack(Note(code)) if code else "" for code in codes], dtype=object)


def of_rows(
    rows: pd.DataFrame, product: Product, stars: np.ndarray, reader: Reader | None, alarmed: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """(group, why there is none) of typed rows by what is read in them, whatever their rating: as `groups_told`."""
    return groups_told(stars, certainty(reader, texts(rows, product), stars), alarmed)


def groups_told(
    stars: np.ndarray, unsure: np.ndarray, alarmed: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """(group, why there is none) of readings: object arrays, None where there is no group, "" where there is one.

    `unsure`: of `certainty`; `alarmed` (bool): comments of something that may not wait, which are detractors where
    their likeliest group says so, and of no group elsewhere.
    """
    likely = nps_groups.groups(stars)
    unread = np.array([group is None for group in likely], dtype=bool)
    why = unsure.copy()
    if alarmed is not None:
        blamed = likely == nps_groups.DETRACTOR
        why[alarmed & blamed] = ""
        why[alarmed & ~blamed & ~unread & (why == "")] = ALARMED
    likely[why != ""] = None
    return likely, why
