"""Every file of the corpus gives the report that it must, accuses nothing else, and comes back clean."""

from __future__ import annotations

import functools

import pytest

from pipeline.ingestion.cleaned_table import clean_table
from pipeline.ingestion.dataset import Dataset
from pipeline.ingestion.intake import ingest
from pipeline.ingestion.reading.reader import read
from pipeline.products.no_show import PRODUCT
from tests.pipeline.ingestion.corpus import CASES, ROWS, Case
from tests.pipeline.ingestion.tables import TODAY, sound
from tests.refusals import said_of

ALWAYS = {"few_of_one_class", "short_period"}  # sixteen rows of two weeks teach nothing
DATES = ("birth_date", "contact_date", "scheduled_date")


@functools.cache
def _taken_in(name: str) -> Dataset:
    """A case's file, read once for both questions."""
    case = next(case for case in CASES if case.name == name)
    return ingest(read(case.data, case.file), PRODUCT, today=TODAY)


def test_the_corpus_is_large_enough() -> None:
    assert len(CASES) >= 60 and len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_what_is_said_of_a_file(case: Case) -> None:
    dataset = _taken_in(case.name)
    report = dataset.report
    assert (report.rows_read, report.rows_usable) == (case.rows, case.usable)
    assert sum(1 for f in report.fields if f.header) == case.fields
    faults = dataset.faults
    accused = {
        rule: tuple(rows) for rule, rows in faults.groupby(faults["rule"].astype(str))["row"].apply(list).items()
    }
    assert accused == dict(case.issues)
    assert {issue.rule for issue in report.issues} - ALWAYS == set(case.issues)
    said = " ".join(said_of(report.file))
    assert all(note in said for note in case.notes)
    assert report.rows_usable + len(dataset.left_out) == report.rows_read


@pytest.mark.parametrize("case", [c for c in CASES if c.same], ids=[c.name for c in CASES if c.same])
def test_the_clean_file_holds_what_was_meant(case: Case) -> None:
    dataset = _taken_in(case.name)
    assert len(dataset.rows) == ROWS
    for key, cells in sound(ROWS).items():
        if dataset.sheet.columns[key].header is None:
            continue
        if key in DATES:
            assert dataset.rows[key].dt.strftime("%d/%m/%Y").tolist() == cells
        elif key != "unit":
            assert dataset.rows[key].astype(str).tolist() == cells
    again = ingest(_round(dataset), PRODUCT, today=TODAY)
    ours = list(sound(1))
    assert again.rows[ours].astype(str).to_numpy().tolist() == dataset.rows[ours].astype(str).to_numpy().tolist()


def _round(dataset):  # type: ignore[no-untyped-def]
    """The clean file, written and read again."""
    from pipeline.presentation.spreadsheets import csv_bytes

    return read(csv_bytes(clean_table(dataset)), "limpo.csv")
