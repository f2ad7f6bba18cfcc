"""The clean file: the usable rows as they came,
but for the cells that were mended, understood otherwise or can't be used.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.ingestion.dataset import Dataset
from pipeline.ingestion.parsing.field_types import type_of


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
    written, otherwise = type_of(column.field).written(column)
    hits = column.where(otherwise)
    if hits.any():
        codes = pa.array(column.codes, mask=column.codes < 0)
        return pc.if_else(pa.array(hits), pc.take(written, codes), cells)
    return cells
