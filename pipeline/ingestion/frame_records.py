"""Records as MLflow's scoring protocol sends them: a frame split into names and rows, its records, or its columns."""

from __future__ import annotations

import json

import msgspec

from pipeline.errors import PresencaError
from pipeline.ingestion.record_table import Cell, Record


class _Split(msgspec.Struct):
    """As pandas splits a frame."""

    columns: list[str]
    data: list[list[Cell]]


class _Body(msgspec.Struct):
    """What MLflow's scoring server takes: one of these, with or without an index or parameters."""

    dataframe_split: _Split | None = None
    dataframe_records: list[Record] | None = None
    instances: list[Record] | None = None
    inputs: dict[str, list[Cell]] | list[Record] | None = None


def from_mlflow(content: bytes) -> list[Record]:
    """The records of a body of MLflow's protocol, in their order. PresencaError where it is something else, says it in
    two ways, or has rows or columns of unequal length.
    """
    found = _decoded(content)
    told = (found.dataframe_split, found.dataframe_records, found.instances, found.inputs)
    if sum(one is not None for one in told) != 1:
        raise PresencaError("sending.not_records")
    records = _records(next(one for one in told if one is not None))
    if not any(records):
        raise PresencaError("sending.empty")
    return records


def _decoded(content: bytes) -> _Body:
    """MLflow's own client writes an empty cell as NaN, which JSON does not know: it is an empty cell."""
    try:
        return msgspec.convert(json.loads(content, parse_constant=lambda _: None), _Body)
    except (ValueError, RecursionError):
        raise PresencaError("sending.not_records") from None


def _records(told: _Split | list[Record] | dict[str, list[Cell]]) -> list[Record]:
    if isinstance(told, list):
        return told
    split = isinstance(told, _Split)
    names, lines = (told.columns, told.data) if isinstance(told, _Split) else (list(told), list(told.values()))
    wanted = len(names) if split else len(lines[0]) if lines else 0
    if len(set(names)) != len(names) or any(len(line) != wanted for line in lines):
        raise PresencaError("sending.not_a_frame")
    rows = lines if split else [list(row) for row in zip(*lines, strict=True)]
    return [dict(zip(names, row, strict=True)) for row in rows]
