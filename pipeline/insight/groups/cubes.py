"""Sums that are kept: by month and by each value of a field that a page filters by, for all that it tells.

A filter by values of one field, and a view without one, are added up from these; of a period that begins or ends within
a month the rows of that month are walked. Where a table would have too many cells there is none, and rows are walked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from pipeline.contract import Product
from pipeline.insight.groups.coded import CodedPast, CodedRows
from pipeline.insight.groups.counted import (
    BLOCK,
    DAYS,
    STATES,
    WEIGHTS,
    Chosen,
    Target,
    Totals,
    begins,
    blocks,
    states,
    targets_of,
    weights_of,
)
from pipeline.insight.groups.counts import NO_DATE

MOST_CELLS = 1 << 19  # months × values of a field × values of what is told


@dataclass(frozen=True)
class Cubes:
    """`begin` (m + 1): where the months' rows begin, the undated before all; `day_begin` (k + 1): the days'.

    By (field, target): `counts` (months × codes of the field × codes of the target × STATES) and `risk` (without the
    last); of the target of days, days stand in the months' place. `weights` by field: months × codes × what
    `weights_of` lists.
    """

    begin: np.ndarray
    day_begin: np.ndarray
    counts: Mapping[tuple[str, str], np.ndarray]
    risk: Mapping[tuple[str, str], np.ndarray]
    weights: Mapping[str, np.ndarray]

    def of(self, chosen: Chosen) -> Found | None:
        """What these hold of the chosen rows; None where they are filtered by more than one field, or by another."""
        fields = sorted(self.weights, key=lambda name: self.weights[name].shape[1])
        if not fields or len(chosen.tests) > 1:
            return None
        if not chosen.tests:
            return Found(self, chosen, fields[0], np.ones(self.weights[fields[0]].shape[1], dtype=bool))
        test = chosen.tests[0]
        return Found(self, chosen, test.field, test.passing) if test.field in self.weights else None


@dataclass(frozen=True)
class Found:
    """The part of cubes that tells of some rows: of whole months, with the codes of one field that pass."""

    cubes: Cubes
    chosen: Chosen
    field: str
    passing: np.ndarray

    @property
    def _months(self) -> slice:
        begin = self.cubes.begin
        first = int(np.searchsorted(begin, self.chosen.start, side="left"))
        return slice(first, max(first, int(np.searchsorted(begin, self.chosen.stop, side="right")) - 1))

    def edges(self) -> list[Chosen]:
        """The chosen rows before and after the whole months."""
        months, begin, chosen = self._months, self.cubes.begin, self.chosen
        if months.start == months.stop:
            return [chosen]
        low, high = int(begin[months.start]), int(begin[months.stop])
        return [replace(chosen, stop=low), replace(chosen, start=high)]

    def add(self, target: str, totals: Totals) -> bool:
        """Adds the sums by a target, of whole months (days: of all chosen rows); whether there are such."""
        counts = self.cubes.counts.get((self.field, target))
        if counts is None:
            return False
        risk = self.cubes.risk[self.field, target]
        if target != DAYS:
            here = self._months
            totals.add_sums(
                counts[here][:, self.passing].sum(axis=(0, 1), dtype=np.int64),
                risk[here][:, self.passing].sum(axis=(0, 1), dtype=np.int64),
            )
            return True
        ends = np.searchsorted(self.cubes.day_begin, (self.chosen.start, self.chosen.stop), side="left")
        days = slice(int(ends[0]), int(ends[1]))
        totals.add_sums(
            counts[days][:, self.passing, 0].sum(axis=1, dtype=np.int64),
            risk[days][:, self.passing, 0].sum(axis=1, dtype=np.int64),
            days.start,
        )
        return True

    def weights(self) -> np.ndarray:
        """What `weights_of` lists, summed over whole months."""
        return self.cubes.weights[self.field][self._months][:, self.passing].sum(axis=(0, 1), dtype=np.int64)


def made(rows: CodedRows, past: CodedPast, product: Product) -> Cubes:
    """The cubes of coded rows with their past risks."""
    month = _months(rows)
    changes = np.flatnonzero(np.diff(month)) + 1 if len(month) else np.array([], np.int64)
    day_begin = begins(rows)
    begin = np.concatenate([[0], day_begin[changes], [len(rows)]]).astype(np.int64)
    counts: dict[tuple[str, str], np.ndarray] = {}
    risk: dict[tuple[str, str], np.ndarray] = {}
    whole = Target(np.zeros(1, np.uint8), range(1))
    for field, codes in rows.codes.items():
        size = len(rows.names[field]) + 1
        for name, target in targets_of(rows, product).items():
            parts, told = (day_begin, whole) if name == DAYS else (begin, target)
            if (len(parts) - 1) * size * len(told.names) <= MOST_CELLS:
                counts[field, name], risk[field, name] = _pair(rows, past, parts, Target(codes, range(size)), told)
    weights = {
        field: _weights(past, begin, Target(codes, range(len(rows.names[field]) + 1)))
        for field, codes in rows.codes.items()
        if (len(begin) - 1) * (len(rows.names[field]) + 1) <= MOST_CELLS // 8
    }
    return Cubes(begin, day_begin, counts, risk, weights)


def _months(rows: CodedRows) -> np.ndarray:
    """The month (since 1970) of each distinct day; the smallest number for the undated."""
    dated = rows.days > NO_DATE
    month = np.where(dated, rows.days, 0).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return np.where(dated, month, NO_DATE)


def _pair(
    rows: CodedRows, past: CodedPast, begin: np.ndarray, field: Target, target: Target
) -> tuple[np.ndarray, np.ndarray]:
    parts, shape = len(begin) - 1, (len(field.names), len(target.names))
    cells = parts * shape[0] * shape[1]
    counts, risk = np.zeros(cells * STATES, np.int64), np.zeros(cells, np.int64)
    for block in blocks(Chosen(0, len(rows))):
        assert isinstance(block, slice), "nothing is left out"
        place = _part(begin, block) * shape[0] + field.codes[block]
        place = place * shape[1] + (target.codes[block] if shape[1] > 1 else 0)
        state, weight = states(rows, past, block)
        least = int(place.min())  # rows lie by day: a block has few months
        found = np.bincount((place - least) * STATES + state)
        counts[least * STATES : least * STATES + len(found)] += found
        sums = np.bincount(place - least, weight)
        risk[least : least + len(sums)] += sums.astype(np.int64)
    return counts.reshape(parts, *shape, STATES).astype(np.uint32), risk.reshape(parts, *shape)


def _part(begin: np.ndarray, block: slice) -> np.ndarray:
    """The part, of those that begin there, of each row of a block."""
    return np.searchsorted(begin, np.arange(block.start, block.stop), side="right") - 1


def _weights(past: CodedPast, begin: np.ndarray, field: Target) -> np.ndarray:
    parts, size, listed = len(begin) - 1, len(field.names), weights_of(past)
    found = np.zeros((len(listed), parts * size), np.int64)
    for start in range(0, len(past.scored), BLOCK):
        block = slice(start, min(start + BLOCK, len(past.scored)))
        place = _part(begin, block) * size + field.codes[block]
        for at, values in enumerate(listed):  # sums of points over a block are below 2**53: exact
            found[at] += np.bincount(place, values[block], minlength=parts * size).astype(np.int64)
    assert len(listed) >= WEIGHTS
    return found.T.reshape(parts, size, len(listed))
