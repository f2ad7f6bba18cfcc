"""Comments → sparse columns: words, what a negation turns, pairs of words, and the pieces that words are spelt with.

Every column of a comment belongs to words of that comment, so that the weight of a linear model over them can be
given back to the words exactly, and shown on the text itself. A vocabulary holds only terms of at least five
distinct comments and none with digits: it can quote nobody.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from scipy import sparse

MIN_COMMENTS = 5
PIECES = range(2, 7)  # letters of a piece, the blanks around a word counted
NEGATED = 3  # words after a negation that it may turn
_TOKEN = re.compile(r"[^\W\d_]+|[!?]+|[.,;:]|[\U0001F300-\U0001FAFF\u2600-\u27BF]")
_STOPS = frozenset(".,;:")
_NEGATIONS = frozenset({"nao", "n", "nem", "nunca", "sem", "jamais", "nenhum", "nenhuma"})
_TURNED = "não…"
_SHOUTED = 0.6  # share of capitals from which a comment is shouted


@dataclass(frozen=True)
class Word:
    """A word, a run of ! and ?, or an emoji: where it stands in the comment, folded, and whether a negation precedes."""

    start: int
    end: int
    folded: str
    negated: bool


def words_of(comment: str) -> list[Word]:
    """The words of a comment, in order; numbers and other signs are none."""
    found, reach = [], 0
    for match in _TOKEN.finditer(comment):
        text = match[0]
        if text in _STOPS:
            reach = 0
            continue
        marks = text[0] in "!?"
        reach = 0 if marks else reach
        folded = text[:2] if marks else _fold(text)
        found.append(Word(match.start(), match.end(), folded, reach > 0))
        reach = NEGATED if folded in _NEGATIONS else max(0, reach - 1)
    return found


@lru_cache(maxsize=200_000)
def _fold(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word).casefold()
    return "".join(c for c in plain if not unicodedata.combining(c))


@lru_cache(maxsize=200_000)
def _pieces(word: str) -> tuple[str, ...]:
    padded = f" {word} "
    return tuple(padded[i : i + n] for n in PIECES for i in range(len(padded) - n + 1))


def _terms(words: Sequence[Word]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Terms of words with the places of the words that they belong to."""
    for place, word in enumerate(words):
        yield word.folded, (place,)
        if word.negated:
            yield f"{_TURNED}{word.folded}", (place,)
        if place:
            yield f"{words[place - 1].folded} {word.folded}", (place - 1, place)


def _spelt(words: Sequence[Word]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Pieces of words, likewise."""
    for place, word in enumerate(words):
        for piece in _pieces(word.folded):
            yield piece, (place,)


Block = Callable[[Sequence[Word]], Iterator[tuple[str, tuple[int, ...]]]]
_BLOCKS: tuple[Block, Block] = (_terms, _spelt)


@dataclass(frozen=True)
class Vocabulary:
    """Terms and pieces in the order of their columns, with the weight that their rarity gives (idf, float64).

    After the columns of both blocks come two of the comment's form: shouted (0/1) and length (log of its letters).
    """

    blocks: tuple[tuple[str, ...], tuple[str, ...]]
    idf: tuple[np.ndarray, np.ndarray]

    @property
    def width(self) -> int:
        return sum(map(len, self.blocks)) + 2

    def matrix(self, comments: Sequence[str]) -> sparse.csr_matrix:
        """n × `width`: tf-idf with 1 + log tf, each block of a comment at length 1 (Salton & Buckley 1988)."""
        words = [words_of(comment) for comment in comments]
        parts = [_tf_idf(_counted(words, block, places), idf)
                 for block, places, idf in zip(_BLOCKS, self._places(), self.idf, strict=True)]
        return sparse.hstack([*parts, sparse.csr_matrix(_forms(comments))]).tocsr()

    def shares(self, comment: str, weights: np.ndarray) -> tuple[list[Word], np.ndarray, float]:
        """The words of a comment, the part of `weights` · its columns that belongs to each, and what belongs to its form.

        A term of several words, or of one that comes several times, is shared among them equally; all parts sum to
        the product exactly.
        """
        words, row = words_of(comment), np.asarray(self.matrix([comment]).todense())[0]
        given = np.zeros(len(words))
        start = 0
        for block, places in zip(_BLOCKS, self._places(), strict=True):
            owners: dict[int, list[int]] = {}
            for term, belonging in block(words):
                if term in places:
                    owners.setdefault(places[term], []).extend(belonging)
            for column, those in owners.items():
                np.add.at(given, those, weights[start + column] * row[start + column] / len(those))
            start += len(places)
        return words, given, float(weights[start:] @ row[start:])

    def _places(self) -> tuple[Mapping[str, int], ...]:
        return tuple(_index(block) for block in self.blocks)

    def to_plain(self) -> dict[str, Any]:
        """For JSON."""
        return {"blocks": [list(b) for b in self.blocks], "idf": [[round(float(v), 6) for v in idf] for idf in self.idf]}

    @staticmethod
    def from_plain(plain: Mapping[str, Any]) -> Vocabulary:
        terms, pieces = (tuple(map(str, block)) for block in plain["blocks"])
        first, second = (np.array(idf, dtype=np.float64) for idf in plain["idf"])
        return Vocabulary((terms, pieces), (first, second))


def learn(comments: Iterable[str], min_comments: int = MIN_COMMENTS) -> Vocabulary:
    """The vocabulary of these comments; the same text twice counts once. idf = ln((1 + n) / (1 + df)) + 1."""
    counts: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    total = 0
    for comment in set(comments):
        words = words_of(comment)
        total += 1
        for block, count in zip(_BLOCKS, counts, strict=True):
            count.update({term for term, _ in block(words)})
    kept = tuple(sorted(t for t, n in count.items() if n >= min_comments) for count in counts)
    idf = tuple(np.round(np.log((1 + total) / (1 + np.array([c[t] for t in terms], dtype=np.float64))) + 1, 6)
                for terms, c in zip(kept, counts, strict=True))
    return Vocabulary((tuple(kept[0]), tuple(kept[1])), (idf[0], idf[1]))


@lru_cache(maxsize=16)
def _index(block: tuple[str, ...]) -> Mapping[str, int]:
    return {term: place for place, term in enumerate(block)}


def _counted(comments: Sequence[Sequence[Word]], block: Block, places: Mapping[str, int]) -> sparse.csr_matrix:
    """How often each term of a block stands in each comment (n × terms)."""
    columns: list[int] = []
    ends = [0]
    for words in comments:
        columns += [place for term, _ in block(words) if (place := places.get(term)) is not None]
        ends.append(len(columns))
    found = sparse.csr_matrix((np.ones(len(columns)), np.array(columns, np.int32), np.array(ends)), (len(comments), len(places)))
    found.sum_duplicates()
    return found


def _tf_idf(counts: sparse.csr_matrix, idf: np.ndarray) -> sparse.csr_matrix:
    found = counts.copy()
    found.data = (1 + np.log(found.data)) * idf[found.indices]
    length = np.sqrt(np.asarray(found.multiply(found).sum(axis=1)).ravel())
    return sparse.diags(1 / np.where(length > 0, length, 1)) @ found


def _forms(comments: Sequence[str]) -> np.ndarray:
    """n × 2: half where most letters are capitals; the log of the number of letters, at most about one."""
    found = np.zeros((len(comments), 2))
    for row, comment in enumerate(comments):
        letters = [c for c in comment if c.isalpha()]
        capitals = sum(map(str.isupper, letters))
        found[row] = 0.5 * (len(letters) > 3 and capitals > _SHOUTED * len(letters)), np.log1p(len(letters)) / 12
    return found
