"""Which words weigh, over comments that the model had not seen; told apart from words that only name a topic."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.modeling.text.tokenizer import Tokens, tokens_of
from pipeline.modeling.text.vocabulary import GRAMMAR
from pipeline.modeling.text.word_points import unpacked
from pipeline.records import WordWeight
from pipeline.statistics import wilson

MIN_COMMENTS = 20  # with fewer a word says nothing of itself, and might say something of a person
SHOWN = 12
_OWN_SHARE = 0.25  # of the gap between a word's comments and the others that the word itself must explain
_SHORTEST = 3  # letters: shorter words are grammar


def telling(word: str) -> bool:
    """Whether a folded word may stand as a reason: no grammar, no lone sign."""
    return len(word) >= _SHORTEST and word not in GRAMMAR


def word_weights(comments: Sequence[str], marks: Sequence[str], outcome: np.ndarray) -> tuple[WordWeight, ...]:
    """The words that raise and lower the risk most over all comments,
    and those whose comments differ for other reasons.

    `marks` (of single words, see `word_points`) and `outcome` (0/1) are of the same rows.
    """
    said = [i for i, comment in enumerate(comments) if comment]
    tokens = tokens_of([comments[i] for i in said])
    points = _points(tokens.row, tokens.start, [marks[i] for i in said])
    size = len(tokens.words)
    once, first = np.unique(tokens.row.astype(np.int64) * max(size, 1) + tokens.word, return_index=True)
    word = once % max(size, 1)
    n = np.bincount(word, minlength=size)
    events = np.bincount(word, outcome[np.array(said, dtype=int)][tokens.row[first]], minlength=size)
    given = np.bincount(tokens.word, points, minlength=size) / np.maximum(n, 1)
    overall = float(outcome[np.array(said, dtype=int)].mean()) if said else 0.0
    raises: list[WordWeight] = []
    lowers: list[WordWeight] = []
    topics: list[WordWeight] = []
    for place in np.flatnonzero(n >= MIN_COMMENTS).tolist():
        rate = wilson(int(events[place]), int(n[place]))
        if rate is None or rate.low is None or rate.high is None or not telling(tokens.words[place]):
            continue
        gap, own = rate.value - overall, float(given[place])
        apart = rate.low > overall or rate.high < overall
        kind = "topic" if apart and abs(own) < _OWN_SHARE * abs(gap) else "raises" if own > 0 else "lowers"
        found = WordWeight(
            _spelling(tokens.words[place], place, tokens, comments, said), int(n[place]), rate, own, kind
        )
        (topics if kind == "topic" else raises if own > 0 else lowers).append(found)
    weight = {"raises": raises, "lowers": lowers}
    strongest = [sorted(items, key=lambda w: -abs(w.points) * w.comments)[:SHOWN] for items in weight.values()]
    return (
        *strongest[0],
        *strongest[1],
        *sorted(topics, key=lambda w: -abs(w.rate.value - overall) * w.comments)[:SHOWN],
    )


def _points(row: np.ndarray, start: np.ndarray, marks: Sequence[str]) -> np.ndarray:
    """Points of each word; 0 where it was not marked."""
    places = {(r, s): i for i, (r, s) in enumerate(zip(row.tolist(), start.tolist(), strict=True))}
    found = np.zeros(len(row))
    for number, text in enumerate(marks):
        for mark in unpacked(str(text)):
            place = places.get((number, mark.start))
            if place is not None:
                found[place] = mark.points
    return found


def _spelling(folded: str, place: int, tokens: Tokens, comments: Sequence[str], said: Sequence[int]) -> str:
    """The commonest spelling, in lower case, of a folded word."""
    seen = np.flatnonzero(tokens.word == place)[:50]
    spellings = [comments[said[tokens.row[i]]][tokens.start[i] : tokens.end[i]].lower() for i in seen.tolist()]
    return max(set(spellings), key=lambda text: (spellings.count(text), text)) if spellings else folded
