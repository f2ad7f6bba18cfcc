"""Parquet → columns of text, as a spreadsheet would show them: dates dd/mm/aaaa, a decimal comma, nothing where null.

Read batch by batch into a file on disk: what a few bytes of Parquet unpack to is never held whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.errors import UnreadableFile
from pipeline.ingestion.reading import cells_file
from pipeline.ingestion.reading.cells_file import BATCH
from pipeline.ingestion.reading.excel.cell_text import number_text, when_text
from pipeline.ingestion.reading.header_row import names_of
from pipeline.ingestion.reading.limits import Limits, weigh
from pipeline.ingestion.reading.raw_table import RawTable

_DAY, _MINUTE, _SECOND = "%d/%m/%Y", " %H:%M", ":%S"


def read_parquet(path: Path, folder: Path, name: str, limits: Limits) -> RawTable:
    """The rows of a file of flat columns. UnreadableFile where it is damaged, nested, or over a limit."""
    try:
        with pq.ParquetFile(path) as file:
            _check(file, path, folder, name, limits)
            schema = pa.schema([(header, pa.string()) for header in _headers(file)])
            held = cells_file.write(_batches(file, path, schema, name, limits), schema, folder)
    except (pa.ArrowException, OSError, ValueError, OverflowError):
        raise UnreadableFile("reading.parquet_damaged", name=name) from None
    rows = np.arange(2, held.table.num_rows + 2, dtype="int64")
    return RawTable(held.table, rows, name, "", 0, "parquet", None, None, None, (), (), held.file)


def _check(file: pq.ParquetFile, path: Path, folder: Path, name: str, limits: Limits) -> None:
    told, columns = file.metadata, len(file.schema_arrow)
    if columns > limits.max_columns:
        raise UnreadableFile("reading.too_many_columns", name=name, columns=columns, limit=limits.max_columns)
    if told.num_rows > limits.max_rows:
        raise UnreadableFile("reading.too_many_rows", name=name, limit=limits.max_rows)
    for place, field in enumerate(file.schema_arrow, start=1):
        if _way(field.type) is None:
            raise UnreadableFile("reading.parquet_nested", name=name, place=place)
    weigh(told.num_rows, columns, name, limits)
    cells_file.check_room(min(path.stat().st_size, limits.max_unpacked_bytes), folder, name)


def _headers(file: pq.ParquetFile) -> list[str]:
    names = file.schema_arrow.names
    return names_of(names, len(names))


def _batches(
    file: pq.ParquetFile, path: Path, schema: pa.Schema, name: str, limits: Limits
) -> Iterator[pa.RecordBatch]:
    """The batches as text, as long as there are no more of them than the limits let through, whatever the file says."""
    rows = written = 0
    most = min(limits.max_unpacked_bytes, max(limits.trusted_bytes, limits.max_gzip_ratio * path.stat().st_size))
    for batch in file.iter_batches(BATCH):
        columns = [_texts(column) for column in batch.columns]
        rows, written = rows + batch.num_rows, written + sum(column.nbytes for column in columns)
        if rows > limits.max_rows:
            raise UnreadableFile("reading.too_many_rows", name=name, limit=limits.max_rows)
        if written > most:
            raise UnreadableFile("reading.too_much_text", name=name, limit=most)
        yield pa.record_batch(columns, schema=schema)


def _texts(column: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    way = _way(column.type)
    assert way is not None
    cells = way(column)
    return pc.if_else(pc.equal(cells, ""), pa.scalar(None, pa.string()), cells)


def _way(kind: pa.DataType) -> Callable[[pa.Array], pa.Array] | None:
    """How cells of a type become text; None where there is no such way."""
    if pa.types.is_dictionary(kind):
        return _way(kind.value_type)
    ways: tuple[tuple[Callable[[pa.DataType], bool], Callable[[pa.Array], pa.Array]], ...] = (
        (pa.types.is_string, _as_text),
        (pa.types.is_large_string, _as_text),
        (pa.types.is_string_view, _as_text),
        (pa.types.is_null, _as_text),
        (pa.types.is_integer, _as_text),
        (pa.types.is_boolean, lambda cells: pc.if_else(cells, "VERDADEIRO", "FALSO")),
        (pa.types.is_floating, lambda cells: _one_by_one(cells, _float)),
        (pa.types.is_decimal, lambda cells: _one_by_one(cells, _decimal)),
        (pa.types.is_time, lambda cells: _one_by_one(cells, when_text)),
        (pa.types.is_date, lambda cells: pc.strftime(cells, format=_DAY)),
        (pa.types.is_timestamp, _moments),
    )
    return next((way for is_one, way in ways if is_one(kind)), None)


def _as_text(cells: pa.Array) -> pa.Array:
    return cells.cast(pa.string())


def _one_by_one(cells: pa.Array, write: Callable[[Any], str | None]) -> pa.Array:
    """Each distinct value written once."""
    encoded = cells.dictionary_encode()
    written = pa.array([write(value) for value in encoded.dictionary.to_pylist()], pa.string())
    return pc.take(written, encoded.indices)


def _float(value: float) -> str | None:
    if value != value:
        return None
    return number_text(value) if abs(value) != float("inf") else str(value)


def _decimal(value: Decimal) -> str:
    return f"{value.normalize():f}".replace(".", ",")


def _moments(cells: pa.Array) -> pa.Array:
    """The day, with hour and minute where there is a time, with seconds where it has some; by the clock of its zone."""
    local = pc.local_timestamp(cells) if cells.type.tz else cells
    whole = pc.floor_temporal(local, unit="second").cast(pa.timestamp("s"))
    seconds = pc.not_equal(pc.second(whole), 0)
    timed = pc.not_equal(pc.cast(whole, pa.int64()), pc.cast(pc.floor_temporal(whole, unit="day"), pa.int64()))
    day = pc.strftime(whole, format=_DAY)
    minute, second = pc.strftime(whole, format=_MINUTE), pc.strftime(whole, format=_SECOND)
    clock = pc.binary_join_element_wise(minute, pc.if_else(seconds, second, ""), "")
    return pc.binary_join_element_wise(day, pc.if_else(timed, clock, ""), "")
