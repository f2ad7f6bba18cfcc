"""What stands in an element → the text of a cell."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from pipeline.ingestion.reading.fhir.elements import Row
from pipeline.ingestion.reading.fhir.identity import patient_id
from pipeline.ingestion.reading.fhir.index import many, texts, type_of
from pipeline.resource_declarations import Element, ReadAs

_TIME = re.compile(r"^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::\d\d)?(?:\.\d+)?(Z|[+-]\d\d:\d\d)?)?$", re.ASCII)
_ZONE = ZoneInfo("America/Sao_Paulo")
_BRAZIL = ("-02:00", "-03:00", "-04:00", "-05:00")  # offsets of Brazil: the clock on the wall of whoever wrote it
_DAY_ONLY = re.compile(r"^\d{4}-\d\d-\d\dT00:00(?::00)?(?:\.0+)?(?:Z|\+00:00)$", re.ASCII)


def text_of(element: Element, row: Row, system: str, profiles: Sequence[str]) -> str | None:
    """The cell of an element: of its paths the first that gives something. None where none does."""
    for path in element.paths:
        for node in row.at(path):
            found = _text(element, node, row, system)
            if found:
                return _in_words(element, found, profiles)
    return None


def _text(element: Element, node: Any, row: Row, system: str) -> str:
    if element.read in (ReadAs.TEXT, ReadAs.DATE):
        return node.strip() if isinstance(node, str) else ""
    if not isinstance(node, dict):
        return ""
    if element.read is ReadAs.CONCEPT:
        return concept(node, element.without)
    return patient_id(node, row, system) if element.read is ReadAs.PATIENT else _name(element, node, row)


def _in_words(element: Element, found: str, profiles: Sequence[str]) -> str:
    for profile, code, word in element.profiled:
        if found == code and any(profile in named for named in profiles):
            return word
    return dict(element.words).get(found, found)


def concept(node: dict[str, Any], without: Sequence[str] = ()) -> str:
    """How a CodeableConcept is called: its text, what a code is called, or the code."""
    codings = [c for c in many(node, "coding") if isinstance(c, dict)]
    told = [c for c in codings if not any(system in texts(c, "system") for system in without)]
    if codings and not told:
        return ""
    chosen = sorted(told, key=lambda c: c.get("userSelected") is not True)
    names = [texts(node, "text"), *(texts(c, "display") for c in chosen), *(texts(c, "code") for c in chosen)]
    return next((name for name in names if name), "")


def _name(element: Element, node: dict[str, Any], row: Row) -> str:
    """How what a Reference points to is called. No patient is called by their name: `words` has one for the type."""
    found = row.find(node)
    kind = texts(found, "resourceType") or type_of(node)
    if kind in dict(element.words):
        return kind
    if kind in ("Patient", "RelatedPerson"):
        return ""
    return texts(found, "name") or texts(node, "display") or texts(node.get("identifier"), "value")


def dates(column: list[str | None]) -> tuple[list[str | None], bool]:
    """A column of FHIR's dates as d/m/y h:m, and whether they were days alone that somebody wrote as midnight in UTC.

    A time with one of Brazil's offsets is left on its clock; others are told in São Paulo. What is no day stays so.
    """
    filled = [text for text in column if text]
    days = bool(filled) and all(_DAY_ONLY.match(text) for text in filled)
    return [None if text is None else _date(text, days) for text in column], days


def _date(text: str, day_only: bool) -> str:
    match = _TIME.match(text)
    if match is None:
        return text
    year, month, day, hour, minute, offset = match.groups()
    if hour is None or day_only:
        return f"{day}/{month}/{year}"
    if offset is None or offset in _BRAZIL:
        return f"{day}/{month}/{year} {hour}:{minute}"
    try:
        at = dt.datetime.fromisoformat(f"{year}-{month}-{day}T{hour}:{minute}:00{offset}").astimezone(_ZONE)
    except (ValueError, OverflowError):
        return text
    return at.strftime("%d/%m/") + f"{at.year:04d}" + at.strftime(" %H:%M")
