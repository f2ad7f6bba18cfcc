"""The risk page told of coded rows: the same records as `overview` and `late` make of a frame, number for number."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np

from pipeline.contract import Product, Role
from pipeline.insight.groups import heat, late, overview, periods
from pipeline.insight.groups.coded import AHEAD, EVENT, FAR, UNDATED, CodedPast, CodedRows
from pipeline.insight.groups.counted import (
    Chosen,
    Counted,
    Own,
    Test,
    begin_of,
    begins,
    blocks,
    choose,
    having,
    how_many,
    nothing,
    passing,
    weighed,
)
from pipeline.insight.groups.counts import NO_DATE, Filters, Tally, as_date
from pipeline.insight.groups.cubes import Cubes
from pipeline.records import EarlierPeriod, GroupExplanation, GroupRow, LateCancellations, RiskOverview
from pipeline.statistics import wilson


def view(rows: CodedRows, sums: Counted, product: Product, filters: Filters, own: Own = None) -> RiskOverview:
    """`overview.overview` under the filters, of which `sums` were counted. Of products whose target is no rating."""
    total = sums.days
    outcomes, events, scored = int(total.known.sum()), int(total.events.sum()), int(total.scored.sum())
    rate = wilson(events, outcomes)
    span = periods.bulk_of(rows.days, total.rows)
    observed, predicted = periods.by_period_of(rows.days, total, span)
    there = [d.column for d in product.dimensions if d.column in sums.groups]
    return RiskOverview(
        rows=int(total.rows.sum()),
        outcomes=outcomes,
        events=events,
        rate=rate,
        predicted=float(total.risk.sum() / scored) if scored else None,
        predicted_rows=scored,
        first_date=as_date(span[0]) if span else None,
        last_date=as_date(span[1]) if span else None,
        groups=tuple((name, _groups(rows, sums, product, name, rate.value if rate else None)) for name in there),
        periods=observed,
        predicted_by_period=predicted,
        heat=_cells(rows, sums, product, own),
        absent=_absent(rows, product, own),
        outside=_outside(rows.days, total.rows, span),
        before=_before(rows, product, filters, own),
    )


def _groups(rows: CodedRows, sums: Counted, product: Product, name: str, overall: float | None) -> tuple[GroupRow, ...]:
    names = rows.names[name]
    nothing = [None] * len(names)
    told = _without_first(sums.groups[name])
    return overview.group_rows(names, told, _details(rows, sums, product, name), overall, (nothing, nothing))


def _without_first(sums: Tally) -> Tally:
    """By place among the names: the first code is of rows without a value."""
    return Tally(sums.rows[1:], sums.known[1:], sums.events[1:], sums.scored[1:], sums.risk[1:])


def _details(rows: CodedRows, sums: Counted, product: Product, name: str) -> list[str] | None:
    unit, uf = product.by_role(Role.UNIT), product.by_role(Role.UF)
    if unit is None or uf is None or unit.key != name or sums.details is None or rows.details is None:
        return None
    if not rows.names[uf.key]:
        return None
    counts = np.zeros((len(rows.names[name]) + 1, len(rows.names[uf.key]) + 1), dtype=np.int64)
    counts[rows.details[:, 0], rows.details[:, 1]] = sums.details.rows
    return overview.most_often(counts[1:, 1:], rows.names[uf.key])


def _cells(rows: CodedRows, sums: Counted, product: Product, own: Own) -> tuple[heat.HeatCell, ...]:
    contact = product.by_role(Role.CONTACT)
    if contact is None or sums.cells is None or not _has(rows, contact.key, own):
        return ()
    return heat.cells_of(_without_first(sums.cells))


def _absent(rows: CodedRows, product: Product, own: Own) -> tuple[str, ...]:
    """Of the columns that an overview reads: `late_view` alone reads the day of giving up."""
    gone = product.by_role(Role.CANCELLED)
    told = (key for key in rows.present if gone is None or key != gone.key)
    return tuple(key for key in told if not _has(rows, key, own))


def _has(rows: CodedRows, key: str, own: Own) -> bool:
    """Whether a column says anything in the rows that are one's own."""
    by_unit = rows.present[key]
    for column, values in (own or {}).items():
        by_unit = by_unit[passing(rows, column, values)] if column in rows.codes else by_unit[:0]
    return bool(by_unit.any())


def _outside(days: np.ndarray, counts: np.ndarray, span: tuple[int, int] | None) -> int:
    if span is None:
        return 0
    return int(counts[(days > NO_DATE) & ((days < span[0]) | (days > span[1]))].sum())


def _before(rows: CodedRows, product: Product, filters: Filters, own: Own) -> EarlierPeriod | None:
    if filters.first_date is None:
        return None
    span = periods.earlier_span(periods.bulk_of(rows.days, by_day(rows, product, own)), filters)
    if span is None:
        return None
    marks = np.zeros(EVENT + 1, np.int64)
    for part in blocks(choose(rows, product, Filters(*span, filters.values), own)):
        marks += np.bincount(rows.mark[part], minlength=len(marks))
    return periods.earlier_of(span, int(marks[1:].sum()), int(marks[EVENT]))


def by_day(rows: CodedRows, product: Product, own: Own = None) -> np.ndarray:
    """How many rows each distinct day has, of all that are one's own."""
    if own is None:
        return np.diff(begins(rows))
    counts = np.zeros(len(rows.days), np.int64)
    for part in blocks(choose(rows, product, Filters(), own)):
        counts += np.bincount(rows.day[part], minlength=len(counts))
    return counts


def dates(rows: CodedRows, product: Product, own: Own = None) -> tuple[dt.date | None, dt.date | None]:
    """`periods.dates`."""
    found = periods.bulk_of(rows.days, by_day(rows, product, own))
    return (as_date(found[0]), as_date(found[1])) if found else (None, None)


def values_of(rows: CodedRows, product: Product, own: Own = None) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Of each field the values that occur, most frequent first."""
    counts = {name: np.zeros(len(names) + 1, np.int64) for name, names in rows.names.items()}
    for part in blocks(choose(rows, product, Filters(), own)):
        for name, found in counts.items():
            found += np.bincount(rows.codes[name][part], minlength=len(found))
    return tuple((name, overview.by_frequency(rows.names[name], found[1:])) for name, found in counts.items())


def outcomes(rows: CodedRows, product: Product, own: Own = None) -> tuple[int, int]:
    """(outcomes known, events among them) of all rows that are one's own."""
    marks = np.zeros(EVENT + 1, np.int64)
    for part in blocks(choose(rows, product, Filters(), own)):
        marks += np.bincount(rows.mark[part], minlength=len(marks))
    return int(marks[1:].sum()), int(marks[EVENT])


def late_view(
    rows: CodedRows, sums: Counted, product: Product, within: int, own: Own = None
) -> LateCancellations | None:
    """`late.overview` of what was counted."""
    field = product.by_role(Role.CANCELLED)
    if field is None or sums.gone is None or not _has(rows, field.key, own):
        return None
    near = slice(AHEAD, AHEAD + within + 1)
    gone, told = int(sums.gone[near].sum()), int(sums.days.known.sum())
    standing = gone + told - int(sums.gone[near, 1].sum())
    far = int(sums.gone[FAR].sum() + sums.gone[AHEAD + within + 1 :].sum())
    return LateCancellations(
        days=within,
        rows=standing,
        late=gone,
        rate=wilson(gone, standing),
        earlier=far,
        undated=int(sums.gone[UNDATED].sum()),
        groups=tuple(
            (name, found)
            for name, by_class in sums.late.items()
            if (found := _late_groups(rows.names[name], sums.groups[name], by_class[:, near]))
        ),
    )


def _late_groups(names: tuple[str, ...], sums: Tally, gone: np.ndarray) -> tuple[late.LateGroup, ...]:
    events = gone.sum(axis=(1, 2))[1:]
    standing = events + sums.known[1:].astype(np.int64) - gone[:, :, 1].sum(axis=1)[1:]
    return late.groups_of(names, standing, events)


def why(
    rows: CodedRows,
    past: CodedPast,
    product: Product,
    group: tuple[str, str],
    sums: Counted,
    chosen: Chosen,
    cubes: Cubes | None = None,
) -> GroupExplanation | None:
    """`overview.why` of a group (field, value) among the chosen rows, of which `sums` were counted."""
    field, value = group
    members = weighed(past, chosen.also(having(rows, field, (value,))), cubes)
    if not members.rows:
        return None
    tally = sums.groups[field]
    at = rows.names[field].index(value) + 1
    observed = wilson(int(tally.events[at]), int(tally.known[at]))
    everyone = wilson(int(sums.days.events.sum()), int(sums.days.known.sum()))
    return overview.explained(
        product, group, list(past.points), (members, weighed(past, chosen, cubes)), (observed, everyone)
    )


def members(rows: CodedRows, chosen: Chosen, field: str, value: str) -> Chosen:
    """The chosen rows of a group, or of a cell of the heat map."""
    if field != heat.CELL:
        return chosen.also(having(rows, field, (value,)))
    at, inside = heat.code_of(value), np.zeros(heat.SIZE + 1, dtype=bool)
    if rows.cell is None or at is None:
        return chosen.also(nothing(rows))
    inside[at + 1] = True
    return chosen.also(Test("", rows.cell, inside))


def latest(rows: CodedRows, chosen: Chosen, first: int, size: int) -> np.ndarray:
    """Places (in the coded rows) of so many of the chosen, the latest day first, from the `first`-th on; those of a
    day as their file has them, the undated last.
    """
    is_day, upto, found = rows.days > NO_DATE, 0, []
    for code in (*np.flatnonzero(is_day)[::-1].tolist(), *np.flatnonzero(~is_day).tolist()):
        if upto >= first + size:
            break
        here = _of_day(rows, chosen, code)
        found.append(here[max(0, first - upto) : first + size - upto])
        upto += len(here)
    return np.concatenate([np.array([], dtype=np.int64), *found])


def _of_day(rows: CodedRows, chosen: Chosen, code: int) -> np.ndarray:
    start, stop = max(begin_of(rows, code), chosen.start), min(begin_of(rows, code + 1), chosen.stop)
    found = [
        np.arange(p.start, p.stop) if isinstance(p, slice) else p
        for p in blocks(replace(chosen, start=start, stop=stop))
    ]
    return np.concatenate([np.array([], dtype=np.int64), *found])


def how_many_of(sums: Counted, rows: CodedRows, field: str, value: str) -> tuple[int, int] | None:
    """(rows, outcomes known) of a group, or of a cell of the heat map, as counted; None where they were not."""
    told = sums.cells if field == heat.CELL else sums.groups.get(field)
    at = heat.code_of(value) if field == heat.CELL else _place(rows, field, value)
    return None if told is None or at is None else (int(told.rows[at + 1]), int(told.known[at + 1]))


def _place(rows: CodedRows, field: str, value: str) -> int | None:
    names = rows.names.get(field, ())
    return names.index(value) if value in names else None


def known_among(rows: CodedRows, chosen: Chosen) -> tuple[int, int]:
    """(rows, outcomes known) of the chosen."""
    known = sum(int(np.count_nonzero(rows.mark[part])) for part in blocks(chosen))
    return how_many(chosen), known
