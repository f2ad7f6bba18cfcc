"""A file read and checked, with today's date; what looks like another product's file says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from pipeline.contract import Product
from pipeline.errors import MissingFields
from pipeline.ingestion import intake as ingestion
from pipeline.ingestion.dataset import Dataset
from pipeline.ingestion.intake import NOTHING
from pipeline.ingestion.reading.reader import RawTable
from pipeline.records import Progress, Recipe
from pipeline.records.sources import Source
from pipeline.services import clock
from pipeline.services.catalog import product
from pipeline.services.data import other_product
from pipeline.services.data.reading import read

Report = Callable[[Progress], None]


def load(
    product_key: str,
    source: Source | bytes,
    *,
    file_name: str | None = None,
    sheet: str | None = None,
    recipe: Recipe = NOTHING,
    progress: Report | None = None,
) -> Dataset:
    """Reads and checks a file. UnreadableFile if it can't be read, MissingFields without what can't be done without."""
    return ingest(
        product(product_key),
        read(source, file_name, sheet=sheet or recipe.sheet, progress=progress),
        recipe=recipe,
        progress=progress,
    )


def rows_of(declared: Product, raw: RawTable, progress: Report | None = None) -> Dataset:
    """As `ingest`, of rows that are scored and not kept: which other product they may be of is not asked."""
    return ingestion.ingest(raw, declared, today=clock.today(), progress=progress)


def ingest(declared: Product, raw: RawTable, *, recipe: Recipe = NOTHING, progress: Report | None = None) -> Dataset:
    """The door of ingestion, with today's date; a file that looks like another product's says so."""
    try:
        found = ingestion.ingest(raw, declared, recipe=recipe, today=clock.today(), progress=progress)
    except MissingFields as error:
        other = other_product.other_product(raw, declared)
        raise error if other is None else other_product.refusal(error, other) from None
    other = other_product.other_product(raw, declared)
    if other is None:
        return found
    report = found.report
    notes = (*report.file.notes, other_product.looks_like(other))
    return replace(found, report=replace(report, file=replace(report.file, notes=notes)))
