"""The door of the reading room for whoever has somebody else's file: read in a child under limits, never in here.

The child (`pipeline.sandbox`) turns bytes into a table of texts, writes it as Arrow and dies. What kills it (time,
memory, a fault in a library) is a refusal like any other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import sandbox, scratch
from pipeline.errors import UnreadableFile
from pipeline.ingestion.reading import cells_file, endings, reader
from pipeline.ingestion.reading.limits import LIMITS, Limits
from pipeline.ingestion.reading.raw_table import RawTable
from pipeline.records import FileFacts, Note, from_plain, to_plain
from pipeline.resource_declarations import ResourceTable

_CELLS, _ROWS = "cells.arrow", "rows.arrow"
_PACKED = 8  # times; resources of FHIR pack some twenty times


def read(
    source: Path | bytes,
    file_name: str | None = None,
    *,
    sheet: str | None = None,
    limits: Limits = LIMITS,
    resources: Sequence[ResourceTable] = (),
) -> RawTable:
    """What `reader.read` gives, from a child. UnreadableFile as there, and where the child was ended."""
    name = file_name or (source.name if isinstance(source, Path) else reader.UNNAMED)
    with scratch.folder() as folder:
        path = reader.on_disk(source, folder, name, limits)
        request = {
            "path": str(path.absolute()),
            "folder": str(folder),
            "name": name,
            "sheet": sheet,
            "limits": asdict(limits),
            "resources": to_plain(tuple(resources)),
        }
        box = sandbox.reading(_weight(path, name))
        try:
            answer = sandbox.call(f"{__name__}:{answer_for.__name__}", request, box, folder=str(folder))
        except sandbox.Ended as ended:
            raise endings.refusal(ended, name) from None
        return _table(answer, folder, name)


def _weight(path: Path, name: str) -> int:
    """Bytes that a file counts for in the time that its reading may take: a packed text holds many more."""
    with path.open("rb") as file:
        packed = file.read(2) in (b"\x1f\x8b", b"PA") or name.lower().endswith(".zip")
    return path.stat().st_size * (_PACKED if packed else 1)


def _table(answer: Any, folder: Path, name: str) -> RawTable:
    """What the child wrote, once it is sound; UnreadableFile where it refused or wrote something else."""
    try:
        if "refused" in answer:
            refused = from_plain(Note, answer["refused"])
            raise UnreadableFile(refused.code, **refused.params)
        facts: FileFacts = from_plain(FileFacts, answer["facts"])
        cells, rows = _cells(answer["cells"], folder), _numbers(answer["first"], folder)
        cells.validate(full=True)
    except (ValueError, TypeError, KeyError, OSError, pa.ArrowException):
        raise UnreadableFile("reading.ended_fault", name=name) from None
    if len(rows) != cells.num_rows or any(kind != pa.string() for kind in cells.schema.types):
        raise UnreadableFile("reading.ended_fault", name=name)
    return RawTable.of_facts(cells, rows, facts)


def _numbers(first: list[int] | None, folder: Path) -> np.ndarray | range:
    if first is not None:
        return range(*(int(place) for place in first))
    return cells_file.mapped(folder / _ROWS).column(0).to_numpy()


def _cells(told: Any, folder: Path) -> pa.Table:
    """The columns that the child names of a file that it wrote into `folder`, under the names that it gives them."""
    table = cells_file.mapped(folder / Path(str(told["file"])).name)
    if told["columns"] is None:
        return table
    return table.select([int(place) for place in told["columns"]]).rename_columns([str(name) for name in told["names"]])


def make_ready() -> None:
    """For the child's host: what the first call to Arrow's functions would import."""
    pc.equal(pa.array(["a"]), "a")


def answer_for(request: Mapping[str, Any]) -> dict[str, Any]:
    """The child's part: reads `path` and writes its cells into `folder`; says the facts, or the note of a refusal."""
    folder, limits = Path(request["folder"]), Limits(**request["limits"])
    try:
        raw = reader.read(
            Path(request["path"]),
            request["name"],
            sheet=request["sheet"],
            limits=limits,
            folder=folder,
            resources=from_plain(tuple[ResourceTable, ...], request["resources"]),
        )
    except UnreadableFile as error:
        return {"refused": to_plain(error.note)}
    numbers = raw.row_numbers
    if not isinstance(numbers, range):
        _write(pa.table({"row": pa.array(numbers)}), folder / _ROWS)
    first = [numbers.start, numbers.stop] if isinstance(numbers, range) else None
    return {"facts": to_plain(raw.facts), "first": first, "cells": _written(raw, folder)}


def _written(raw: RawTable, folder: Path) -> dict[str, Any]:
    """Where the cells are to be found: in the file that the reading made, or in one that is written now."""
    if raw.cells is None:
        _write(raw.table, folder / _CELLS)
        return {"file": _CELLS, "columns": None}
    return {"file": raw.cells.path.name, "columns": raw.cells.columns, "names": raw.table.column_names}


def _write(table: pa.Table, path: Path) -> None:
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table)
