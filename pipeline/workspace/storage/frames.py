"""Frames at rest: Parquet that gives back the very same dtypes, categories and their order included.

How a frame becomes tables, and how those become it again, is told by `shards.codec`; here they are files of the
workspace, the categories in a second one beside the first.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline import atomic
from pipeline.errors import WorkspaceError
from pipeline.shards import codec
from pipeline.workspace.storage import atomic_files


def write_frame(frame: pd.DataFrame, folder: Path, name: str) -> None:
    """Writes `frame` (columns named by text; the index is not kept) as `name`.parquet into a folder."""
    made = codec.encoded(frame)
    _write(made.rows, folder / f"{name}.parquet")
    if made.categories.num_columns:
        _write(made.categories, folder / f"{name}.categories.parquet")


def _opened(path: Path) -> pq.ParquetFile:
    """Open for reading; an altered page is damage, not other numbers."""
    return pq.ParquetFile(path, page_checksum_verification=True)


def _write(table: pa.Table, path: Path) -> None:
    with atomic.create(path) as file:
        pq.write_table(table, file, compression="zstd", write_page_checksum=True)
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
        rows, kinds = codec.told(file.schema_arrow)
        chosen = list(kinds) if columns is None else columns
        table = file.read(columns=list(dict.fromkeys(chosen)))
    coded = codec.coded(kinds, chosen)
    known = _categories(folder / f"{name}.categories.parquet", coded) if coded else {}
    return codec.decoded(table, kinds, chosen, known, rows)


def columns_of(folder: Path, name: str) -> tuple[str, ...]:
    """The names of a frame's columns, in order. WorkspaceError if the file is missing or damaged."""
    try:
        with atomic_files.explained("doing.open_rows"), _opened(folder / f"{name}.parquet") as file:
            return tuple(codec.told(file.schema_arrow)[1])
    except (pa.ArrowException, ValueError, TypeError, KeyError) as error:
        raise WorkspaceError("dataset.rows_damaged") from error


def _categories(path: Path, columns: list[str]) -> dict[str, pd.Index]:
    with atomic_files.explained("doing.open_rows"), _opened(path) as file:
        return codec.categories_of(file.read(columns=columns))
