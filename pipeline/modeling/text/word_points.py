"""What words did to risks: the phrases that moved them, kept as short text.

A row's marks are "start-end:points" joined by ";", points of risk as fractions: small enough to rest beside a risk.
Marks of a version before phrases are those of words, in the same form. What the marks of a comment leave of its
points is said as its other words: both together are the words' points, exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.modeling.text import tfidf
from pipeline.modeling.text.contributions import Said
from pipeline.modeling.text.phrases import phrases_of
from pipeline.modeling.text.text_model import Reader
from pipeline.records import MarkedWord

SMALLEST = 0.005  # half a point of risk: less marks nothing


@dataclass(frozen=True)
class WordPoints:
    """Points of risk of the phrases of n comments; arrays of one length, in reading order within each `row`."""

    row: np.ndarray
    start: np.ndarray
    end: np.ndarray
    points: np.ndarray

    def taken(self, which: np.ndarray) -> WordPoints:
        """Those of a mask."""
        return WordPoints(self.row[which], self.start[which], self.end[which], self.points[which])


def word_points(said: Said, rate: np.ndarray) -> WordPoints:
    """Points of every phrase that moved its row's risk by half a point or more;
    `rate`: points per log-odds of each row.
    """
    return said_points(said.reader, said.comments, said.words_share * rate)[0]


def said_points(reader: Reader, comments: Sequence[str], rate: np.ndarray) -> tuple[WordPoints, WordPoints]:
    """(phrases, words) that moved their row's risk by half a point or more; what a word gave is part of its phrase."""
    phrases: list[WordPoints] = []
    words: list[WordPoints] = []
    for first in range(0, len(comments), tfidf.CHUNK):
        part = comments[first : first + tfidf.CHUNK]
        shares = reader.shares(part)
        tokens = shares.tokens
        points = shares.given * rate[first + tokens.row]
        joined = phrases_of(tokens, part, points)
        phrases.append(_strong(WordPoints(first + joined.row, joined.start, joined.end, joined.points)))
        words.append(_strong(WordPoints(first + tokens.row, tokens.start, tokens.end, points)))
    return _chained(phrases), _chained(words)


def _strong(found: WordPoints) -> WordPoints:
    return found.taken(np.abs(found.points) >= SMALLEST)


def _chained(parts: Sequence[WordPoints]) -> WordPoints:
    nothing = np.zeros(0, dtype=np.int64)
    every = (WordPoints(nothing, nothing, nothing, np.zeros(0)), *parts)
    columns = zip(*((part.row, part.start, part.end, part.points) for part in every), strict=True)
    return WordPoints(*(np.concatenate(column) for column in columns))


def marks_of(said: Said, rate: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(marks, the same of single words) of each comment (object arrays of str)."""
    phrases, words = said_points(said.reader, said.comments, said.words_share * rate)
    return packed(phrases, len(said.comments)), packed(words, len(said.comments))


def packed(words: WordPoints, rows: int) -> np.ndarray:
    """Marks by row; see the module."""
    made: list[list[str]] = [[] for _ in range(rows)]
    for row, start, end, points in zip(
        words.row.tolist(), words.start.tolist(), words.end.tolist(), words.points.tolist(), strict=True
    ):
        made[row].append(f"{start}-{end}:{points:.4f}")
    return np.array([";".join(parts) for parts in made], dtype=object)


def unpacked(marks: str) -> tuple[MarkedWord, ...]:
    """The marked phrases of one row. ValueError if it is no such text."""
    found = []
    for part in filter(None, marks.split(";")):
        place, points = part.split(":")
        start, end = place.split("-")
        found.append(MarkedWord(int(start), int(end), float(points)))
    return tuple(found)
