"""The clean file: the usable rows as they came, but for the cells that were mended, understood otherwise or can't be
used.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.contract import FieldKind
from pipeline.ingestion.dataset import Dataset
from pipeline.ingestion.parsing.column import Column


def clean_table(dataset: Dataset) -> pa.Table:
    """All columns of the file, usable rows only.

    A cell differs from the one that came only where the recipe changed it, or the report says that it was read
    otherwise (then it holds what was read; dates as dd/mm/aaaa) or is not used (then it is empty).
    """
    keep = pa.array(np.flatnonzero(dataset.checked.usable))
    table = dataset.table
    for place, match in enumerate(dataset.matches):
        if match.field is not None:
            table = table.set_column(
                place, table.column_names[place], _cells(dataset, match.field, table.column(place))
            )
    return table.take(keep)


def _cells(dataset: Dataset, key: str, cells: pa.ChunkedArray) -> pa.ChunkedArray | pa.Array:
    column = dataset.sheet.columns[key]
    if not column.present:  # it knows the future, and is left out
        return pa.nulls(len(cells), pa.string())
    cells = as_read(dataset, key, cells)
    unused = column.filled & ~dataset.sheet.usable_cells(key)
    return pc.if_else(pa.array(unused), pa.scalar(None, pa.string()), cells) if unused.any() else cells


def as_read(dataset: Dataset, key: str, cells: pa.ChunkedArray) -> pa.ChunkedArray | pa.Array:
    """The cells of a field, those that were understood otherwise as they were read; the others as they came."""
    column = dataset.sheet.columns[key]
    if not column.present:
        return cells
    written, otherwise = _written(column)
    hits = column.where(otherwise)
    if hits.any():
        codes = pa.array(column.codes, mask=column.codes < 0)
        return pc.if_else(pa.array(hits), pc.take(written, codes), cells)
    return cells


def _written(column: Column) -> tuple[pa.Array, np.ndarray]:
    """Per distinct text: how it is written once it is understood, and whether that differs from what came."""
    if column.field.kind is FieldKind.DATE:
        return _dates(column)
    if column.field.kind is FieldKind.RATING and column.numbers is not None:
        stars = [None if np.isnan(n) else f"{n:g}" for n in column.numbers]
        return pa.array(stars, pa.string()), column.rewritten
    if column.index is None or column.labels is None or column.field.kind in (FieldKind.OPEN, FieldKind.IDENTIFIER):
        return column.texts, np.zeros(len(column.texts), bool)
    return pc.take(column.labels, pa.array(column.index, mask=column.index < 0)), column.rewritten | _differs(column)


def _differs(column: Column) -> np.ndarray:
    """Yes and no under a header that gives the sense: the value stands in no cell as it is."""
    if column.field.kind is not FieldKind.CLOSED or column.labels is None or column.index is None:
        return np.zeros(len(column.texts), bool)
    labels = pc.take(column.labels, pa.array(column.index, mask=column.index < 0))
    return np.asarray(pc.fill_null(pc.not_equal(column.texts, labels), False))


def _dates(column: Column) -> tuple[pa.Array, np.ndarray]:
    """Months first, years first in two digits and a spreadsheet's numbers are written as day, month, year."""
    size = len(column.texts)
    if column.days is None or column.ages is not None:
        return column.texts, np.zeros(size, bool)
    otherwise = np.full(size, column.order in ("mdy", "ymd"))
    if column.serial is not None:
        otherwise |= column.serial
    otherwise &= column.readable
    hours = column.hours if column.hours is not None else np.full(size, np.nan)
    texts = [
        _moment(day, hour)
        for day, hour in zip(pd.DatetimeIndex(column.days.astype("datetime64[s]")), hours, strict=True)
    ]
    return pa.array(texts, pa.string()), otherwise


def _moment(day: pd.Timestamp, hour: float) -> str | None:
    if day is pd.NaT:
        return None
    minutes = None if np.isnan(hour) else round(float(hour) * 60)
    time = "" if minutes is None else f" {minutes // 60:02d}:{minutes % 60:02d}"
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}{time}"
