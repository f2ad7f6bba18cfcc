"""Risks as FHIR R4 hears them: a RiskAssessment for each appointment, as NDJSON or as a Bundle.

The probability is a percentage, as R4 defines it ("decimal values are expressed as percentages as well (max = 100)").
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pipeline.contract import Product
from pipeline.presentation.frames.assessments import Assessment
from pipeline.presentation.locale import names
from pipeline.presentation.sentences.risk_assessment_words import method

RISK_SYSTEM = "http://terminology.hl7.org/CodeSystem/risk-probability"
_ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
PSEUDONYM, LINE = "urn:presenca:fhir:pseudonimo", "urn:presenca:fhir:linha"
_LEVELS = {"low": "low", "medium": "moderate", "high": "high", "very_high": "high"}  # R4 has none above high
Resource = dict[str, Any]


@dataclass(frozen=True)
class Assessor:
    """By what, and as of which day, risks were told: the product, and when its model was made and on what days."""

    product: Product
    as_of: dt.date
    made: str
    trained_until: dt.date | None


def risk_assessments(found: Iterable[Assessment], by: Assessor) -> Iterator[Resource]:
    """A RiskAssessment for each: `final` with its prediction, `cancelled` with a note where there is no risk."""
    how = {"text": method(by.product, by.made, by.trained_until)}
    for one in found:
        yield {key: value for key, value in _resource(one, by, how).items() if value}


def _resource(one: Assessment, by: Assessor, how: Resource) -> Resource:
    scored = one.risk is not None
    return {
        "resourceType": "RiskAssessment",
        "id": _id(one, by),
        "identifier": [{"system": LINE, "value": str(one.row)}],
        "status": "final" if scored else "cancelled",
        "method": how,
        "code": {"text": by.product.words.risk_title},
        "subject": _subject(one),
        "occurrenceDateTime": by.as_of.isoformat(),
        "basis": [{"reference": one.resource}] if one.resource else None,
        "prediction": [_prediction(one, by)] if scored else None,
        "note": [{"text": one.why}] if one.why else None,
    }


def _id(one: Assessment, by: Assessor) -> str:
    """The same for the same appointment, model and day, so that what is sent twice is one; it tells nothing of them."""
    told = "|".join((one.resource or f"{LINE}|{one.row}", by.made, by.as_of.isoformat()))
    return f"presenca-{hashlib.sha256(told.encode()).hexdigest()[:32]}"


def _subject(one: Assessment) -> Resource:
    """The reference as it came; else what tells the patient from others; else that nothing does."""
    system, between, value = one.subject.rpartition("|")
    if between:
        return {"identifier": {"system": system, "value": value} if system else {"value": value}}
    if one.subject:
        return {"reference": one.subject}
    if one.patient:
        named = {"system": PSEUDONYM, "value": one.patient} if one.is_pseudonym else {"value": one.patient}
        return {"identifier": named}
    return {"extension": [{"url": _ABSENT, "valueCode": "unknown"}]}


def _prediction(one: Assessment, by: Assessor) -> Resource:
    assert one.risk is not None
    told: Resource = {
        "outcome": _outcome(by.product),
        "probabilityDecimal": round(100 * one.risk, 2),
        "qualitativeRisk": _level(one.tier),
        "whenPeriod": {"start": one.day.isoformat(), "end": one.day.isoformat()} if one.day else None,
        "rationale": "; ".join(one.reasons),
    }
    return {key: value for key, value in told.items() if value not in (None, "")}


def _outcome(product: Product) -> Resource:
    text = product.words.event
    event = product.resource.event if product.resource else None
    if event is None:
        return {"text": text}
    return {"coding": [{"system": event[0], "code": event[1]}], "text": text}


def _level(tier: str) -> Resource | None:
    if tier not in _LEVELS:
        return None
    return {"coding": [{"system": RISK_SYSTEM, "code": _LEVELS[tier]}], "text": names.tier(tier)}


def as_ndjson(resources: Iterable[Resource]) -> bytes:
    """A resource a line."""
    return b"".join(_json(resource) + b"\n" for resource in resources)


def as_bundle(resources: Iterable[Resource]) -> bytes:
    """All resources as a Bundle of type collection."""
    entries = [{"resource": resource} for resource in resources]
    return _json({"resourceType": "Bundle", "type": "collection", "entry": entries})


def _json(value: Resource) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")
