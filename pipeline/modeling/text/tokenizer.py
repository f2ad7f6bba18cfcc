"""Comments → words: where each stands, how it reads without case and accents, and whether a negation turns it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.folding import fold_word
from pipeline.scrubbing.comments import MARK

NEGATED = 3  # words after a negation that it may turn
_TOKEN = re.compile(MARK.pattern + r"|[^\W\d_]+|[!?]+|[.,;:]|[\U0001F300-\U0001FAFF\u2600-\u27BF]")
_STOPS = frozenset(".,;:")
_NEGATIONS = frozenset({"nao", "n", "nem", "nunca", "sem", "jamais", "nenhum", "nenhuma"})


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


def tokens_of(comments: Sequence[str]) -> Tokens:
    """The words of all comments."""
    places: dict[str, int] = {}
    row: list[int] = []
    found: list[tuple[int, int, int, bool]] = []
    for number, comment in enumerate(comments):
        reach = 0
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
                folded = fold_word(text)
            row.append(number)
            found.append((match.start(), match.end(), places.setdefault(folded, len(places)), reach > 0))
            reach = NEGATED if folded in _NEGATIONS else max(0, reach - 1)
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
