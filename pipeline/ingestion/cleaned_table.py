"""The clean file: the usable rows as they came,
but for the cells that were mended, understood otherwise or can't be used.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.ingestion.dataset import Dataset
from pipeline.ingestion.parsing.field_types import type_of
from pipeline.ingestion.reading import cells_file

_PIECE = 262_144  # rows
_LARGE = 1_000_000  # rows from which the clean table lies on disk


def clean_table(dataset: Dataset) -> pa.Table:
    """All columns of the file, usable rows only.

    A cell differs from the one that came only where the recipe changed it, or the report says that it was read
    otherwise (then it holds what was read; dates as dd/mm/aaaa) or is not used (then it is empty).
    """
    schema = pa.schema([(name, pa.string()) for name in dataset.table.column_names])
    return cells_file.gathered(_pieces(dataset, schema), schema, large=dataset.table.num_rows > _LARGE)


def _pieces(dataset: Dataset, schema: pa.Schema) -> Iterator[pa.Table]:
    """The clean table piece by piece: of a large file no column is made whole."""
    keys = {match.field for match in dataset.matches if match.field is not None}
    rewritings = {key: _Rewriting.of(dataset, key) for key in keys}
    usable = dataset.checked.usable
    for first in range(0, dataset.table.num_rows, _PIECE):
        piece = dataset.table.slice(first, _PIECE)
        columns = [
            rewritings[match.field].cleaned(piece.column(place), first) if match.field else piece.column(place)
            for place, match in enumerate(dataset.matches)
        ]
        yield pa.table(columns, schema=schema).filter(pa.array(usable[first : first + _PIECE]))


@dataclass(frozen=True)
class _Rewriting:
    """What becomes of a field's cells: per distinct text how it is written and whether that differs (None: the column
    knows the future, and is left out); per row its code, and whether its cell can be used.
    """

    written: pa.Array | None
    otherwise: np.ndarray
    codes: np.ndarray
    usable: np.ndarray

    @classmethod
    def of(cls, dataset: Dataset, key: str) -> _Rewriting:
        column = dataset.sheet.columns[key]
        written, otherwise = type_of(column.field).written(column) if column.present else (None, np.zeros(0, bool))
        return cls(written, np.append(otherwise, False), column.codes, dataset.sheet.usable_cells(key))

    def cleaned(self, cells: pa.ChunkedArray, first: int) -> pa.ChunkedArray | pa.Array:
        """The cells from row `first` on as they were read, empty where they can't be used."""
        if self.written is None:
            return pa.nulls(len(cells), pa.string())
        rows = slice(first, first + len(cells))
        codes = self.codes[rows]
        cells = _as_read(cells, self.written, self.otherwise[codes], codes)
        unused = (codes >= 0) & ~self.usable[rows]
        return pc.if_else(pa.array(unused), pa.scalar(None, pa.string()), cells) if unused.any() else cells


def as_read(dataset: Dataset, key: str, cells: pa.ChunkedArray) -> pa.ChunkedArray | pa.Array:
    """The cells of a field, those that were understood otherwise as they were read; the others as they came."""
    column = dataset.sheet.columns[key]
    if not column.present:
        return cells
    written, otherwise = type_of(column.field).written(column)
    return _as_read(cells, written, column.where(otherwise), column.codes)


def _as_read(
    cells: pa.ChunkedArray, written: pa.Array, hits: np.ndarray, codes: np.ndarray
) -> pa.ChunkedArray | pa.Array:
    return pc.if_else(pa.array(hits), pc.take(written, pa.array(codes, mask=codes < 0)), cells) if hits.any() else cells
