"""Somebody's file as a table of texts, read apart; files of FHIR as the products declare their resources."""

from __future__ import annotations

from pathlib import Path

from pipeline import memory
from pipeline.ingestion.reading import apart
from pipeline.ingestion.reading.limits import LIMITS, Limits, within
from pipeline.ingestion.reading.raw_table import RawTable
from pipeline.services import catalog


def read(
    source: Path | bytes, file_name: str | None = None, *, sheet: str | None = None, limits: Limits | None = None
) -> RawTable:
    """The table that a file holds, whatever product it turns out to be of. UnreadableFile if it can't be read.

    `limits`: else those of uploads for bytes, and of this machine's memory for a path.
    """
    if limits is None:
        limits = within(memory.budget()) if isinstance(source, Path) else LIMITS
    return apart.read(source, file_name, sheet=sheet, limits=limits, resources=catalog.resource_tables())
