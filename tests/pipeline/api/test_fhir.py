"""FHIR over HTTP: Appointments in, as a Bundle or a line each; RiskAssessments out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.api import serving
from pipeline.products.no_show import PRODUCT
from pipeline.services import Workspace, catalog
from pipeline.services.arrivals import working
from tests.pipeline.api.calling import Client, key_of
from tests.pipeline.ingestion.reading.fhir import made

FHIR = {"content-type": "application/fhir+json"}


def bookings(status: str = "booked", day: str = "2026-12-10") -> list[dict[str, Any]]:
    """Three bookings and what they point to."""
    own = [made.appointment(f"a{n}", status, start=f"{day}T{8 + n:02d}:30:00-03:00") for n in range(3)]
    return [*own, made.patient(), made.location()]


def bundle(found: list[dict[str, Any]]) -> dict[str, Any]:
    """Resources as one."""
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in found]}


def test_risks_go_back_as_risk_assessments(clinic: tuple[Workspace, Path]) -> None:
    client = Client(serving.application(clinic[0]), key_of(clinic[0]))
    path, accept = "/models/current/score", {"accept": "application/fhir+json"}
    plain = client.post(path, json=bundle(bookings()), headers=FHIR).json()["scores"]
    told = client.post(path, json=bundle(bookings()), headers=FHIR | accept)
    assert told.status_code == 200 and told.headers["content-type"] == "application/fhir+json"
    found = [one["resource"] for one in told.json()["entry"]]
    assert [one["resourceType"] for one in found] == ["RiskAssessment"] * 3
    assert [one["basis"][0]["reference"] for one in found] == [f"Appointment/a{n}" for n in range(3)]
    for one, row in zip(found, plain, strict=True):
        assert row["risk"] is not None
        assert one["prediction"][0]["probabilityDecimal"] == pytest.approx(row["risk"] * 100, abs=0.01)
    lines = "\n".join(map(json.dumps, bookings())).encode()
    assert (
        client.post(path, content=lines, headers={"content-type": "application/fhir+ndjson"}).json()["scores"] == plain
    )
    bad = client.post(path, json={"resourceType": "Patient"}, headers=FHIR)
    assert bad.status_code == 422, bad.text


@pytest.mark.parametrize("kind", ["json", "ndjson"])
def test_appointments_are_taken_in_and_what_became_of_them_too(
    workspace_home: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setenv("PRESENCA_TODAY", "2026-11-23")
    monkeypatch.setattr(catalog, "all_products", lambda: (PRODUCT,))
    workspace = Workspace(workspace_home)
    client = Client(serving.application(workspace), key_of(workspace))
    for status in ("booked", "noshow"):
        found = bookings(status, "2026-11-10")
        body = json.dumps(bundle(found)) if kind == "json" else "\n".join(map(json.dumps, found))
        headers = {"content-type": f"application/fhir+{kind}"}
        job = client.post(f"/products/{PRODUCT.key}/records", content=body.encode(), headers=headers).json()["job"]
        working.read_waiting(workspace)
        told = client.get(f"/jobs/{job}").json()
        assert told["state"] == "done" and told["records"] == 3, told
    (info,) = workspace.datasets(PRODUCT.key)
    rows = workspace.rows(info.id)
    assert len(rows) == 3 and rows["state"].astype(str).tolist() == ["event"] * 3
    workspace.close()
