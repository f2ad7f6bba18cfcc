"""One line per field: where it came from, how full it is, its most frequent values."""

from __future__ import annotations

import datetime as dt

import numpy as np

from pipeline.contract import FieldKind, Role
from pipeline.ingestion.parsing.column import Column
from pipeline.ingestion.parsing.field_types import type_of
from pipeline.ingestion.parsing.parsed_file import OLDEST, YOUNGEST, Sheet
from pipeline.ingestion.parsing.periods import own_of
from pipeline.ingestion.parsing.quoting import may_be_quoted, quotable
from pipeline.records import ColumnMatch, FieldSummary, Note, note
from pipeline.records.ingestion import OTHER_VALUES, OTHER_YEARS

_TOP = 5
_BARS = 12  # bars of a small distribution of values
_MONTHS = 24  # months that it shows; more become years
_BAND, _BANDS = 10, 10  # years of age


def summary(column: Column, matches: tuple[ColumnMatch, ...], sheet: Sheet) -> FieldSummary:
    """`filled` counts rows, `distinct` different texts; values are given as they were understood."""
    match = next((m for m in matches if m.field == column.field.key), None)
    return FieldSummary(
        field=column.field.key,
        label=column.field.label,
        header=match.header if match else None,
        confidence=match.confidence if match else 0.0,
        filled=int(column.filled.sum()),
        distinct=len(column.texts),
        top=_most_frequent(column),
        usable=int(sheet.usable_cells(column.field.key).sum()),
        spread=_spread(column, sheet),
    )


def _spread(column: Column, sheet: Sheet) -> tuple[tuple[Note | str, int], ...]:
    """How the rows spread over a field: months or years of a date, bands of age, values; none for ids and comments."""
    item = column.field
    if not column.present or not type_of(item).counted:
        return ()
    if item.role is Role.BIRTH:
        counts = np.sum([_bands(part.ages()) for part in sheet.parts()], axis=0)
        return tuple(
            (note("checking.ages", first=_BAND * i, last=_BAND * i + _BAND - 1), int(n))
            for i, n in enumerate(counts[:_BANDS])
        )
    if item.kind is FieldKind.DATE:
        return _periods(*sheet.day_counts(item.key))
    shown = _most_frequent(column, _BARS, in_order=type_of(item).in_order)
    usable = int(column.where(column.readable).sum())
    rest = usable - sum(n for _, n in shown)
    return (*shown, (OTHER_VALUES, rest)) if rest > 0 else shown


def _bands(ages: np.ndarray) -> np.ndarray:
    """How many rows have an age of each band."""
    known = ages[(ages >= YOUNGEST) & (ages <= OLDEST)]
    return np.bincount((known // _BAND).astype(int), minlength=OLDEST // _BAND + 1)


def _periods(days: np.ndarray, rows: np.ndarray) -> tuple[tuple[Note | str, int], ...]:
    """Rows by month, or by year where there are many months; those far from all others are told together."""
    own = own_of(days, rows)
    known, counted, far = days[own], rows[own], int(rows[~own].sum())
    if not len(known):
        return ()
    months = known.astype("datetime64[M]").astype("int64")
    unit = "M" if months.max() - months.min() < _MONTHS else "Y"
    values, places = np.unique(known.astype(f"datetime64[{unit}]"), return_inverse=True)
    counts = np.bincount(places, counted, len(values))
    latest = slice(-_MONTHS, None)
    shown = tuple((_period(str(v)), int(n)) for v, n in zip(values[latest], counts[latest], strict=True))
    return (*shown, (OTHER_YEARS, far)) if far else shown


def _period(text: str) -> Note | str:
    """A month as a note, a year as it is."""
    return note("checking.month", month=text) if len(text) > 4 else text


def _most_frequent(column: Column, most: int = _TOP, *, in_order: bool = False) -> tuple[tuple[Note | str, int], ...]:
    """The commonest values, the commonest first or in their own order; none for personal fields and comments."""
    if not may_be_quoted(column) or not len(column.texts):
        return ()
    per_text = column.counts()
    values = type_of(column.field).meanings(column)
    known, places = np.unique(values[column.readable], return_inverse=True)
    counts = np.bincount(places, per_text[column.readable], minlength=len(known)).astype(int)
    order = np.argsort(-counts, kind="stable")[:most]
    order = np.sort(order) if in_order else order
    return tuple((_shown(column, known[i]), int(counts[i])) for i in order if counts[i])


def _shown(column: Column, value: np.generic) -> Note | str:
    plain = value.item()
    if isinstance(plain, dt.date):
        return note("checking.day", day=plain)
    if isinstance(plain, float):
        return note("checking.number", value=plain)
    return quotable(column.labels[plain].as_py()) if column.labels is not None else str(plain)
