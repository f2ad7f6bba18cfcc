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
    cells = [[f"{f.examples[0]} {row}" for f in PRODUCT.asked] for row in range(ROWS)]
    return csv_bytes([[f.label for f in PRODUCT.asked], *cells])


def test_only_what_may_be_told_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    like = suggestions._most_like
    monkeypatch.setattr(suggestions, "_most_like", lambda text, names: (looked.append(text), like(text, names))[1])
    report = intake.ingest(read(_all_distinct(), "a.csv"), PRODUCT, today=DAY).report
    sets = sum(bool(f.values) or f.kind.value == "uf" for f in PRODUCT.asked)
    assert len(report.proposals) <= suggestions.MOST
    assert 0 < len(looked) <= suggestions.MOST * max(sets, 1)


def test_the_commonest_come_first_and_ties_keep_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    report = intake.ingest(read(_all_distinct(), "a.csv"), PRODUCT, today=DAY).report
    monkeypatch.setattr(suggestions, "MOST", 10**6)
    whole = intake.ingest(read(_all_distinct(), "a.csv"), PRODUCT, today=DAY).report
    assert whole.proposals[: len(report.proposals)] == report.proposals
