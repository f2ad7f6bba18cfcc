"""Somebody's file as a table of texts, read apart; files of FHIR as the products declare their resources.

The one door for every file: the bytes of an upload, or what lies on this machine: a file, several, a folder of them.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pipeline import memory
from pipeline.ingestion.reading import apart, several
from pipeline.ingestion.reading.limits import LIMITS, Limits, within
from pipeline.ingestion.reading.raw_table import RawTable
from pipeline.records import Progress, note
from pipeline.records.sources import Source
from pipeline.services import catalog


def read(
    source: Source | bytes,
    file_name: str | None = None,
    *,
    sheet: str | None = None,
    limits: Limits | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> RawTable:
    """The table that a file holds, whatever product it turns out to be of; several files, or a folder's, are one table
    in the order given (a folder's by name), if their columns are the same. UnreadableFile if it can't be read.

    `limits`: else those of uploads for bytes, and of this machine's memory for a path.
    """
    if isinstance(source, bytes):
        return _read(source, file_name, sheet, limits or LIMITS)
    limits = limits or within(memory.budget())
    files = several.files_of((source,) if isinstance(source, Path) else source)
    if len(files) == 1:
        return _read(files[0], file_name, sheet, limits)
    parts: list[RawTable] = []
    for place, path in enumerate(files, start=1):
        if progress is not None:
            rows = sum(part.table.num_rows for part in parts)
            progress(Progress(0, note("checking.reading_file", name=path.name, place=place, count=len(files)), rows))
        parts.append(_read(path, None, sheet, limits))
    return several.joined(parts, limits)


def _read(source: Path | bytes, name: str | None, sheet: str | None, limits: Limits) -> RawTable:
    return apart.read(source, name, sheet=sheet, limits=limits, resources=catalog.resource_tables())
