"""Tables of any size to XLSX, CSV and Parquet, written in batches, column types kept.

A table is an Arrow table or a pandas frame. Text, numbers, dates and times are written as what they are;
in CSV with a decimal comma and d/m/Y, as Brazilian Excel opens it.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from pipeline.presentation.spreadsheets import cells
from pipeline.presentation.spreadsheets.cells import DECIMALS, guard

SHEET_ROWS = 1_048_575  # below the header
FORMATS = {"risco": cells.PERCENT_FORMAT, "Risco": cells.PERCENT_FORMAT}
PARQUET_BLOCK = 1 << 20  # rows that are written as one group
_BATCH = 20_000
_YES_NO = {True: "sim", False: "não"}


def table_csv(table: pa.Table | pd.DataFrame, path: Path, *, decimals: Mapping[str, int] | None = None) -> None:
    """`;`, decimal comma, UTF-8 with BOM, CRLF; a text that a spreadsheet would run gets an apostrophe.

    `decimals` rounds columns of fractions; the others keep all their digits.
    """
    blocks_csv([_arrow(table)], path, decimals=decimals)


def blocks_csv(blocks: Iterable[pa.Table], path: Path, *, decimals: Mapping[str, int] | None = None) -> None:
    """`table_csv` of a table that comes in blocks of rows, at least one, of which one at a time is in memory."""
    with Path(path).open("w", encoding="utf-8-sig", errors="replace", newline="") as target:
        writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
        for number, block in enumerate(blocks):
            arrow = _arrow(block)
            if not number:
                writer.writerow([guard(name) for name in arrow.column_names])
            for batch in _batches(arrow):
                columns = [
                    _csv_column(batch.column(i), (decimals or {}).get(name))
                    for i, name in enumerate(arrow.column_names)
                ]
                writer.writerows(zip(*columns, strict=True))


def table_parquet(table: pa.Table | pd.DataFrame, path: Path) -> None:
    """Plain numbers, dates as dates, text as text."""
    arrow = _arrow(table)
    starts = range(0, max(arrow.num_rows, 1), PARQUET_BLOCK)
    blocks_parquet((arrow.slice(start, PARQUET_BLOCK) for start in starts), path)


def blocks_parquet(blocks: Iterable[pa.Table], path: Path) -> None:
    """`table_parquet` of a table that comes in blocks of PARQUET_BLOCK rows, at least one."""
    writer = None
    try:
        for block in blocks:
            arrow = _arrow(block).combine_chunks()
            writer = writer or pq.ParquetWriter(path, arrow.schema, compression="zstd")
            writer.write_table(arrow, row_group_size=PARQUET_BLOCK)
    finally:
        if writer is not None:
            writer.close()


def table_xlsx(
    table: pa.Table | pd.DataFrame,
    path: Path,
    sheet: str = "Dados",
    *,
    formats: Mapping[str, str] | None = None,
    sheet_rows: int = SHEET_ROWS,
) -> None:
    """One sheet, or more (`Dados (2)`) where the rows pass Excel's limit; no cell becomes a formula.

    `formats` are Excel number formats by column; risks are shown as percentages and stay fractions.
    """
    arrow = _arrow(table)
    book = Workbook(write_only=True)
    starts = range(0, max(arrow.num_rows, 1), sheet_rows)
    for position, start in enumerate(starts):
        name = _sheet_name(sheet, position)
        _write_sheet(book.create_sheet(name), arrow.slice(start, sheet_rows), FORMATS if formats is None else formats)
    book.save(path)


def book_xlsx(sheets: Sequence[tuple[str, pa.Table | pd.DataFrame]]) -> bytes:
    """One workbook with a sheet for each (name, table); no cell becomes a formula."""
    book = Workbook(write_only=True)
    for position, (name, table) in enumerate(sheets):
        _write_sheet(book.create_sheet(_sheet_name(name, position)), _arrow(table), {})
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def csv_bytes(table: pa.Table | pd.DataFrame, *, decimals: Mapping[str, int] | None = None) -> bytes:
    """`table_csv` for a download, which people read: fractions with at most DECIMALS, or as `decimals` says."""
    arrow = _arrow(table)
    return _through_file(lambda path: table_csv(arrow, path, decimals=_readable(arrow) | dict(decimals or {})))


def xlsx_bytes(
    table: pa.Table | pd.DataFrame, sheet: str = "Dados", *, formats: Mapping[str, str] | None = None
) -> bytes:
    """`table_xlsx` for a download, which people read: fractions with at most DECIMALS."""
    arrow = _arrow(table)
    for name, places in _readable(arrow).items():
        at = arrow.column_names.index(name)
        arrow = arrow.set_column(at, name, pc.round(arrow.column(at), places))
    return _through_file(lambda path: table_xlsx(arrow, path, sheet, formats=formats))


def _readable(table: pa.Table) -> dict[str, int]:
    return {item.name: DECIMALS for item in table.schema if pa.types.is_floating(item.type)}


def _through_file(write: Callable[[Path], None]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tabela"
        write(path)
        return path.read_bytes()


def free_name(table: pa.Table, name: str) -> str:
    """`name`, or `name (2)`, … where the table already has such a column."""
    taken = {c.casefold() for c in table.column_names}
    return next(n for n in _numbered(name) if n.casefold() not in taken)


def _numbered(name: str) -> Iterator[str]:
    yield name
    yield from (f"{name} ({i})" for i in itertools.count(2))


def _sheet_name(name: str, position: int) -> str:
    suffix = f" ({position + 1})" if position else ""
    clean = "".join(c for c in cells.excel_text(name) if c not in "[]:*?/\\").strip("' ") or "Dados"
    return clean[: 31 - len(suffix)] + suffix


def _write_sheet(sheet: Any, table: pa.Table, formats: Mapping[str, str]) -> None:
    sheet.freeze_panes = "A2"
    cells.widths(sheet, [_width(table, i) for i in range(table.num_columns)])
    sheet.append(cells.header(sheet, table.column_names))
    # One cell a column is enough: the streamed sheet writes it out before the next row is asked for.
    moulds = [_Mould(sheet, formats.get(name, "")) for name in table.column_names]
    for batch in _batches(table):
        columns = [_values(batch.column(i)) for i in range(batch.num_columns)]
        for row in zip(*columns, strict=True):
            sheet.append([mould.fill(value) for mould, value in zip(moulds, row, strict=True)])


class _Mould:
    """Turns the values of one column into cells, keeping one cell for text and one for each other kind."""

    def __init__(self, sheet: Any, number_format: str) -> None:
        self._text = WriteOnlyCell(sheet)
        self._date = cells.cell(sheet, dt.date(2000, 1, 1))
        self._time = cells.cell(sheet, dt.datetime(2000, 1, 1))
        self._number = WriteOnlyCell(sheet)
        self._formatted = bool(number_format)
        if number_format:
            self._number.number_format = number_format

    def fill(self, value: Any) -> Any:
        if value is None:
            return None
        if isinstance(value, str):
            cells.put_text(self._text, value)
            return self._text
        if isinstance(value, dt.datetime):
            self._time.value = value.replace(tzinfo=None)
            return self._time
        if isinstance(value, dt.date):
            self._date.value = value
            return self._date
        if self._formatted:
            self._number.value = value
            return self._number
        return value


def _width(table: pa.Table, position: int) -> float:
    """A width that shows the header and the first rows, between 9 and 48 characters."""
    head = table.column(position).slice(0, 50).to_pylist()
    longest = max([len(str(v)) for v in head if v is not None and not isinstance(v, float)], default=8)
    return min(max(longest, len(table.column_names[position])) + 3, 48)


def _arrow(table: pa.Table | pd.DataFrame) -> pa.Table:
    """As an Arrow table, with NaN read as missing and dictionaries unpacked."""
    arrow = pa.Table.from_pandas(table, preserve_index=False) if isinstance(table, pd.DataFrame) else table
    arrow = arrow.replace_schema_metadata(None)
    for position, item in enumerate(arrow.schema):
        column = arrow.column(position)
        if pa.types.is_dictionary(item.type):
            arrow = arrow.set_column(position, item.name, column.cast(item.type.value_type))
        elif pa.types.is_floating(item.type):
            finite = pc.if_else(pc.is_finite(column), column, pa.scalar(None, item.type))
            arrow = arrow.set_column(position, item.name, finite)
    return arrow


def _batches(table: pa.Table) -> Iterator[pa.RecordBatch]:
    for start in range(0, table.num_rows, _BATCH):
        yield from table.slice(start, _BATCH).combine_chunks().to_batches()


def _values(column: pa.Array) -> list[Any]:
    """Python values for XLSX: midnight is a date, truth is "sim", float32 keeps its short form."""
    kind = column.type
    if pa.types.is_boolean(kind):
        return [None if v is None else _YES_NO[v] for v in column.to_pylist()]
    if pa.types.is_timestamp(kind):
        return [_as_date(v) for v in column.cast(pa.timestamp("us", kind.tz)).to_pylist()]
    if pa.types.is_float32(kind):
        return [None if v is None else float(v) for v in column.cast(pa.string()).to_pylist()]
    if pa.types.is_date(kind) or pa.types.is_integer(kind) or pa.types.is_floating(kind) or _is_text(kind):
        return column.to_pylist()
    return [None if v is None else str(v) for v in column.to_pylist()]


def _is_text(kind: pa.DataType) -> bool:
    return pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)


def _as_date(value: dt.datetime | None) -> dt.date | dt.datetime | None:
    if value is None:
        return None
    return value.date() if (value.hour, value.minute, value.second) == (0, 0, 0) else value


def _csv_column(column: pa.Array, decimals: int | None) -> list[str]:
    kind = column.type
    if pa.types.is_floating(kind):
        rounded = pc.round(column, decimals) if decimals is not None else column
        texts = [_plain(v) for v in rounded.cast(pa.string()).to_pylist()]
        return [t.replace(".", ",") for t in texts]
    if pa.types.is_integer(kind):
        return ["" if v is None else str(v) for v in column.to_pylist()]
    if _is_text(kind):
        return _csv_texts(column)
    texts = []
    for value in _values(column):
        if value is None:
            texts.append("")
        elif isinstance(value, dt.datetime):
            texts.append(f"{value:%d/%m/}{value.year:04d}{value: %H:%M}")
        elif isinstance(value, dt.date):
            texts.append(f"{value:%d/%m/}{value.year:04d}")
        else:
            texts.append(guard(value))
    return texts


def _csv_texts(column: pa.Array) -> list[str]:
    """Texts as cells: a text that many rows have is looked at once."""
    encoded = column.cast(pa.large_string()).dictionary_encode()
    told = np.array([*map(guard, encoded.dictionary.to_pylist()), ""], dtype=object)
    found: list[str] = told[encoded.indices.fill_null(len(told) - 1).to_numpy()].tolist()
    return found


def _plain(text: str | None) -> str:
    """A number without exponent: Excel would show `1e-05` as it stands."""
    if text is None:
        return ""
    return f"{float(text):.20f}".rstrip("0").rstrip(".") if "e" in text else text
