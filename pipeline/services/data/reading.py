"""Somebody's file as a table of texts, read apart; files of FHIR as the products declare their resources."""

from __future__ import annotations

from pathlib import Path

from pipeline.ingestion.reading import apart
from pipeline.ingestion.reading.limits import LIMITS, Limits
from pipeline.ingestion.reading.raw_table import RawTable
from pipeline.services import catalog


def read(
    source: Path | bytes, file_name: str | None = None, *, sheet: str | None = None, limits: Limits = LIMITS
) -> RawTable:
    """The table that a file holds, whatever product it turns out to be of. UnreadableFile if it can't be read."""
    return apart.read(source, file_name, sheet=sheet, limits=limits, resources=catalog.resource_tables())
