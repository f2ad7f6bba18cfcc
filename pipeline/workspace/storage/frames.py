"""Frames at rest: Parquet that gives back the very same dtypes, categories and their order included.

How a frame becomes tables, and how those become it again, is told by `shards.codec`; here they are files of the
workspace, the categories in a second one beside the first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline import atomic
from pipeline.errors import WorkspaceError
from pipeline.shards import codec
from pipeline.workspace.storage import atomic_files
from pipeline.workspace.storage.narrow import Coded

_GROUP = 1 << 16  # rows of a part of a large frame: a page of rows is read from the parts that hold them
_LARGE = 1 << 20
_MANY = 1 << 16  # categories
_TEXT = 16  # bytes of a text, about


def write_frame(frame: pd.DataFrame, folder: Path, name: str) -> None:
    """Writes `frame` (columns named by text; the index is not kept) as `name`.parquet into a folder."""
    made = codec.encoded(frame)
    _write(made.rows, folder / f"{name}.parquet")
    if made.categories.num_columns:
        _write(made.categories, folder / f"{name}.categories.parquet")


def files_of(name: str) -> tuple[str, str]:
    """The names of the files in which a frame rests; the second is there where a column has categories."""
    return f"{name}.parquet", f"{name}.categories.parquet"


def _opened(path: Path) -> pq.ParquetFile:
    """Open for reading; an altered page is damage, not other numbers."""
    return pq.ParquetFile(path, page_checksum_verification=True)


def _write(table: pa.Table, path: Path) -> None:
    group = _GROUP if table.num_rows > _LARGE else None
    with atomic.create(path) as file:
        pq.write_table(table, file, compression="zstd", write_page_checksum=True, row_group_size=group)
        atomic.settle(file)


def read_frame(
    folder: Path, name: str, columns: Sequence[str] | None = None, *, most: int | None = None
) -> pd.DataFrame:
    """The frame as it was written, with a RangeIndex; only `columns`, in that order, if given.

    KeyError for a column that is not there; WorkspaceError if the file is missing or damaged, or where these columns
    would take more than `most` bytes.
    """
    if most is not None:
        _refuse_larger(folder, name, columns, most)
    if columns is not None:
        there = columns_of(folder, name)
        missing = [key for key in columns if key not in there]
        if missing:
            raise KeyError(missing[0])
    try:
        return _frame(folder, name, columns)
    except (pa.ArrowException, ValueError, TypeError, KeyError) as error:
        raise WorkspaceError("dataset.rows_damaged") from error


def _refuse_larger(folder: Path, name: str, columns: Sequence[str] | None, most: int) -> None:
    try:
        with atomic_files.explained("doing.open_rows"), _opened(folder / f"{name}.parquet") as file:
            rows, schema = file.metadata.num_rows, file.schema_arrow
    except (pa.ArrowException, ValueError) as error:
        raise WorkspaceError("dataset.rows_damaged") from error
    width = sum(_width(field.type) for field in schema if columns is None or field.name in columns)
    if rows * width > most:
        raise WorkspaceError("dataset.too_large_whole", rows=rows, most=round(most // width, -5))


def _width(kind: pa.DataType) -> int:
    """About how many bytes a value takes in memory."""
    if pa.types.is_null(kind):  # a column of which no row has anything
        return 1
    return max(1, kind.bit_width // 8) if pa.types.is_primitive(kind) else _TEXT


def _frame(folder: Path, name: str, columns: Sequence[str] | None) -> pd.DataFrame:
    with atomic_files.explained("doing.open_rows"), _opened(folder / f"{name}.parquet") as file:
        rows, kinds = codec.told(file.schema_arrow)
        chosen = list(kinds if columns is None else columns)
        table = file.read(columns=list(dict.fromkeys(chosen)))
    return codec.decoded(table, kinds, chosen, _known(folder, name, codec.coded(kinds, chosen)), rows)


def read_coded(folder: Path, name: str, column: str) -> Coded | None:
    """A column of categories as it lies there; None where it is of another kind. Errors as `read_frame`."""
    try:
        with atomic_files.explained("doing.open_rows"), _opened(folder / f"{name}.parquet") as file:
            kind = codec.told(file.schema_arrow)[1][column]
            if "ordered" not in kind:
                return None
            codes = file.read(columns=[column]).column(0).combine_chunks().fill_null(-1)
        with atomic_files.explained("doing.open_rows"), _opened(folder / f"{name}.categories.parquet") as file:
            texts = file.read(columns=[column]).column(0).combine_chunks().flatten()
    except (pa.ArrowException, ValueError, TypeError) as error:
        raise WorkspaceError("dataset.rows_damaged") from error
    return Coded(codes.to_numpy(zero_copy_only=False), texts, bool(kind["ordered"]), str(kind["dtype"]))


Texts = Callable[[str], pa.Array | None]  # the categories of a column, where they rest so that few of them are read


def read_rows(folder: Path, name: str, places: np.ndarray, texts: Texts = lambda _: None) -> pd.DataFrame:
    """The rows of a frame at some places, in this order, with a RangeIndex; only the parts that hold one are read, one
    column at a time. WorkspaceError if the file is missing or damaged.
    """
    try:
        found = _rows(folder, name, np.asarray(places, dtype=np.int64), texts)
        pa.default_memory_pool().release_unused()  # millions of names were read for a few
        return found
    except (pa.ArrowException, ValueError, TypeError, KeyError) as error:
        raise WorkspaceError("dataset.rows_damaged") from error


def _rows(folder: Path, name: str, places: np.ndarray, texts: Texts) -> pd.DataFrame:
    with atomic_files.explained("doing.open_rows"), _opened(folder / f"{name}.parquet") as file:
        _, kinds = codec.told(file.schema_arrow)
        sizes = [file.metadata.row_group(group).num_rows for group in range(file.num_row_groups)]
        begin = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        group = np.searchsorted(begin, places, side="right") - 1
        parts = [_taken(file, int(one), list(kinds), places[group == one] - begin[one]) for one in np.unique(group)]
        table = pa.concat_tables(parts) if parts else file.schema_arrow.empty_table()
    order = np.argsort(group, kind="stable")
    back = np.empty(len(order), dtype=np.int64)
    back[order] = np.arange(len(order))
    table, known = table.take(pa.array(back)), {}
    unread = codec.coded(kinds, list(kinds))
    for key in list(unread):
        if (values := texts(key)) is not None and len(values) > _MANY:
            table, known[key] = _used(table, key, values)
            unread.remove(key)
    table, others = _with_known(table, folder, name, unread)
    known |= others
    return codec.decoded(table, kinds, list(kinds), known, len(places))


def _with_known(table: pa.Table, folder: Path, name: str, columns: list[str]) -> tuple[pa.Table, dict[str, pd.Index]]:
    """A few rows with the categories of their columns; of a column with very many those alone that the rows have:
    millions of names of patients would take more memory than all else.
    """
    known: dict[str, pd.Index] = {}
    if not columns:
        return table, known
    with atomic_files.explained("doing.open_rows"), _opened(folder / f"{name}.categories.parquet") as file:
        for key in columns:
            listed = file.read(columns=[key])
            values = listed.column(key).combine_chunks().flatten()
            if len(values) <= _MANY:
                known |= codec.categories_of(listed)
                continue
            table, known[key] = _used(table, key, values)
    return table, known


def _used(table: pa.Table, key: str, values: pa.Array) -> tuple[pa.Table, pd.Index]:
    """A column of codes with those alone of its values that the rows have."""
    codes = table.column(key)
    used = pa.array(np.unique(codes.drop_null().to_numpy()))
    placed = pc.index_in(codes, value_set=used.cast(codes.type))
    return table.set_column(table.column_names.index(key), key, placed), pd.Index(values.take(used).to_pandas())


def _taken(file: pq.ParquetFile, group: int, columns: list[str], places: np.ndarray) -> pa.Table:
    wanted = pa.array(places)
    read = {key: file.read_row_group(group, columns=[key], use_threads=False).column(key) for key in columns}
    return pa.table({key: column.take(wanted) for key, column in read.items()})


def columns_of(folder: Path, name: str) -> tuple[str, ...]:
    """The names of a frame's columns, in order. WorkspaceError if the file is missing or damaged."""
    try:
        with atomic_files.explained("doing.open_rows"), _opened(folder / f"{name}.parquet") as file:
            return tuple(codec.told(file.schema_arrow)[1])
    except (pa.ArrowException, ValueError, TypeError, KeyError) as error:
        raise WorkspaceError("dataset.rows_damaged") from error


def distinct(folder: Path, name: str, column: str) -> int:
    """How many values a column has in its rows; of names of millions none is read. KeyError for a column that is not
    there; WorkspaceError if the file is missing or damaged.
    """
    if column not in columns_of(folder, name):
        raise KeyError(column)
    try:
        with atomic_files.explained("doing.open_rows"), _opened(folder / f"{name}.parquet") as file:
            if "ordered" not in codec.told(file.schema_arrow)[1][column]:
                return int(pc.count_distinct(file.read(columns=[column]).column(0)).as_py())
            seen = np.zeros(0, dtype=bool)
            for batch in file.iter_batches(columns=[column]):  # of a category its codes
                codes = batch.column(0).drop_null().to_numpy(zero_copy_only=False)
                seen = np.pad(seen, (0, max(0, int(codes.max(initial=-1)) + 1 - len(seen))))
                seen[codes] = True
    except (pa.ArrowException, ValueError, TypeError, KeyError) as error:
        raise WorkspaceError("dataset.rows_damaged") from error
    return int(seen.sum())


def _known(folder: Path, name: str, columns: list[str]) -> dict[str, pd.Index]:
    """The categories of some columns."""
    if not columns:
        return {}
    with atomic_files.explained("doing.open_rows"), _opened(folder / f"{name}.categories.parquet") as file:
        return codec.categories_of(file.read(columns=columns))
