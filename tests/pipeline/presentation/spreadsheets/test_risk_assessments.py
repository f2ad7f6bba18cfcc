"""Risks as RiskAssessments: sound for the library that knows FHIR, alike when sent twice, and silent on who it is."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.riskassessment import RiskAssessment
from hypothesis import given
from hypothesis import strategies as st

from pipeline.presentation.spreadsheets import Assessment, Assessor, as_bundle, as_ndjson, risk_assessments
from pipeline.products.no_show import PRODUCT

BY = Assessor(PRODUCT, dt.date(2026, 11, 23), "2026-11-20T10:00:00+00:00", dt.date(2026, 11, 19))
SCORED = Assessment(
    7, 0.08888, "low", ("Antecedência de 2 dias: −6 pontos",), "Sem histórico.", dt.date(2026, 11, 24),
    resource="Appointment/a1", subject="Patient/p1", patient="000123",
)  # fmt: skip


def made(*found: Assessment) -> list[dict[str, Any]]:
    return list(risk_assessments(found, BY))


def test_what_is_said_of_an_appointment() -> None:
    (one,) = made(SCORED)
    RiskAssessment.model_validate(one)
    assert one["basis"] == [{"reference": "Appointment/a1"}] and one["subject"] == {"reference": "Patient/p1"}
    assert one["method"]["text"] == ("Presença, Modelo de faltas de 2026-11-20T10:00:00+00:00 (dados até 19/11/2026)")
    (prediction,) = one["prediction"]
    assert prediction["probabilityDecimal"] == 8.89 and prediction["qualitativeRisk"]["text"] == "baixo"
    assert prediction["outcome"]["coding"] == [{"system": "http://hl7.org/fhir/appointmentstatus", "code": "noshow"}]
    assert prediction["whenPeriod"] == {"start": "2026-11-24", "end": "2026-11-24"}
    assert "000123" not in json.dumps(one)


def test_a_row_without_a_risk_says_why() -> None:
    (one,) = made(Assessment(3, None, why="Status “Cancelado”: não há risco a calcular."))
    RiskAssessment.model_validate(one)
    assert one["status"] == "cancelled" and "prediction" not in one and "Cancelado" in one["note"][0]["text"]


SUBJECTS = [
    ({"subject": "Patient/p1"}, {"reference": "Patient/p1"}),
    ({"subject": "urn:x|12"}, {"identifier": {"system": "urn:x", "value": "12"}}),
    ({"subject": "|12"}, {"identifier": {"value": "12"}}),
    ({"patient": "12"}, {"identifier": {"value": "12"}}),
    (
        {"patient": "P-AB12C", "is_pseudonym": True},
        {"identifier": {"system": "urn:presenca:fhir:pseudonimo", "value": "P-AB12C"}},
    ),
]


@pytest.mark.parametrize(("who", "subject"), SUBJECTS)
def test_who_it_is(who: dict[str, Any], subject: dict[str, Any]) -> None:
    (one,) = made(Assessment(1, 0.5, **who))
    RiskAssessment.model_validate(one)
    assert one["subject"] == subject


def test_an_id_is_the_same_for_the_same_appointment_model_and_day() -> None:
    again, other = made(SCORED, Assessment(8, 0.2, resource="Appointment/a2"))
    assert made(SCORED)[0]["id"] == again["id"] != other["id"]
    later = Assessor(PRODUCT, dt.date(2026, 11, 24), BY.made, BY.trained_until)
    assert next(risk_assessments([SCORED], later))["id"] != again["id"]


_WORDS = st.text(max_size=12)


@given(
    st.lists(
        st.builds(
            Assessment,
            st.integers(1, 10**6),
            st.none() | st.floats(0, 1),
            st.sampled_from(["", "low", "medium", "high", "very_high", "strange"]),
            st.lists(_WORDS, max_size=3).map(tuple),
            _WORDS,
        ),
        max_size=4,
    )
)
def test_both_files_hold_every_one(found: list[Assessment]) -> None:
    plain = [json.loads(line) for line in as_ndjson(risk_assessments(found, BY)).splitlines()]
    whole = json.loads(as_bundle(risk_assessments(found, BY)))
    Bundle.model_validate(whole)
    assert [entry["resource"] for entry in whole["entry"]] == plain and len(plain) == len(found)
