"""What comments did to risks: the factor that they are, and the words that moved it, kept as short text.

A row's marks are "start-end:points" joined by ";", points of risk as fractions: small enough to rest beside a risk.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.modeling.text import tfidf
from pipeline.modeling.text.text_model import Reader
from pipeline.records import MarkedWord

SMALLEST = 0.005  # half a point of risk: less marks nothing


@dataclass(frozen=True)
class TextContribution:
    """The log-odds that comments give (float64, n), and what a comment without known words would: the reference."""

    factor: str
    log_odds: np.ndarray
    reference: float


@dataclass(frozen=True)
class WordPoints:
    """Points of risk of the words of n comments; arrays of one length, in reading order within each `row`."""

    row: np.ndarray
    start: np.ndarray
    end: np.ndarray
    points: np.ndarray


def word_points(reader: Reader, comments: Sequence[str], rate: np.ndarray) -> WordPoints:
    """Points of every word that moved its row's risk by half a point or more;
    `rate`: points per log-odds of each row.
    """
    found: list[tuple[np.ndarray, ...]] = []
    for first in range(0, len(comments), tfidf.CHUNK):
        shares = reader.shares(comments[first : first + tfidf.CHUNK])
        tokens = shares.tokens
        points = shares.given * rate[first + tokens.row]
        strong = np.flatnonzero(np.abs(points) >= SMALLEST)
        found.append((first + tokens.row[strong], tokens.start[strong], tokens.end[strong], points[strong]))
    nothing = np.zeros(0, dtype=np.int64)
    row, start, end, points = (
        np.concatenate(part) for part in zip((nothing, nothing, nothing, np.zeros(0)), *found, strict=True)
    )
    return WordPoints(row, start, end, points)


def marks_of(reader: Reader, comments: Sequence[str], rate: np.ndarray) -> np.ndarray:
    """The marks of each comment (object array of str)."""
    return packed(word_points(reader, comments, rate), len(comments))


def packed(words: WordPoints, rows: int) -> np.ndarray:
    """Marks by row; see the module."""
    made: list[list[str]] = [[] for _ in range(rows)]
    for row, start, end, points in zip(
        words.row.tolist(), words.start.tolist(), words.end.tolist(), words.points.tolist(), strict=True
    ):
        made[row].append(f"{start}-{end}:{points:.4f}")
    return np.array([";".join(parts) for parts in made], dtype=object)


def unpacked(marks: str) -> tuple[MarkedWord, ...]:
    """The marked words of one row. ValueError if it is no such text."""
    found = []
    for part in filter(None, marks.split(";")):
        place, points = part.split(":")
        start, end = place.split("-")
        found.append(MarkedWord(int(start), int(end), float(points)))
    return tuple(found)
