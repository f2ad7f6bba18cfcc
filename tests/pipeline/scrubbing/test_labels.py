"""Names of files, headers and names of places: what is somebody's goes, dates and places stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.scrubbing.labels import names_somebody, safe_file_name, safe_header, without_numbers

CPF, PHONE, MAIL = "529.982.247-25", "(27) 99876-1234", "zuleika.quaresma@clinica-azul.com.br"


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        (f"ficha_Maria_da_Silva_{CPF}.csv", "ficha [nome] [cpf].csv"),
        ("52998224725.xlsx", "[cpf].xlsx"),
        (f"pacientes {PHONE}.csv", "pacientes [telefone].csv"),
        (f"relatorio {MAIL}.csv", "relatorio [e-mail].csv"),
        ("Zuleika Anunciada Quaresma março.csv", "[nome] março.csv"),
        ("joao.silva.csv", "[nome].csv"),
    ],
)
def test_a_person_in_the_name_of_a_file_goes(name: str, safe: str) -> None:
    assert safe_file_name(name) == safe
    assert safe_file_name(safe) == safe


@pytest.mark.parametrize(
    "name",
    ["agenda_2026-03-15.csv", "agendamentos_20260315.csv", "2025-2026.xlsx", "exemplo_faltas_passado.csv",
     "Santa Rita março.csv", "Clínica São José.csv", "no_show_vitoria_2016.csv", "2026-02-16_a_2026-03-15.csv",
     "faltas_2026_03_15_1430.csv.gz", "marco.csv", "arquivo"],
)  # fmt: skip
def test_dates_places_and_kinds_of_files_stay(name: str) -> None:
    assert safe_file_name(name) == name


def test_headers_and_places_lose_numbers_only() -> None:
    assert safe_header(f"CPF {CPF}") == "CPF [cpf]" and safe_header("Nome do paciente") == "Nome do paciente"
    assert without_numbers("Unidade Ana Nery") == "Unidade Ana Nery"
    assert without_numbers(f"Central {MAIL}") == "Central [e-mail]"


@pytest.mark.parametrize("text", ["Maria da Silva", "Zuleika", "João Souza"])
def test_a_name_where_none_belongs_is_seen(text: str) -> None:
    assert names_somebody(text)


@pytest.mark.parametrize("text", ["12/13/2026", "ES", "março de 2026", "Rio de Janeiro", "Espírito Santo", "Faltou"])
def test_what_belongs_in_dates_and_states_is_no_name(text: str) -> None:
    assert not names_somebody(text)


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_planted_number_never_stays(before: str, after: str) -> None:
    for planted in (CPF, "52998224725"):
        assert planted not in safe_file_name(f"{before} {planted} {after}.csv")
