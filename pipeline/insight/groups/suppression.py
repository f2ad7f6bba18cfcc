"""Small cells: groups of fewer than LEAST rows are not shown, and others with them, so that none can be worked out.

A table is told with its margins, so a hidden cell alone in its row follows from the others (complementary
suppression). In a table of rows and columns whose margins are known, the hidden cells are edges between row and column:
a cell follows from the margins exactly where its edge lies on no cycle of hidden cells (Cox 1980; Willenborg and
de Waal, "Elements of Statistical Disclosure Control", ch. 4). So each hidden cell is put on a cycle, by the way that
hides the fewest rows.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from pipeline.records import GroupRow, HeatCell, PeriodRate, RiskOverview

LEAST = 8  # rows: serious offices hide 1 to 7


def hidden(counts: np.ndarray, least: int = LEAST) -> np.ndarray:
    """bool per cell of `counts` (shape (n,) with a known total, or (n, m) with known margins): what is not shown.

    Zeros are shown: nobody is in them. A table in which every cell has to go shows nothing.
    """
    cells = np.asarray(counts)
    small = (cells > 0) & (cells < least)
    if cells.ndim == 1:
        return _with_another(cells, small)
    found = small.copy()
    for row, column in np.argwhere(small):
        for at in _way_round(cells, found, int(row), int(column)):
            found[at] = True
    return found


def _with_another(counts: np.ndarray, small: np.ndarray) -> np.ndarray:
    """At least two cells, or none: of one alone the total tells."""
    found = small.copy()
    if small.sum() != 1:
        return found
    others = np.flatnonzero((counts > 0) & ~small)
    if len(others):
        found[others[np.argmin(counts[others])]] = True
    return found


def _way_round(counts: np.ndarray, found: np.ndarray, row: int, column: int) -> list[tuple[int, int]]:
    """The cells that close a cycle over (row, column), hidden ones first, then those of the fewest rows; none where
    there is no way. Dijkstra over rows and columns.
    """
    rows = counts.shape[0]
    start, goal = row, rows + column
    queue: list[tuple[int, int]] = [(0, start)]
    cost, came = {start: 0}, dict[int, int]()
    while queue:
        spent, here = heapq.heappop(queue)
        if here == goal:
            break
        for there, cell in _beside(here, counts.shape):
            if counts[cell] <= 0 or cell == (row, column):
                continue
            total = spent + (0 if found[cell] else int(counts[cell]))
            if total < cost.get(there, 2**62):
                cost[there], came[there] = total, here
                heapq.heappush(queue, (total, there))
    if goal not in came:
        return _instead(counts, row, column)
    way, here = [], goal
    while here != start:
        before = came[here]
        way.append((min(before, here), max(before, here) - rows))
        here = before
    return way


def _beside(node: int, shape: tuple[int, ...]) -> Iterator[tuple[int, tuple[int, int]]]:
    """The nodes that a node has an edge to, each with its cell: rows come first, then columns."""
    rows, columns = shape
    if node < rows:
        yield from ((rows + column, (node, column)) for column in range(columns))
    else:
        yield from ((row, (row, node - rows)) for row in range(rows))


def _instead(counts: np.ndarray, row: int, column: int) -> list[tuple[int, int]]:
    """Where nothing closes a cycle, all of its row and column go; what margins tell then is for the caller to hide."""
    return [*((row, at) for at in range(counts.shape[1])), *((at, column) for at in range(counts.shape[0]))]


def average_of_all(own: np.ndarray, whole: np.ndarray, least: int = LEAST) -> float | None:
    """The rate among all outcomes (0, 1 or NaN, float64), as it may be told to whoever knows `own` of them: None where
    those that they don't know hold fewer than `least` events, or as few without one.
    """
    told, every = ((int(np.isfinite(one).sum()), int(np.nansum(one))) for one in (own, whole))
    return average_of_counts(told, every, least)


def average_of_counts(own: tuple[int, int], whole: tuple[int, int], least: int = LEAST) -> float | None:
    """`average_of_all` of (outcomes, events among them)."""
    (of_own, events_of_own), (of_all, events) = own, whole
    rest, rest_events = int(of_all - of_own), int(events - events_of_own)
    return float(events / of_all) if min(rest_events, rest - rest_events) >= least else None


def for_a_board(view: RiskOverview, least: int = LEAST) -> RiskOverview:
    """An overview as it may be handed on: without groups, cells and months of few, and without those that would tell
    them; `hidden` says how many of each are left out.
    """
    groups = tuple((field, _shown(rows, least)) for field, rows in view.groups)
    periods, heat = _periods(view.periods, least), _heat(view.heat, least)
    left = {field: len(dict(view.groups)[field]) - len(rows) for field, rows in groups}
    left |= {"periods": len(view.periods) - len(periods), "heat": _emptied(view.heat, heat)}
    told = {one.period for one in periods}
    return replace(
        view,
        groups=groups,
        periods=periods,
        predicted_by_period=tuple((name, value) for name, value in view.predicted_by_period if name in told),
        heat=heat,
        hidden=tuple((name, count) for name, count in left.items() if count),
    )


def _emptied(before: Sequence[HeatCell], after: Sequence[HeatCell]) -> int:
    return sum(a.rows > 0 and b.rows == 0 for a, b in zip(before, after, strict=True))


def _shown(rows: Sequence[GroupRow], least: int) -> tuple[GroupRow, ...]:
    """Groups that may be shown. A unit lies in a UF that another table tells of: none is alone hidden in its own."""
    gone = np.zeros(len(rows), dtype=bool)
    for counts in (np.array([row.rows for row in rows]), np.array([row.outcomes for row in rows])):
        gone |= hidden(counts, least)
        for detail in {row.detail for row in rows if row.detail}:
            own = np.array([row.detail == detail for row in rows])
            gone[own] |= hidden(counts[own], least)
    gone = _with_another(np.array([row.rows for row in rows]), gone)
    return tuple(row for row, is_gone in zip(rows, gone, strict=True) if not is_gone)


def _periods(periods: Sequence[PeriodRate], least: int) -> tuple[PeriodRate, ...]:
    gone = hidden(np.array([one.rows for one in periods]), least) | hidden(
        np.array([one.outcomes for one in periods]), least
    )
    gone = _with_another(np.array([one.rows for one in periods]), gone) if len(periods) else gone
    return tuple(one for one, is_gone in zip(periods, gone, strict=True) if not is_gone)


def _heat(cells: Sequence[HeatCell], least: int) -> tuple[HeatCell, ...]:
    """The heat map with hidden cells empty: it keeps its shape."""
    rows, columns = (list(dict.fromkeys(names)) for names in ([c.row for c in cells], [c.column for c in cells]))
    if not cells:
        return ()
    counts = np.zeros((len(rows), len(columns)), dtype=np.int64)
    for cell in cells:
        counts[rows.index(cell.row), columns.index(cell.column)] = cell.rows
    gone = hidden(counts, least)
    return tuple(
        replace(c, rows=0, observed=None) if gone[rows.index(c.row), columns.index(c.column)] else c for c in cells
    )
