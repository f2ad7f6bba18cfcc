"""Words that are said at one place and hardly elsewhere.

Log-odds of the comments that hold an expression, here against elsewhere, with all comments as an informative Dirichlet
prior (Monroe, Colaresi & Quinn 2008, Political Analysis 16: 372): rare words don't lead the list because they are rare.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import ndtri

from pipeline.insight.comments.expressions import spelling
from pipeline.insight.comments.vocabulary import GENERAL, STOP
from pipeline.modeling.text.tokenizer import Tokens, tokens_of
from pipeline.records import PlaceExpression
from pipeline.statistics import mean_interval

LEAST = 5  # distinct comments here: fewer might quote somebody
MOST = 8
_LONGEST = 3  # words
_PRIOR = 100.0  # comments that the prior weighs
_LEVEL = 0.05  # that any expression is told by chance (Bonferroni over those that are tried)
_SHARED = 0.5  # of its comments hold an expression that is told already and has a word of it: it adds nothing
_SAME = 0.8  # of the comments of a shorter expression that hold a longer one


def expressions(
    comments: Sequence[str], here: np.ndarray, stars: np.ndarray, *, most: int = MOST
) -> tuple[PlaceExpression, ...]:
    """What the comments of the mask say and the others don't, the clearest first; `stars` NaN without a rating."""
    holders = _holders(comments, here)
    tried = [(text, rows) for text, rows in holders.items() if _distinct(rows[here[rows]], comments)]
    if not tried:
        return ()
    n_here, n = int(here.sum()), len(comments)
    said = np.array([here[rows].sum() for _, rows in tried], dtype=np.float64)
    everyone = np.array([len(rows) for _, rows in tried], dtype=np.float64)
    z = log_odds(said, n_here, everyone - said, n - n_here)
    least = float(ndtri(1 - _LEVEL / len(tried)))
    chosen: list[tuple[str, np.ndarray]] = []
    for place in np.argsort(-z, kind="stable").tolist():
        text, rows = tried[place]
        if z[place] < least or len(chosen) == most:
            break
        alike = [i for i, other in enumerate(chosen) if _alike(text, rows, *other)]
        if not alike:
            chosen.append((text, rows))
        elif len(text) > len(chosen[alike[0]][0]) and len(rows) >= _SAME * len(chosen[alike[0]][1]):
            chosen[alike[0]] = (text, rows)  # the longer one says more
    return tuple(_told(text, rows, comments, here, stars) for text, rows in chosen)


def log_odds(said: np.ndarray, n: int, others: np.ndarray, n_others: int) -> np.ndarray:
    """z of each expression: its log-odds here less those elsewhere, in standard errors (see the module)."""
    prior = _PRIOR * (said + others) / max(n + n_others, 1)
    own, theirs = said + prior, others + prior
    rest, rest_others = n + _PRIOR - own, n_others + _PRIOR - theirs
    gap = np.log(own / rest) - np.log(theirs / rest_others)
    return gap / np.sqrt(1 / own + 1 / theirs)


def _distinct(rows: np.ndarray, comments: Sequence[str]) -> bool:
    return len(rows) >= LEAST and len({comments[row] for row in rows.tolist()}) >= LEAST


def _alike(text: str, rows: np.ndarray, other: str, theirs: np.ndarray) -> bool:
    if not set(text.split()) & set(other.split()):
        return False
    return len(np.intersect1d(rows, theirs, assume_unique=True)) > _SHARED * min(len(rows), len(theirs))


def _told(text: str, rows: np.ndarray, comments: Sequence[str], here: np.ndarray, stars: np.ndarray) -> PlaceExpression:
    own = rows[here[rows]]
    rated = stars[own]
    return PlaceExpression(
        spelling(text, [comments[row] for row in own[:50].tolist()]),
        len(own),
        len(rows) - len(own),
        mean_interval(rated[~np.isnan(rated)]),
    )


def _holders(comments: Sequence[str], here: np.ndarray) -> dict[str, np.ndarray]:
    """Folded expression → the comments that hold it (sorted), for those that LEAST comments of the mask hold."""
    tokens = tokens_of(comments)
    size = max(len(tokens.words), 1)
    found: dict[str, np.ndarray] = {}
    for length in range(1, _LONGEST + 1):
        if size**length > 2**62 or len(tokens) < length:
            break
        codes, rows = _codes(tokens, length)
        kinds, counts = np.unique(codes[here[rows]], return_counts=True)
        wanted = np.isin(codes, kinds[counts >= LEAST])
        codes, rows = codes[wanted], rows[wanted]
        order = np.lexsort((rows, codes))
        codes, rows = codes[order], rows[order]
        again = (codes[1:] == codes[:-1]) & (rows[1:] == rows[:-1])
        once = np.concatenate([[True], ~again]) if len(codes) else np.zeros(0, bool)
        codes, rows = codes[once], rows[once]
        ends = np.flatnonzero(np.diff(codes)) + 1
        for part, code in zip(np.split(rows, ends), codes[np.append(0, ends)], strict=True) if len(codes) else ():
            text = " ".join(tokens.words[int(code) // size ** (length - 1 - i) % size] for i in range(length))
            found[text] = part
    return found


def _codes(tokens: Tokens, length: int) -> tuple[np.ndarray, np.ndarray]:
    """The expressions of so many words, as one integer each, and the comments in which they stand.

    None begins or ends with a word of grammar, and none is made of general praise or blame alone.
    """
    usable = np.array([word not in STOP and len(word) > 2 and word.isalpha() for word in tokens.words], dtype=bool)
    plain = np.array([word in GENERAL or not ok for word, ok in zip(tokens.words, usable, strict=True)], dtype=bool)
    size = max(len(tokens.words), 1)
    first = np.arange(len(tokens) - length + 1)
    words = np.column_stack([tokens.word[first + i] for i in range(length)]).astype(np.int64)
    inside = tokens.row[first] == tokens.row[first + length - 1]
    inside &= usable[words[:, 0]] & usable[words[:, -1]] & ~plain[words].all(axis=1)
    return words[inside] @ (size ** np.arange(length - 1, -1, -1, dtype=np.int64)), tokens.row[first][inside]
