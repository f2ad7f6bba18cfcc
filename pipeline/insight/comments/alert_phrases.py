"""Declared phrases made fit to be looked for in many comments: each as one linear pattern, found by its rarest word.

A phrase is tried only where a word stands that it can't do without, so most comments cost no more than their words.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache

from pipeline.folding import fold_word
from pipeline.insight.comments.vocabulary import CARRIERS, NEGATIONS, STOP

WORD = re.compile(r"[^\W\d_]+|,")
_GRAMMAR = STOP | CARRIERS | NEGATIONS
_MOST_KNOWN = 500_000  # words: a file of nonsense must not fill the memory
_DRAWN_OUT = re.compile(r"([a-z])\1{2,}")
_GAPS = {gap: rf"(?:(?: ,)? [a-z]+){{0,{words}}}?(?: ,)?" for gap, words in (("..", 3), ("...", 6))}


@lru_cache(maxsize=200_000)
def plain_word(word: str) -> str:
    """A word without case, accents and letters that are drawn out ("MORREEEU")."""
    return _DRAWN_OUT.sub(r"\1", fold_word(word))


def plain_words(text: str) -> list[str]:
    """The plain words of a text and its commas, which end what a negation reaches."""
    return [plain_word(word) for word in WORD.findall(text)]


@lru_cache(maxsize=4_096)
def pattern(phrase: str) -> re.Pattern[str]:
    """A phrase (see `Alert`) over plain words with single blanks.

    Gaps are of a few words and every word is followed by a blank or nothing, so a search is linear.
    """
    first, *rest = phrase.split()
    return re.compile(rf"(?<![a-z]){_item(first)}{''.join(map(_after, rest))}(?![a-z])")


def _after(item: str) -> str:
    if item in _GAPS:
        return _GAPS[item]
    return rf"(?: {_item(item[:-1])})?" if item.endswith("?") else rf" {_item(item)}"


def _item(item: str) -> str:
    return f"(?:{'|'.join(word.replace('*', '[a-z]*') for word in item.split('/'))})"


def rarest(phrase: str) -> tuple[str, ...]:
    """The words of which a phrase needs one: those of the part whose shortest word is the longest, words of grammar
    not counted.
    """
    needed = [item.split("/") for item in phrase.split() if item not in _GAPS and not item.endswith("?")]
    return tuple(max(needed, key=lambda words: min(0 if word in _GRAMMAR else len(word.rstrip("*")) for word in words)))


class PhraseIndex:
    """Which phrases a word may be part of."""

    def __init__(self, phrases: Sequence[str]) -> None:
        whole: dict[str, set[int]] = defaultdict(set)
        begun: dict[str, set[int]] = defaultdict(set)
        for place, phrase in enumerate(phrases):
            for word in rarest(phrase):
                (begun if word.endswith("*") else whole)[word.rstrip("*")].add(place)
        self._whole, self._begun = dict(whole), dict(begun)
        self._lengths = sorted({len(beginning) for beginning in begun})
        self._idle: set[str] = set()  # words as they are written of which no phrase is made
        self._telling: dict[str, frozenset[int]] = {}

    def among(self, text: str) -> frozenset[int]:
        """The places of the phrases that may stand in a text."""
        return frozenset().union(*map(self._of, set(WORD.findall(text)) - self._idle))

    def _of(self, word: str) -> frozenset[int]:
        found = self._telling.get(word)
        if found is not None:
            return found
        plain = plain_word(word)
        begun = (self._begun.get(plain[:length], ()) for length in self._lengths if length <= len(plain))
        found = frozenset(self._whole.get(plain, ())).union(*begun)
        if len(self._idle) + len(self._telling) < _MOST_KNOWN:
            if found:
                self._telling[word] = found
            else:
                self._idle.add(word)
        return found
