"""Comments read once, clause by clause: which themes each clause speaks of, and whether it praises or blames.

Equal texts are read once. What is kept are places and numbers, never a text.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.contract import Opinions, Theme
from pipeline.insight.comments import clauses, polarity
from pipeline.insight.comments.phrases import Found, Phrases
from pipeline.insight.comments.polarity import MIXED, NEGATIVE, NEUTRAL, POSITIVE, SILENT
from pipeline.modeling.text.text_model import Reader


@dataclass(frozen=True)
class Clause:
    """`start` to `end` of a comment, the places of the themes that it speaks of, and NEGATIVE, POSITIVE, …"""

    start: int
    end: int
    themes: tuple[int, ...]
    polarity: int


@dataclass(frozen=True)
class ThemeReading:
    """n comments: `said` (int8, n × themes) is SILENT, NEUTRAL, POSITIVE, NEGATIVE or MIXED; `text` (n) is the place
    in `clauses` of what was read in the comment's text: its clauses that speak of a theme.
    """

    themes: tuple[Theme, ...]
    said: np.ndarray
    text: np.ndarray
    clauses: tuple[tuple[Clause, ...], ...]

    def place(self, key: str) -> int:
        """Which column a theme is. KeyError if it is none of these."""
        found = next((place for place, theme in enumerate(self.themes) if theme.key == key), None)
        if found is None:
            raise KeyError(key)
        return found

    def take(self, rows: np.ndarray) -> ThemeReading:
        """The reading of some of the comments (places), in their order."""
        return ThemeReading(self.themes, self.said[rows], self.text[rows], self.clauses)


@dataclass(frozen=True)
class SpokenComments:
    """n comments that were read: their texts, rows of the file, stars (NaN without) and days since 1970."""

    reading: ThemeReading
    comments: Sequence[str]
    rows: np.ndarray
    stars: np.ndarray
    days: np.ndarray


class ThemeFinder:
    """Themes, ready to be found in the words of a clause."""

    def __init__(self, themes: tuple[Theme, ...]) -> None:
        places = {theme.key: place for place, theme in enumerate(themes)}
        self._size = len(themes)
        self._parents = [places[theme.parent] if theme.parent else -1 for theme in themes]
        self._within = [theme.within for theme in themes]
        entries = [(term, place) for place, theme in enumerate(themes) for term in theme.terms]
        hiding = [(term, place + self._size) for place, theme in enumerate(themes) for term in theme.unless]
        self._phrases = Phrases(entries + hiding)

    def find(self, words: Sequence[str]) -> list[Found]:
        """Where the words of a clause may speak of which themes (places)."""
        found = self._phrases.find(words)
        hidden = {
            (payload - self._size, place)
            for start, end, payload in found
            if payload >= self._size
            for place in range(start, end)
        }
        return [
            item
            for item in found
            if item[2] < self._size and not ((item[2], item[0]) in hidden and (item[2], item[1] - 1) in hidden)
        ]

    def beginnings(self, found: Sequence[Found]) -> list[int]:
        """The words that begin a theme by themselves."""
        return [start for start, _, place in found if not self._within[place]]

    def of(self, found: Sequence[Found]) -> tuple[int, ...]:
        """The themes spoken of there, parents with their parts; a part that needs its parent's words is left out
        without them.
        """
        own = {payload for _, _, payload in found}
        own = {place for place in own if not self._within[place] or self._parents[place] in own}
        return tuple(sorted(own | {self._parents[place] for place in own if self._parents[place] >= 0}))


def read(
    comments: Sequence[str], themes: tuple[Theme, ...], opinions: Opinions | None = None, reader: Reader | None = None
) -> ThemeReading:
    """Reads n comments. Without `opinions` every clause is neutral; `reader` speaks where they are silent."""
    distinct: dict[str, int] = {}
    text = np.fromiter(
        (distinct.setdefault(comment, len(distinct)) for comment in comments), dtype=np.int64, count=len(comments)
    )
    finder, lexicon = ThemeFinder(themes), None if opinions is None else polarity.lexicon(opinions)
    found = [_clauses(comment, finder, lexicon) for comment in distinct]
    if reader is not None:
        found = _decided(list(distinct), found, reader)
    said = np.zeros((len(distinct), len(themes)), dtype=np.int8)
    for row, own in enumerate(found):
        for clause in own:
            for place in clause.themes:
                said[row, place] = _with(int(said[row, place]), clause.polarity)
    return ThemeReading(themes, said[text], text, tuple(found))


def _with(before: int, more: int) -> int:
    """What is said of a theme when one more clause speaks of it."""
    if before in (SILENT, NEUTRAL) or more == before:
        return more
    return before if more == NEUTRAL else MIXED


def _clauses(comment: str, finder: ThemeFinder, lexicon: polarity.Lexicon | None) -> tuple[Clause, ...]:
    kept = []
    for start, end in clauses.spans(comment):
        parts = clauses.parts(comment[start:end])
        words = [word for _, _, word in parts]
        found = finder.find(words)
        if not found:
            continue
        opinions = [] if lexicon is None else lexicon.find(words)
        starts = [item[0] for item in found]
        pieces = polarity.pieces(words, opinions, finder.beginnings(found))
        edges = [first for first, _ in pieces] + [len(words)]
        for (first, last), said in zip(pieces, polarity.between(opinions, edges), strict=True):
            themes = finder.of(found[bisect_left(starts, first) : bisect_left(starts, last)])
            if themes:
                kept.append(Clause(*_span(parts[first:last], start), themes, polarity.of(said)))
    return tuple(kept)


def _span(parts: Sequence[tuple[int, int, str]], offset: int) -> tuple[int, int]:
    """From the first word of a piece to the end of its last."""
    words = [part for part in parts if part[2] != ","]
    return offset + words[0][0], offset + words[-1][1]


def _decided(texts: Sequence[str], found: Sequence[tuple[Clause, ...]], reader: Reader) -> list[tuple[Clause, ...]]:
    """The same clauses, those of no opinion as a reader takes them."""
    open_ = [(row, place) for row, own in enumerate(found) for place, c in enumerate(own) if c.polarity == NEUTRAL]
    said = [texts[row][found[row][place].start : found[row][place].end] for row, place in open_]
    answers = dict(zip(open_, polarity.read_by(reader, said).tolist(), strict=True))
    return [
        tuple(Clause(c.start, c.end, c.themes, answers.get((row, place), c.polarity)) for place, c in enumerate(own))
        for row, own in enumerate(found)
    ]


__all__ = [
    "MIXED",
    "NEGATIVE",
    "NEUTRAL",
    "POSITIVE",
    "SILENT",
    "Clause",
    "SpokenComments",
    "ThemeFinder",
    "ThemeReading",
    "read",
]
