"""Declared phrases found in folded words: exact words, "esper*", "#" for a number, "~" for up to four words between.

Each word is looked up once; what a comment costs grows with its length alone, however many phrases there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.insight.comments.vocabulary import NUMBERS

NUMBER, GAP, STOP = "#", "~", ","
_MOST_BETWEEN = 4  # words that "~" stands for
Found = tuple[int, int, int]  # from which word, to before which, of which payload


class Phrases:
    """Phrases, each with a payload: the number of what it shows."""

    def __init__(self, entries: Iterable[tuple[str, int]]) -> None:
        self._exact: dict[str, list[tuple[tuple[str, ...], int]]] = {}
        self._prefix: dict[str, list[tuple[tuple[str, ...], int]]] = {}
        for phrase, payload in entries:
            first, *rest = phrase.split(" ")
            index = self._prefix if first.endswith("*") else self._exact
            index.setdefault(first.rstrip("*"), []).append((tuple(rest), payload))
        self._lengths = sorted({len(prefix) for prefix in self._prefix})
        self._known: dict[str, tuple[tuple[tuple[str, ...], int], ...]] = {}

    def find(self, words: Sequence[str]) -> list[Found]:
        """Every phrase that `words` hold, by its first word; they may overlap."""
        found: list[Found] = []
        for start, word in enumerate(words):
            for rest, payload in self._beginning(word):
                end = _end(rest, words, start + 1) if rest else start + 1
                if end:
                    found.append((start, end, payload))
        return found

    def _beginning(self, word: str) -> tuple[tuple[tuple[str, ...], int], ...]:
        known = self._known.get(word)
        if known is None:
            found = list(self._exact.get(word, ()))
            if word in NUMBERS:
                found += self._exact.get(NUMBER, ())
            for length in self._lengths:
                if length <= len(word):
                    found += self._prefix.get(word[:length], ())
            known = self._known[word] = tuple(found)
        return known


def _end(rest: tuple[str, ...], words: Sequence[str], place: int) -> int:
    """Where the rest of a phrase ends that begins at `place`; 0 where it does not stand there."""
    for number, part in enumerate(rest):
        if part == GAP:
            return _after_gap(rest[number + 1 :], words, place)
        if place >= len(words) or not _is(part, words[place]):
            return 0
        place += 1
    return place


def _after_gap(rest: tuple[str, ...], words: Sequence[str], place: int) -> int:
    for skipped in range(_MOST_BETWEEN + 1):
        if skipped and (place + skipped > len(words) or words[place + skipped - 1] == STOP):
            return 0
        end = _end(rest, words, place + skipped)
        if end:
            return end
    return 0


def _is(part: str, word: str) -> bool:
    if part.endswith("*"):
        return word.startswith(part[:-1])
    return part == word or (part == NUMBER and word in NUMBERS)


def longest(found: Iterable[Found]) -> list[Found]:
    """Of phrases that overlap the one that begins first, and of those the longest."""
    kept: list[Found] = []
    reach = 0
    for start, end, payload in sorted(found, key=lambda item: (item[0], -item[1])):
        if start >= reach:
            kept.append((start, end, payload))
            reach = end
    return kept
