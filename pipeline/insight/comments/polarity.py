"""Praise or blame of a clause, from declared words and the grammar of negation, and from what a reader of comments
makes of its words where those are silent; never from the stars of the comment.

The longest declared phrase at a place speaks. A negation up to three words before it turns it (Das & Chen 2001 mark
words so; the reach is that of the reader's own tokens), as one right behind it does ("paciência zero"). A comma, or an
"e" between two themes, parts a clause where praise meets blame.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from pipeline.contract import Opinions
from pipeline.insight.comments.phrases import STOP, Found, Phrases, longest
from pipeline.modeling.text.text_model import Reader

SILENT, NEUTRAL, POSITIVE, NEGATIVE, MIXED = 0, 1, 2, 3, 4
NAMES = {NEUTRAL: "neutral", POSITIVE: "positive", NEGATIVE: "negative", MIXED: "mixed"}
MARGIN = 2.0  # log-odds off those of no words at all, inside which a reader says nothing
_REACH, _FARTHEST = 3, 8  # words between a negation and what it turns: without those passed over, and with them
_AND = "e"
_NEGATOR, _HIDDEN = 0, 9
_LEANING = 2  # a payload's size where it speaks only if no other does


@dataclass(frozen=True)
class Opinion:
    """Words (`start` to before `end`) that praise (1) or blame (−1), after negation; `leaning` ones give way."""

    start: int
    end: int
    sign: int
    leaning: bool


class Lexicon:
    """A product's opinions, ready to be found."""

    def __init__(self, said: Opinions) -> None:
        self._phrases = Phrases(
            [(phrase, 1) for phrase in said.positive]
            + [(phrase, -1) for phrase in said.negative]
            + [(phrase, _LEANING) for phrase in said.leaning_positive]
            + [(phrase, -_LEANING) for phrase in said.leaning_negative]
            + [(phrase, _HIDDEN) for phrase in said.silent]
        )
        self._negators = Phrases([(phrase, _NEGATOR) for phrase in said.negators])
        self._after = frozenset(said.after)
        self._denials = frozenset(said.denials)
        self._passed = frozenset(said.intensifiers)

    def find(self, words: Sequence[str]) -> list[Opinion]:
        """What praises and blames in the words of a clause, in order."""
        spoken = longest(self._phrases.find(words))
        if not any(payload != _HIDDEN for _, _, payload in spoken):
            return self._denied(words)
        sure = [(start, end) for start, end, payload in spoken if abs(payload) != _LEANING]
        inside = {place for start, end in sure for place in range(start, end)}
        ends = sorted(end for start, end, _ in self._negators.find(words) if not inside & set(range(start, end)))
        return [
            Opinion(start, end, self._sign(words, (start, end, payload), ends), abs(payload) == _LEANING)
            for start, end, payload in spoken
            if payload != _HIDDEN
        ]

    def _denied(self, words: Sequence[str]) -> list[Opinion]:
        """Blame, where a clause of no opinion says that something was not."""
        place = next((place for place, word in enumerate(words) if word in self._denials), None)
        return [] if place is None else [Opinion(place, place + 1, -1, leaning=True)]

    def _sign(self, words: Sequence[str], found: Found, negated_from: Sequence[int]) -> int:
        start, end, payload = found
        near = negated_from[bisect_left(negated_from, start - _FARTHEST) : bisect_right(negated_from, start)]
        turned = any(self._reaches(words, after, start) for after in near)
        denied = bool(self._negators.find(words[start:end]))  # "sem fila nenhuma" is denied once
        if not turned and not denied and end < len(words) and words[end] in self._after:
            turned = end + 1 == len(words) or words[end + 1] in self._passed or words[end + 1] == STOP
        return (-1 if turned else 1) * (1 if payload > 0 else -1)

    def _reaches(self, words: Sequence[str], after: int, start: int) -> bool:
        between = words[after:start]
        return STOP not in between and sum(word not in self._passed for word in between) < _REACH


@lru_cache(maxsize=8)
def lexicon(said: Opinions) -> Lexicon:
    """The lexicon of a declaration, made once."""
    return Lexicon(said)


def of(opinions: Sequence[Opinion]) -> int:
    """NEGATIVE, POSITIVE, MIXED or NEUTRAL of the opinions of one clause: leaning ones speak only alone."""
    sure = [item.sign for item in opinions if not item.leaning]
    signs = set(sure or [item.sign for item in opinions])
    return MIXED if len(signs) == 2 else NEUTRAL if not signs else POSITIVE if 1 in signs else NEGATIVE


def together(polarities: Sequence[int]) -> int:
    """What several clauses say of one thing."""
    said = set(polarities) - {SILENT, NEUTRAL}
    return NEUTRAL if not said else said.pop() if len(said) == 1 else MIXED


def pieces(words: Sequence[str], opinions: Sequence[Opinion], spoken: Sequence[int]) -> list[tuple[int, int]]:
    """A clause in pieces, each of one side where a comma lies between praise and blame, or an "e" with themes on both
    sides (`spoken`: the words that begin a theme, in order).
    """
    cuts = [place for place, word in enumerate(words) if word in (STOP, _AND)]
    parts = between(opinions, [0, *cuts, len(words)])
    found: list[tuple[int, int]] = []
    start, here = 0, list(parts[0])
    for cut, there in zip(cuts, parts[1:], strict=True):
        if {of(here), of(there)} == {POSITIVE, NEGATIVE} and (words[cut] == STOP or _both(spoken, start, cut)):
            found.append((start, cut))
            start, here = cut, []
        here = _strongest(here, there)
    return [*found, (start, len(words))]


def between(opinions: Sequence[Opinion], edges: Sequence[int]) -> list[Sequence[Opinion]]:
    """The opinions that begin from each edge (in order) to before the next."""
    starts = [item.start for item in opinions]
    places = [bisect_left(starts, edge) for edge in edges]
    return [opinions[first:last] for first, last in zip(places, places[1:], strict=False)]


def _strongest(here: Sequence[Opinion], there: Sequence[Opinion]) -> list[Opinion]:
    """One opinion of each kind of both: what they say together does not grow with how often it is said."""
    return list({(item.sign, item.leaning): item for item in (*here, *there)}.values())


def _both(spoken: Sequence[int], start: int, cut: int) -> bool:
    """Whether a theme begins between `start` and `cut`, and another from there on."""
    place = bisect_left(spoken, cut)
    return place < len(spoken) and place > 0 and spoken[place - 1] >= start


def read_by(reader: Reader, texts: Sequence[str]) -> np.ndarray:
    """POSITIVE, NEGATIVE or NEUTRAL of each text (int8), as far as its words take a reader off what it says of none."""
    if not texts:
        return np.zeros(0, dtype=np.int8)
    off = reader.log_odds(texts)[:, 0] - reader.answers[0].offset
    return np.where(off > MARGIN, NEGATIVE, np.where(off < -MARGIN, POSITIVE, NEUTRAL)).astype(np.int8)
