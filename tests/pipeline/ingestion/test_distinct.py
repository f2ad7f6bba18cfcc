"""A file whose cells all differ is refused before each of them is read; one with many rows alike is not."""

from __future__ import annotations

import datetime as dt

import pytest

from pipeline.errors import UnreadableFile
from pipeline.ingestion import field_columns, intake
from pipeline.ingestion.reading.reader import read
from pipeline.products.no_show import PRODUCT
from tests.pipeline.ingestion.files import csv_bytes
from tests.refusals import refused

DAY = dt.date(2026, 11, 29)
ROWS = 200


def _file(differ: bool) -> bytes:
    """The product's examples under its labels; each row's own where they are to differ."""
    cells = [[f"{f.examples[0]}{row if differ else ''}" for f in PRODUCT.asked] for row in range(ROWS)]
    return csv_bytes([[f.label for f in PRODUCT.asked], *cells])


def test_distinct_texts_of_all_fields_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(field_columns, "MOST_DISTINCT", ROWS * 4)
    assert intake.ingest(read(_file(differ=False), "a.csv"), PRODUCT, today=DAY).report.rows_read == ROWS
    with refused(UnreadableFile, match="800 valores diferentes"):
        intake.ingest(read(_file(differ=True), "a.csv"), PRODUCT, today=DAY)
    monkeypatch.setattr(field_columns, "MOST_DISTINCT", ROWS * len(PRODUCT.asked))
    assert intake.ingest(read(_file(differ=True), "a.csv"), PRODUCT, today=DAY).report.rows_read == ROWS
