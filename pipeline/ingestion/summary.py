"""One line per field: where it came from, how full it is, its most frequent values."""

from __future__ import annotations

import datetime as dt

import numpy as np

from pipeline.contract import FieldKind
from pipeline.ingestion.finding import may_be_quoted, quotable
from pipeline.ingestion.parsing import Column
from pipeline.ingestion.wording import date
from pipeline.records import ColumnMatch, FieldSummary

_TOP = 5


def summary(column: Column, matches: tuple[ColumnMatch, ...]) -> FieldSummary:
    """`filled` counts rows, `distinct` different texts; values are given as they were understood."""
    match = next((m for m in matches if m.field == column.field.key), None)
    return FieldSummary(
        field=column.field.key, label=column.field.label, header=match.header if match else None,
        confidence=match.confidence if match else 0.0, filled=int(column.filled.sum()), distinct=len(column.texts),
        top=_most_frequent(column),
    )


def _most_frequent(column: Column) -> tuple[tuple[str, int], ...]:
    """The commonest values; none for personal fields and comments."""
    if not may_be_quoted(column) or not len(column.texts):
        return ()
    per_text = np.bincount(column.codes[column.codes >= 0], minlength=len(column.texts))
    values = _understood(column)
    known, places = np.unique(values[column.readable], return_inverse=True)
    counts = np.bincount(places, per_text[column.readable], minlength=len(known)).astype(int)
    order = np.argsort(-counts, kind="stable")[:_TOP]
    return tuple((_shown(column, known[i]), int(counts[i])) for i in order if counts[i])


def _understood(column: Column) -> np.ndarray:
    """Per distinct text, a value that is alike where two texts mean the same."""
    if column.field.kind is FieldKind.DATE and column.days is not None and column.ages is None:
        return column.days
    for values in (column.ages, column.numbers, column.index):
        if values is not None:
            return values
    return np.arange(len(column.texts))


def _shown(column: Column, value: np.generic) -> str:
    plain = value.item()
    if isinstance(plain, dt.date):
        return date(plain)
    if isinstance(plain, float):
        return f"{plain:g}".replace(".", ",")
    return quotable(column.labels[plain].as_py()) if column.labels is not None else str(plain)
