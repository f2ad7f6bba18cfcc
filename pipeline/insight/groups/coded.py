"""Typed rows as narrow columns in the order of their days: what many millions of rows are counted from.

A value is its place among the values, a date its place among the days, a risk a whole number: 15 to 20 bytes a row.
The arrays may lie on disk, mapped into memory. Everything that is told of them is a sum of whole numbers, the same in
any order and block by block.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline import per_row
from pipeline.contract import Outcome, Product, Role
from pipeline.insight.groups import heat
from pipeline.insight.groups.counts import NO_DATE, POINT, UNIT, days, places_of

UNKNOWN, NON_EVENT, EVENT = range(3)  # marks
NOT_GONE, UNDATED, FAR, AHEAD = 0, 1, 2, 3  # classes of giving up; AHEAD + d: given up d days before its day
MOST_AHEAD = 7  # days before the day that are told apart
Column = Callable[[str], pd.Series]  # a column of the typed rows by its name; KeyError where there is none


@dataclass(frozen=True)
class CodedRows:
    """Rows (n) by day, the undated first, those of a day as their file has them.

    `days`: the distinct days (k, since 1970, rising; below NO_DATE: undated), `day` (n) the place of each row's;
    `mark` (n): UNKNOWN, NON_EVENT, EVENT; `codes` (n each): 0 where a value is missing, else 1 + its place in `names`;
    `cell` (n): 0, or 1 + its cell of the heat map; `gone` (n): how a booking was given up; `position` (n): the place
    of the row in the typed rows. `detail` (n): place in `details` (m × 2), codes of unit and of UF. `present`: for each
    column, by code of unit, whether a row of it has a value there.
    """

    days: np.ndarray
    day: np.ndarray
    mark: np.ndarray
    codes: Mapping[str, np.ndarray]
    names: Mapping[str, tuple[str, ...]]
    position: np.ndarray
    present: Mapping[str, np.ndarray]
    cell: np.ndarray | None = None
    gone: np.ndarray | None = None
    detail: np.ndarray | None = None
    details: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.day)


@dataclass(frozen=True)
class CodedPast:
    """Past risks of coded rows, in their order: `scored` (n, 0/1), `risk` (n, whole numbers of `counts.UNIT`),
    `reference` (n, the same), `points` by factor (n each, whole numbers of `counts.POINT`); 0 where a row has none.
    """

    scored: np.ndarray
    risk: np.ndarray
    reference: np.ndarray
    points: Mapping[str, np.ndarray]


def coded(column: Column, there: Sequence[str], product: Product, fields: Sequence[str]) -> CodedRows:
    """Codes typed rows, whose columns are asked for one after the other: no more than a few are held at a time.

    `there`: the columns that a view reads, of those that the rows have; `fields`: what it is split or narrowed by.
    """
    day = days(column(product.time.key))
    order = np.argsort(day, kind="stable")
    distinct, place = np.unique(day[order], return_inverse=True)
    codes, names = {}, {}
    for name in (name for name in fields if name in there):
        values = column(name).cat
        names[name] = tuple(str(value) for value in values.categories)
        codes[name] = narrow(values.codes.to_numpy().astype(np.int64) + 1)
    present = _present(column, there, product, codes, names)
    codes = {name: values[order] for name, values in codes.items()}
    detail, details = _details(codes, product)
    return CodedRows(
        days=distinct,
        day=narrow(place),
        mark=_marks(column("outcome"))[order],
        codes=codes,
        names=names,
        position=narrow(order),
        present=present,
        cell=_cells(column, product, day, order),
        gone=_gone(column, there, product, day, order),
        detail=detail,
        details=details,
    )


def coded_past(column: Column, factors: Mapping[str, str], rows: CodedRows, number: np.ndarray) -> CodedPast:
    """Codes past risks in the order of coded rows. `factors`: the column of each factor's points; `number`: of each
    typed row, in the order of its file.
    """
    place = places_of(number, column("row").to_numpy())[np.asarray(rows.position)]
    scored = place >= 0
    at = np.where(scored, place, 0)

    def whole(name: str, unit: int, dtype: type) -> np.ndarray:
        values = np.rint(column(name).to_numpy(dtype=np.float64) * unit)
        bounds = np.iinfo(dtype)
        if not len(values):
            return np.zeros(len(at), dtype)
        if values.max() > bounds.max or values.min() < bounds.min:
            raise OverflowError(name)
        return per_row.made(len(at), dtype, lambda block: np.where(scored[block], values[at[block]], 0).astype(dtype))

    return CodedPast(
        scored.astype(np.uint8),
        whole("risk", UNIT, np.uint32),
        whole("reference", UNIT, np.uint32),
        {key: whole(name, POINT, np.int32) for key, name in factors.items()},
    )


def narrow(values: np.ndarray) -> np.ndarray:
    """Whole numbers from 0 on in the fewest bytes."""
    most = int(values.max()) if len(values) else 0
    return values.astype(np.min_scalar_type(most))


def _marks(outcome: pd.Series) -> np.ndarray:
    told = outcome.to_numpy(dtype=np.float64)
    return np.select([np.isnan(told), told > 0], [UNKNOWN, EVENT], NON_EVENT).astype(np.uint8)


def _cells(column: Column, product: Product, day: np.ndarray, order: np.ndarray) -> np.ndarray | None:
    contact = product.by_role(Role.CONTACT)
    if contact is None:
        return None
    booked = days(column(contact.key))
    if not (booked > NO_DATE).any():
        return None
    return narrow(heat.codes_of(day, booked)[order] + 1)


def _gone(
    column: Column, there: Sequence[str], product: Product, day: np.ndarray, order: np.ndarray
) -> np.ndarray | None:
    """How each booking was given up; None where the rows do not tell the day."""
    field = product.by_role(Role.CANCELLED)
    if field is None or field.key not in there:
        return None
    gone = days(column(field.key))
    if not (gone > NO_DATE).any():
        return None
    excluded = (column("state") == Outcome.EXCLUDED.value).to_numpy()
    ahead = day - gone
    near = (day > NO_DATE) & (gone > NO_DATE) & (ahead >= 0) & (ahead <= MOST_AHEAD)
    found = np.select([~excluded, near, gone <= NO_DATE], [NOT_GONE, AHEAD + ahead, UNDATED], FAR)
    return found[order].astype(np.uint8)


def _details(codes: Mapping[str, np.ndarray], product: Product) -> tuple[np.ndarray | None, np.ndarray | None]:
    """Which pairs of unit and UF there are, and the one of each row."""
    unit, uf = product.by_role(Role.UNIT), product.by_role(Role.UF)
    if unit is None or uf is None or unit.key not in codes or uf.key not in codes:
        return None, None
    size = int(codes[uf.key].max()) + 1 if len(codes[uf.key]) else 1
    pairs, place = np.unique(codes[unit.key].astype(np.int64) * size + codes[uf.key], return_inverse=True)
    return narrow(place), np.column_stack(np.divmod(pairs, size))


def _present(
    column: Column,
    there: Sequence[str],
    product: Product,
    codes: Mapping[str, np.ndarray],
    names: Mapping[str, tuple[str, ...]],
) -> dict[str, np.ndarray]:
    field = product.by_role(Role.UNIT)
    unit = codes.get(field.key) if field is not None else None
    size = len(names[field.key]) + 1 if field is not None and unit is not None else 1
    parts = [d.column for d in product.dimensions if d.part]
    found = {}
    for key in (key for key in (*(f.key for f in product.fields), *parts) if key in there):
        has = column(key).notna().to_numpy()
        found[key] = np.array([has.any()]) if unit is None else np.bincount(unit[has], minlength=size) > 0
    return found
