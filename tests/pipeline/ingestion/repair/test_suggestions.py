"""Proposals of a file whose cells are all distinct: as many as are told are made, and no more is looked at."""

from __future__ import annotations

import datetime as dt

import pytest

from pipeline.ingestion import intake
from pipeline.ingestion.reading.reader import read
from pipeline.ingestion.repair import suggestions
from pipeline.products.no_show import PRODUCT
from tests.pipeline.ingestion.files import csv_bytes

DAY = dt.date(2026, 11, 29)
ROWS = 400


def _all_distinct() -> bytes:
    words = ["quixeb" + chr(97 + row // 26) + chr(97 + row % 26) for row in range(ROWS)]
    cells = [[word for _ in PRODUCT.asked] for word in words]
    return csv_bytes([[f.label for f in PRODUCT.asked], *cells])


def test_only_what_may_be_told_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    like = suggestions._most_like
    monkeypatch.setattr(suggestions, "_most_like", lambda text, names: (looked.append(text), like(text, names))[1])
    report = intake.ingest(read(_all_distinct(), "a.csv"), PRODUCT, today=DAY).report
    assert len(report.proposals) <= suggestions.MOST
    assert 0 < len(looked) <= suggestions.MOST * len(PRODUCT.asked)


def test_what_is_told_is_the_beginning_of_all_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    report = intake.ingest(read(_all_distinct(), "a.csv"), PRODUCT, today=DAY).report
    monkeypatch.setattr(suggestions, "MOST", 10**6)
    whole = intake.ingest(read(_all_distinct(), "a.csv"), PRODUCT, today=DAY).report
    assert whole.proposals[: len(report.proposals)] == report.proposals
