"""Records that a program sent, as the table of texts that a file would be: from there on nothing differs."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import msgspec
import pyarrow as pa

from pipeline.contract import Product
from pipeline.errors import PresencaError
from pipeline.ingestion.reading.raw_table import RawTable

Cell = str | int | float | bool | None
Record = dict[str, Cell]
FORMAT = "json"
MOST = 100_000
_YES, _NO = "Sim", "Não"  # as a clinic writes what JSON calls true and false


class _Whole(msgspec.Struct):
    records: list[Record]


_LIST = msgspec.json.Decoder(list[Record] | _Whole)
_LINE = msgspec.json.Decoder(Record)


def from_json(content: bytes) -> list[Record]:
    """The records of a JSON array, or of an object's array `records`. PresencaError where it is something else."""
    try:
        found = _LIST.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise PresencaError("sending.not_records") from None
    return _counted(found.records if isinstance(found, _Whole) else found)


def from_lines(content: bytes) -> list[Record]:
    """The records of NDJSON: a JSON object a line, empty lines between them. PresencaError where it is not that."""
    try:
        return _counted([_LINE.decode(line) for line in content.splitlines() if line.strip()])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise PresencaError("sending.not_records") from None


def _counted(records: list[Record]) -> list[Record]:
    if not any(records):
        raise PresencaError("sending.empty")
    if len(records) > MOST:
        raise PresencaError("sending.too_many_records", limit=MOST)
    return records


def table_of(records: Sequence[Record], product: Product, name: str) -> RawTable:
    """The records as a table, the first of them its row 1. A field may be named by its key; any other name is a
    header, as in a file. PresencaError where one record names a field twice.
    """
    labels = {field.key: field.label for field in product.fields}
    columns: dict[str, list[str | None]] = {}
    for place, record in enumerate(records):
        for key, cell in record.items():
            header = labels.get(key, key)
            column = columns.get(header)
            if column is None:  # made once: making one for each cell would be quadratic
                column = columns[header] = [None] * len(records)
            if column[place] is not None and cell is not None:
                raise PresencaError("sending.field_twice", field=header[:80])
            column[place] = column[place] if cell is None else _text(cell)
    cells = [[cell or None for cell in column] for column in columns.values()]  # an empty cell is null, as in a file
    table = pa.table([pa.array(column, pa.string()) for column in cells], names=list(columns))
    whole = msgspec.json.encode(records)
    return RawTable(
        table,
        range(1, len(records) + 1),
        name,
        hashlib.sha256(whole).hexdigest(),
        len(whole),
        FORMAT,
        "utf-8",
        None,
        None,
        (),
        (),
    )


def _text(cell: str | int | float | bool) -> str:
    if isinstance(cell, bool):
        return _YES if cell else _NO
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell).replace(".", ",")
    return str(cell)
