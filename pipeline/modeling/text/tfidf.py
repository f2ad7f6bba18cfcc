"""Comments → sparse columns: words, what a negation turns, pairs of words, and the pieces that words are spelt with.

Every column of a comment belongs to words of that comment, so that the weight of a linear model over them can be
given back to the words exactly, and shown on the text itself. A vocabulary holds only terms of at least five
distinct comments by five people, none with digits and none with a person's name: it can quote and name nobody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from scipy import sparse

from pipeline.modeling.text.tokenizer import FIRST, NEWEST, Tokens, tokens_of
from pipeline.scrubbing.first_names import plain_names

MIN_COMMENTS = 5
MIN_PEOPLE = 5
PIECES = range(2, 7)  # letters of a piece, the blanks around a word counted
CHUNK = 5_000  # comments worked on at once: bounds the memory
TURNED = "não…"  # before a word that a negation turns
_SHOUTED = 0.6  # share of capitals from which a comment is shouted
_FORMS = 2  # columns of a comment's form


@lru_cache(maxsize=200_000)
def _pieces(word: str) -> tuple[str, ...]:
    if word in plain_names():
        return ()  # a name has no pieces: learnt from one, they would spell it
    padded = f" {word} "
    return tuple(padded[i : i + n] for n in PIECES for i in range(len(padded) - n + 1))


@dataclass(frozen=True)
class _Entries:
    """What stands in comments: `column` belongs to the word at place `owner`;
    the weights of one occurrence sum to 1.
    """

    owner: np.ndarray
    column: np.ndarray
    weight: np.ndarray


@dataclass(frozen=True)
class Shares:
    """Whose the product of weights and columns is: `given` one float a word of `tokens`, `form` one a comment."""

    tokens: Tokens
    given: np.ndarray
    form: np.ndarray


@dataclass(frozen=True)
class Vocabulary:
    """Terms and pieces in the order of their columns, with the weight that their rarity gives (idf, float64).

    After the columns of both blocks come two of the comment's form: shouted (0/1) and length (log of its letters).
    """

    blocks: tuple[tuple[str, ...], tuple[str, ...]]
    idf: tuple[np.ndarray, np.ndarray]
    words: int = NEWEST  # the version that words were made with (see tokenizer)

    @property
    def width(self) -> int:
        """Number of columns: those of both blocks, and the two of the form."""
        return sum(map(len, self.blocks)) + _FORMS

    def matrix(self, comments: Sequence[str]) -> sparse.csr_matrix:
        """n × `width`: tf-idf with 1 + log tf, each block of a comment at length 1 (Salton & Buckley 1988)."""
        parts = [self._chunk(comments[i : i + CHUNK]) for i in range(0, max(len(comments), 1), CHUNK)]
        return sparse.vstack(parts, format="csr")

    def _chunk(self, comments: Sequence[str]) -> sparse.csr_matrix:
        tokens = tokens_of(comments, self.words)
        blocks = [
            _tf_idf(_counted(tokens, entries, len(idf)), idf)
            for entries, idf in zip(self._entries(tokens), self.idf, strict=True)
        ]
        return sparse.hstack([*blocks, sparse.csr_matrix(_forms(comments))]).tocsr()

    def shares(self, comments: Sequence[str], weights: np.ndarray) -> Shares:
        """The part of `matrix(comments)` · `weights` that belongs to each word, and what belongs to a comment's form.

        A term of several words, or of one that comes several times, is shared among them equally; all parts of a
        comment sum to the product exactly.
        """
        tokens = tokens_of(comments, self.words)
        given = np.zeros(len(tokens))
        start = 0
        for entries, idf in zip(self._entries(tokens), self.idf, strict=True):
            counts = _counted(tokens, entries, len(idf))
            values = _tf_idf(counts, idf)
            place = _places_in(counts, tokens.row[entries.owner], entries.column)
            own = weights[start + entries.column] * values.data[place] * entries.weight / counts.data[place]
            given += np.bincount(entries.owner, own, minlength=len(tokens))
            start += len(idf)
        return Shares(tokens, given, _forms(comments) @ weights[start:])

    def _entries(self, tokens: Tokens) -> tuple[_Entries, _Entries]:
        terms, pieces = (_index(block) for block in self.blocks)
        parted = self.words >= NEWEST
        return _term_entries(tokens, terms, parted), _piece_entries(tokens, pieces)

    def terms(self) -> Mapping[str, int]:
        """The columns of words, of turned words and of pairs."""
        return _index(self.blocks[0])

    def to_plain(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "blocks": [list(b) for b in self.blocks],
            "idf": [[round(float(v), 6) for v in idf] for idf in self.idf],
            "words": self.words,
        }

    @staticmethod
    def from_plain(plain: Mapping[str, Any]) -> Vocabulary:
        """What `to_plain` gave; KeyError, TypeError or ValueError if it doesn't fit, lengths unchecked."""
        terms, pieces = (tuple(map(str, block)) for block in plain["blocks"])
        first, second = (np.array(idf, dtype=np.float64) for idf in plain["idf"])
        words = plain.get("words", FIRST)
        if words not in range(FIRST, NEWEST + 1):
            raise ValueError("words are made in a way that is not known")
        return Vocabulary((terms, pieces), (first, second), words)


def learn(
    comments: Sequence[str],
    min_comments: int = MIN_COMMENTS,
    people: np.ndarray | None = None,
    min_people: int = MIN_PEOPLE,
) -> Vocabulary:
    """The vocabulary of these comments; the same text twice counts once. idf = ln((1 + n) / (1 + df)) + 1.

    `people`: int codes of who wrote each comment, −1 where nobody knows (then each text is somebody's own). A term
    is kept if it stands in `min_comments` distinct texts and was used by `min_people` people, as far as they are told.
    """
    distinct, writers = _distinct(comments, people)
    counts: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    used: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    for part in _parts(writers):
        tokens = tokens_of(distinct[part])
        counts[0].update(_terms_held(tokens, tokens.row))
        counts[1].update(_pieces_held(tokens, tokens.row, tokens.rows))
        if people is not None:
            _, own = np.unique(writers[part], return_inverse=True)
            used[0].update(_terms_held(tokens, own[tokens.row]))
            used[1].update(_pieces_held(tokens, own[tokens.row], int(own.max(initial=0)) + 1))
    kept = tuple(
        sorted(t for t, n in count.items() if n >= min_comments and (people is None or by[t] >= min_people))
        for count, by in zip(counts, used, strict=True)
    )
    idf = tuple(
        np.round(np.log((1 + len(distinct)) / (1 + np.array([c[t] for t in terms], dtype=np.float64))) + 1, 6)
        for terms, c in zip(kept, counts, strict=True)
    )
    return Vocabulary((tuple(kept[0]), tuple(kept[1])), (idf[0], idf[1]))


def _distinct(comments: Sequence[str], people: np.ndarray | None) -> tuple[list[str], np.ndarray]:
    """Each text once, those of one person side by side, and who wrote it (its first writer)."""
    texts = list(comments)
    places: dict[str, int] = {}
    for place, text in enumerate(texts):
        places.setdefault(text, place)
    first = np.fromiter(places.values(), dtype=np.int64, count=len(places))
    writers = np.arange(len(first)) if people is None else people[first].astype(np.int64)
    unknown = writers < 0
    writers = np.where(unknown, writers.max(initial=0) + 1 + np.arange(len(writers)), writers)
    order = np.argsort(writers, kind="stable")
    return [texts[place] for place in first[order]], writers[order]


def _parts(writers: np.ndarray) -> Iterator[slice]:
    """Sorted writers in parts of about CHUNK comments, none of whom stands in two."""
    start = 0
    while start < len(writers):
        last = min(start + CHUNK, len(writers)) - 1
        end = int(np.searchsorted(writers, writers[last], side="right"))
        yield slice(start, end)
        start = end


def _terms_held(tokens: Tokens, holder: np.ndarray) -> dict[str, int]:
    """How many holders have each term that may be kept; `holder`: whose each token is (its comment, or its writer)."""
    every = np.arange(len(tokens))
    turned = np.flatnonzero(tokens.negated)
    size, named = len(tokens.words), np.array([word in plain_names() for word in tokens.words], dtype=bool)
    second = tokens.follows()
    pairs = tokens.word[second - 1].astype(np.int64) * size + tokens.word[second]
    held = {tokens.words[w]: n for w, n in _held(holder, every, tokens.word) if not named[w]}
    held |= {TURNED + tokens.words[w]: n for w, n in _held(holder, turned, tokens.word[turned]) if not named[w]}
    return held | {
        f"{tokens.words[p // size]} {tokens.words[p % size]}": n
        for p, n in _held(holder, second, pairs)
        if not (named[p // size] or named[p % size])
    }


def _held(holder: np.ndarray, places: np.ndarray, codes: np.ndarray) -> list[tuple[int, int]]:
    """(code, holders that have it) for the codes of the words at `places`."""
    distinct, small = np.unique(codes, return_inverse=True)
    once = np.unique(holder[places].astype(np.int64) * max(len(distinct), 1) + small)
    counts = np.bincount(once % max(len(distinct), 1), minlength=len(distinct))
    return list(zip(distinct.tolist(), counts.tolist(), strict=True))


def _pieces_held(tokens: Tokens, holder: np.ndarray, holders: int) -> dict[str, int]:
    """How many of the `holders` have each piece; `holder` as in `_terms_held`."""
    names: dict[str, int] = {}
    spelt = [[names.setdefault(piece, len(names)) for piece in set(_pieces(word))] for word in tokens.words]
    ends = np.cumsum([0, *map(len, spelt)])
    flat = np.fromiter((p for word in spelt for p in word), np.int32, ends[-1])
    of_word = sparse.csr_matrix((np.ones(len(flat), np.float32), flat, ends), (len(spelt), len(names)))
    said = sparse.csr_matrix((np.ones(len(tokens), np.float32), (holder, tokens.word)), (holders, len(spelt)))
    comments = np.bincount((said @ of_word).indices, minlength=len(names))
    return dict(zip(names, comments.tolist(), strict=True))


@lru_cache(maxsize=16)
def _index(block: tuple[str, ...]) -> Mapping[str, int]:
    return {term: place for place, term in enumerate(block)}


def _term_entries(tokens: Tokens, places: Mapping[str, int], parted: bool) -> _Entries:
    """Words, turned words and pairs. `parted`: a turned word whose column is known is not the plain word, too."""
    every, turned, second = np.arange(len(tokens)), np.flatnonzero(tokens.negated), tokens.follows()
    alone = np.array([places.get(word, -1) for word in tokens.words], dtype=np.int64)
    negated = np.array([places.get(TURNED + word, -1) for word in tokens.words], dtype=np.int64)
    size = len(tokens.words)
    pairs, codes = np.unique(tokens.word[second - 1].astype(np.int64) * size + tokens.word[second], return_inverse=True)
    paired = np.array(
        [places.get(f"{tokens.words[p // size]} {tokens.words[p % size]}", -1) for p in pairs.tolist()], dtype=np.int64
    )
    plain = alone[tokens.word]
    if parted:
        plain = np.where(tokens.negated & (negated[tokens.word] >= 0), -1, plain)
    columns = [plain, negated[tokens.word[turned]], paired[codes], paired[codes]]
    owners = [every, turned, second - 1, second]
    weights = [np.full(len(owner), weight) for owner, weight in zip(owners, (1.0, 1.0, 0.5, 0.5), strict=True)]
    return _known(np.concatenate(owners), np.concatenate(columns), np.concatenate(weights))


def _piece_entries(tokens: Tokens, places: Mapping[str, int]) -> _Entries:
    spelt = [[p for piece in _pieces(word) if (p := places.get(piece)) is not None] for word in tokens.words]
    sizes = np.array([len(word) for word in spelt], dtype=np.int64)
    starts = np.cumsum(sizes) - sizes
    flat = np.fromiter((p for word in spelt for p in word), np.int64, int(sizes.sum()))
    repeats = sizes[tokens.word]
    owner = np.repeat(np.arange(len(tokens)), repeats)
    inside = np.arange(len(owner)) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    column = flat[np.repeat(starts[tokens.word], repeats) + inside]
    return _Entries(owner, column, np.ones(len(owner)))


def _known(owner: np.ndarray, column: np.ndarray, weight: np.ndarray) -> _Entries:
    known = column >= 0
    return _Entries(owner[known], column[known], weight[known])


def _counted(tokens: Tokens, entries: _Entries, width: int) -> sparse.csr_matrix:
    """How often each column stands in each comment (n × `width`)."""
    found = sparse.csr_matrix((entries.weight, (tokens.row[entries.owner], entries.column)), (tokens.rows, width))
    found.sum_duplicates()
    return found


def _places_in(matrix: sparse.csr_matrix, row: np.ndarray, column: np.ndarray) -> np.ndarray:
    """Where the cells (row, column), all of them filled, lie in `matrix.data`."""
    width = max(matrix.shape[1], 1)
    filled = np.repeat(np.arange(matrix.shape[0], dtype=np.int64), np.diff(matrix.indptr)) * width + matrix.indices
    return np.searchsorted(filled, row.astype(np.int64) * width + column)


def _tf_idf(counts: sparse.csr_matrix, idf: np.ndarray) -> sparse.csr_matrix:
    found = counts.copy()
    found.data = (1 + np.log(found.data)) * idf[found.indices]
    length = np.sqrt(np.asarray(found.multiply(found).sum(axis=1)).ravel())
    found.data /= np.repeat(np.where(length > 0, length, 1), np.diff(found.indptr))
    return found


def _forms(comments: Sequence[str]) -> np.ndarray:
    """n × 2: half where most letters are capitals; the log of the number of letters, at most about one."""
    found = np.zeros((len(comments), _FORMS))
    for row, comment in enumerate(comments):
        letters = [c for c in comment if c.isalpha()]
        capitals = sum(map(str.isupper, letters))
        found[row] = 0.5 * (len(letters) > 3 and capitals > _SHOUTED * len(letters)), np.log1p(len(letters)) / 12
    return found
