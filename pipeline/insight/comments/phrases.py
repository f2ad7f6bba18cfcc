"""Declared phrases found in folded words: exact words, "esper*", "#" for a number, "~" for up to four words between.

Each word is looked up once; what a comment costs grows with its length alone, however many phrases there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.insight.comments.vocabulary import NUMBERS

NUMBER, GAP, STOP = "#", "~", ","
_MOST_BETWEEN = 4  # words that "~" stands for
_MOST_KNOWN = 200_000  # words looked up that are held; Portuguese as people type it has fewer
Found = tuple[int, int, int]  # from which word, to before which, of which payload


Rest = tuple[tuple[str, ...], int]  # words of a phrase that are still to come, and its payload


@dataclass(frozen=True)
class _Beginning:
    """What phrases may begin with a word: those that end there, those whose next word is plain, the others."""

    alone: tuple[int, ...]
    plain: Mapping[str, tuple[Rest, ...]]
    others: tuple[Rest, ...]


class Phrases:
    """Phrases, each with a payload: the number of what it shows."""

    def __init__(self, entries: Iterable[tuple[str, int]]) -> None:
        self._exact: dict[str, list[Rest]] = {}
        self._prefix: dict[str, list[Rest]] = {}
        for phrase, payload in entries:
            first, *rest = phrase.split(" ")
            index = self._prefix if first.endswith("*") else self._exact
            index.setdefault(first.rstrip("*"), []).append((tuple(rest), payload))
        self._lengths = sorted({len(prefix) for prefix in self._prefix})
        self._known: dict[str, _Beginning | None] = {}

    def find(self, words: Sequence[str]) -> list[Found]:
        """Every phrase that `words` hold, by its first word; they may overlap."""
        found: list[Found] = []
        known, last = self._known, len(words) - 1  # the same dict for good: it is emptied, never replaced
        for start, word in enumerate(words):
            begun = known[word] if word in known else self._beginning(word)
            if begun is None:
                continue
            found += [(start, start + 1, payload) for payload in begun.alone]
            if start < last:
                possible = (*begun.plain.get(words[start + 1], ()), *begun.others)
                found += [(start, end, of) for rest, of in possible if (end := _end(rest, words, start + 1))]
        return found

    def _beginning(self, word: str) -> _Beginning | None:
        rests = list(self._exact.get(word, ()))
        if word in NUMBERS and word != NUMBER:
            rests += self._exact.get(NUMBER, ())
        for length in self._lengths:
            if length <= len(word):
                rests += self._prefix.get(word[:length], ())
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        self._known[word] = found = _sorted(rests) if rests else None
        return found


def _sorted(rests: Sequence[Rest]) -> _Beginning:
    plain: dict[str, tuple[Rest, ...]] = {}
    others: list[Rest] = []
    for rest, payload in rests:
        if rest and rest[0] not in (NUMBER, GAP) and not rest[0].endswith("*"):
            plain[rest[0]] = (*plain.get(rest[0], ()), (rest, payload))
        elif rest:
            others.append((rest, payload))
    return _Beginning(tuple(payload for rest, payload in rests if not rest), plain, tuple(others))


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
