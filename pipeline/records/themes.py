"""What comments speak of: themes with praise and blame, their sentences, and expressions that belong to none."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from pipeline.records.numbers import Interval

POLARITIES = ("negative", "mixed", "positive", "neutral")


@dataclass(frozen=True)
class PolarityCounts:
    """How the comments of a theme speak of it; the four add up to them."""

    negative: int = 0
    mixed: int = 0
    positive: int = 0
    neutral: int = 0

    @property
    def comments(self) -> int:
        """All of them."""
        return self.negative + self.mixed + self.positive + self.neutral


@dataclass(frozen=True)
class ThemeMonth:
    """The comments of a theme in a month (its first day), and the share that blames (`negative`); None for too few."""

    month: dt.date
    comments: int
    negative: Interval | None


@dataclass(frozen=True)
class ThemeSaid:
    """A theme that a comment speaks of, and how: a key of POLARITIES."""

    key: str
    label: str
    polarity: str


@dataclass(frozen=True)
class ThemeRow:
    """A theme of comments. `share`: of all comments; `stars`: mean rating of those that speak of it and have one;
    `effect`: stars more or less than comments that speak of the same other themes but not of this one; `counts`: how
    they speak of it, `negative`: the share that blames, of those; `parent`: the theme that it is a part of."""

    key: str
    label: str
    comments: int
    share: Interval
    rated: int
    stars: Interval | None
    effect: Interval | None
    stance: str  # "improve" | "watch" | "celebrate"
    parent: str = ""
    code: str = ""
    counts: PolarityCounts = PolarityCounts()
    negative: Interval | None = None
    trend: tuple[ThemeMonth, ...] = ()


@dataclass(frozen=True)
class ThemePair:
    """Two themes (labels) of the same comments: `comments` speak of both, `expected` would by chance; `lift` is how
    often the second is spoken of beside the first, over how often at all."""

    first: str
    second: str
    comments: int
    expected: float
    lift: Interval


@dataclass(frozen=True)
class ThemeSentence:
    """What a comment says of a theme: `comment[start:end]`, and its polarity. `row`: of the file."""

    row: int
    comment: str
    start: int
    end: int
    polarity: str
    stars: float | None = None
    day: dt.date | None = None


@dataclass(frozen=True)
class ThemeSentences:
    """A page of a theme's comments, each with its clauses of the theme, and how many comments there are."""

    comments: tuple[tuple[ThemeSentence, ...], ...]
    total: int


@dataclass(frozen=True)
class Expression:
    """Words that come often and belong to no theme; `earlier` counts comments before `ThemeOverview.since`."""

    text: str
    comments: int
    earlier: int
    stars: Interval | None


@dataclass(frozen=True)
class ThemeOverview:
    """What patients talk about: `covered` of the `comments` speak of at least one theme."""

    comments: int
    rated: int
    covered: int
    stars: Interval | None
    themes: tuple[ThemeRow, ...]  # most frequent first, each before its own parts
    expressions: tuple[Expression, ...]
    since: dt.date | None  # expressions are new from here on; None: the period is too short to tell new from old
    pairs: tuple[ThemePair, ...] = ()

    @property
    def main(self) -> tuple[ThemeRow, ...]:
        """The themes that are no part of another."""
        return tuple(row for row in self.themes if not row.parent)

    def parts(self, key: str) -> tuple[ThemeRow, ...]:
        """The parts of a theme."""
        return tuple(row for row in self.themes if row.parent == key)


@dataclass(frozen=True)
class ThemeEntry:
    """A theme as a clinic keeps it; `on`: whether it is looked for. The rest is as a product declares it."""

    key: str
    label: str
    terms: tuple[str, ...]
    unless: tuple[str, ...] = ()
    parent: str = ""
    within: bool = False
    code: str = ""
    on: bool = True


@dataclass(frozen=True)
class ThemeSet:
    """The themes of a series, its own or (`edited` False) as the product declares them."""

    product: str
    themes: tuple[ThemeEntry, ...]
    edited: bool = True


@dataclass(frozen=True)
class ThemePreview:
    """What words would catch: of `comments` so many, and a few sentences with the words in them."""

    comments: int
    caught: int
    sentences: tuple[ThemeSentence, ...]
