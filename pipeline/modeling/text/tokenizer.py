"""Comments → words: where each stands, how it reads without case and accents, and whether a negation turns it.

How words are made is part of a reader that learnt from them: `NEWEST` is what readers learn with today, and a reader
of an earlier version is read with its own. Version 2 writes out what is short ("vc", "mto"), takes long drawn letters
as one ("ótimoooo"), and lets a negation reach over grammar ("não tenho do que reclamar"), but not over a turn ("mas").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from pipeline.folding import fold_word
from pipeline.modeling.text import vocabulary
from pipeline.scrubbing.comments import MARK

FIRST, NEWEST = 1, 2  # versions of how words are made
NEGATED = 3  # words after a negation that it may turn
_TOKEN = re.compile(MARK.pattern + r"|[^\W\d_]+|[!?]+|[.,;:]|[\U0001F300-\U0001FAFF\u2600-\u27BF]")
_STOPS = frozenset(".,;:")
_NEGATIONS = frozenset({"nao", "n", "nem", "nunca", "sem", "jamais", "nenhum", "nenhuma"})
_FREE = vocabulary.GRAMMAR | vocabulary.PARTICLES | vocabulary.DEGREES | {vocabulary.NAUGHT}
_FARTHEST = 6  # words that a negation reaches over, grammar counted
_DRAWN = re.compile(r"([^\W\d_])\1{2,}")


@dataclass(frozen=True)
class Tokens:
    """The words of `rows` comments in reading order: words, runs of ! and ?, emoji; numbers, other signs and marks of
    scrubbing are none.

    Arrays of one length: `row` (comment), `start` and `end` (in its text), `word` (place in `words`, the distinct
    folded ones), `negated`.
    """

    rows: int
    row: np.ndarray
    start: np.ndarray
    end: np.ndarray
    word: np.ndarray
    negated: np.ndarray
    words: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.row)

    def follows(self) -> np.ndarray:
        """Places of the words with another one before them in the same comment."""
        return np.flatnonzero(self.row[1:] == self.row[:-1]) + 1


@lru_cache(maxsize=200_000)
def _settled(word: str) -> str:
    """A folded word as it is spelt: short ones written out, three of a letter or more as one, or two where it may be
    (rr and ss between other letters).
    """
    plain = _DRAWN.sub(lambda m: m[1] * (2 if m[1] in "rs" and m.start() > 0 and m.end() < len(word) else 1), word)
    return vocabulary.SHORT.get(plain, plain)


def tokens_of(comments: Sequence[str], version: int = NEWEST) -> Tokens:
    """The words of all comments, made as `version` makes them."""
    newer = version >= NEWEST
    negations = _NEGATIONS | vocabulary.NEGATORS if newer else _NEGATIONS
    places: dict[str, int] = {}
    row: list[int] = []
    found: list[tuple[int, int, int, bool]] = []
    for number, comment in enumerate(comments):
        reach = far = 0
        for match in _TOKEN.finditer(comment):
            text = match[0]
            if text[0] == "[":
                continue  # what scrubbing put there says nothing of how it went
            if text in _STOPS:
                reach = 0  # a comma ends what a negation turns
                continue
            if text[0] in "!?":
                reach, folded = 0, text[:2]
            else:
                folded = _settled(fold_word(text)) if newer else fold_word(text)
            if newer and folded in vocabulary.TURNS:
                reach = 0
            row.append(number)
            found.append((match.start(), match.end(), places.setdefault(folded, len(places)), reach > 0))
            far -= 1
            if folded in negations:
                reach, far = NEGATED, _FARTHEST
            elif not newer or folded not in _FREE:
                reach = max(0, reach - 1)
            if newer and far <= 0:
                reach = 0
    columns = np.array(found, dtype=np.int32).reshape(-1, 4)
    return Tokens(
        len(comments),
        np.array(row, dtype=np.int32),
        columns[:, 0],
        columns[:, 1],
        columns[:, 2],
        columns[:, 3].astype(bool),
        tuple(places),
    )
