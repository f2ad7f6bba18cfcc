"""Headers find their fields; what is ambiguous stays a leftover."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.ingestion.mapping.propose import SURE_ENOUGH, apply_choice, propose
from pipeline.products.no_show import PRODUCT
from pipeline.records import ColumnMatch, note
from tests.pipeline.ingestion.tables import HEADERS, raw_table, sound


def mapped(columns: dict[str, list[str]]) -> dict[str, str | None]:
    return {m.header: m.field for m in propose(raw_table(columns), PRODUCT)}


def renamed(**headers: str) -> dict[str, list[str]]:
    """Sound columns of the fields named, each under the header given."""
    columns = sound(40)
    return {header: columns[key] for key, header in headers.items()}


def test_the_contracts_own_labels_and_code_names() -> None:
    for headers in (HEADERS, {key: key for key in HEADERS}, {f.key: f.label for f in PRODUCT.asked}):
        matches = propose(raw_table(renamed(**headers)), PRODUCT)
        assert [m.field for m in matches] == list(headers)
        assert all(m.confidence > 0.9 and m.reason for m in matches)


@pytest.mark.parametrize(
    "headers",
    [
        {
            "patient_id": "cod_paciente",
            "birth_date": "dt_nasc",
            "sex": "sexo",
            "contact_date": "data_marcacao",
            "scheduled_date": "dt_agendamento",
            "status": "situação",
            "health_plan": "convenio",
            "unit": "unidade",
            "uf": "UF",
        },
        {
            "patient_id": "Prontuário",
            "birth_date": "DT_NASCIMENTO",
            "sex": "Gênero",
            "contact_date": "Data da solicitação",
            "scheduled_date": "Data da consulta",
            "status": "Comparecimento",
            "unit": "Estabelecimento",
            "uf": "Estado",
        },
        {
            "patient_id": "CPF",
            "birth_date": "DATA NASC.",
            "contact_date": "Data de cadastro",
            "scheduled_date": "Data do atendimento",
            "status": "STATUS",
            "procedure": "Procedimento",
            "health_plan": "Plano de saúde",
            "booking_channel": "Canal",
        },
        {"patient_id": "cns", "contact_date": "Data da marcação", "scheduled_date": "Data realização", "unit": "CNES"},
        {
            "patient_id": "idPaciente",
            "birth_date": "dataNascimento",
            "scheduled_date": "dataAgendamento",
            "status": "statusAgendamento",
        },
        {
            "patient_id": "paciente - id",
            "scheduled_date": "AGENDAMENTO, DATA DO",
            "unit": "Unidade (nome)",
            "exam_category": "exame categoria",
        },
    ],
)
def test_typical_brazilian_headers(headers: dict[str, str]) -> None:
    assert mapped(renamed(**headers)) == {header: key for key, header in headers.items()}


@given(st.randoms(use_true_random=False))
def test_case_accents_punctuation_and_order_do_not_matter(random) -> None:  # noqa: ANN001
    headers = {}
    for key, header in HEADERS.items():
        words = header.split()
        random.shuffle(words)
        text = random.choice([" ", "_", "-", "."]).join(words)
        headers[key] = random.choice([text.upper(), text.lower(), text])
    assert list(mapped(renamed(**headers)).values()) == list(headers)


def test_ambiguous_headers_stay_leftovers() -> None:
    columns = sound(40)
    matches = propose(
        raw_table(
            {
                "Data": columns["contact_date"],
                "Código": columns["patient_id"],
                "Observação": ["x"] * 40,
                "Telefone": ["(11) 98765-4321"] * 40,
                "Data do agendamento": columns["scheduled_date"],
            }
        ),
        PRODUCT,
    )
    assert [m.field for m in matches] == [None, None, None, None, "scheduled_date"]
    assert all(m.confidence < SURE_ENOUGH for m in matches[:4])


def test_cells_speak_against_a_header() -> None:
    columns = sound(40)
    assert mapped({"Data agendada": columns["procedure"], "dt agendamento": columns["scheduled_date"]}) == {
        "Data agendada": None,
        "dt agendamento": "scheduled_date",
    }


def test_cells_speak_for_a_field_without_a_telling_header() -> None:
    columns = sound(40)
    matches = propose(
        raw_table(
            {
                "Data do agendamento": columns["scheduled_date"],
                "col 7": columns["uf"],
                "col 8": columns["status"],
                "col 9": columns["sex"],
            }
        ),
        PRODUCT,
    )
    assert [m.field for m in matches] == ["scheduled_date", "uf", "status", "sex"]
    assert matches[1].reason == note("mapping.by_content") and matches[1].confidence < 0.8


def test_ages_stand_in_for_birth_dates() -> None:
    columns = sound(40)
    assert (
        mapped({"Data do agendamento": columns["scheduled_date"], "Idade": [str(i) for i in range(40)]})["Idade"]
        == "birth_date"
    )


def test_two_dates_of_the_appointment_the_earlier_is_the_contact() -> None:
    columns = sound(40)
    found = mapped({"Data do agendamento": columns["contact_date"], "Data da consulta": columns["scheduled_date"]})
    assert found == {"Data do agendamento": "contact_date", "Data da consulta": "scheduled_date"}


def test_no_field_twice_and_no_preview_of_personal_columns() -> None:
    columns = sound(40)
    matches = propose(
        raw_table(
            {
                "Unidade": columns["unit"],
                "Nome da unidade": columns["unit"],
                "CPF": columns["patient_id"],
                "Nome do paciente": ["Maria"] * 40,
                "Data do agendamento": columns["scheduled_date"],
            }
        ),
        PRODUCT,
    )
    fields = [m.field for m in matches if m.field]
    assert len(fields) == len(set(fields)) and fields.count("unit") == 1
    assert all(not m.preview for m in matches if m.field in ("patient_id", None))
    assert "Maria" not in repr(matches)


@given(st.lists(st.text(min_size=1, max_size=25), min_size=1, max_size=6, unique=True))
def test_any_headers_give_one_match_each(headers: list[str]) -> None:
    raw = replace(raw_table({"x": ["1", "2"]}), table=pa.table({header: pa.array(["1", "2"]) for header in headers}))
    matches = propose(raw, PRODUCT)
    fields = [m.field for m in matches if m.field]
    assert len(fields) == len(set(fields)) and all(0 <= m.confidence <= 1 for m in matches)


def test_the_users_choice_goes_first() -> None:
    before = (
        ColumnMatch("A", "unit", 0.9, note("mapping.header_alike"), ("x",)),
        ColumnMatch("B", None, 0.3, note("mapping.no_field_alike")),
    )
    after = apply_choice(before, {"unit": "B", "uf": "A"}, PRODUCT)
    assert [(m.field, m.confidence, m.reason) for m in after] == [
        ("uf", 1.0, note("mapping.chosen")),
        ("unit", 1.0, note("mapping.chosen")),
    ]
    assert [m.field for m in apply_choice(before, {"unit": None}, PRODUCT)] == [None, None]
    with pytest.raises(KeyError):
        apply_choice(before, {"nada": "A"}, PRODUCT)
