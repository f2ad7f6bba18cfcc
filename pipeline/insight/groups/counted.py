"""Counting coded rows under filters: one walk over blocks of rows, by whole numbers, for all that a page asks.

Rows lie in the order of their days, so a period is a part of them; of other filters the rows that pass are taken from
each block. No array is as long as the rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from pipeline.contract import Product, Role
from pipeline.insight.groups import heat
from pipeline.insight.groups.coded import AHEAD, MOST_AHEAD, CodedPast, CodedRows
from pipeline.insight.groups.counts import POINT, UNIT, Filters, Tally, Weighed, as_day

BLOCK = 1 << 18  # rows of a block: sums of its risks are exact in float64
CLASSES = AHEAD + MOST_AHEAD + 1  # of giving up
_MARKS = 3
Own = Mapping[str, tuple[str, ...]] | None  # of whoever is of some units alone: the column of units, and theirs


@dataclass(frozen=True)
class Chosen:
    """Which coded rows: those between two places that pass all tests, each an array of codes with the codes that pass
    (bool per code).
    """

    start: int
    stop: int
    tests: tuple[tuple[np.ndarray, np.ndarray], ...] = ()

    def also(self, codes: np.ndarray, passing: np.ndarray) -> Chosen:
        """The rows of these that pass another test too."""
        return replace(self, tests=(*self.tests, (codes, passing)))


@dataclass(frozen=True)
class Counted:
    """Sums under filters: by day (k), by code of each field (0: missing), by pair of unit and UF, by cell of the heat
    map (0: none); `late`: by code of each field, class of giving up and whether an outcome is known.
    """

    days: Tally
    groups: Mapping[str, Tally]
    details: Tally | None
    cells: Tally | None
    late: Mapping[str, np.ndarray]
    gone: np.ndarray | None  # by class and whether an outcome is known


def choose(rows: CodedRows, product: Product, filters: Filters, own: Own = None) -> Chosen:
    """The rows that pass the filters and are of one's own. KeyError if a filter names a field that the product lacks."""
    first = None if filters.first_date is None else as_day(filters.first_date)
    last = None if filters.last_date is None else as_day(filters.last_date)
    return _between(rows, Chosen(0, len(rows), _tests(rows, product, filters, own)), first, last)


def _between(rows: CodedRows, chosen: Chosen, first: int | None, last: int | None) -> Chosen:
    """The part of the chosen rows from one day to another (since 1970, both included; None: no bound)."""
    start = 0 if first is None else _begin(rows, int(np.searchsorted(rows.days, first, side="left")))
    stop = len(rows) if last is None else _begin(rows, int(np.searchsorted(rows.days, last, side="right")))
    return replace(chosen, start=start, stop=max(start, stop))


def _begin(rows: CodedRows, place: int) -> int:
    """Where the rows of the day at that place begin."""
    return int(np.searchsorted(rows.day, place, side="left")) if place < len(rows.days) else len(rows)


def _tests(rows: CodedRows, product: Product, filters: Filters, own: Own) -> tuple[tuple[np.ndarray, np.ndarray], ...]:
    wanted = [(key, values) for key, values in filters.values.items() if values]
    for key, _ in wanted:
        product.column_label(key)  # KeyError for a column that no page offers
    if own is not None:
        wanted += [(key, values) if key in rows.codes else ("", ()) for key, values in own.items()]
    return tuple((rows.codes[key], passing(rows, key, values)) if key else _nothing(rows) for key, values in wanted)


def _nothing(rows: CodedRows) -> tuple[np.ndarray, np.ndarray]:
    """What no row passes: of rows that tell no unit none is of somebody's units."""
    return rows.mark, np.zeros(_MARKS, dtype=bool)


def passing(rows: CodedRows, key: str, values: tuple[str, ...]) -> np.ndarray:
    """bool per code of a field: whether it is one of the values."""
    return np.array([False, *(name in set(values) for name in rows.names[key])])


def blocks(chosen: Chosen) -> Iterator[slice | np.ndarray]:
    """The places of the chosen rows, block by block: a slice where all of a block are chosen."""
    for start in range(chosen.start, chosen.stop, BLOCK):
        part = slice(start, min(start + BLOCK, chosen.stop))
        if not chosen.tests:
            yield part
            continue
        keep = np.ones(part.stop - part.start, dtype=bool)
        for codes, allowed in chosen.tests:
            keep &= allowed[codes[part]]
        places = np.flatnonzero(keep)
        if len(places):
            yield places + start


def counted(rows: CodedRows, past: CodedPast | None, chosen: Chosen, product: Product) -> Counted:
    """All sums of the chosen rows, in one walk."""
    split = [d.column for d in product.dimensions if d.column in rows.codes]
    unit = _unit_of(rows, product)
    targets: dict[str, tuple[np.ndarray, int]] = {"days": (rows.day, len(rows.days))}
    targets |= {f"of {name}": (rows.codes[name], len(rows.names[name]) + 1) for name in split if name != unit}
    if rows.detail is not None and rows.details is not None:
        targets["details"] = (rows.detail, len(rows.details))
    elif unit:
        targets[f"of {unit}"] = (rows.codes[unit], len(rows.names[unit]) + 1)
    if rows.cell is not None:
        targets["cells"] = (rows.cell, heat.SIZE + 1)
    totals = {name: _Totals(size) for name, (_, size) in targets.items()}
    late = {name: np.zeros((len(rows.names[name]) + 1) * CLASSES * 2, np.int64) for name in split}
    gone = np.zeros(CLASSES * 2, np.int64)
    for part in blocks(chosen):
        state = rows.mark[part] if past is None else rows.mark[part] + _MARKS * past.scored[part]
        risk = None if past is None else past.risk[part].astype(np.float64)
        for name, (codes, _) in targets.items():
            totals[name].add(codes[part], state, risk)
        if rows.gone is not None:
            _count_gone(rows, part, late, gone)
    told = {name: one.tally() for name, one in totals.items()}
    groups = {name: told[f"of {name}"] for name in split if f"of {name}" in told}
    if unit and rows.details is not None and rows.detail is not None:
        groups[unit] = _by(told["details"], rows.details[:, 0], len(rows.names[unit]) + 1)
    by_class = {name: sums.reshape(-1, CLASSES, 2) for name, sums in late.items()}
    has_gone = rows.gone is not None
    return Counted(
        told["days"],
        groups,
        told.get("details"),
        told.get("cells"),
        by_class if has_gone else {},
        gone.reshape(CLASSES, 2) if has_gone else None,
    )


def _unit_of(rows: CodedRows, product: Product) -> str:
    """The dimension whose values lie in UFs; "" where none is."""
    field = product.by_role(Role.UNIT)
    columns = [d.column for d in product.dimensions if field is not None and d.column == field.key]
    return columns[0] if columns and columns[0] in rows.codes else ""


def _count_gone(
    rows: CodedRows, part: slice | np.ndarray, late: Mapping[str, np.ndarray], gone: np.ndarray
) -> None:
    """Adds the bookings of a block that were given up."""
    assert rows.gone is not None, "the rows tell the day of giving up"
    how = rows.gone[part]
    inside = np.flatnonzero(how)
    place = how[inside].astype(np.int64) * 2 + (rows.mark[part][inside] > 0)
    gone += np.bincount(place, minlength=len(gone))
    for name, sums in late.items():
        codes = rows.codes[name][part][inside].astype(np.int64)
        sums += np.bincount(codes * (CLASSES * 2) + place, minlength=len(sums))


class _Totals:
    """Sums by code while blocks are added."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.states = np.zeros(size * 2 * _MARKS, np.int64)
        self.risk = np.zeros(size, np.int64)

    def add(self, codes: np.ndarray, state: np.ndarray, risk: np.ndarray | None) -> None:
        """Adds a block; `risk`: whole numbers as float64, whose sums over a block are exact."""
        if not len(codes):
            return
        least = int(codes.min())
        shifted = codes.astype(np.int64) - least
        found = np.bincount(shifted * (2 * _MARKS) + state)
        begin = least * 2 * _MARKS
        self.states[begin : begin + len(found)] += found
        if risk is not None:
            sums = np.bincount(shifted, risk)
            self.risk[least : least + len(sums)] += sums.astype(np.int64)

    def tally(self) -> Tally:
        """What was added."""
        states = self.states.reshape(self.size, 2, _MARKS)
        by_mark = states.sum(axis=1)
        return Tally(
            by_mark.sum(axis=1),
            by_mark[:, 1:].sum(axis=1).astype(np.float64),
            by_mark[:, 2].astype(np.float64),
            states[:, 1].sum(axis=1).astype(np.float64),
            self.risk / UNIT,
        )


def _by(tally: Tally, codes: np.ndarray, size: int) -> Tally:
    """Sums by one code added up by another."""

    def total(values: np.ndarray) -> np.ndarray:
        found = np.zeros(size, dtype=values.dtype)
        np.add.at(found, codes, values)
        return found

    return Tally(total(tally.rows), total(tally.known), total(tally.events), total(tally.scored), total(tally.risk))


def how_many(chosen: Chosen) -> int:
    """How many rows are chosen."""
    return sum(part.stop - part.start if isinstance(part, slice) else len(part) for part in blocks(chosen))


def weighed(past: CodedPast, chosen: Chosen) -> Weighed:
    """What a mean contribution is made of."""
    rows, risk, reference = 0, 0, 0
    points = np.zeros(len(past.points), np.int64)
    for part in blocks(chosen):  # what has no risk adds nothing
        rows += int(np.count_nonzero(past.scored[part]))
        risk += int(past.risk[part].sum(dtype=np.int64))
        reference += int(past.reference[part].sum(dtype=np.int64))
        for place, values in enumerate(past.points.values()):
            points[place] += values[part].sum(dtype=np.int64)
    return Weighed(rows, risk / UNIT, reference / UNIT, points / POINT)
