"""What comments speak of: themes, and expressions that belong to none."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from pipeline.records.numbers import Interval


@dataclass(frozen=True)
class ThemeRow:
    """A theme of comments. `share`: of all comments; `stars`: mean rating of those that speak of it and have one;
    `effect`: stars more or less than comments that speak of the same other themes but not of this one."""

    key: str
    label: str
    comments: int
    share: Interval
    rated: int
    stars: Interval | None
    effect: Interval | None
    stance: str  # "improve" | "watch" | "celebrate"


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
    themes: tuple[ThemeRow, ...]  # most frequent first
    expressions: tuple[Expression, ...]
    since: dt.date | None  # expressions are new from here on; None: the period is too short to tell new from old
