"""Where patients are content and where not: what is said of each value of a dimension, and why one differs."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.records.numbers import Interval


@dataclass(frozen=True)
class PlaceTheme:
    """A theme at a place: `comments` of its comments complain of it; `share` of all comments there."""

    key: str
    label: str
    comments: int
    share: Interval


@dataclass(frozen=True)
class PlaceLevel:
    """The level of some events. `stars` and `balance` (promoters less detractors, −1 to 1) are of the `rated`;
    `judged` have a rating or, where the file has none at all, a reading of their text: `detractors` is a share of them.
    """

    events: int
    comments: int
    rated: int
    stars: Interval | None
    balance: Interval | None
    judged: int
    detractors: Interval | None


@dataclass(frozen=True)
class PlaceRow:
    """One value of a dimension; `groups` is 0 for a value, else how many small ones are folded into this row.

    `against`: its share of detractors held against that of all others: "above" | "below" beyond the bound of
    PlaceOverview, else "unclear". `worst`: what is complained of most.
    """

    value: str
    groups: int
    level: PlaceLevel
    against: str
    worst: tuple[PlaceTheme, ...]


@dataclass(frozen=True)
class PlacePeriod:
    """The level of a value in a month (`2026-03`) or, where the data are short, a week (its Monday)."""

    value: str
    period: str
    level: PlaceLevel


@dataclass(frozen=True)
class PlaceCell:
    """A theme at a place: `negative` is the share of its `comments` that complain of it."""

    value: str
    theme: str
    label: str
    comments: int
    negative: Interval | None


@dataclass(frozen=True)
class PlaceOverview:
    """All values of a dimension, most events first, the folded ones last.

    The events of `rows` and `untold` (without a value) are together those of `total`. `by_text`: no event has a
    rating, so that detractors are those whose text reads so. `tests` shares were held against those of the others;
    what lies clearly apart does so with a false discovery rate of `rate` over all of them.
    """

    column: str
    total: PlaceLevel
    untold: int
    rows: tuple[PlaceRow, ...]
    themes: tuple[PlaceCell, ...]  # of the named values, by theme (most complained of first) and value
    periods: tuple[PlacePeriod, ...]
    by_text: bool
    tests: int
    rate: float
    hidden: int = 0  # values, months and cells of themes that are not shown, for being of few


@dataclass(frozen=True)
class ThemeGap:
    """A theme at one place and elsewhere: the share of comments that complain (`side` "negative") or praise.

    `gap` is here less elsewhere; `clear` beyond the bound that holds for all comparisons; `effect`: stars more or less
    where it is said, other themes alike, over all comments.
    """

    key: str
    label: str
    side: str  # "negative" | "positive"
    here: Interval
    here_comments: int  # that say it, of PlaceWhy.comments
    elsewhere: Interval
    elsewhere_comments: int
    gap: Interval
    clear: bool
    effect: Interval | None


@dataclass(frozen=True)
class PlaceExpression:
    """Words that are said here far more than elsewhere: by `comments` here, by `elsewhere` of the others."""

    text: str
    comments: int
    elsewhere: int
    stars: Interval | None


@dataclass(frozen=True)
class PlaceWhy:
    """Why a value differs from all others, in themes and words. `gaps`: clear ones first, the widest first."""

    column: str
    value: str
    comments: int
    elsewhere: int
    stars: Interval | None
    stars_elsewhere: Interval | None
    gaps: tuple[ThemeGap, ...]
    expressions: tuple[PlaceExpression, ...]
    tests: int
    rate: float

    @property
    def clear(self) -> tuple[ThemeGap, ...]:
        """Themes that differ beyond the bound."""
        return tuple(gap for gap in self.gaps if gap.clear)
