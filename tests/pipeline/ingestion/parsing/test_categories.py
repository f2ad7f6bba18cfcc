"""Closed sets, federative units, postal codes, stars and CPFs as clinics write them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.br import cpf

from pipeline.ingestion.parsing.categories import parse_cep, parse_closed
from pipeline.ingestion.parsing.cpf import header_says_cpf, looks_like_cpfs, wrong_cpfs
from pipeline.ingestion.parsing.places import UF_NAMES, to_uf
from pipeline.ingestion.parsing.ratings import read_ratings
from pipeline.products.no_show.fields import FIELDS
from tests.pipeline.ingestion.tables import texts

FIELD = {item.key: item for item in FIELDS}


def label(key: str, text: str) -> str | None:
    members = parse_closed([text], FIELD[key])
    return members.labels[members.index[0]] if members.index[0] >= 0 else None


@pytest.mark.parametrize(
    ("key", "text", "expected"),
    [
        ("status", "REALIZADO", "Realizado"),
        ("status", "Não compareceu", "No Show"),
        ("status", "não  compareceu!", "No Show"),
        ("status", "Faltou sem aviso", "No Show"),
        ("status", "Relizado", "Realizado"),
        ("status", "Cancelado - paciente", "Cancelado"),
        ("status", "Não realizado", "No Show"),
        ("status", "não atendido", None),
        ("status", "confirmado, mas faltou", None),
        ("status", "A verificar", None),
        ("status", "1", None),
        ("sex", "fem.", "Feminino"),
        ("sex", "M", "Masculino"),
        ("sex", "ma", None),
        ("sex", "?", None),
        ("booking_channel", "Online (WhatsApp)", "Online"),
        ("booking_channel", "Balcão", "Presencial"),
        ("booking_channel", "Fax", None),
    ],
)
def test_closed_sets(key: str, text: str, expected: str | None) -> None:
    assert label(key, text) == expected


@given(
    st.sampled_from([(f, v) for f in FIELDS for v in f.values]), st.sampled_from([str.upper, str.lower, str.title, str])
)
def test_every_declared_name_is_understood_in_any_case(declared: tuple, change: object) -> None:
    item, value = declared
    for name in (value.label, *value.synonyms):
        assert label(item.key, change(name)) == value.label  # type: ignore[operator]


@given(st.text(max_size=30))
def test_no_text_breaks_a_closed_set(text: str) -> None:
    assert label("status", text) in {None, *(v.label for v in FIELD["status"].values)}


@pytest.mark.parametrize(
    ("text", "uf"),
    [
        ("sp", "SP"),
        ("São Paulo", "SP"),
        ("S. Paulo", "SP"),
        ("SAO PAULO - SP", "SP"),
        ("Campinas/SP", "SP"),
        ("Estado do Rio de Janeiro", "RJ"),
        ("Para", "PA"),
        ("Paraiba", "PB"),
        ("mato grosso do sul", "MS"),
        ("Mato Grosso", "MT"),
        ("Pernanbuco", "PE"),
        ("35", "SP"),
        ("XX", None),
        ("BR", None),
        ("", None),
        ("Brasil", None),
        ("SP - RJ", None),
    ],
)
def test_federative_units(text: str, uf: str | None) -> None:
    assert to_uf(text) == uf


def test_all_27_units_by_code_and_name() -> None:
    assert len(UF_NAMES) == 27
    assert all(to_uf(code.lower()) == code and to_uf(name.upper()) == code for code, name in UF_NAMES.items())


def test_postal_codes_and_their_lost_zeros() -> None:
    ceps = parse_cep(["01310-100", "01310100", "1310100", "01.310-100", "123", "00000-000", "20000-000"])
    assert [ceps.labels[i] if i >= 0 else None for i in ceps.index] == [
        "01310100",
        "01310100",
        "01310100",
        "01310100",
        None,
        None,
        "20000000",
    ]
    assert ceps.rewritten.tolist() == [False, False, True, False, False, False, False]


@pytest.mark.parametrize(
    ("text", "stars"),
    [
        ("3 estrelas", 3),
        ("3", 3),
        ("3/5", 3),
        ("★★★", 3),
        ("★★★☆☆", 3),
        ("⭐⭐", 2),
        ("três estrelas", 3),
        ("1 estrela", 1),
        ("5,0", 5),
        ("Nota 4", 4),
        ("5 - ótimo", 5),
        ("0", None),
        ("10", None),
        ("8", None),
        ("bom dia", None),
        ("7/10", None),
    ],
)
def test_stars(text: str, stars: int | None) -> None:
    found = read_ratings([text]).stars[0]
    assert np.isnan(found) if stars is None else found == stars


def _check_digits(body: str) -> str:
    return next(f"{i:02d}" for i in range(100) if cpf.is_valid(f"{body}{i:02d}") or int(body) == 0)


@given(st.lists(st.text("0123456789", min_size=10, max_size=12), max_size=30))
def test_cpf_digits_agree_with_the_library(numbers: list[str]) -> None:
    for body in [n[:9] for n in numbers if len(n) == 11]:
        numbers.append(body + _check_digits(body))
    expected = [not (cpf.is_valid(n) and len(set(n)) > 1) for n in numbers]
    assert wrong_cpfs(texts(*numbers)).tolist() == expected


def test_a_column_is_cpfs_when_it_says_so_or_looks_so() -> None:
    good = texts("529.982.247-25", "11144477735", "15350946056", "86288366757", "52998224726")
    assert wrong_cpfs(good).tolist() == [False, False, False, False, True]
    assert looks_like_cpfs(good, said_so=False)
    assert not looks_like_cpfs(texts("P0001", "P0002"), said_so=True)
    assert looks_like_cpfs(texts("12345678901", "12345678902"), said_so=True)
    assert header_says_cpf("CPF_paciente") and not header_says_cpf("Paciente")
