"""The validation report finds the faults that were planted in the sample of errors, and none in the clean ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import services
from pipeline.products.no_show.sample import generate, planted_errors
from pipeline.records import ValidationReport
from pipeline.sampling import write_csv

# Here the report also counts the rows that the planted ones contradict.
AT_LEAST = {"patient_two_births", "unit_two_ufs"}


@pytest.fixture(autouse=True)
def _the_day_of_the_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESENCA_TODAY", "2026-11-23")


def report_of(path: Path, rows: int, seed: int, **flags: bool) -> ValidationReport:
    write_csv(generate(rows, seed, **flags), path)
    return services.load("no_show", path).report


@pytest.mark.parametrize(("rows", "seed"), [(600, 7), (1_500, 12)])
def test_every_planted_fault_is_found_and_counted(tmp_path: Path, rows: int, seed: int) -> None:
    found = {issue.rule: issue.rows for issue in report_of(tmp_path / "erros.csv", rows, seed, errors=True).issues}
    for code, planted in planted_errors(rows, seed).items():
        assert planted > 0, code
        counted = found.get(code, 0)
        assert counted >= planted if code in AT_LEAST else counted == planted, (code, planted, counted)


def test_clean_samples_have_nothing_but_bookings_called_off(tmp_path: Path) -> None:
    past = report_of(tmp_path / "passado.csv", 3_000, 7)
    assert {issue.rule for issue in past.issues} == {"status_excluded"}
    assert set(past.usable_for) == {"training", "scoring"}
    future = report_of(tmp_path / "futuro.csv", 300, 7, future=True)
    assert {issue.rule for issue in future.issues} == {"status_excluded"}
    assert set(future.usable_for) == {"scoring"}
