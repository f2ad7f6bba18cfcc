"""Reasons and observations in words: what a factor says of a row, why a row has no risk. Plain text without escaping.

Frames hold them as packed notes; each distinct one is said once, however many rows hold it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pipeline.packing import distinct
from pipeline.presentation.locale.messages import say
from pipeline.presentation.locale.numbers import MINUS
from pipeline.records import Contribution, Note, unpack


def texts(packed: Sequence[object] | np.ndarray | pd.Series) -> np.ndarray:
    """The sentence of each packed note (object array); "" where there is none."""
    column = pd.Series(packed)
    if isinstance(column.dtype, pd.CategoricalDtype):  # of a page few of the list's categories are there
        codes, found = np.unique(column.cat.codes.to_numpy(), return_inverse=True)
        kept = [column.cat.categories[code] if code >= 0 else "" for code in codes.tolist()]
    else:
        found, kept = pd.factorize(column.astype("object"))
    return np.array([*(say(unpack(str(text))) if text else "" for text in kept), ""], dtype=object)[found]


def reasons(packed: Sequence[object] | np.ndarray | pd.Series, points: np.ndarray) -> np.ndarray:
    """ "Antecedência de 42 dias: +9 pontos" for each row; each distinct text is made once."""
    said, sentences = pd.factorize(texts(packed))
    whole = np.nan_to_num(np.sign(points) * np.floor(np.abs(points) * 100 + 0.5)).astype(np.int64)
    pairs, codes = distinct(said.astype(np.int64), whole)
    made = [f"{sentences[code]}: {points_text(shown / 100)}" if sentences[code] else "" for code, shown in pairs]
    return np.array(made, dtype=object)[codes]


def reason(item: Contribution) -> str:
    """The same of one factor."""
    return told(item.said, item.points)


def told(said: Note, points: float) -> str:
    """The same of what is said and its points."""
    return f"{say(said)}: {points_text(points)}"


def points_text(points: float) -> str:
    """ "+9 pontos", "−4 pontos", "+1 ponto": percentage points of risk, rounded half away from zero."""
    whole = int(abs(points) * 100 + 0.5)
    return f"{MINUS if points < 0 else '+'}{whole} {'ponto' if whole == 1 else 'pontos'}"
