"""Words → phrases: neighbours of one clause that pull the same way, with the grammar that they stand in.

A content word takes the grammar and the negators before it, up to the content word that comes earlier; signs, and
grammar that nothing follows, go to the content word before them. What is so taken can't be parted ("não resolveu").
Neighbours that pull the same way then make one phrase, with the words between them that hardly pull. No phrase
reaches over the end of a clause, over a bracket, or beyond `LONGEST` words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from pipeline.modeling.text import vocabulary
from pipeline.modeling.text.tokenizer import Tokens

LONGEST = 6  # words of a phrase
PULLS = 0.001  # points of risk (a tenth of one in a hundred) from which words are said to pull
_FAR = 16  # characters between two words of one phrase, at most
_ENDS = re.compile(r"[.,;:!?…\n\r\[\](){}\"“”«»|/•]")
_CONTENT, _GRAMMAR, _TURNS, _DENIES, _NAUGHT, _DEGREE, _BACK, _SIGN = range(8)


@dataclass(frozen=True)
class Phrases:
    """Phrases of all comments in reading order: `row` (comment), `start` and `end` (in its text), and their `points`.

    `points` hold those of all words that the phrase took, also of grammar at its edges, which its span leaves out.
    """

    row: np.ndarray
    start: np.ndarray
    end: np.ndarray
    points: np.ndarray


def phrases_of(tokens: Tokens, comments: Sequence[str], points: np.ndarray) -> Phrases:
    """The phrases of `tokens_of(comments)`; `points`: one float a word.

    Words that no phrase took (clauses of grammar alone, words that hardly pull) are the rest of their comment.
    """
    kind = _kinds(tokens)
    clause = np.cumsum(_begins(tokens, comments, kind))
    atom = _atoms(kind, clause, tokens.negated)
    size = int(atom.max(initial=-1)) + 1
    taken = atom >= 0
    given = np.bincount(atom[taken], points[taken], minlength=size)
    first, last = _spans(atom, kind, size)
    begun, ended = _joined(given, first, last, clause)
    sums = np.concatenate([[0.0], np.cumsum(given)])
    left = np.maximum(first[begun], last[ended] - LONGEST + 1)
    return Phrases(tokens.row[left], tokens.start[left], tokens.end[last[ended]], sums[ended + 1] - sums[begun])


def is_content(tokens: Tokens) -> np.ndarray:
    """Which words say something of themselves (bool): no grammar, no sign, no negator, no degree."""
    return _kinds(tokens) == _CONTENT


@lru_cache(maxsize=100_000)
def _kind(word: str) -> int:
    if word[0] in "!?":
        return _SIGN
    if (len(word) == 1 and word.isalpha() and word not in vocabulary.NEGATORS) or word in vocabulary.PARTICLES:
        return _GRAMMAR
    return next((kind for words, kind in _CLASSES if word in words), _CONTENT)


_CLASSES = (
    (vocabulary.TURNS, _TURNS),
    (vocabulary.NEGATORS, _DENIES),
    (frozenset((vocabulary.NAUGHT,)), _NAUGHT),
    (vocabulary.DEGREES, _DEGREE),
    (vocabulary.AFTER, _BACK),
    (vocabulary.GRAMMAR, _GRAMMAR),
)


def _kinds(tokens: Tokens) -> np.ndarray:
    return np.array([_kind(word) for word in tokens.words], dtype=np.int8)[tokens.word]


def _begins(tokens: Tokens, comments: Sequence[str], kind: np.ndarray) -> np.ndarray:
    """Which words begin a clause (bool): the first of a comment, those after an end, and those at which it turns."""
    begins = np.ones(len(tokens), dtype=bool)
    gap = tokens.start[1:] - tokens.end[:-1]
    begins[1:] = (tokens.row[1:] != tokens.row[:-1]) | (gap > _FAR)
    row, end, start = tokens.row.tolist(), tokens.end.tolist(), tokens.start.tolist()
    for place in np.flatnonzero(~begins).tolist():
        begins[place] = _ENDS.search(comments[row[place]], end[place - 1], start[place]) is not None
    begins[1:] |= (kind[:-1] == _SIGN) & (kind[1:] != _SIGN)
    begins |= kind == _TURNS
    words = {word: place for place, word in enumerate(tokens.words)}
    for first, second in vocabulary.TURNING_PAIRS:
        if first in words and second in words:
            begins[:-1] |= (tokens.word[:-1] == words[first]) & (tokens.word[1:] == words[second])
    return begins


def _atoms(kind: np.ndarray, clause: np.ndarray, negated: np.ndarray) -> np.ndarray:
    """For each word the number of the atom that it is part of, rising along the text; −1 where it is of none."""
    places = np.arange(len(kind))
    content = kind == _CONTENT
    back = (kind == _SIGN) | (kind == _BACK) | ((kind == _NAUGHT) & negated)
    stop = _next(content | back, clause)  # the word that says where this one goes
    after, before = _next(content, clause), _previous(content, clause)
    goes_on = (stop >= 0) & content[np.maximum(stop, 0)]
    owner = np.where(goes_on, stop, np.where(before >= 0, before, after))
    owner = np.where(content, places, owner)
    alone = owner < 0  # a clause without content: one atom where something is denied, else none
    denied = np.bincount(clause, np.isin(kind, (_DENIES, _NAUGHT))) > 0
    heads = np.searchsorted(clause, clause, side="left")
    owner = np.where(alone & denied[clause], heads, owner)
    found = np.full(len(kind), -1, dtype=np.int64)
    known = owner >= 0
    found[known] = np.unique(owner[known], return_inverse=True)[1]
    return found


def _next(wanted: np.ndarray, clause: np.ndarray) -> np.ndarray:
    """The first wanted place at or after each, of the same clause; −1 where there is none."""
    places = np.flatnonzero(wanted)
    if not len(places):
        return np.full(len(wanted), -1, dtype=np.int64)
    at = np.searchsorted(places, np.arange(len(wanted)))
    found = places[np.minimum(at, len(places) - 1)]
    return np.where((at < len(places)) & (clause[found] == clause), found, -1)


def _previous(wanted: np.ndarray, clause: np.ndarray) -> np.ndarray:
    """The last wanted place at or before each, of the same clause; −1 where there is none."""
    turned = _next(wanted[::-1], clause[::-1])[::-1]
    return np.where(turned >= 0, len(wanted) - 1 - turned, -1)


def _spans(atom: np.ndarray, kind: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """First and last word of each atom; grammar at its edges is left out, unless there is nothing else."""
    edges = (kind == _GRAMMAR) | (kind == _TURNS)
    taken = atom >= 0
    whole = np.ones(len(atom), dtype=bool)
    whole[taken] = np.bincount(atom[taken], kind[taken] == _CONTENT, minlength=size)[atom[taken]] == 0
    places = np.flatnonzero(taken & (~edges | whole))
    owner, first_at = np.unique(atom[places], return_index=True)
    first, last = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
    first[owner] = places[first_at]
    last[atom[places]] = places  # the last to be written stays
    return first, last


def _joined(
    given: np.ndarray, first: np.ndarray, last: np.ndarray, clause: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """First and last atom of each phrase: those that pull, joined to neighbours that pull the same way."""
    strong = np.flatnonzero(np.abs(given) >= PULLS)
    begun: list[int] = []
    ended: list[int] = []
    of, start, end, pull = clause[first].tolist(), first.tolist(), last.tolist(), (given > 0).tolist()
    for place in strong.tolist():
        joins = (
            bool(begun)
            and of[ended[-1]] == of[place]
            and pull[ended[-1]] == pull[place]
            and end[place] - start[begun[-1]] < LONGEST
        )
        if joins:
            ended[-1] = place
        else:
            begun.append(place)
            ended.append(place)
    return np.array(begun, dtype=np.int64), np.array(ended, dtype=np.int64)
