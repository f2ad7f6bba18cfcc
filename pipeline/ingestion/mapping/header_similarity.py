"""How like a header is to the names of a field: words, abbreviations and spelling, never the cells."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz import fuzz

from pipeline.contract import Field
from pipeline.folding import fold
from pipeline.ingestion.mapping.vocabulary import APART, BROAD, FILLERS, LONG

_CAMEL = re.compile(r"(?<=[a-zà-ÿ0-9])(?=[A-ZÀ-Þ])|(?<=[A-ZÀ-Þ])(?=[A-ZÀ-Þ][a-zà-ÿ])")
_OF_THE_PATIENT = frozenset({"paciente", "cliente"})
_REGISTERED = frozenset({"cadastro", "registro", "criacao", "inclusao"})  # the patient's: no date of the booking
_OWN, _SYNONYM, _REORDERED, _EXPANDED = 1.0, 0.98, 0.96, 0.95
_STEP = 0.0005  # earlier synonyms are meant more than later ones
_LIKE_FROM = 0.80  # likeness of spelling below which two headers have nothing in common
_LIKE_WORTH = 0.9
_LONGEST = 200  # characters of a header that are looked at: a longer one names no column
_SHORTEST = 4  # letters: shorter words are like too many others
_HELD_WORTH = 0.55  # all the words of a name stand in a longer header
_HELD_BONUS = 0.3


@dataclass(frozen=True)
class Likeness:
    """`score` 0..1, and the code of what speaks for it."""

    score: float
    reason: str


@dataclass(frozen=True)
class _Name:
    folded: str
    words: frozenset[str]  # without fillers
    long: frozenset[str]  # abbreviations written out
    glued: str  # without blanks


def header_likeness(header: str, item: Field) -> Likeness:
    """How like the header is to the nearest name of the field."""
    return _likeness(header[:_LONGEST], item)


@lru_cache(maxsize=4096)  # a system that sends row by row sends the same headers each time
def _likeness(header: str, item: Field) -> Likeness:
    own = _name(header)
    best = Likeness(0.0, "")
    for place, name in enumerate(_names(item)):
        found = _compare(own, name, _OWN if place < 2 else _SYNONYM - _STEP * place)
        best = found if found.score > best.score else best
    return best


def _compare(header: _Name, name: _Name, exact: float) -> Likeness:
    if header.folded == name.folded:
        return Likeness(exact, "mapping.header_same")
    if header.words == name.words:
        return Likeness(min(exact, _REORDERED), "mapping.header_reordered")
    if header.long == name.long:
        return Likeness(min(exact, _EXPANDED), "mapping.header_abbreviated")
    if _apart(header, name):
        return Likeness(0.0, "")
    like = _spelling(header, name)
    if name.long < header.long and not (len(name.long) == 1 and name.long <= BROAD):
        held = _HELD_WORTH + _HELD_BONUS * len(name.long) / len(header.long)
        return Likeness(max(like, held), "mapping.header_alike")
    return Likeness(like, "mapping.header_alike")


def _apart(header: _Name, name: _Name) -> bool:
    """Whether the header has a word, foreign to the name, that makes it another thing."""
    more = header.long - name.long
    return bool(more & APART) or bool(more & _OF_THE_PATIENT and header.long & _REGISTERED)


def _spelling(header: _Name, name: _Name) -> float:
    """Likeness of what the two don't share: "data da consulta" and "data de contato" have only "data" in common."""
    own, other = header.long - name.long, name.long - header.long
    if not own or not other:
        return 0.0
    if min(sum(map(len, own)), sum(map(len, other))) < _SHORTEST:
        return 0.0
    ratio = _ratio(" ".join(sorted(own)), " ".join(sorted(other)))
    if len(header.words) != len(name.words):  # a blank too many or too few ("noshow") is judged in one piece
        ratio = max(ratio, _ratio(header.glued, name.glued))
    return _LIKE_WORTH * ratio


def _ratio(one: str, other: str) -> float:
    """Likeness 0..1; 0 where they have nothing in common."""
    return fuzz.ratio(one, other, score_cutoff=100 * _LIKE_FROM) / 100


@cache
def _names(item: Field) -> tuple[_Name, ...]:
    return tuple(_name(text) for text in (item.key, item.label, *item.synonyms, item.source))


def _name(text: str) -> _Name:
    folded = fold(_CAMEL.sub(" ", text).replace("_", " "))
    words = [word for word in folded.split() if word not in FILLERS] or folded.split()
    long = frozenset(" ".join(LONG.get(word, word) for word in words).split())
    if "data" in long and long - {"data", "hora"}:
        long -= {"hora"}  # "data e hora da consulta" is the date of it, with the hour
    return _Name(folded, frozenset(words), long, folded.replace(" ", ""))
