"""Tables of groups as they may be handed on: none of few people, and none that the totals would tell (`suppression`).

Each table is told with its total, so what it leaves out already (small groups, rows without a value) is one more cell
of it: alone it would follow from the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np

from pipeline.insight.groups.suppression import LEAST, hidden
from pipeline.records import LateCancellations, LateGroup, PlaceOverview
from pipeline.records.effects import ArmsCompared, Effect, EffectReport
from pipeline.records.places import PlaceCell, PlacePeriod
from pipeline.records.skill import GroupSkill, SkillSplit
from pipeline.records.themes import ThemeOverview

T = TypeVar("T")
Groups = Sequence[tuple[str, tuple[T, ...]]]  # by column


def left_of(
    groups: Sequence[T], counts: Sequence[tuple[Sequence[int], int | None]], least: int = LEAST
) -> tuple[T, ...]:
    """The groups that may be told. `counts`: each number that is told of every group, with its total (None: theirs).

    A group goes with all its numbers; so the last ones to go are chosen until no number has a lone hidden group.
    """
    gone = np.zeros(len(groups), dtype=bool)
    tables = [_with_rest(np.asarray(told, dtype=np.int64), total) for told, total in counts]
    for _ in range(len(groups) + 1):
        before = gone.copy()
        for table in tables:
            gone |= _hidden_beside(table, gone, least)
        if (gone == before).all():
            break
    return tuple(one for one, is_gone in zip(groups, gone, strict=True) if not is_gone)


def _with_rest(told: np.ndarray, total: int | None) -> np.ndarray:
    """The counts and, last, what is in none of the groups."""
    return np.append(told, max(0, (int(told.sum()) if total is None else total) - int(told.sum())))


def _hidden_beside(table: np.ndarray, gone: np.ndarray, least: int) -> np.ndarray:
    """bool per group: what goes of one count, where `gone` goes anyway; the rest is hidden, and counts among them."""
    told, found = table[:-1], gone | ((table[:-1] > 0) & (table[:-1] < least))
    while _solvable(table, found, least) and ((told > 0) & ~found).any():
        others = np.flatnonzero((told > 0) & ~found)
        found[others[np.argmin(told[others])]] = True
    return found


def _solvable(table: np.ndarray, gone: np.ndarray, least: int) -> bool:
    """Whether the total tells of a hidden group alone, or of few people together."""
    inside = np.append(gone, True) & (table > 0)
    return 0 < table[inside].sum() < least or (inside.sum() == 1 and bool(inside[:-1].any()))


def late(view: LateCancellations, least: int = LEAST) -> LateCancellations:
    """Late cancellations without groups of few bookings, of few given up, or of few that were not."""
    groups = tuple((column, _late(rows, view, least)) for column, rows in view.groups)
    return replace(view, groups=groups, hidden=view.hidden + _fewer(view.groups, groups))


def _fewer(before: Groups[T], after: Groups[T]) -> int:
    """How many groups are left out."""
    return sum(len(rows) for _, rows in before) - sum(len(rows) for _, rows in after)


def _late(rows: Sequence[LateGroup], view: LateCancellations, least: int) -> tuple[LateGroup, ...]:
    given_up, kept = [row.late for row in rows], [row.rows - row.late for row in rows]
    return left_of(rows, [(given_up, view.late), (kept, view.rows - view.late)], least)


def effects(report: EffectReport, least: int = LEAST) -> EffectReport:
    """What contacts did, without groups or ways of contacting that have few in either arm, or few events there."""
    groups = tuple((column, _effects(found, report.whole, least)) for column, found in report.groups)
    arms = tuple(left for one in report.arms if (left := _arms(one, least)).effects)
    gone = _fewer(report.groups, groups) + sum(len(one.effects) for one in report.arms)
    return replace(
        report, groups=groups, arms=arms, hidden=report.hidden + gone - sum(len(one.effects) for one in arms)
    )


def _arms(found: ArmsCompared, least: int) -> ArmsCompared:
    """Without ways of few; without any where the first way, which the others are held against, is of few."""
    if not found.effects:
        return found
    told = [found.effects[0].control, *(one.contact for one in found.effects)]
    counts = [([one.judged for one in told], None), ([one.events for one in told], None)]
    left = left_of(range(len(told)), counts, least)
    kept = tuple(one for place, one in enumerate(found.effects, 1) if place in left) if 0 in left else ()
    return replace(found, effects=kept)


def _effects(found: Sequence[Effect], whole: Effect, least: int) -> tuple[Effect, ...]:
    counts = []
    for arm in ("contact", "control"):
        own, total = [getattr(one, arm) for one in found], getattr(whole, arm)
        counts += [([one.judged for one in own], total.judged), ([one.events for one in own], total.events)]
    return left_of(found, counts, least)


def splits(found: Iterable[SkillSplit], least: int = LEAST) -> tuple[SkillSplit, ...]:
    """A model's test by group, without groups of few rows, few events, or few without."""
    return tuple(replace(one, groups=_groups(one, least)) for one in found)


def _groups(one: SkillSplit, least: int) -> tuple[GroupSkill, ...]:
    events, others = [group.events for group in one.groups], [group.rows - group.events for group in one.groups]
    return left_of(one.groups, [(events, None), (others, None)], least)


def places(view: PlaceOverview, least: int = LEAST) -> PlaceOverview:
    """Places, their themes and months: rows of few events go, so do months; cells of few comments are empty."""
    rows = left_of(
        view.rows,
        [
            ([r.level.events for r in view.rows], view.total.events),
            ([r.level.comments for r in view.rows], view.total.comments),
            ([r.level.rated for r in view.rows], view.total.rated),
        ],
        least,
    )
    named = {row.value for row in rows if not row.groups}
    themes = _cells([cell for cell in view.themes if cell.value in named], least)
    periods = _periods([one for one in view.periods if one.value in named], least)
    gone = len(view.rows) - len(rows) + len(view.periods) - len(periods)
    emptied = sum(one.comments > 0 for one in view.themes) - sum(one.comments > 0 for one in themes)
    return replace(
        view,
        rows=tuple(replace(r, worst=tuple(t for t in r.worst if t.comments >= least)) for r in rows),
        themes=themes,
        periods=periods,
        hidden=view.hidden + gone + emptied,
    )


def themes(view: ThemeOverview, least: int = LEAST) -> ThemeOverview:
    """Themes without those of few comments. A comment speaks of several: no total tells of a theme that is left out."""
    return replace(view, themes=tuple(one for one in view.themes if not 0 < one.comments < least))


def _cells(cells: Sequence[PlaceCell], least: int) -> tuple[PlaceCell, ...]:
    """Themes by place, empty where few speak: the table keeps its shape."""
    gone = _crossed([(c.value, c.theme, c.comments) for c in cells], least)
    return tuple(replace(c, comments=0, negative=None) if one else c for c, one in zip(cells, gone, strict=True))


def _periods(found: Sequence[PlacePeriod], least: int) -> tuple[PlacePeriod, ...]:
    """Months in which few had an event, a comment or a rating go, each with others."""
    numbers = [
        [(one.value, one.period, getattr(one.level, name)) for one in found] for name in ("events", "comments", "rated")
    ]
    gone = [any(told) for told in zip(*(_crossed(cells, least) for cells in numbers), strict=True)]
    return tuple(one for one, is_gone in zip(found, gone, strict=True) if not is_gone)


def _crossed(cells: Sequence[tuple[str, str, int]], least: int) -> list[bool]:
    """Whether each cell (row, column, count) of a table with known margins is hidden."""
    rows, columns = (list(dict.fromkeys(cell[at] for cell in cells)) for at in (0, 1))
    if not cells:
        return []
    counts = np.zeros((len(rows), len(columns)), dtype=np.int64)
    for row, column, count in cells:
        counts[rows.index(row), columns.index(column)] = count
    gone = hidden(counts, least)
    return [bool(gone[rows.index(row), columns.index(column)]) for row, column, _ in cells]


def tells_few(shown: int, wider: Iterable[int], least: int = LEAST) -> bool:
    """Whether a view of `shown` rows tells of few: it has few itself, or leaves few out of a wider one (rows of each)
    that the reader can open beside it, so that the difference of the two tells of those.
    """
    return 0 < shown < least or any(0 < other - shown < least for other in wider)
