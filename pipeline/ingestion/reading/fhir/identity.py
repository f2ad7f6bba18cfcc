"""Which id tells a patient from others: the clinic's own, never a document where another will do."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from pipeline.ingestion.reading.fhir.elements import Row
from pipeline.ingestion.reading.fhir.index import Node, literal, many, texts
from pipeline.ingestion.reading.fhir.vocabulary import CNS, CPF, NATIONAL_TYPES

_UUID = re.compile(r"^urn:uuid:([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$")
_GONE = ("old", "temp")


def local_system(patients: Iterable[Node]) -> str:
    """The system under which most patients have an identifier of the clinic's own; "" where none has.

    One for the whole file, so that two patients are never alike because two systems count alike.
    """
    counts = Counter(system for patient in patients for system in {texts(i, "system") for i in _local(patient)})
    return min(counts, key=lambda system: (-counts[system], system), default="")


def patient_id(reference: Node, row: Row, system: str) -> str:
    """The id of the patient that a Reference points to; "" where nothing tells them from others.

    In order: the identifier under `system`; the id of the resource; CPF; CNS; another identifier; a UUID.
    """
    found = row.find(reference)
    address = texts(reference, "reference")
    own = [i for i in (*many(found, "identifier"), reference.get("identifier")) if texts(i, "value")]
    local = [texts(i, "value") for i in _local({"identifier": own}) if texts(i, "system") == system]
    if local:
        return local[0]
    known = literal(address)
    if known:
        return known[1]
    if found is not None and not address.startswith("#") and texts(found, "id"):
        return texts(found, "id")
    uuid = _UUID.match(address)
    return _document(own) or (uuid[1] if uuid else "")


def _document(identifiers: list[Any]) -> str:
    """CPF before CNS before another; the first in the order of their texts, which no order of entries changes."""

    def rank(item: Any) -> tuple[int, str]:
        system = texts(item, "system").lower()
        kind = 0 if any(s in system for s in CPF) else 1 if any(s in system for s in CNS) else 2
        return kind, texts(item, "value")

    return min(map(rank, identifiers))[1] if identifiers else ""


def _local(patient: Node) -> list[Node]:
    """The identifiers that the clinic gave, the medical record first."""
    found = [
        item
        for item in many(patient, "identifier")
        if texts(item, "value") and texts(item, "use") not in _GONE and not _national(item)
    ]
    return sorted(found, key=_preferred)


def _preferred(item: Node) -> tuple[bool, bool, str]:
    return "MR" not in _types(item), texts(item, "use") != "usual", texts(item, "value")


def _types(item: Node) -> set[str]:
    return {texts(coding, "code") for coding in many(item.get("type"), "coding")}


def _national(item: Node) -> bool:
    system = texts(item, "system").lower()
    return any(sign in system for sign in (*CPF, *CNS)) or bool(_types(item) & NATIONAL_TYPES)
