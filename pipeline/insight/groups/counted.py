"""Counting coded rows under filters: one walk over blocks of rows, by whole numbers, for all that a page asks.

Rows lie in the order of their days, so a period is a part of them; of other filters the rows that pass are taken from
each block. No array is as long as the rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from pipeline.contract import Product, Role
from pipeline.insight.groups import heat
from pipeline.insight.groups.coded import AHEAD, MOST_AHEAD, CodedPast, CodedRows
from pipeline.insight.groups.counts import POINT, UNIT, Filters, Tally, Weighed, as_day

BLOCK = 1 << 18  # rows of a block: sums of its risks are exact in float64
CLASSES = AHEAD + MOST_AHEAD + 1  # of giving up
MARKS = 3
STATES = 2 * MARKS
if TYPE_CHECKING:
    from pipeline.insight.groups.cubes import Cubes

Own = Mapping[str, tuple[str, ...]] | None  # of whoever is of some units alone: the column of units, and theirs


@dataclass(frozen=True)
class Test:
    """What rows pass: those whose code of a field ("": of none that has cubes) is one that passes (bool per code)."""

    field: str
    codes: np.ndarray
    passing: np.ndarray


@dataclass(frozen=True)
class Chosen:
    """Which coded rows: those between two places, which are where days begin, that pass all tests, one a field."""

    start: int
    stop: int
    tests: tuple[Test, ...] = ()

    def also(self, test: Test) -> Chosen:
        """The rows of these that pass another test too."""
        known = {one.field: one for one in self.tests if one.field}
        if test.field not in known:
            return replace(self, tests=(*self.tests, test))
        both = replace(test, passing=test.passing & known[test.field].passing)
        return replace(self, tests=tuple(both if one.field == test.field else one for one in self.tests))


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
    """The rows that pass the filters and are one's own. KeyError if a filter names a field that the product lacks."""
    first = None if filters.first_date is None else as_day(filters.first_date)
    last = None if filters.last_date is None else as_day(filters.last_date)
    start = 0 if first is None else begin_of(rows, int(np.searchsorted(rows.days, first, side="left")))
    stop = len(rows) if last is None else begin_of(rows, int(np.searchsorted(rows.days, last, side="right")))
    chosen = Chosen(start, max(start, stop))
    for key, values in filters.values.items():
        if values:
            product.column_label(key)  # KeyError for a column that no page offers
            chosen = chosen.also(having(rows, key, values))
    for key, values in (own or {}).items():
        chosen = chosen.also(having(rows, key, values) if key in rows.codes else nothing(rows))
    return chosen


def begin_of(rows: CodedRows, place: int) -> int:
    """Where the rows of the day at that place begin; the end for the place after the last."""
    if place >= len(rows.days):
        return len(rows)
    asked = rows.day.dtype.type(place)  # of another type all days would be copied into that one first
    return int(np.searchsorted(rows.day, asked, side="left"))


def begins(rows: CodedRows) -> np.ndarray:
    """Where the rows of each distinct day begin (k + 1), and where the last one's end."""
    places = np.arange(len(rows.days)).astype(rows.day.dtype)
    return np.append(np.searchsorted(rows.day, places, side="left"), len(rows)).astype(np.int64)


def nothing(rows: CodedRows) -> Test:
    """What no row passes: of rows that tell no unit none is of somebody's units."""
    return Test("", rows.mark, np.zeros(MARKS, dtype=bool))


def having(rows: CodedRows, key: str, values: tuple[str, ...]) -> Test:
    """Having one of some values of a field."""
    return Test(key, rows.codes[key], passing(rows, key, values))


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
        for test in chosen.tests:
            keep &= test.passing[test.codes[part]]
        places = np.flatnonzero(keep)
        if len(places):
            yield places + start


def counted(
    rows: CodedRows, past: CodedPast | None, chosen: Chosen, product: Product, cubes: Cubes | None = None
) -> Counted:
    """All sums of the chosen rows: of whole months from cubes, where there are some for the field that is filtered by,
    of the others in one walk.
    """
    targets = targets_of(rows, product)
    totals = {name: Totals(len(target.names)) for name, target in targets.items()}
    rest, parts = list(targets), [chosen]
    if cubes is not None and past is not None and (found := cubes.of(chosen)) is not None:
        rest = [name for name in targets if not found.add(name, totals[name])]
        cut = [name for name in targets if name not in rest and name != DAYS]  # days are never cut
        _walk(rows, past, found.edges(), {name: targets[name] for name in cut}, totals)
    _walk(rows, past, parts, {name: targets[name] for name in rest}, totals)
    told = {name: one.tally() for name, one in totals.items()}
    split = [d.column for d in product.dimensions if d.column in rows.codes]
    groups = {name: told[name] for name in split if name in told}
    unit = unit_of(rows, product)
    if unit and rows.details is not None:
        groups[unit] = _by(told[DETAILS], rows.details[:, 0], len(rows.names[unit]) + 1)
    late, gone = _given_up(rows, chosen, split) if rows.gone is not None else ({}, None)
    return Counted(told[DAYS], {name: groups[name] for name in split}, told.get(DETAILS), told.get(CELLS), late, gone)


DAYS, DETAILS, CELLS = "\0days", "\0details", "\0cells"  # beside fields


@dataclass(frozen=True)
class Target:
    """What sums are told by: a code of each row, and how many codes there are."""

    codes: np.ndarray
    names: range


def targets_of(rows: CodedRows, product: Product) -> dict[str, Target]:
    """All that a page splits rows by; of units the pairs with their UF."""
    unit = unit_of(rows, product)
    split = [d.column for d in product.dimensions if d.column in rows.codes]
    paired = unit if rows.details is not None else ""
    found = {DAYS: Target(rows.day, range(len(rows.days)))}
    found |= {name: Target(rows.codes[name], range(len(rows.names[name]) + 1)) for name in split if name != paired}
    if paired and rows.detail is not None and rows.details is not None:
        found[DETAILS] = Target(rows.detail, range(len(rows.details)))
    if rows.cell is not None:
        found[CELLS] = Target(rows.cell, range(heat.SIZE + 1))
    return found


def _walk(
    rows: CodedRows,
    past: CodedPast | None,
    parts: Sequence[Chosen],
    targets: Mapping[str, Target],
    totals: Mapping[str, Totals],
) -> None:
    """Adds the chosen rows to the sums by each target."""
    for block in (block for part in parts for block in blocks(part) if targets):
        state, risk = states(rows, past, block)
        for name, target in targets.items():
            totals[name].add(target.codes[block], state, risk)


def states(rows: CodedRows, past: CodedPast | None, block: slice | np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
    """Of each row of a block what is counted: its mark, STATES / 2 more where it has a risk; and its risk."""
    if past is None:
        return rows.mark[block], None
    return rows.mark[block] + MARKS * past.scored[block], past.risk[block].astype(np.float64)


def unit_of(rows: CodedRows, product: Product) -> str:
    """The dimension whose values lie in UFs; "" where none is."""
    field = product.by_role(Role.UNIT)
    columns = [d.column for d in product.dimensions if field is not None and d.column == field.key]
    return columns[0] if columns and columns[0] in rows.codes else ""


def _given_up(rows: CodedRows, chosen: Chosen, split: Sequence[str]) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """The chosen bookings that were given up: by code of each field, class and whether an outcome is known; in all."""
    assert rows.gone is not None, "the rows tell the day of giving up"
    late = {name: np.zeros((len(rows.names[name]) + 1) * CLASSES * 2, np.int64) for name in split}
    gone = np.zeros(CLASSES * 2, np.int64)
    for block in blocks(chosen.also(Test("", rows.gone, np.arange(CLASSES) > 0))):
        place = rows.gone[block].astype(np.int64) * 2 + (rows.mark[block] > 0)
        gone += np.bincount(place, minlength=len(gone))
        for name, sums in late.items():
            codes = rows.codes[name][block].astype(np.int64)
            sums += np.bincount(codes * (CLASSES * 2) + place, minlength=len(sums))
    return {name: sums.reshape(-1, CLASSES, 2) for name, sums in late.items()}, gone.reshape(CLASSES, 2)


class Totals:
    """Sums by code while blocks are added."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.states = np.zeros(size * STATES, np.int64)
        self.risk = np.zeros(size, np.int64)

    def add(self, codes: np.ndarray, state: np.ndarray, risk: np.ndarray | None) -> None:
        """Adds a block; `risk`: whole numbers as float64, whose sums over a block are exact."""
        if not len(codes):
            return
        least = int(codes.min())
        shifted = codes.astype(np.int64) - least
        found = np.bincount(shifted * (STATES) + state)
        begin = least * STATES
        self.states[begin : begin + len(found)] += found
        if risk is not None:
            sums = np.bincount(shifted, risk)
            self.risk[least : least + len(sums)] += sums.astype(np.int64)

    def add_sums(self, states: np.ndarray, risk: np.ndarray, least: int = 0) -> None:
        """Adds sums by code (from the code `least` on): of states (size × STATES) and of risks."""
        self.states[least * STATES : (least + len(states)) * STATES] += states.astype(np.int64).ravel()
        self.risk[least : least + len(risk)] += risk

    def tally(self) -> Tally:
        """What was added."""
        states = self.states.reshape(self.size, 2, MARKS)
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


def weighed(past: CodedPast, chosen: Chosen, cubes: Cubes | None = None) -> Weighed:
    """What a mean contribution is made of; see `counted`."""
    found = cubes.of(chosen) if cubes is not None else None
    sums = found.weights() if found is not None else None
    whole = np.zeros(WEIGHTS + len(past.points), np.int64) if sums is None else sums
    for block in (
        block for part in (found.edges() if found and sums is not None else [chosen]) for block in blocks(part)
    ):
        whole += np.array([values[block].sum(dtype=np.int64) for values in weights_of(past)])
    rows, risk, reference = (int(value) for value in whole[:WEIGHTS])
    return Weighed(rows, risk / UNIT, reference / UNIT, whole[WEIGHTS:] / POINT)


WEIGHTS = 3  # before the points: rows with a risk, risks, references


def weights_of(past: CodedPast) -> tuple[np.ndarray, ...]:
    """What is summed for a mean contribution; a row without a risk adds nothing."""
    return (past.scored, past.risk, past.reference, *past.points.values())
