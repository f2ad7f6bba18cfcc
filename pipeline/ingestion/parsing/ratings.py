"""Distinct cells → stars: digits, words and signs, a scale of words, and notes of 0 to 10, which are another scale."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from pipeline.folding import fold
from pipeline.ingestion.parsing.vocabulary import STARS_BY_WORD

_STARS = re.compile(r"^[★⭐*\ufe0f]+[☆✩\ufe0f]*$")
_RATING = re.compile(
    r"^(?:nota|classificacao)?\s*+(\d+(?:[.,]\d+)?)\s*+(?:/\s*5|de\s+5|estrelas?|[-–:].*|★|⭐)?\.?$", re.IGNORECASE
)
_TEN = re.compile(r"^(?:nota)?\s*+(\d{1,2})(?:[.,]0++)?(?:\s*+/\s*+10)?$", re.IGNORECASE)
_WORDS = {"zero": 0, "um": 1, "uma": 1, "dois": 2, "duas": 2, "tres": 3, "quatro": 4, "cinco": 5}
_MOSTLY = 0.5  # share of the distinct cells from which a column is on a scale of its own
NPS, GRADES = "nps", "grades"


@dataclass(frozen=True)
class Ratings:
    """Per distinct text: `stars` (float32, NaN where it is none)
    and whether they were converted; `scale`: "", NPS or GRADES.
    """

    stars: np.ndarray
    converted: np.ndarray
    scale: str = ""


def read_ratings(texts: list[str], *, convert_nps: bool = False) -> Ratings:
    """Stars 1..5 ("3 estrelas", "3/5", "★★★", "três estrelas"); a scale of words where most of the column is one.

    Notes of 0 to 10 are read as stars only where `convert_nps` says so: 0–3, 4–6, 7–8, 9, 10 are 1 to 5 stars, so
    that detractors (0–6), passives and promoters (9–10) stay what they are.
    """
    stars = np.array([_stars(text) for text in texts], "float32")
    notes = _notes(texts)
    if _is_nps(notes, stars):
        if not convert_nps:
            return Ratings(np.full(len(texts), np.nan, "float32"), np.zeros(len(texts), bool), NPS)
        known = ~np.isnan(notes)
        converted = np.select([notes <= 3, notes <= 6, notes <= 8, notes == 9], [1, 2, 3, 4], 5).astype("float32")
        return Ratings(np.where(known, converted, np.nan).astype("float32"), known, NPS)
    grades = np.array([STARS_BY_WORD.get(fold(text), np.nan) for text in texts], "float32")
    if len(texts) and np.mean(~np.isnan(grades)) >= _MOSTLY:
        both = np.where(np.isnan(stars), grades, stars)
        return Ratings(both, ~np.isnan(grades) & np.isnan(stars), GRADES)
    return Ratings(stars, np.zeros(len(texts), bool))


def _notes(texts: list[str]) -> np.ndarray:
    """Whole notes of 0 to 10 (float), NaN for anything else."""
    found = [_TEN.match(text.strip()) for text in texts]
    notes = np.array([float(m[1]) if m else np.nan for m in found])
    return np.where(notes <= 10, notes, np.nan)


def _is_nps(notes: np.ndarray, stars: np.ndarray) -> bool:
    """Whether the column is notes:
    nearly all of it are, and several of them are no stars; one slip of the pen is no scale.
    """
    beyond = notes[~np.isnan(notes) & np.isnan(stars)]
    return len(notes) > 0 and float(np.mean(~np.isnan(notes))) >= 0.8 and len(np.unique(beyond)) >= 3


def _stars(text: str) -> float:
    text = text.strip()
    if _STARS.match(text):
        stars = float(sum(text.count(mark) for mark in "★⭐*"))
    else:
        match = _RATING.match(text)
        words = fold(text).split()
        if match:
            stars = float(match[1].replace(",", "."))
        elif words and words[0] in _WORDS and set(words[1:]) <= {"estrela", "estrelas"}:
            stars = float(_WORDS[words[0]])
        else:
            return float("nan")
    return stars if 1 <= stars <= 5 else float("nan")
