"""Several files of the same columns as one, in the order given: the rows of each follow those of the one before.

Rows are counted on, as if each file's lines had been pasted under the last ones; what is said of the file tells which
rows are whose.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from pipeline.errors import UnreadableFile
from pipeline.ingestion.reading.limits import Limits, weigh
from pipeline.ingestion.reading.raw_table import RawTable
from pipeline.ingestion.reading.vocabulary import AND_MORE, MIXED
from pipeline.records import Note, note

_NAMED = 12  # files that a note names
_NOT_OURS = (".", "_")  # begin the names of what no person put into a folder, and of marks of other programs


def files_of(sources: Sequence[Path]) -> list[Path]:
    """The files in the order given; a folder stands for all that it holds, at any depth, by name. UnreadableFile where
    it holds none.
    """
    return [path for source in sources for path in (_within(source) if source.is_dir() else [source])]


def _within(folder: Path) -> list[Path]:
    found = []
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(_NOT_OURS)]
        found += [Path(place) / name for name in names if not name.startswith(_NOT_OURS)]
    if not found:
        raise UnreadableFile("reading.folder_empty", name=folder.name)
    return sorted(found, key=lambda path: path.relative_to(folder).parts)


def joined(parts: Sequence[RawTable], limits: Limits) -> RawTable:
    """One table of all rows. UnreadableFile where a file has other columns than the first, or all would not fit."""
    if len(parts) == 1:
        return parts[0]
    names = parts[0].table.column_names
    name = f"{parts[0].file_name}{AND_MORE.format(len(parts) - 1)}"
    for part in parts[1:]:
        _refuse_other_columns(parts[0], part)
    rows = sum(part.table.num_rows for part in parts)
    if rows > limits.max_rows:
        raise UnreadableFile("reading.too_many_rows", name=name, limit=limits.max_rows)
    weigh(rows, len(names), name, limits)
    numbers = _counted_on(parts)
    return RawTable(
        pa.concat_tables([part.table.select(names) for part in parts]),
        _as_range(np.concatenate(numbers)),
        name,
        hashlib.sha256("".join(part.sha256 for part in parts).encode()).hexdigest(),
        sum(part.size for part in parts),
        _common([part.format for part in parts]) or MIXED,
        _common([part.encoding for part in parts]),
        _common([part.delimiter for part in parts]),
        _common([part.sheet for part in parts]),
        (),
        (_whose(parts, numbers), *_notes(parts)),
    )


def _refuse_other_columns(first: RawTable, part: RawTable) -> None:
    wanted, found = set(first.table.column_names), set(part.table.column_names)
    if wanted != found:
        raise UnreadableFile(
            "reading.other_columns",
            name=part.file_name,
            first=first.file_name,
            lacking=len(wanted - found),
            more=len(found - wanted),
        )


def _counted_on(parts: Sequence[RawTable]) -> list[np.ndarray]:
    """The rows of each file in the whole: its first one comes next after the last one before it."""
    numbers = [parts[0].rows]
    for part in parts[1:]:
        own = part.rows
        numbers.append(own - own[0] + numbers[-1][-1] + 1)
    return numbers


def _as_range(numbers: np.ndarray) -> np.ndarray | range:
    whole = numbers[-1] - numbers[0] + 1 == len(numbers)
    return range(int(numbers[0]), int(numbers[-1]) + 1) if whole else numbers


def _common(values: Sequence[str | None]) -> str | None:
    return values[0] if len(set(values)) == 1 else None


def _whose(parts: Sequence[RawTable], numbers: Sequence[np.ndarray]) -> Note:
    told = [
        note("reading.rows_of_file", name=part.file_name, first=int(own[0]), last=int(own[-1]), row=int(part.rows[0]))
        for part, own in zip(parts[:_NAMED], numbers, strict=False)
    ]
    return note("reading.several_files", count=len(parts), files=told, more=max(0, len(parts) - _NAMED))


def _notes(parts: Sequence[RawTable]) -> list[Note]:
    """What is said of the files: once where it is said of all, else with the file's name."""
    said = list(dict.fromkeys(_keyed(one) for part in parts for one in part.notes))
    by_key = {_keyed(one): one for part in parts for one in part.notes}
    of_all = [by_key[key] for key in said if all(key in {_keyed(one) for one in part.notes} for part in parts)]
    others = [
        note("reading.of_file", name=part.file_name, what=one)
        for part in parts
        for one in part.notes
        if one not in of_all
    ]
    return [*of_all, *others]


def _keyed(one: Note) -> str:
    return repr(one)
