"""Made-up appointments as resources of FHIR R4, for samples and tests: the mapping of `fhir.py`, the other way round."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pipeline.products.no_show.fhir import CHANNEL

Row = Mapping[str, str | None]
Resource = dict[str, Any]

_SYSTEM = "urn:presenca:exemplo:prontuario"
_STATUS = {"Realizado": "fulfilled", "No Show": "noshow", "Cancelado": "cancelled", "Remarcado": "cancelled",
           "Agendado": "booked", "Confirmado": "booked", "Em aberto": "pending"}
_GENDER = {"Masculino": "male", "Feminino": "female", "Indefinido": "other"}
_PATIENT, _BIRTH, _SEX, _CONTACT, _SCHEDULED, _TARGET, _CHANNEL, _TYPE, _CATEGORY, _PROCEDURE, _UNIT, _UF, _PLAN = range(13)


def resources(rows: Iterable[Row]) -> Iterator[Resource]:
    """The resources of rows of text, columns in the order of the contract; what a row shares with an earlier one once.

    Only statuses of FHIR are told: Remarcado is cancelled, Confirmado booked.
    """
    known: dict[str, str] = {}
    for number, row in enumerate(rows, start=1):
        yield from _of_row(number, list(row.values()), known)


def _of_row(number: int, cells: list[str | None], known: dict[str, str]) -> Iterator[Resource]:
    names: dict[str, str] = {}
    for kind, key in (("Patient", cells[_PATIENT]), ("Location", cells[_UNIT]), ("Coverage", _covered(cells))):
        if not key:
            continue
        name = f"{kind}:{key}"
        if name not in known:
            known[name] = f"{kind}/{kind[0].lower()}{len(known) + 1}"
            names[kind] = known[name]
            yield _shared(kind, known[name], cells, names)
        names[kind] = known[name]
    yield _request(number, cells, names)
    yield _appointment(number, cells, names)


def _covered(cells: list[str | None]) -> str:
    return f"{cells[_PATIENT]}|{cells[_PLAN]}" if cells[_PATIENT] and cells[_PLAN] else ""


def _shared(kind: str, address: str, cells: list[str | None], names: Mapping[str, str]) -> Resource:
    name = address.partition("/")[2]
    if kind == "Patient":
        return _filled({
            "resourceType": kind, "id": name, "identifier": [{"type": {"coding": [{"code": "MR"}]}, "system": _SYSTEM, "value": cells[_PATIENT]}],
            "gender": _GENDER.get(cells[_SEX] or ""), "birthDate": _day(cells[_BIRTH]),
        })
    if kind == "Location":
        return _filled({"resourceType": kind, "id": name, "name": cells[_UNIT], "address": {"state": cells[_UF]} if cells[_UF] else None})
    return {
        "resourceType": kind, "id": name, "status": "active", "beneficiary": {"reference": names["Patient"]},
        "payor": [{"reference": names["Patient"]} if cells[_PLAN] == "Particular" else {"display": cells[_PLAN]}],
    }


def _request(number: int, cells: list[str | None], names: Mapping[str, str]) -> Resource:
    return _filled({
        "resourceType": "ServiceRequest", "id": f"s{number}", "status": "active", "intent": "order",
        "category": [{"text": cells[_CATEGORY]}] if cells[_CATEGORY] else None,
        "code": {"text": cells[_PROCEDURE]} if cells[_PROCEDURE] else None,
        "subject": {"reference": names["Patient"]} if "Patient" in names else {"display": "sem identificação"},
        "insurance": [{"reference": names["Coverage"]}] if "Coverage" in names else None,
    })


def _appointment(number: int, cells: list[str | None], names: Mapping[str, str]) -> Resource:
    actors = [{"actor": {"reference": names[kind]}, "status": "accepted"} for kind in ("Patient", "Location") if kind in names]
    start = _instant(cells[_SCHEDULED])
    return _filled({
        "resourceType": "Appointment", "id": f"a{number}",
        "extension": [{"url": CHANNEL, "valueString": cells[_CHANNEL]}] if cells[_CHANNEL] else None,
        "status": _STATUS.get(cells[_TARGET] or "", "booked"),
        "serviceCategory": [{"text": cells[_TYPE]}] if cells[_TYPE] else None,
        "start": start, "end": start,
        "created": _moment(cells[_CONTACT]),
        "basedOn": [{"reference": f"ServiceRequest/s{number}"}],
        "participant": actors or [{"status": "accepted"}],
    })


def _day(text: str | None) -> str | None:
    """dd/mm/aaaa as FHIR writes a day."""
    return "-".join(reversed(text[:10].split("/"))) if text else None


def _moment(text: str | None) -> str | None:
    """A day, with its time where there is one, on the clock of São Paulo."""
    return f"{_day(text)}T{text[11:16]}:00-03:00" if text and len(text) > 10 else _day(text)


def _instant(text: str | None) -> str | None:
    return _moment(text if text is None or len(text) > 10 else f"{text} 00:00")


def _filled(resource: Resource) -> Resource:
    return {key: value for key, value in resource.items() if value is not None}
