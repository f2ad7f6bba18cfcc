"""Each rule finds what is planted, at the right rows, and accuses nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pytest

from pipeline.contract import RuleKind
from pipeline.ingestion.checking.rule_types import TYPES
from pipeline.products.no_show.sample import generate, planted_errors
from tests.pipeline.ingestion.tables import ingested, issues_by_rule, sentence, sound

ROWS = 1_000

Cells = Mapping[str, tuple[int, str]]  # field -> (place of the row, cell)


@pytest.mark.parametrize(
    ("rule", "severity", "cells"),
    [
        ("scheduled_missing", "blocker", {"scheduled_date": (4, " ")}),
        ("scheduled_unreadable", "blocker", {"scheduled_date": (4, "31/02/2026")}),
        ("contact_after_scheduled", "blocker", {"contact_date": (4, "30/03/2026")}),
        ("outcome_in_future", "warning", {"scheduled_date": (4, "01/04/2026")}),
        ("status_unknown", "warning", {"status": (4, "A verificar")}),
        ("status_missing", "warning", {"status": (4, "")}),
        ("patient_destroyed", "warning", {"patient_id": (4, "1,23457E+10")}),
        ("patient_missing", "warning", {"patient_id": (4, "-")}),
        ("contact_unreadable", "warning", {"contact_date": (4, "ontem")}),
        ("contact_missing", "warning", {"contact_date": (4, "NULL")}),
        ("birth_unreadable", "warning", {"birth_date": (4, "00/00/0000")}),
        ("birth_after_contact", "warning", {"birth_date": (4, "09/01/2026")}),
        ("age_impossible", "warning", {"birth_date": (4, "01/01/1880")}),
        ("sex_unknown", "warning", {"sex": (4, "Z")}),
        ("channel_unknown", "warning", {"booking_channel": (4, "Fax")}),
        ("uf_unknown", "warning", {"uf": (4, "XX")}),
        ("status_excluded", "note", {"status": (4, "Cancelado")}),
        ("birth_missing", "note", {"birth_date": (4, "#N/D")}),
        ("sex_missing", "note", {"sex": (4, "não informado")}),
        ("channel_missing", "note", {"booking_channel": (4, "")}),
        ("type_missing", "note", {"appointment_type": (4, "n/a")}),
        ("exam_category_asked", "note", {"exam_category": (4, "")}),
        ("procedure_missing", "note", {"procedure": (4, "")}),
        ("unit_missing", "note", {"unit": (4, "nan")}),
        ("uf_missing", "note", {"uf": (4, "")}),
        ("plan_missing", "note", {"health_plan": (4, "")}),
        ("status_rewritten", "note", {"status": (4, "compareceu")}),
        ("sex_rewritten", "note", {"sex": (4, "masc.")}),
        ("channel_rewritten", "note", {"booking_channel": (4, "WhatsApp")}),
        ("uf_rewritten", "note", {"uf": (4, "São Paulo")}),
        ("plan_variants", "note", {"health_plan": (4, "AMIL")}),
        ("unit_variants", "note", {"unit": (4, "hospital  y.")}),
        ("procedure_variants", "note", {"procedure": (4, "RESSONANCIA DE PELVE")}),
    ],
)
def test_a_planted_fault_is_found_alone(rule: str, severity: str, cells: Cells) -> None:
    columns = sound(ROWS)
    for key, (place, cell) in cells.items():
        columns[key][place] = cell
    found = issues_by_rule(ingested(columns))
    assert set(found) == {rule}
    issue = found[rule]
    assert (issue.severity, issue.rows, issue.examples) == (severity, 1, (6,))  # the header is row 1
    assert issue.loses_rows == (severity == "blocker")
    assert sentence(issue).endswith(".") and not set("{[") & set(sentence(issue))


def test_sound_rows_have_nothing_wrong() -> None:
    data = ingested(sound(ROWS))
    assert data.report.issues == () and data.report.usable_for == ("training", "scoring")
    assert data.report.rows_usable == data.report.rows_read == ROWS and data.left_out.empty


def _two_births(columns: dict[str, list[str]]) -> None:
    for place in (10, 11, 12):
        columns["patient_id"][place] = "P00010"
    columns["birth_date"][10] = columns["birth_date"][11] = "01/02/1980"
    columns["birth_date"][12] = "02/02/1980"


def _two_ufs(columns: dict[str, list[str]]) -> None:
    columns["uf"][13] = "MG"


def _repeat(columns: dict[str, list[str]]) -> None:
    for column in columns.values():
        column[21] = column[20]


def _totals(columns: dict[str, list[str]]) -> None:
    for key, column in columns.items():
        column[-1] = {"patient_id": "TOTAL GERAL", "unit": "999"}.get(key, "")


def _wrong_cpf(columns: dict[str, list[str]]) -> None:
    from stdnum.br import cpf

    valid = (f"{i:011d}" for i in range(10_000_000_000, 10_000_200_000) if cpf.is_valid(f"{i:011d}"))
    columns["patient_id"] = [next(valid) for _ in columns["patient_id"]]
    columns["patient_id"][30] = columns["patient_id"][30][:-1] + str((int(columns["patient_id"][30][-1]) + 1) % 10)


@pytest.mark.parametrize(
    ("rule", "plant", "rows", "examples"),
    [
        ("patient_two_births", _two_births, 3, (14,)),
        ("unit_two_ufs", _two_ufs, ROWS // 2, (15,)),
        ("repeated", _repeat, 1, (23,)),
        ("totals_row", _totals, 1, (ROWS + 1,)),
        ("patient_cpf", _wrong_cpf, 1, (32,)),
    ],
)
def test_rows_held_against_each_other(rule: str, plant: Callable, rows: int, examples: tuple[int, ...]) -> None:
    columns = sound(ROWS)
    plant(columns)
    data = ingested(columns)
    found = issues_by_rule(data)
    assert set(found) == {rule}
    assert (found[rule].rows, found[rule].examples) == (rows, examples)
    assert not any(cell in repr(data.report) for cell in columns["patient_id"][:40])


def test_too_few_a_short_period_and_a_month_unlike_the_others() -> None:
    few = issues_by_rule(ingested(sound(100)))
    assert few["few_of_one_class"].rows == 20 and "20 de falta e 80 de presença" in sentence(few["few_of_one_class"])
    columns = {key: column[:40] for key, column in sound(ROWS).items()}
    assert "40 dias, de 05/01/2026 a 13/02/2026" in sentence(issues_by_rule(ingested(columns))["short_period"])
    columns = sound(ROWS)
    columns["status"] = [
        "No Show" if day[3:5] == "02" and i % 2 else status
        for i, (day, status) in enumerate(zip(columns["scheduled_date"], columns["status"], strict=True))
    ]
    jump = issues_by_rule(ingested(columns))
    assert set(jump) == {"rate_jump"} and "fevereiro de 2026 (6" in sentence(jump["rate_jump"])


def test_the_file_of_errors_is_found_as_it_was_planted() -> None:
    import pyarrow as pa

    size = 4_000
    table = pa.concat_tables(generate(size, 11, errors=True))
    found = issues_by_rule(
        ingested({name: [c or "" for c in table.column(name).to_pylist()] for name in table.column_names})
    )
    loose = {"unit_two_ufs", "patient_two_births", "repeated", "outcome_in_future", "status_missing"}
    for code, rows in planted_errors(size, 11).items():
        if code in loose:  # conflicts accuse both sides; what is future depends on the day of the test
            continue
        assert found[code].rows == rows, code


def test_every_kind_of_rule_that_is_declared_has_a_check() -> None:
    assert set(RuleKind) == set(TYPES)


def test_a_row_is_counted_once_under_its_first_blocker() -> None:
    columns = sound(ROWS)
    columns["scheduled_date"][3], columns["contact_date"][3] = "", "30/03/2026"
    columns["contact_date"][5] = "30/03/2026"
    columns["scheduled_date"][6] = "99/99/2026"
    report = (data := ingested(columns)).report
    assert report.rows_usable + report.rows_left_out == report.rows_read
    assert sum(rows for _, rows in report.left_out) == report.rows_left_out == len(data.left_out) == 3
    assert data.left_out["row"].tolist() == [5, 7, 8]
    assert len(data.rows) + len(data.left_out) == ROWS
    assert np.all(np.diff(data.rows["row"]) > 0)
