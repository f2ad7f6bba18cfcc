"""A recipe's steps → amended cells: every repair is a change of text, made before anything is read.

So checks, clean file and list of changes all speak of the same cells, and taking a step back is reading again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.contract import Product
from pipeline.errors import PresencaError
from pipeline.ingestion.mapping.propose import CHOSEN
from pipeline.ingestion.parsing.column import encode, tidied
from pipeline.ingestion.parsing.cpf import with_zeros
from pipeline.ingestion.parsing.field_types import parse_column
from pipeline.ingestion.reading import text_columns
from pipeline.ingestion.repair.set_aside import wrong_steps
from pipeline.records import DATE_ORDERS, ColumnMatch, Recipe, Step, StepKind

_ARRIVAL = "(chegada)"  # the header of a target made from a column of arrivals


@dataclass(frozen=True)
class Amended:
    """The cells after the steps, with the matches of their columns; `changed`: cells per step, in order."""

    table: pa.Table
    matches: tuple[ColumnMatch, ...]
    changed: tuple[int, ...]


def check_steps(recipe: Recipe, product: Product) -> None:
    """PresencaError where a recipe (read from a file, perhaps) names fields or orders that do not exist."""
    known = {item.key for item in product.fields}
    fields = [key for key, _ in recipe.columns] + [s.field for s in recipe.steps if s.field]
    fields += [s.after for s in recipe.steps if s.kind in (StepKind.SWAP, StepKind.EXCHANGE)]
    wrong = sorted({key for key in fields if key not in known})
    orders = {s.after for s in recipe.steps if s.kind is StepKind.DATES} - set(DATE_ORDERS)
    aside = not wrong and wrong_steps(recipe, product)
    if wrong:
        raise PresencaError("repair.unknown_fields", product=product.title, fields=[w[:30] for w in wrong[:3]])
    if aside:
        raise PresencaError("repair.impossible_aside")
    if orders:
        raise PresencaError("repair.unknown_order")


def amend(
    table: pa.Table,
    rows: np.ndarray,
    matches: tuple[ColumnMatch, ...],
    product: Product,
    recipe: Recipe,
    today: dt.date,
) -> Amended:
    """Carries out the steps of a recipe one after the other; a step that finds nothing to change counts 0."""
    work = _Work(table, rows, matches, product, today, recipe)
    return Amended(*work.run())


class _Work:
    """The table while it is being amended."""

    def __init__(
        self,
        table: pa.Table,
        rows: np.ndarray,
        matches: tuple[ColumnMatch, ...],
        product: Product,
        today: dt.date,
        recipe: Recipe,
    ) -> None:
        self.table, self.rows, self.matches, self.product, self.today, self.recipe = (
            table,
            rows,
            matches,
            product,
            today,
            recipe,
        )

    def run(self) -> tuple[pa.Table, tuple[ColumnMatch, ...], tuple[int, ...]]:
        ways: dict[StepKind, Callable[[Step], int]] = {
            StepKind.VALUE: self._value,
            StepKind.SWAP: self._swap,
            StepKind.EXCHANGE: self._exchange,
            StepKind.PAD: self._pad,
            StepKind.ARRIVAL: self._arrival,
        }
        steps = self.recipe.steps
        changed = [0] * len(steps)
        for place, step in enumerate(steps):
            if step.kind in ways:
                changed[place] = ways[step.kind](step)
        self._cells([(place, s) for place, s in enumerate(steps) if s.kind is StepKind.CELL], changed)
        return self.table, self.matches, tuple(changed)

    def _place(self, field: str) -> int | None:
        return next((i for i, match in enumerate(self.matches) if match.field == field), None)

    def _put(self, place: int, cells: pa.ChunkedArray | pa.Array) -> None:
        self.table = self.table.set_column(place, self.table.column_names[place], cells)

    def _value(self, step: Step) -> int:
        place = self._place(step.field)
        if place is None:
            return 0
        hits = _saying(self.table.column(place), step.before)
        if hits.any():
            self._put(
                place,
                pc.if_else(
                    pa.array(hits),
                    pa.scalar(step.after or None, pa.string()),
                    text_columns.whole(self.table.column(place)),
                ),
            )
        return int(hits.sum())

    def _swap(self, step: Step) -> int:
        first, second = self._place(step.field), self._place(step.after)
        if first is None or second is None:
            return 0
        one, two = self._days(first, step.field), self._days(second, step.after)
        later = pa.array(one > two)
        left, right = text_columns.whole(self.table.column(first)), text_columns.whole(self.table.column(second))
        self._put(first, pc.if_else(later, right, left))
        self._put(second, pc.if_else(later, left, right))
        return 2 * int(pc.sum(later).as_py() or 0)

    def _days(self, place: int, field: str) -> np.ndarray:
        item = self.product.field(field)
        order = order_of(self.recipe, field)
        return parse_column(self.table.column(place), item, "", self.today, order=order).day_of_rows()

    def _exchange(self, step: Step) -> int:
        other = {step.field: step.after, step.after: step.field}
        self.matches = tuple(
            replace(m, field=other[m.field], reason=CHOSEN, confidence=1.0, preview=()) if m.field in other else m
            for m in self.matches
        )
        return 0

    def _pad(self, step: Step) -> int:
        place = self._place(step.field)
        if place is None:
            return 0
        encoded = _dictionary(self.table.column(place))
        padded = with_zeros(encoded.dictionary)
        hits = np.append(np.asarray(pc.not_equal(encoded.dictionary, padded)), False)[_codes(encoded)]
        if hits.any():
            self._put(place, pa.DictionaryArray.from_arrays(encoded.indices, padded).cast(pa.string()))
        return int(hits.sum())

    def _arrival(self, step: Step) -> int:
        """The target from a column that is filled when the patient came; days that have not come stay open."""
        target, time = self.product.target, self._place(self.product.time.key)
        if step.after not in self.table.column_names or not target.senses or time is None:
            return 0
        codes, _ = encode(self.table[step.after])
        past = self._days(time, self.product.time.key) < np.datetime64(self.today)
        sense = target.senses[0]
        words = np.where(
            codes >= 0, np.array(sense.yes, object), np.where(past, np.array(sense.no, object), np.array(None, object))
        )
        self.matches = tuple(
            replace(m, field=None, confidence=0.0, reason=CHOSEN, preview=()) if m.field == target.key else m
            for m in self.matches
        )
        name = f"{step.after} {_ARRIVAL}"
        self.table = self.table.append_column(name, pa.array(words, pa.string()))
        self.matches = (*self.matches, ColumnMatch(name, target.key, 1.0, CHOSEN, (sense.yes, sense.no)))
        return int((words != None).sum())  # noqa: E711 - an array

    def _cells(self, steps: list[tuple[int, Step]], changed: list[int]) -> None:
        """Single cells, all of a column at once; a cell that no longer holds what it held is left alone."""
        for field in {step.field for _, step in steps}:
            column = self._place(field)
            if column is None:
                continue
            own = [(place, step) for place, step in steps if step.field == field]
            self._column_cells(column, own, changed)

    def _column_cells(self, column: int, own: list[tuple[int, Step]], changed: list[int]) -> None:
        cells = text_columns.whole(self.table.column(column))
        places = np.searchsorted(self.rows, [step.row for _, step in own])
        found: dict[int, str | None] = {}
        for (place, step), at in zip(own, places, strict=True):
            if at >= len(self.rows) or self.rows[at] != step.row:
                continue
            now = found.get(int(at), cells[int(at)].as_py())
            if (now or "") == step.before:
                found[int(at)] = step.after or None
                changed[place] = 1
        if found:
            mask = np.zeros(len(cells), bool)
            order = sorted(found)
            mask[order] = True
            self._put(
                column, pc.replace_with_mask(cells, pa.array(mask), pa.array([found[i] for i in order], pa.string()))
            )


def count_cells(cells: pa.ChunkedArray, text: str) -> int:
    """How many cells a step over this value would change."""
    return int(_saying(cells, text).sum())


def _saying(cells: pa.ChunkedArray, text: str) -> np.ndarray:
    """Bool per row: the cell says just this, white space aside."""
    encoded = _dictionary(cells)
    same = np.asarray(pc.fill_null(pc.equal(tidied(encoded.dictionary), text), False))
    return np.append(same, False)[_codes(encoded)]


def order_of(recipe: Recipe, field: str) -> str:
    """The order of dates that the recipe gives a field; "" where it gives none."""
    return next((s.after for s in reversed(recipe.steps) if s.kind is StepKind.DATES and s.field == field), "")


def _dictionary(cells: pa.ChunkedArray) -> pa.DictionaryArray:
    return text_columns.coded(cells.cast(pa.string()))


def _codes(encoded: pa.DictionaryArray) -> np.ndarray:
    return pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False)
