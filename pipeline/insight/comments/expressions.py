"""Expressions of comments that no theme covers: those that come often, and those that came up of late."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from pipeline.contract import Theme
from pipeline.folding import fold_word
from pipeline.insight.comments import clauses
from pipeline.insight.comments.phrases import Phrases
from pipeline.insight.comments.vocabulary import GENERAL, STOP
from pipeline.insight.groups.counts import NO_DATE
from pipeline.modeling.text.tokenizer import Tokens, tokens_of
from pipeline.records import Expression
from pipeline.statistics import mean_interval

MIN_COMMENTS = 5  # distinct comments of an expression: fewer might quote somebody
MOST_EXPRESSIONS = 8
NEW_FROM_DAYS = 60  # shorter periods don't tell new from old
GROWTH = 2.0  # times as often as before
_MONTH = 30
_LONGEST = 3  # words of an expression


def since_of(days: np.ndarray) -> int | None:
    """The day from which an expression is new: the last month of the period, or quarter of a shorter one; None where it
    is too short.
    """
    known = days[days > NO_DATE]
    if not len(known) or int(known.max() - known.min()) < NEW_FROM_DAYS:
        return None
    return int(known.max()) - min(_MONTH, int(known.max() - known.min()) // 4)


def expressions(
    comments: Sequence[str], stars: np.ndarray, days: np.ndarray, themes: tuple[Theme, ...], since: int | None
) -> tuple[Expression, ...]:
    """Expressions of no theme that come often; with `since`, those that come clearly more often than before."""
    tokens = tokens_of(comments)
    late = np.ones(len(comments), dtype=bool) if since is None else days >= since
    holders = _holders(
        tokens, comments, Phrases([(term, 0) for theme in themes if not theme.within for term in theme.terms])
    )
    scored = []
    for text, rows in holders.items():
        after = int(late[rows].sum())
        before = len(rows) - after
        growth = ((after + 0.5) / (late.sum() + 1)) / ((before + 0.5) / ((~late).sum() + 1))
        if since is None or (after >= MIN_COMMENTS and growth >= GROWTH):
            scored.append((growth * np.sqrt(after) if since is not None else float(len(rows)), text, rows, before))
    scored.sort(key=lambda item: (-item[0], -len(item[1]), item[1]))
    return _distinct(scored, comments, stars, since)


def _distinct(
    scored: list[tuple[float, str, np.ndarray, int]], comments: Sequence[str], stars: np.ndarray, since: int | None
) -> tuple[Expression, ...]:
    """The first few, none a part of another that comes nearly as often."""
    chosen: list[tuple[str, np.ndarray, int]] = []
    for _, text, rows, before in scored:
        alike = [
            i
            for i, (other, theirs, _) in enumerate(chosen)
            if set(text.split()) & set(other.split())
            and len(np.intersect1d(rows, theirs)) > 0.5 * min(len(rows), len(theirs))
        ]
        if not alike:
            chosen.append((text, rows, before))
        elif len(text) > len(chosen[alike[0]][0]) and len(rows) >= 0.8 * len(chosen[alike[0]][1]):
            chosen[alike[0]] = (text, rows, before)  # the longer one says more
        if len(chosen) == MOST_EXPRESSIONS:
            break
    return tuple(
        Expression(
            spelling(text, [comments[i] for i in rows[:50].tolist()]),
            len(rows),
            before if since is not None else 0,
            mean_interval(stars[rows][~np.isnan(stars[rows])]),
        )
        for text, rows, before in chosen
    )


def _holders(tokens: Tokens, comments: Sequence[str], covered: Phrases) -> dict[str, np.ndarray]:
    """Expression → the comments that hold it (sorted), for those of MIN_COMMENTS distinct texts and of no theme."""
    sizes, size = len(tokens.words), max(len(tokens.words), 1)
    usable = np.array([word not in STOP and len(word) > 2 for word in tokens.words], dtype=bool)
    found: dict[str, np.ndarray] = {}
    texts = (
        np.unique(np.array(comments, dtype=object).astype(str), return_inverse=True)[1]
        if len(comments)
        else np.zeros(0, int)
    )
    for length in range(1, _LONGEST + 1):
        last = np.arange(length - 1, len(tokens))
        first = last - length + 1
        inside = (
            (tokens.row[first] == tokens.row[last]) & usable[tokens.word[first]] & usable[tokens.word[last]]
            if sizes
            else np.zeros(0, bool)
        )
        first, last = first[inside], last[inside]
        if not len(first) or size**length > 2**62:
            continue
        codes = sum(
            (tokens.word[first + i].astype(np.int64) * size ** (length - 1 - i) for i in range(length)),
            np.zeros(len(first), np.int64),
        )
        distinct, small, counts = np.unique(codes, return_inverse=True, return_counts=True)
        order = np.argsort(small, kind="stable")
        ends = np.cumsum(counts)
        for place in np.flatnonzero(counts >= MIN_COMMENTS).tolist():
            rows = np.unique(tokens.row[first[order[ends[place] - counts[place] : ends[place]]]])
            words = [tokens.words[int(distinct[place]) // size ** (length - 1 - i) % size] for i in range(length)]
            text = " ".join(words)
            if len(np.unique(texts[rows])) >= MIN_COMMENTS and not _of_no_use(words, covered):
                found[text] = rows
    return found


def _of_no_use(words: list[str], covered: Phrases) -> bool:
    plain = [word for word in words if word not in STOP]
    signs = any(not word.isalpha() for word in words)
    return signs or all(word in GENERAL for word in plain) or bool(covered.find(words))


def spelling(folded: str, comments: Sequence[str]) -> str:
    """The commonest spelling, in lower case, of a folded expression in comments that hold it."""
    wanted, seen = folded.split(), Counter[str]()
    for comment in comments:
        words = clauses.WORD.findall(comment)
        plain = [fold_word(word) for word in words]
        for start in range(len(words) - len(wanted) + 1):
            if plain[start : start + len(wanted)] == wanted:
                seen[" ".join(words[start : start + len(wanted)]).lower()] += 1
                break
    return seen.most_common(1)[0][0] if seen else folded
