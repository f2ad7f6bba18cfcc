"""Small invented resources, shaped like HL7's public examples of R4 and the RNDS guide of regulated appointments."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from pipeline.ingestion.reading.raw_table import RawTable
from pipeline.ingestion.reading.reader import read
from pipeline.services.catalog import resource_tables

Resource = dict[str, Any]
RNDS = "http://www.saude.gov.br/fhir/r4/StructureDefinition/"
PATIENT, DAY, STATUS, UNIT = "Id único do paciente", "Data do agendamento", "Status do agendamento", "Unidade"


def appointment(name: str = "a1", status: str = "booked", **more: Any) -> Resource:
    """A booking of one patient at one place."""
    return {
        "resourceType": "Appointment",
        "id": name,
        "status": status,
        "start": "2025-01-10T14:30:00-03:00",
        "end": "2025-01-10T15:00:00-03:00",
        "created": "2025-01-02",
        "participant": [actor("Patient/p1"), actor("Location/l1")],
        **more,
    }


def actor(address: str, **more: Any) -> Resource:
    return {"actor": {"reference": address, **more}, "status": "accepted"}


def patient(name: str = "p1", record: str | None = "000123", /, **more: Any) -> Resource:
    numbered = [{"type": {"coding": [{"code": "MR"}]}, "system": "urn:x", "value": record}] if record else []
    return {
        "resourceType": "Patient", "id": name, "identifier": numbered, "name": [{"text": "Fulana Inventada"}],
        "gender": "female", "birthDate": "1985-10-22", **more,
    }  # fmt: skip


def location(name: str = "l1", /, **more: Any) -> Resource:
    return {"resourceType": "Location", "id": name, "name": "Clínica Y", "address": {"state": "SP"}, **more}


def request(name: str = "s1", /, **more: Any) -> Resource:
    return {
        "resourceType": "ServiceRequest", "id": name, "status": "active", "intent": "order",
        "subject": {"reference": "Patient/p1"}, "code": {"text": "Tomografia de Tórax"},
        "category": [{"text": "Tomografia"}], **more,
    }  # fmt: skip


def coverage(name: str = "c1", payor: str = "Amil", /, **more: Any) -> Resource:
    return {
        "resourceType": "Coverage", "id": name, "status": "active",
        "beneficiary": {"reference": "Patient/p1"}, "payor": [{"display": payor}], **more,
    }  # fmt: skip


def bundle(resources: Iterable[Resource], urls: Sequence[str] = (), kind: str = "collection") -> bytes:
    entries = [{"resource": resource} for resource in resources]
    for entry, url in zip(entries, urls, strict=False):
        entry |= {"fullUrl": url}
    return json.dumps({"resourceType": "Bundle", "type": kind, "entry": entries}).encode()


def lines(resources: Iterable[Resource]) -> bytes:
    return "".join(json.dumps(resource) + "\n" for resource in resources).encode()


def table(data: bytes, name: str = "agenda.json") -> RawTable:
    """As the child reads it."""
    return read(data, name, resources=resource_tables())


def row(data: bytes) -> dict[str, str | None]:
    """The only row of a file."""
    (found,) = table(data).table.to_pylist()
    return found


def codes(found: RawTable) -> list[str]:
    return [one.code for one in found.notes]
