"""What patients talk about: the themes that a product declares, found clause by clause with praise and blame, and what
no theme covers.

The effect of a theme is its coefficient in a least-squares fit of the stars on all themes at once, so that a
complaint about the wait does not count against the doctor who is praised beside it; its interval stands up to
unequal spread (HC1: White 1980, MacKinnon & White 1985). Parts of themes are fitted beside what is left of theirs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np

from pipeline.contract import Opinions, Theme
from pipeline.insight.comments import expressions, polarity, theme_reading
from pipeline.insight.comments.expressions import MIN_COMMENTS
from pipeline.insight.comments.polarity import NEGATIVE, SILENT
from pipeline.insight.comments.theme_reading import SpokenComments, ThemeReading
from pipeline.insight.groups.periods import bulk
from pipeline.modeling.text.text_model import Reader
from pipeline.records import Interval, PolarityCounts, ThemeMonth, ThemeOverview, ThemePair, ThemeRow
from pipeline.statistics import mean_interval, wilson, wilson_many

MIN_RATED = 20  # rated comments of a theme from which its effect is estimated
MIN_MONTH = 10  # comments of a theme in a month from which its share is told
MIN_PAIR = 10  # comments of two themes together
MOST_PAIRS = 8
_Z95 = 1.959963984540054
_EPOCH = dt.date(1970, 1, 1)

__all__ = ["MIN_COMMENTS", "codes", "mentions", "overview", "overview_of"]


def mentions(comments: Sequence[str], themes: tuple[Theme, ...]) -> np.ndarray:
    """Which comments speak of which themes (bool, n × themes). A term never reaches over the end of a clause."""
    return theme_reading.read(comments, themes).said != SILENT


def codes(reading: ThemeReading) -> list[tuple[tuple[str, str], ...]]:
    """For each comment the codes of its themes with their polarity (a key of `records.POLARITIES`), blame first."""
    order = {code: place for place, code in enumerate((polarity.NEGATIVE, polarity.MIXED, polarity.POSITIVE))}
    names = [theme.spoken_code for theme in reading.themes]
    found = []
    for said in reading.said.tolist():
        spoken = sorted((order.get(code, len(order)), place) for place, code in enumerate(said) if code != SILENT)
        found.append(tuple((names[place], polarity.NAMES[said[place]]) for _, place in spoken))
    return found


def overview(
    comments: Sequence[str],
    stars: np.ndarray,
    days: np.ndarray,
    themes: tuple[Theme, ...],
    opinions: Opinions | None = None,
    reader: Reader | None = None,
) -> ThemeOverview:
    """Themes and new expressions of n comments; `stars` NaN where there is no rating, `days` since 1970 (see
    groups.counts).
    """
    reading = theme_reading.read(comments, themes, opinions, reader)
    return overview_of(SpokenComments(reading, comments, np.arange(len(comments)), stars, days))


def overview_of(spoken: SpokenComments, history: SpokenComments | None = None) -> ThemeOverview:
    """The same of comments that were read; months and what is new are told of `history`, where the comments are only
    the latest of it.
    """
    reading, stars, past = spoken.reading, spoken.stars, history or spoken
    said, rated = reading.said != SILENT, ~np.isnan(stars)
    effects = _all_effects(said[rated], stars[rated], reading.themes)
    rows = [
        replace(_row(reading, place, stars, effects[place]), trend=_trend(past.reading.said[:, place], past.days))
        for place in range(len(reading.themes))
        if said[:, place].any()
    ]
    since = expressions.since_of(past.days)
    return ThemeOverview(
        comments=len(spoken.comments),
        rated=int(rated.sum()),
        covered=int(said.any(axis=1).sum()),
        stars=mean_interval(stars[rated]),
        themes=_in_order(rows),
        expressions=expressions.expressions(past.comments, past.stars, past.days, reading.themes, since),
        since=None if since is None else _EPOCH + dt.timedelta(days=since),
        pairs=_pairs(said, reading.themes),
    )


def _in_order(rows: Sequence[ThemeRow]) -> tuple[ThemeRow, ...]:
    """The most frequent first, each with its parts behind it."""
    by_frequency = sorted(rows, key=lambda row: -row.comments)
    return tuple(
        row
        for main in by_frequency
        if not main.parent
        for row in (main, *(part for part in by_frequency if part.parent == main.key))
    )


def _row(reading: ThemeReading, place: int, stars: np.ndarray, effect: Interval | None) -> ThemeRow:
    theme, said = reading.themes[place], reading.said[:, place]
    spoken = said != SILENT
    count, blamed = int(spoken.sum()), int((said == NEGATIVE).sum())
    share = wilson(count, len(said))
    assert share is not None
    own = stars[spoken & ~np.isnan(stars)]
    return ThemeRow(
        key=theme.key,
        label=theme.label,
        comments=count,
        share=share,
        rated=len(own),
        stars=mean_interval(own),
        effect=effect,
        stance=_stance(effect),
        parent=theme.parent,
        code=theme.spoken_code,
        counts=PolarityCounts(**{name: int((said == code).sum()) for code, name in polarity.NAMES.items()}),
        negative=wilson(blamed, count),
    )


def _stance(effect: Interval | None) -> str:
    if effect is None or effect.low is None or effect.high is None:
        return "watch"
    return "improve" if effect.high < 0 else "celebrate" if effect.low > 0 else "watch"


def _trend(said: np.ndarray, days: np.ndarray) -> tuple[ThemeMonth, ...]:
    """The share that blames, month by month from the first with comments of the theme to the last; dates far outside
    the bulk are left out.
    """
    within = bulk(days)
    dated = np.zeros(len(days), dtype=bool)
    if within is not None:
        dated = (said != SILENT) & (days >= within[0]) & (days <= within[1])
    if not dated.any():
        return ()
    month = days[dated].astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    first = int(month.min())
    counts = np.bincount(month - first)
    blamed = np.bincount(month - first, weights=said[dated] == NEGATIVE, minlength=len(counts)).astype(np.int64)
    return tuple(
        ThemeMonth(_month(first + place), int(n), share if n >= MIN_MONTH else None)
        for place, (n, share) in enumerate(zip(counts.tolist(), wilson_many(blamed, counts), strict=True))
    )


def _month(since_1970: int) -> dt.date:
    return dt.date(1970 + since_1970 // 12, since_1970 % 12 + 1, 1)


def _pairs(spoken: np.ndarray, themes: tuple[Theme, ...]) -> tuple[ThemePair, ...]:
    """Main themes that come up together more often than by chance, beyond a Wilson interval of the second beside the
    first; the strongest first.
    """
    main = [place for place, theme in enumerate(themes) if not theme.parent]
    counts = spoken.sum(axis=0)
    found = []
    for one, other in combinations(main, 2):
        first, second = (one, other) if counts[one] <= counts[other] else (other, one)
        both = int((spoken[:, first] & spoken[:, second]).sum())
        if both >= MIN_PAIR:
            found.append(_pair((themes[first], themes[second]), (counts[first], counts[second]), both, len(spoken)))
    sure = [pair for pair in found if pair.lift.low is not None and pair.lift.low > 1]
    return tuple(sorted(sure, key=lambda pair: -(pair.lift.low or 0.0))[:MOST_PAIRS])


def _pair(themes: tuple[Theme, Theme], counts: tuple[int, int], both: int, comments: int) -> ThemePair:
    beside, usual = wilson(both, int(counts[0])), counts[1] / comments
    assert beside is not None and beside.low is not None and beside.high is not None
    lift = Interval(beside.value / usual, beside.low / usual, beside.high / usual)
    return ThemePair(themes[0].label, themes[1].label, both, float(counts[0] * usual), lift)


# ---------------------------------------------------------------- effects


def _all_effects(spoken: np.ndarray, stars: np.ndarray, themes: tuple[Theme, ...]) -> list[Interval | None]:
    """Effects of the themes among each other, and of their parts beside what is left of their theme."""
    main = [place for place, theme in enumerate(themes) if not theme.parent]
    found: list[Interval | None] = [None] * len(themes)
    for place, effect in zip(main, effects(spoken[:, main], stars), strict=True):
        found[place] = effect
    if len(main) == len(themes):
        return found
    apart = spoken.copy()
    for place in main:
        parts = [other for other, theme in enumerate(themes) if theme.parent == themes[place].key]
        apart[:, place] &= ~spoken[:, parts].any(axis=1)
    fine = effects(apart, stars)
    return [fine[place] if themes[place].parent else found[place] for place in range(len(themes))]


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
