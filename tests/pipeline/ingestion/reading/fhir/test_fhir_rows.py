"""Resources as rows: what stands where, what points to what, and what is not there is not there."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.ingestion.reading.fhir.vocabulary import RESOURCE, SITUATION, SUBJECT
from pipeline.presentation.locale import messages
from pipeline.products.no_show import PRODUCT
from pipeline.services.data.loading import ingest
from tests.pipeline.ingestion.reading.fhir.made import (
    DAY,
    PATIENT,
    RNDS,
    STATUS,
    UNIT,
    Resource,
    actor,
    appointment,
    bundle,
    codes,
    coverage,
    lines,
    location,
    patient,
    request,
    row,
    table,
)

WHOLE = [
    appointment(basedOn=[{"reference": "ServiceRequest/s1"}], serviceCategory=[{"text": "Exame"}]),
    patient(),
    location(),
    request(),
    coverage(),
]
CONTACT, PLAN, UF, PROCEDURE = "Data de contato", "Convênio", "UF", "Nome do procedimento"


def test_a_whole_appointment() -> None:
    assert row(bundle(WHOLE)) == {
        PATIENT: "000123",
        "Data de nascimento": "22/10/1985",
        "Sexo": "Feminino",
        CONTACT: "02/01/2025",
        DAY: "10/01/2025 14:30",
        STATUS: "Agendado",
        "Tipo de procedimento": "Exame",
        "Categoria do exame": "Tomografia",
        PROCEDURE: "Tomografia de Tórax",
        UNIT: "Clínica Y",
        UF: "SP",
        PLAN: "Amil",
        RESOURCE: "Appointment/a1",
        SUBJECT: "Patient/p1",
    }


def test_each_status_is_one_of_the_contract_or_leaves_the_row_out() -> None:
    told = {
        "proposed": "Em aberto", "pending": "Em aberto", "booked": "Agendado", "arrived": "Realizado",
        "checked-in": "Realizado", "fulfilled": "Realizado", "cancelled": "Cancelado", "noshow": "No Show",
        "entered-in-error": "resource_withdrawn", "waitlist": "resource_other", "unheard-of": "unheard-of",
    }  # fmt: skip
    raw = table(lines(appointment(name, name, participant=[actor(f"Patient/{name}")]) for name in told))
    found = ingest(PRODUCT, raw)
    left = dict(zip(found.left_out["row"], found.left_out["reason"], strict=True))
    cells = raw.table[STATUS].to_pylist()
    assert [left.get(n, cell) for n, cell in enumerate(cells, start=1)] == list(told.values())
    assert dict(found.report.left_out) == {"resource_withdrawn": 1, "resource_other": 1}
    assert {v for v in told.values() if v[0].isupper()} <= {value.label for value in PRODUCT.target.values}


MOMENTS = {
    "2025-01-10T17:30:00Z": "10/01/2025 14:30",
    "2025-01-11T01:00:00+00:00": "10/01/2025 22:00",
    "2025-01-10T14:30:00.123-03:00": "10/01/2025 14:30",
    "2025-01-10T14:30:00-04:00": "10/01/2025 14:30",  # the clock of Manaus stays
    "2018-12-01T12:00:00Z": "01/12/2018 10:00",  # summer time
    "2025-01-10T18:30:00+01:00": "10/01/2025 14:30",
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_moment_is_told_on_the_clock_of_brazil(moment: str) -> None:
    assert row(bundle([appointment(start=moment)]))[DAY] == MOMENTS[moment]


@pytest.mark.parametrize(("day", "told"), [("2025-01-02", "02/01/2025"), ("2025-01", "2025-01"), ("2025", "2025")])
def test_a_day_that_is_not_whole_stays_as_it_is(day: str, told: str) -> None:
    assert row(bundle([appointment(created=day)]))[CONTACT] == told


def test_days_that_somebody_wrote_as_midnight_in_utc_are_days() -> None:
    days = [appointment(str(n), start=f"2025-01-{n}T00:00:00Z") for n in (10, 11)]
    found = table(lines(days))
    assert found.table[DAY].to_pylist() == ["10/01/2025", "11/01/2025"] and "reading.fhir_midnight" in codes(found)
    mixed = table(lines([*days, appointment("3", start="2025-01-12T12:00:00Z")]))
    assert mixed.table[DAY].to_pylist()[0] == "09/01/2025 21:00" and "reading.fhir_midnight" not in codes(mixed)


def test_what_is_not_there_is_not_there() -> None:
    bare = {"resourceType": "Appointment", "status": "proposed", "participant": [{"status": "needs-action"}]}
    found = table(json.dumps(bare).encode())
    assert found.table.column_names == [STATUS, RESOURCE]


def test_what_points_nowhere_is_counted_and_said() -> None:
    found = table(lines([appointment(str(n)) for n in range(3)]))
    told = [messages.say(one) for one in found.notes if one.code == "reading.fhir_missing"]
    assert [t.split(":")[0].replace("\xa0", " ") for t in told] == [
        "3 linhas apontam para Location que o arquivo não traz",
        "3 linhas apontam para Patient que o arquivo não traz",
    ]
    assert set(found.table[PATIENT].to_pylist()) == {"p1"} and UNIT not in found.table.column_names


def test_a_reference_says_what_a_place_is_called_but_never_a_person() -> None:
    people = [actor("Patient/p1", display="Beltrana Inventada"), actor("Location/l9", display="Hospital X")]
    found = table(bundle([appointment(participant=people)]))
    assert found.table[UNIT].to_pylist() == ["Hospital X"] and "Beltrana" not in str(found.table.to_pylist())


REFERENCES: dict[str, tuple[str, list[Resource], list[str]]] = {
    "by type and id": ("Patient/p1", [patient()], []),
    "absolute": ("https://x.org/r4/Patient/p1", [patient()], ["", "https://x.org/r4/Patient/p1"]),
    "with a version": ("https://x.org/r4/Patient/p1/_history/2", [patient()], ["", "https://x.org/r4/Patient/p1"]),
    "of the same server": (
        "Patient/p1", [patient(), patient("p1", "999")],
        ["https://x.org/r4/Appointment/a1", "https://x.org/r4/Patient/p1", "https://y.org/Patient/p1"],
    ),
    "urn": ("urn:uuid:1", [patient("")], ["urn:uuid:0", "urn:uuid:1"]),
    "contained": ("#p", [], []),
}  # fmt: skip


@pytest.mark.parametrize("way", REFERENCES)
def test_a_reference_finds_its_resource(way: str) -> None:
    address, others, urls = REFERENCES[way]
    more = {"contained": [patient("p")]} if address == "#p" else {}
    booked = appointment(participant=[actor(address)], **more)
    assert row(bundle([booked, *others], urls))[PATIENT] == "000123"


def test_two_bundles_have_addresses_of_their_own() -> None:
    both = [
        bundle([appointment(str(n), participant=[actor("urn:uuid:t")]), patient(str(n), f"00{n}")], ["", "urn:uuid:t"])
        for n in (1, 2)
    ]
    assert table(b"\n".join(both)).table[PATIENT].to_pylist() == ["001", "002"]


def _identified(*pairs: tuple[str, str]) -> list[dict[str, Any]]:
    return [{"system": system, "value": value} for system, value in pairs]


CPF, CNS = "http://rnds.saude.gov.br/fhir/r4/NamingSystem/cpf", "http://rnds.saude.gov.br/fhir/r4/NamingSystem/cns"
WHO: list[tuple[str, dict[str, Any], Resource | None, str | None]] = [
    ("the clinic's own", {"reference": "Patient/p1"}, patient(), "000123"),
    ("not a document", {"reference": "Patient/p1"}, patient("p1", None, identifier=_identified((CPF, "1"))), "p1"),
    ("the reference alone", {"reference": "Patient/p9"}, None, "p9"),
    (
        "a document",
        {"reference": "urn:uuid:1"},
        patient("", None, identifier=_identified((CNS, "7"), (CPF, "1"))),
        "1",
    ),
    ("by logical reference", {"type": "Patient", "identifier": {"system": CNS, "value": "7"}}, None, "7"),
    ("the RNDS", {"identifier": {"system": f"{RNDS}BRIndividuo-1.0", "value": "700"}}, None, "700"),
    ("nobody", {"display": "Fulana"}, None, None),
    ("no stable address", {"reference": "urn:uuid:transient-1", "type": "Patient"}, None, None),
]


@pytest.mark.parametrize(("_name", "reference", "who", "told"), WHO, ids=[one[0] for one in WHO])
def test_a_patient_is_told_from_others(
    _name: str, reference: dict[str, Any], who: Resource | None, told: str | None
) -> None:
    booked = appointment(participant=[{"actor": reference, "status": "accepted"}])
    assert row(bundle([booked, *([who] if who else [])], ["", "urn:uuid:1"])).get(PATIENT) == told


def test_one_system_counts_for_all_patients() -> None:
    other = patient("p2", None, identifier=_identified(("urn:other", "000123")))
    people = [patient(), patient("p3", "7"), other]
    found = table(lines([appointment("a1"), appointment("a2", participant=[actor("Patient/p2")]), *people]))
    assert found.table[PATIENT].to_pylist() == ["000123", "p2"]


def test_the_newer_version_of_a_resource_counts() -> None:
    def at(day: int) -> dict[str, Any]:
        return {"meta": {"lastUpdated": f"2025-02-{day:02d}T10:00:00Z"}}

    found = table(lines([
        appointment("a1", "fulfilled", **at(9)), appointment("a1", "booked", **at(3)), appointment("a2"),
        appointment("a2", "noshow"), location(name="Novo", **at(9)), location(**at(2)),
    ]))  # fmt: skip
    older = "versão anterior do mesmo recurso"
    assert found.table[SITUATION].to_pylist() == [None, older, older, None]
    assert set(found.table[UNIT].to_pylist()) == {"Novo"}
    assert dict(ingest(PRODUCT, found).report.left_out) == {"resource_older": 2}


def test_what_the_library_refuses_is_left_out_with_its_place_and_without_its_text() -> None:
    found = table(lines([appointment(start="dia 10 às 9h"), appointment("a2", unknown=1), appointment("a3")]))
    (told,) = [messages.say(one) for one in found.notes if one.code == "reading.fhir_invalid"]
    assert "start" in told and "dia 10" not in told
    assert found.table[SITUATION].to_pylist() == ["recurso inválido", "recurso inválido", None]


ORGANIZATION = {"resourceType": "Organization", "id": "o", "name": "Plano O"}
PAYERS = [
    ([coverage()], "Amil"),
    ([coverage("c1", "B", order=2), coverage("c2", "A", order=1)], "A"),
    ([coverage(status="cancelled"), coverage("c2", "Vigente")], "Vigente"),
    ([coverage() | {"payor": [{"reference": "Patient/p1"}]}], "Particular"),
    ([coverage() | {"payor": [{"reference": "Organization/o"}]}, ORGANIZATION], "Plano O"),
    ([coverage() | {"beneficiary": {"reference": "Patient/other"}}], None),
]  # fmt: skip


@pytest.mark.parametrize(("more", "told"), PAYERS)
def test_who_pays(more: list[Resource], told: str | None) -> None:
    assert row(bundle([appointment(), patient(), *more])).get(PLAN) == told


def test_a_regulated_appointment_of_the_rnds() -> None:
    """Shaped as the guide has it: a document, patients and places by national ids, codes without names."""

    def code(system: str, value: str) -> dict[str, Any]:
        return {"coding": [{"system": f"http://www.saude.gov.br/fhir/r4/CodeSystem/{system}", "code": value}]}

    who = {"identifier": {"system": f"{RNDS}BRIndividuo-1.0", "value": "700000000000001"}}
    where = {"identifier": {"system": f"{RNDS}BREstabelecimentoSaude-1.0", "value": "0000001"}}
    booked = {
        "resourceType": "Appointment", "meta": {"profile": [f"{RNDS}BRAgendamentoRegulacaoAssistencial"]},
        "status": "checked-in", "serviceCategory": [code("BRModalidadeAssistencial", "09")],
        "serviceType": [code("BRTabelaSUS", "0209010029")], "specialty": [code("BRCBO", "225225")],
        "appointmentType": {"coding": [{"system": "http://hl7.org/fhir/request-priority", "code": "routine"}]},
        "start": "2024-09-25T09:00:00-03:00", "end": "2024-09-25T09:30:00-03:00",
        "created": "2024-03-02T14:18:43-03:00", "basedOn": [{"reference": "urn:uuid:transient-2"}],
        "participant": [{"actor": who, "status": "accepted"}],
    }  # fmt: skip
    asked = {
        "resourceType": "ServiceRequest", "status": "active", "intent": "proposal", "subject": who,
        "category": [code("BRModalidadeAssistencial", "09")], "code": code("BRTabelaSUS", "0209010029"),
        "performer": [where],
    }  # fmt: skip
    urls = [f"urn:uuid:transient-{n}" for n in range(3)]
    paper = {"resourceType": "Composition", "status": "final"}
    found = row(bundle([paper, booked, asked], urls, kind="document"))
    assert found == {
        PATIENT: "700000000000001",
        CONTACT: "02/03/2024 14:18",
        DAY: "25/09/2024 09:00",
        STATUS: "Confirmado",
        "Tipo de procedimento": "09",
        PROCEDURE: "0209010029",
        UNIT: "0000001",
        RESOURCE: "urn:uuid:transient-1",
        SUBJECT: f"{RNDS}BRIndividuo-1.0|700000000000001",
    }


@settings(max_examples=25, deadline=None)
@given(st.permutations(range(10)), st.sets(st.integers(2, 9)))
def test_no_order_of_entries_and_no_missing_piece_changes_the_rest(order: list[int], gone: set[int]) -> None:
    """A row is told by what is there: pieces that lack empty their own cells and no others."""
    pieces = [
        appointment("a1", basedOn=[{"reference": "ServiceRequest/s1"}]),
        appointment("a2", "noshow", participant=[actor("Patient/p2"), actor("Location/l2")]),
        patient(), patient("p2", "7", gender="male"), location(), location("l2", name="Outra"), request(), coverage(),
        coverage("c2", "Outro", order=3), {"resourceType": "Practitioner", "id": "x"},
    ]  # fmt: skip
    whole = {one[RESOURCE]: one for one in table(lines(pieces)).table.to_pylist()}
    raw = table(lines(pieces[n] for n in order if n not in gone))
    told = {one[RESOURCE]: one for one in raw.table.to_pylist()}
    assert told.keys() == whole.keys()
    for name, one in told.items():
        for header, cell in one.items():
            fallback = header in (PATIENT, PLAN, PROCEDURE, UNIT) and gone
            assert cell in (None, whole[name].get(header)) or fallback
        if not gone:
            assert one == whole[name]


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(WHOLE[0])), st.integers(0, 4), _JSON)
def test_anything_may_stand_anywhere(key: str, place: int, value: Any) -> None:
    """Each appointment is a row, whatever stands in it or in what it points to."""
    if key == "resourceType":
        return
    pieces = [{**one, key: value} if n == place else one for n, one in enumerate(WHOLE)]
    assert table(lines(pieces)).table.num_rows == 1
