"""Frames as Arrow tables that give back the very same dtypes, categories and their order included.

Parquet forgets categories that no row uses and may reorder the others. So category columns are stored as their codes,
and the categories apart; reading is faster for it, too.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

_NOTE = b"presenca"  # key of the schema metadata: dtypes and which categories are ordered

Kinds = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Encoded:
    """A frame as it is written: `rows`, a line each, whose schema tells its kinds; `categories`, one line of lists."""

    rows: pa.Table
    categories: pa.Table


def encoded(frame: pd.DataFrame) -> Encoded:
    """`frame` (columns named by text; the index is not kept) as tables."""
    arrays: dict[str, pa.Array] = {}
    categories: dict[str, pa.Array] = {}
    kinds: dict[str, dict[str, object]] = {}
    for key in frame.columns:
        column = frame[key]
        if isinstance(column.dtype, pd.CategoricalDtype):
            codes = column.cat.codes.to_numpy()
            arrays[key] = pa.array(codes, mask=codes < 0)
            values = pa.Array.from_pandas(column.cat.categories)
            categories[key] = pa.ListArray.from_arrays(pa.array([0, len(values)], pa.int32()), _plain(values))
            kinds[key] = {"ordered": bool(column.cat.ordered), "dtype": str(column.cat.categories.dtype)}
        else:
            arrays[key] = _plain(pa.Array.from_pandas(column))
            kinds[key] = {"dtype": str(column.dtype)}
    note = {_NOTE: json.dumps({"rows": len(frame), "columns": kinds}).encode()}
    return Encoded(pa.table(arrays).replace_schema_metadata(note), pa.table(categories))


def _plain(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    return values.cast(pa.string()) if pa.types.is_large_string(values.type) else values


def told(schema: pa.Schema) -> tuple[int, dict[str, dict[str, Any]]]:
    """How many rows a table of `encoded` has, and the kind of each of its columns, in order; KeyError of another's."""
    note = json.loads(schema.metadata[_NOTE])
    return int(note["rows"]), dict(note["columns"])


def coded(kinds: Kinds, columns: Iterable[str]) -> list[str]:
    """Those of the columns that are categories."""
    return [key for key in columns if "ordered" in kinds[key]]


def categories_of(table: pa.Table) -> dict[str, pd.Index]:
    """The categories of each column of a table of categories."""
    return {key: pd.Index(table.column(key).combine_chunks().flatten().to_pandas()) for key in table.column_names}


def decoded(
    table: pa.Table, kinds: Kinds, columns: list[str], categories: Mapping[str, pd.Index], rows: int
) -> pd.DataFrame:
    """The frame as it was, with a RangeIndex; `columns` of it, in that order."""
    made = {key: _column(table.column(key), kinds[key], categories.get(key)) for key in columns}
    return pd.DataFrame(made, index=pd.RangeIndex(rows), columns=columns, copy=False)


def _column(stored: pa.ChunkedArray, kind: Mapping[str, Any], categories: pd.Index | None) -> pd.Series:
    if categories is None:
        column = stored.to_pandas()
        return column if str(column.dtype) == kind["dtype"] else column.astype(str(kind["dtype"]))
    categories = categories if str(categories.dtype) == kind["dtype"] else categories.astype(str(kind["dtype"]))
    codes = stored.combine_chunks().fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64, copy=False)
    dtype = pd.CategoricalDtype(categories, ordered=bool(kind["ordered"]))
    return pd.Series(pd.Categorical.from_codes(codes, dtype=dtype))
