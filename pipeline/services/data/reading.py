"""Somebody's file as a table of texts, read apart; files of FHIR as the products declare their resources.

The one door for every file: the bytes of an upload, or what lies on this machine: a file, several, a folder of them.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from pipeline import memory
from pipeline.errors import UnreadableFile
from pipeline.ingestion.reading import apart, several
from pipeline.ingestion.reading.limits import LIMITS, Limits, within
from pipeline.ingestion.reading.raw_table import RawTable
from pipeline.records.sources import Source
from pipeline.services import catalog

_NOT_OURS = (".", "_")  # begin the names of what no person put into a folder, and of marks of other programs


def read(
    source: Source | bytes, file_name: str | None = None, *, sheet: str | None = None, limits: Limits | None = None
) -> RawTable:
    """The table that a file holds, whatever product it turns out to be of; several files, or a folder's, are one table
    in the order given (a folder's by name), if their columns are the same. UnreadableFile if it can't be read.

    `limits`: else those of uploads for bytes, and of this machine's memory for a path.
    """
    if isinstance(source, bytes):
        return _read(source, file_name, sheet, limits or LIMITS)
    limits = limits or within(memory.budget())
    files = files_of((source,) if isinstance(source, Path) else source)
    if len(files) == 1:
        return _read(files[0], file_name, sheet, limits)
    return several.joined([_read(path, None, sheet, limits) for path in files], limits)


def _read(source: Path | bytes, name: str | None, sheet: str | None, limits: Limits) -> RawTable:
    return apart.read(source, name, sheet=sheet, limits=limits, resources=catalog.resource_tables())


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


def name_of(source: Source) -> str:
    """What a source is called: its name, or the first file's where there are several."""
    return source.name if isinstance(source, Path) else source[0].name
