"""A comment in its clauses: a sentence ends at a stop and at a line feed, a clause also where the sentence turns.

Praise and complaint of one breath are told apart there ("o médico foi ótimo, mas esperei duas horas").
"""

from __future__ import annotations

import re

from pipeline.folding import fold_word
from pipeline.insight.comments.vocabulary import TURNS

WORD = re.compile(r"[^\W\d_]+")
_PART = re.compile(r"[^\W\d_]+|\d+|,")
# the stop of "Dr." and of "3.500" ends nothing
_STOP = r"(?:(?<!\bdr)(?<!\bdra)(?<!\bsr)(?<!\bsra)\.(?!\d)|[!?;\n…])+"
_SENTENCE = re.compile(_STOP, re.IGNORECASE)
_CLAUSE = re.compile(rf"{_STOP}|,?\s(?=(?:{'|'.join(TURNS)})\b)", re.IGNORECASE)


def spans(comment: str) -> list[tuple[int, int]]:
    """Start and end of each clause, in order, none empty."""
    return _cut(comment, _CLAUSE)


def sentences(comment: str) -> list[tuple[int, int]]:
    """Start and end of each sentence, in order, none empty."""
    return _cut(comment, _SENTENCE)


def _cut(comment: str, ending: re.Pattern[str]) -> list[tuple[int, int]]:
    found, start = [], 0
    for match in ending.finditer(comment):
        found.append((start, match.end()))
        start = match.end()
    found.append((start, len(comment)))
    return [(a, b) for a, b in found if comment[a:b].strip()]


def folded(clause: str) -> str:
    """Its words without case and accents, one blank between them; numbers and signs are left out."""
    return " ".join(fold_word(word) for word in WORD.findall(clause))


def parts(clause: str) -> list[tuple[int, int, str]]:
    """Its words, folded, with where they stand; a number is "#", a comma stays one."""
    return [
        (found.start(), found.end(), "#" if found[0][0].isdecimal() else fold_word(found[0]))
        for found in _PART.finditer(clause)
    ]
