"""Where patients are content and where not: the level and the themes of each value of a dimension, and by month.

A value with few comments is folded into one row with the others that are small: nothing is said of a handful of people.
Every share is held against that of all other values; what is called clear is so with one false discovery rate over all
comparisons of the dimension, whichever of them is looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.contract import DETRACTOR_MAX, PROMOTER_MIN, REGION_PART, UF_PART, Product, Role, Theme, part
from pipeline.insight.comments import nps_groups
from pipeline.insight.groups import periods
from pipeline.insight.groups.counts import days
from pipeline.records import PlaceCell, PlaceLevel, PlaceOverview, PlacePeriod, PlaceRow, PlaceTheme
from pipeline.statistics import discoveries, mean_interval, two_rates, wilson, wilson_many

FEW = 8  # comments; values with fewer are folded into one row
RATE = 0.05  # of what is called clear, the part that may be chance
MOST_THEMES = 8  # of the cells, and as columns of a chart
_WORST = 3  # themes that a row names
_LEAST = 3  # comments that complain of a theme from which a row names it
_ROLES = (
    Role.UNIT,
    Role.SECTOR,
    Role.PROFESSIONAL,
    Role.SPECIALTY,
    Role.PLAN,
    Role.LEVEL,
    Role.MODE,
    Role.PROCEDURE,
    Role.TYPE,
)


@dataclass(frozen=True)
class Spoken:
    """What the comments of n events speak of: `said` (bool) and `polarity` (int8: −1 complains, 1 praises, 0 neither
    or both), both n × themes; nothing is said where an event has no comment.
    """

    themes: tuple[Theme, ...]
    said: np.ndarray
    polarity: np.ndarray

    @property
    def sides(self) -> np.ndarray:
        """bool, n × 2 themes: which complain of each theme, then which praise it."""
        return np.column_stack([self.said & (self.polarity < 0), self.said & (self.polarity > 0)])


def dimensions(table: pd.DataFrame, product: Product) -> tuple[str, ...]:
    """The columns by which the events can be told apart: those with two values or more, places before kinds of care."""
    post = product.by_role(Role.POSTCODE)
    named = [f.key for role in _ROLES if (f := product.by_role(role)) is not None and not f.personal]
    parts = [part(post.key, name) for name in (UF_PART, REGION_PART)] if post is not None else []
    return tuple(c for c in (*named, *parts) if c in table and table[c].nunique() > 1)


@dataclass(frozen=True)
class Split:
    """n events by the values of a dimension: `code` is −1 without a value, `len(names)` of a folded one.

    `names` are the values with comments enough, most events first; `folded` counts the others. `sides` (n × 2 themes):
    see `Spoken`; `judged` and `detractor` (bool, n): see PlaceLevel.
    """

    names: tuple[str, ...]
    folded: int
    code: np.ndarray
    commented: np.ndarray
    stars: np.ndarray
    judged: np.ndarray
    detractor: np.ndarray
    sides: np.ndarray
    by_text: bool

    @property
    def size(self) -> int:
        """How many rows there are, that of the folded values among them."""
        return len(self.names) + (self.folded > 0)

    def counts(self, mask: np.ndarray) -> np.ndarray:
        """How many events of the mask each row has (int64)."""
        return np.bincount(self.code[mask & (self.code >= 0)], minlength=self.size)


def split(table: pd.DataFrame, spoken: Spoken, product: Product, column: str) -> Split:
    """The events of a list (see `comment_list`) by the values of a column. KeyError for one that it has not."""
    assert product.comment is not None
    commented = table[product.comment.key].notna().to_numpy()
    stars = table[product.target.key].to_numpy(dtype=np.float64)
    by_text = bool(np.isnan(stars).all())
    groups = _groups(table, product) if by_text else nps_groups.groups_of(stars)
    names, folded, code = _coded(table[column], commented)
    judged = np.array([group is not None for group in groups], dtype=bool)
    sides = spoken.sides & commented[:, None]
    return Split(names, folded, code, commented, stars, judged, groups == nps_groups.DETRACTOR, sides, by_text)


def _groups(table: pd.DataFrame, product: Product) -> np.ndarray:
    """The group of each event, by its rating or else by its text where a model read it (object, None for neither)."""
    given = nps_groups.groups_of(table[product.target.key].to_numpy(dtype=np.float64))
    if "group" not in table:
        return given
    told = table["group"].astype("object").to_numpy()
    known = np.array([isinstance(group, str) and bool(group) for group in told], dtype=bool)
    return np.where(known, told, given)


def _coded(column: pd.Series, commented: np.ndarray) -> tuple[tuple[str, ...], int, np.ndarray]:
    """Names of the values that stand for themselves, how many are folded, and the code of each row (see `Split`)."""
    found = column.astype("category")
    given = found.cat.codes.to_numpy().astype(np.int64)
    size = len(found.cat.categories)
    events = np.bincount(given[given >= 0], minlength=size)
    enough = np.bincount(given[(given >= 0) & commented], minlength=size) >= FEW
    few = (events > 0) & (events < FEW) & ~enough
    if few.sum() == 1 and ((events > 0) & ~enough).sum() == 1 and enough.any():
        own = np.flatnonzero(enough)  # one alone could be worked out from all others
        enough[own[np.argmin(events[own])]] = False
    own = np.flatnonzero(enough)
    own = own[np.argsort(-events[own], kind="stable")]
    places = np.full(size + 1, len(own))
    places[own], places[-1] = np.arange(len(own)), -1
    small = int(((events > 0) & ~enough).sum())
    return tuple(str(found.cat.categories[i]) for i in own), small, places[given]


# ---------------------------------------------------------------- what differs clearly


@dataclass(frozen=True)
class Comparisons:
    """Each row of a split held against all others: `detractors` (bool, rows) and `sides` (bool, rows × 2 themes)
    differ clearly; `tests`: how many comparisons that holds over.
    """

    detractors: np.ndarray
    sides: np.ndarray
    tests: int


def compared(found: Split) -> Comparisons:
    """All comparisons of a dimension at once, under one bound."""
    told = found.code >= 0
    own = _against_others(found.counts(found.detractor & found.judged), found.counts(found.judged))
    n = found.counts(found.commented)
    sides = [_against_others(found.counts(found.sides[:, i] & told), n) for i in range(found.sides.shape[1])]
    table = np.column_stack([own, *sides]) if found.size else np.zeros((0, 1 + len(sides)))
    clear = discoveries(table.ravel(), RATE).reshape(table.shape)
    return Comparisons(clear[:, 0], clear[:, 1:], int((~np.isnan(table)).sum()))


def _against_others(events: np.ndarray, n: np.ndarray) -> np.ndarray:
    return two_rates(events, n, events.sum() - events, n.sum() - n)


# ---------------------------------------------------------------- levels


def overview(table: pd.DataFrame, spoken: Spoken, product: Product, column: str) -> PlaceOverview:
    """Every value of a dimension: its level, its themes, its months (see the module). KeyError for a foreign column."""
    found = split(table, spoken, product, column)
    clear = compared(found)
    levels = _levels(found, found.code, found.size)
    everything = _levels(found, np.zeros(len(found.code), np.int64), 1)[0]
    rows = [
        PlaceRow(
            found.names[place] if place < len(found.names) else "",
            found.folded if place == len(found.names) else 0,
            levels[place],
            _side(found, clear, place),
            _worst(found, spoken.themes, place),
        )
        for place in range(found.size)
    ]
    return PlaceOverview(
        column=column,
        total=everything,
        untold=int((found.code < 0).sum()),
        rows=tuple(rows),
        themes=_cells(found, spoken.themes),
        periods=_periods(found, days(table[product.time.key])),
        by_text=found.by_text,
        tests=clear.tests,
        rate=RATE,
    )


def _side(found: Split, clear: Comparisons, place: int) -> str:
    if not clear.detractors[place]:
        return "unclear"
    events, n = found.counts(found.detractor & found.judged), found.counts(found.judged)
    others = (events.sum() - events[place]) / max(n.sum() - n[place], 1)
    return "above" if events[place] / max(n[place], 1) > others else "below"


def _levels(found: Split, code: np.ndarray, size: int) -> list[PlaceLevel]:
    """The level of the events of each code 0…size − 1."""
    order = np.argsort(code, kind="stable")
    order = order[code[order] >= 0]
    ends = np.searchsorted(code[order], np.arange(size + 1))
    parts = [order[a:b] for a, b in zip(ends[:-1], ends[1:], strict=True)]
    events = np.array([int(found.detractor[rows].sum()) for rows in parts])
    judged = np.array([int(found.judged[rows].sum()) for rows in parts])
    return [
        _level(found, rows, int(n), share)
        for rows, n, share in zip(parts, judged, wilson_many(events, judged), strict=True)
    ]


def _level(found: Split, rows: np.ndarray, judged: int, detractors) -> PlaceLevel:  # type: ignore[no-untyped-def]
    known = found.stars[rows]
    known = known[~np.isnan(known)]
    sides = np.select([known <= DETRACTOR_MAX, known >= PROMOTER_MIN], [-1.0, 1.0], 0.0)
    return PlaceLevel(
        events=len(rows),
        comments=int(found.commented[rows].sum()),
        rated=len(known),
        stars=mean_interval(known),
        balance=mean_interval(sides),
        judged=judged,
        detractors=detractors,
    )


def _complaints(found: Split, themes: Sequence[Theme]) -> np.ndarray:
    """Comments that complain, rows × themes (int64)."""
    return np.column_stack([found.counts(found.sides[:, i]) for i in range(len(themes))])


def _worst(found: Split, themes: Sequence[Theme], place: int) -> tuple[PlaceTheme, ...]:
    n = int(found.counts(found.commented)[place])
    own = [(int(found.counts(found.sides[:, i])[place]), theme) for i, theme in enumerate(themes)]
    told = sorted((pair for pair in own if pair[0] >= _LEAST), key=lambda pair: -pair[0])[:_WORST]
    return tuple(PlaceTheme(t.key, t.label, k, share) for k, t in told if (share := wilson(k, n)) is not None)


def _cells(found: Split, themes: Sequence[Theme]) -> tuple[PlaceCell, ...]:
    """The themes that are complained of most, at each named value."""
    if not themes or not found.names:
        return ()
    complaints, n = _complaints(found, themes), found.counts(found.commented)
    most = np.argsort(-complaints.sum(axis=0), kind="stable")[:MOST_THEMES]
    return tuple(
        PlaceCell(name, themes[i].key, themes[i].label, int(n[place]), wilson(int(complaints[place, i]), int(n[place])))
        for i in most.tolist()
        if complaints[:, i].any()
        for place, name in enumerate(found.names)
    )


def _periods(found: Split, day: np.ndarray) -> tuple[PlacePeriod, ...]:
    """The level of each named value by month or week; dates far outside the others are in no period."""
    range_ = periods.bulk(day)
    if range_ is None or not found.names:
        return ()
    of_day, names = periods.calendar(*range_)
    inside = (day >= range_[0]) & (day <= range_[1]) & (found.code >= 0) & (found.code < len(found.names))
    period = of_day[np.where(inside, day - range_[0], 0)]
    code = np.where(inside, found.code * len(names) + period, -1)
    levels = _levels(found, code, len(found.names) * len(names))
    return tuple(
        PlacePeriod(found.names[place // len(names)], names[place % len(names)], level)
        for place, level in enumerate(levels)
        if level.events
    )
