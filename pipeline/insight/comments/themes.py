"""What patients talk about: the themes that a product declares, found sentence by sentence, and what no theme covers.

The effect of a theme is its coefficient in a least-squares fit of the stars on all themes at once, so that a
complaint about the wait does not count against the doctor who is praised beside it; its interval stands up to
unequal spread (HC1: White 1980, MacKinnon & White 1985).
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from pipeline.contract import Theme
from pipeline.folding import fold_word
from pipeline.insight.comments import clauses
from pipeline.insight.comments.vocabulary import GENERAL, STOP
from pipeline.insight.groups.counts import NO_DATE
from pipeline.modeling.text.tokenizer import Tokens, tokens_of
from pipeline.records import Expression, Interval, ThemeOverview, ThemeRow
from pipeline.statistics import mean_interval, wilson

MIN_RATED = 20  # rated comments of a theme from which its effect is estimated
MIN_COMMENTS = 5  # distinct comments of an expression: fewer might quote somebody
MOST_EXPRESSIONS = 12
NEW_FROM_DAYS = 60  # shorter periods don't tell new from old
GROWTH = 2.0  # times as often as before
_LONGEST = 3  # words of an expression
_Z95 = 1.959963984540054
_EPOCH = dt.date(1970, 1, 1)


@lru_cache(maxsize=64)
def _pattern(terms: tuple[str, ...]) -> re.Pattern[str]:
    """One pattern for all terms over folded sentences of single blanks; longer terms first."""
    parts = [
        re.escape(t.rstrip("*")) + (r"[a-z]*" if t.endswith("*") else "") for t in sorted(terms, key=len, reverse=True)
    ]
    return re.compile(rf"(?<![a-z])(?:{'|'.join(parts)})(?![a-z])")


def mentions(comments: Sequence[str], themes: tuple[Theme, ...]) -> np.ndarray:
    """Which comments speak of which themes (bool, n × themes). A term never reaches over the end of a sentence."""
    found = np.zeros((len(comments), len(themes)), dtype=bool)
    patterns = [_pattern(theme.terms) for theme in themes]
    for row, comment in enumerate(comments):
        text = "|".join(clauses.folded(comment[a:b]) for a, b in clauses.spans(comment))
        for place, pattern in enumerate(patterns):
            found[row, place] = pattern.search(text) is not None
    return found


def overview(comments: Sequence[str], stars: np.ndarray, days: np.ndarray, themes: tuple[Theme, ...]) -> ThemeOverview:
    """Themes and new expressions of n comments;
    `stars` NaN where there is no rating, `days` since 1970 (see tally.days).
    """
    said = mentions(comments, themes)
    rated = ~np.isnan(stars)
    told = effects(said[rated], stars[rated])
    rows = [
        _row(theme, said[:, place], stars, told[place], len(comments))
        for place, theme in enumerate(themes)
        if said[:, place].any()
    ]
    since = _since(days)
    return ThemeOverview(
        comments=len(comments),
        rated=int(rated.sum()),
        covered=int(said.any(axis=1).sum()),
        stars=mean_interval(stars[rated]),
        themes=tuple(sorted(rows, key=lambda row: -row.comments)),
        expressions=_expressions(comments, stars, days, themes, since),
        since=None if since is None else _EPOCH + dt.timedelta(days=since),
    )


def _row(theme: Theme, said: np.ndarray, stars: np.ndarray, effect: Interval | None, comments: int) -> ThemeRow:
    count = int(said.sum())
    share = wilson(count, comments)
    assert share is not None
    own = stars[said & ~np.isnan(stars)]
    return ThemeRow(theme.key, theme.label, count, share, len(own), mean_interval(own), effect, _stance(effect))


def _stance(effect: Interval | None) -> str:
    if effect is None or effect.low is None or effect.high is None:
        return "watch"
    return "improve" if effect.high < 0 else "celebrate" if effect.low > 0 else "watch"


def effects(said: np.ndarray, stars: np.ndarray) -> list[Interval | None]:
    """Stars more or less where a theme is spoken of, the other themes alike; None where too few ratings tell."""
    counts = said.sum(axis=0)
    usable = np.flatnonzero((counts >= MIN_RATED) & (len(stars) - counts >= MIN_RATED))
    found: list[Interval | None] = [None] * said.shape[1]
    if not len(usable) or np.ptp(stars) == 0:
        return found
    design = np.column_stack([np.ones(len(stars)), said[:, usable]]).astype(np.float64)
    inverse = np.linalg.pinv(design.T @ design)
    weights = inverse @ (design.T @ stars)
    residual = stars - design @ weights
    spread = (
        inverse
        @ ((design * residual[:, None] ** 2).T @ design)
        @ inverse
        * (len(stars) / max(len(stars) - design.shape[1], 1))
    )
    for place, (weight, error) in enumerate(zip(weights[1:], np.sqrt(np.maximum(np.diag(spread)[1:], 0)), strict=True)):
        found[usable[place]] = Interval(float(weight), float(weight - _Z95 * error), float(weight + _Z95 * error))
    return found


# ---------------------------------------------------------------- expressions


def _since(days: np.ndarray) -> int | None:
    """The day from which an expression is new: the last quarter of the period; None where it is too short."""
    known = days[days > NO_DATE]
    if not len(known) or int(known.max() - known.min()) < NEW_FROM_DAYS:
        return None
    return int(known.max() - (known.max() - known.min()) // 4)


def _expressions(
    comments: Sequence[str], stars: np.ndarray, days: np.ndarray, themes: tuple[Theme, ...], since: int | None
) -> tuple[Expression, ...]:
    """Expressions of no theme that come often; with `since`, those that come clearly more often than before."""
    tokens = tokens_of(comments)
    late = np.ones(len(comments), dtype=bool) if since is None else days >= since
    holders = _holders(
        tokens, comments, _pattern(tuple(term for theme in themes for term in theme.terms)) if themes else None
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


def _holders(tokens: Tokens, comments: Sequence[str], covered: re.Pattern[str] | None) -> dict[str, np.ndarray]:
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
            if len(np.unique(texts[rows])) >= MIN_COMMENTS and not _of_no_use(words, text, covered):
                found[text] = rows
    return found


def _of_no_use(words: list[str], text: str, covered: re.Pattern[str] | None) -> bool:
    plain = [word for word in words if word not in STOP]
    signs = any(not word.isalpha() for word in words)
    return signs or all(word in GENERAL for word in plain) or (covered is not None and covered.search(text) is not None)


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
