"""Cells of a sheet, as it came, that say one of a patient's names."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.privacy import normalise

TELLING = 8  # characters from which on a cell of any column is compared: shorter ones are ages, codes, days


def rows_saying(
    sheet: tuple[pa.Table, np.ndarray], names: Iterable[str], of_patient: Collection[str] = ()
) -> np.ndarray:
    """The spreadsheet rows (int64) that say one of these names: long ones in any column, short ones in those that hold
    the patient (`of_patient`, headers).
    """
    told, (table, numbers) = tuple(names), sheet
    found = np.zeros(len(numbers), dtype=bool)
    for header, column in zip(table.column_names, table.columns, strict=True):
        found |= says(column, {name for name in told if header in of_patient or len(name) >= TELLING})
    return numbers[found]


def says(column: pa.ChunkedArray, names: set[str]) -> np.ndarray:
    """bool per cell: whether it is one of these names, however it is written."""
    alike = [cell for cell in pc.unique(column).to_pylist() if cell is not None and normalise(cell) in names]
    return np.asarray(pc.is_in(column, value_set=pa.array(alike, column.type)))
