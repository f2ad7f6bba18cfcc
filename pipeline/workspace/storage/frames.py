"""Frames at rest: Parquet that gives back the very same dtypes, categories and their order included.

Parquet forgets categories that no row uses and may reorder the others. So category columns are stored as
their codes, and the categories in a second Parquet beside the first; reading is faster for it, too.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline import atomic
from pipeline.errors import WorkspaceError
from pipeline.workspace.storage import atomic_files

_NOTE = b"presenca"  # key of the schema metadata: dtypes and which categories are ordered


def write_frame(frame: pd.DataFrame, folder: Path, name: str) -> None:
    """Writes `frame` (columns named by text; the index is not kept) as `name`.parquet into a folder."""
    arrays: dict[str, pa.Array] = {}
    categories: dict[str, pa.Array] = {}
    note: dict[str, dict[str, object]] = {}
    for key in frame.columns:
        column = frame[key]
        if isinstance(column.dtype, pd.CategoricalDtype):
            codes = column.cat.codes.to_numpy()
            arrays[key] = pa.array(codes, mask=codes < 0)
            values = pa.Array.from_pandas(column.cat.categories)
            categories[key] = pa.ListArray.from_arrays(pa.array([0, len(values)], pa.int32()), _plain(values))
            note[key] = {"ordered": bool(column.cat.ordered), "dtype": str(column.cat.categories.dtype)}
        else:
            arrays[key] = _plain(pa.Array.from_pandas(column))
            note[key] = {"dtype": str(column.dtype)}
    _write(pa.table(arrays), note, folder / f"{name}.parquet", rows=len(frame))
    if categories:
        _write(pa.table(categories), {}, folder / f"{name}.categories.parquet", rows=1)


def _plain(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    return values.cast(pa.string()) if pa.types.is_large_string(values.type) else values


def _opened(path: Path) -> pq.ParquetFile:
    """Open for reading; an altered page is damage, not other numbers."""
    return pq.ParquetFile(path, page_checksum_verification=True)


def _write(table: pa.Table, note: dict[str, dict[str, object]], path: Path, rows: int) -> None:
    plain = json.dumps({"rows": rows, "columns": note})
    with atomic.create(path) as file:
        pq.write_table(
            table.replace_schema_metadata({_NOTE: plain.encode()}), file, compression="zstd", write_page_checksum=True
        )
        atomic.settle(file)


def read_frame(folder: Path, name: str, columns: list[str] | None = None) -> pd.DataFrame:
    """The frame as it was written, with a RangeIndex; only `columns`, in that order, if given.

    KeyError for a column that is not there; WorkspaceError if the file is missing or damaged.
    """
    if columns is not None:
        there = columns_of(folder, name)
        missing = [key for key in columns if key not in there]
        if missing:
            raise KeyError(missing[0])
    try:
        return _frame(folder, name, columns)
    except (pa.ArrowException, ValueError, TypeError, KeyError) as error:
        raise WorkspaceError("dataset.rows_damaged") from error


def _frame(folder: Path, name: str, columns: list[str] | None) -> pd.DataFrame:
    with atomic_files.explained("doing.open_rows"), _opened(folder / f"{name}.parquet") as file:
        note = json.loads(file.schema_arrow.metadata[_NOTE])
        chosen = list(note["columns"]) if columns is None else columns
        kinds = {key: note["columns"][key] for key in chosen}
        table = file.read(columns=list(dict.fromkeys(chosen)))
    coded = [key for key, kind in kinds.items() if "ordered" in kind]
    known = _categories(folder / f"{name}.categories.parquet", coded) if coded else {}
    made = {key: _column(table.column(key), kinds[key], known.get(key)) for key in chosen}
    return pd.DataFrame(made, index=pd.RangeIndex(note["rows"]), columns=chosen, copy=False)


def columns_of(folder: Path, name: str) -> tuple[str, ...]:
    """The names of a frame's columns, in order. WorkspaceError if the file is missing or damaged."""
    try:
        with atomic_files.explained("doing.open_rows"), _opened(folder / f"{name}.parquet") as file:
            return tuple(json.loads(file.schema_arrow.metadata[_NOTE])["columns"])
    except (pa.ArrowException, ValueError, TypeError, KeyError) as error:
        raise WorkspaceError("dataset.rows_damaged") from error


def _categories(path: Path, columns: list[str]) -> dict[str, pd.Index]:
    with atomic_files.explained("doing.open_rows"), _opened(path) as file:
        table = file.read(columns=columns)
    return {key: pd.Index(table.column(key).combine_chunks().flatten().to_pandas()) for key in columns}


def _column(stored: pa.ChunkedArray, kind: dict[str, object], categories: pd.Index | None) -> pd.Series:
    if categories is None:
        column = stored.to_pandas()
        return column if str(column.dtype) == kind["dtype"] else column.astype(str(kind["dtype"]))
    categories = categories if str(categories.dtype) == kind["dtype"] else categories.astype(str(kind["dtype"]))
    codes = stored.combine_chunks().fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64, copy=False)
    dtype = pd.CategoricalDtype(categories, ordered=bool(kind["ordered"]))
    return pd.Series(pd.Categorical.from_codes(codes, dtype=dtype))
