"""What may not wait: the alerts that a product declares, each with the sentence that shows it.

A phrase counts unless it is denied (see `denied`) or overlaps one of its alert's `unless`. As short text, to rest in
a column, what was found is "key:start-end" joined by ";".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

import pandas as pd

from pipeline.contract import Alert, Product
from pipeline.insight.comments import clauses
from pipeline.insight.comments.alert_phrases import PhraseIndex, pattern, plain_words
from pipeline.insight.comments.vocabulary import CARRIERS, CONDITION, DENIED_AFTER, NEGATIONS
from pipeline.records import AlertFound

_REACH = 6  # words that a negation may be away from what it denies
_NEAR = 80  # letters that so many words have at the most


def alerts(comments: Sequence[str], declared: tuple[Alert, ...]) -> list[tuple[AlertFound, ...]]:
    """The alerts of each comment, in the order of declaration, each with the first sentence that shows it."""
    if not declared:
        return [() for _ in comments]
    finder = _finder(declared)
    known: dict[str, tuple[AlertFound, ...]] = {}
    for comment in comments:
        if comment not in known:
            known[comment] = finder.find(comment)
    return [known[comment] for comment in comments]


def of_rows(rows: pd.DataFrame, product: Product) -> list[tuple[AlertFound, ...]]:
    """The alerts of each typed row, none where there is no comment."""
    if product.comment is None:
        return [() for _ in range(len(rows))]
    return alerts([text if isinstance(text, str) else "" for text in rows[product.comment.key]], product.alerts)


def gravest(found: Sequence[AlertFound], declared: tuple[Alert, ...]) -> Alert | None:
    """The one that counts where only one may: the first by declaration."""
    keys = {one.key for one in found}
    return next((alert for alert in declared if alert.key in keys), None)


def code(found: Sequence[AlertFound], declared: tuple[Alert, ...]) -> str:
    """The code of the gravest, "" for none."""
    alert = gravest(found, declared)
    return alert.code if alert is not None else ""


def packed(found: Sequence[AlertFound]) -> str:
    """As short text; see the module."""
    return ";".join(f"{one.key}:{one.start}-{one.end}" for one in found)


def unpacked(text: str) -> tuple[AlertFound, ...]:
    """What `packed` wrote. ValueError if it is no such text."""
    found = []
    for part in filter(None, text.split(";")):
        key, place = part.split(":")
        start, end = place.split("-")
        found.append(AlertFound(key, int(start), int(end)))
    return tuple(found)


@lru_cache(maxsize=8)
def _finder(declared: tuple[Alert, ...]) -> _Finder:
    return _Finder(declared)


class _Finder:
    """The phrases of some alerts, ready to be looked for."""

    def __init__(self, declared: tuple[Alert, ...]) -> None:
        self._declared = declared
        self._phrases = [(place, phrase) for place, alert in enumerate(declared) for phrase in alert.phrases]
        self._index = PhraseIndex([phrase for _, phrase in self._phrases])

    def find(self, comment: str) -> tuple[AlertFound, ...]:
        if not self._index.among(comment):
            return ()
        found: dict[int, AlertFound] = {}
        for start, end in clauses.sentences(comment):
            tried = self._index.among(comment[start:end])
            for which in self._shown(" ".join(plain_words(comment[start:end])), tried) if tried else ():
                if which not in found:
                    found[which] = AlertFound(self._declared[which].key, *_trimmed(comment, start, end))
        return tuple(found[which] for which in sorted(found))

    def _shown(self, text: str, tried: frozenset[int]) -> Iterator[int]:
        """The places of the alerts that a sentence shows; one may come more than once."""
        excused: dict[int, bytearray] = {}
        for which, phrase in (self._phrases[place] for place in tried):
            for match in pattern(phrase).finditer(text):
                if denied(text, *match.span()):
                    continue
                if which not in excused:
                    excused[which] = _covered(text, self._declared[which].unless)
                if excused[which].find(1, *match.span()) < 0:
                    yield which
                    break


def _covered(text: str, phrases: tuple[str, ...]) -> bytearray:
    """For each letter of a text whether it stands in one of the phrases."""
    covered = bytearray(len(text))
    for phrase in phrases:
        for match in pattern(phrase).finditer(text):
            covered[match.start() : match.end()] = b"\x01" * (match.end() - match.start())
    return covered


def denied(text: str, start: int, end: int) -> bool:
    """Whether what stands at `text[start:end]` of a plain sentence is denied: a negation right before it, or with
    nothing but words between that carry it on ("nao vou processar"), or "nenhum" right after it.

    Any other word ends the reach of a negation: in "nao atenderam ela morreu" the death is told.
    """
    denies_itself = NEGATIONS.intersection(text[start:end].split())
    if not denies_itself and DENIED_AFTER.intersection(text[end : end + _NEAR].split()[:1]):
        return True
    before = text[max(0, start - _NEAR) : start].split()[-_REACH:]
    for place, word in reversed(list(enumerate(before))):
        if word in NEGATIONS:
            return place == 0 or before[place - 1] != CONDITION  # "se nao vou ao Procon" is a threat
        if word not in CARRIERS:
            return False
    return False


def _trimmed(comment: str, start: int, end: int) -> tuple[int, int]:
    """The sentence without the blanks around it."""
    sentence = comment[start:end]
    return start + len(sentence) - len(sentence.lstrip()), start + len(sentence.rstrip())
