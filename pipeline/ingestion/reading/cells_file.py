"""Cells of a large file as an Arrow file on disk, mapped: the process's own memory never holds their texts.

Batches are written as they come; the table that is given back reads them from the file, zero-copy. On POSIX the file's
name may go while the table lives: its bytes go with the table.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from pipeline import scratch
from pipeline.errors import UnreadableFile

BATCH = 65_536  # rows of a batch
_ROOM = 1.4  # bytes on disk for each of a text's own: offsets, and cells that stand between separators


@dataclass(frozen=True)
class CellsFile:
    """Where the cells of a table lie: the Arrow file, and its column for each of the table's."""

    path: Path
    columns: tuple[int, ...]

    def only(self, places: Iterable[int]) -> CellsFile:
        """The same without the other columns."""
        return replace(self, columns=tuple(self.columns[place] for place in places))


@dataclass(frozen=True)
class HeldCells:
    """A table of text, and where it lies on disk; `file` is None where the memory holds it."""

    table: pa.Table
    file: CellsFile | None = None


def write(batches: Iterable[pa.RecordBatch], schema: pa.Schema, folder: Path) -> HeldCells:
    """The batches as one mapped table, in a file of its own in `folder`."""
    path = folder / f"cells-{secrets.token_hex(4)}.arrow"
    try:
        with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, schema) as writer:
            for batch in batches:
                writer.write_batch(batch)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return HeldCells(mapped(path), CellsFile(path, tuple(range(len(schema)))))


def mapped(path: Path) -> pa.Table:
    """The table that a file holds: mapped where a file in use may lose its name (POSIX), else read whole."""
    source = pa.memory_map(str(path)) if os.name == "posix" else pa.BufferReader(path.read_bytes())
    with pa.ipc.open_file(source) as file:
        return file.read_all()


def changed(cells: HeldCells, change: Callable[[pa.Table, int], pa.Table], folder: Path) -> HeldCells:
    """The cells after `change`, which is handed a piece of the table and its first row; written anew, piece by piece,
    where they lie on disk. The old file goes.
    """
    if cells.file is None:
        return HeldCells(change(cells.table, 0))
    schema = change(cells.table.slice(0, 0), 0).schema
    made = write(_pieces(cells.table, change), schema, folder)
    if os.name == "posix":
        cells.file.path.unlink(missing_ok=True)
    return made


def _pieces(table: pa.Table, change: Callable[[pa.Table, int], pa.Table]) -> Iterable[pa.RecordBatch]:
    for first in range(0, table.num_rows, BATCH):
        yield from change(table.slice(first, BATCH), first).combine_chunks().to_batches()


def gathered(pieces: Iterable[pa.Table], schema: pa.Schema, *, large: bool) -> pa.Table:
    """The pieces as one table: mapped, in a file that goes with it, where it is large."""
    if not large:
        return pa.concat_tables([schema.empty_table(), *pieces])
    with scratch.folder() as folder:
        return write((batch for piece in pieces for batch in piece.combine_chunks().to_batches()), schema, folder).table


def check_room(size: int, folder: Path, name: str) -> None:
    """UnreadableFile where the disk has no room for the cells of a text of `size` bytes."""
    needed, free = int(size * _ROOM), shutil.disk_usage(folder).free
    if needed > free:
        raise UnreadableFile("reading.no_room", name=name, needed=needed, free=free)
