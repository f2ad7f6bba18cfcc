"""A masked table: codes for patients, no column of no field, and dates and values as they came."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from pipeline.contract import Field
from pipeline.ingestion.masked_table import masked_table
from pipeline.privacy import code, is_code, pseudonym, pseudonymise
from pipeline.products.no_show import PRODUCT
from pipeline.products.satisfaction import PRODUCT as HEARD

KEY, CPF = b"k" * 32, "529.982.247-25"


def _masked(cells: dict[str, list[str | None]], fields: list[Field | None]) -> dict[str, list[str | None]]:
    return masked_table(pa.table(cells), fields, KEY).table.to_pydict()


def test_what_a_column_is_decides_and_never_its_name() -> None:
    patient, sex, unit = (PRODUCT.field(key) for key in ("patient_id", "sex", "unit"))
    cells: dict[str, list[str | None]] = {
        "Sexo": [CPF, None, " "],
        "id 52998224725": ["Feminino", "Zuleika Prado", "M"],
        "Unidade": ["Clínica Ana Nery", f"Sul {CPF}", None],
        "Prontuário": ["Zuleika", "(11) 98765-4321", ""],
    }
    made = _masked(cells, [patient, sex, unit, None])
    assert made == {
        "Sexo": [code(pseudonym(CPF, KEY)), None, " "],
        "id [cpf]": ["Feminino", None, "M"],
        "Unidade": ["Clínica Ana Nery", "Sul [cpf]", None],
    }


def test_postal_codes_go_and_comments_are_scrubbed() -> None:
    cells: dict[str, list[str | None]] = {"a": ["01310-100"], "b": [f"Esperei muito, meu CPF é {CPF}"]}
    made = _masked(cells, [HEARD.field("cep"), HEARD.field("comment")])
    assert list(made) == ["b"] and CPF not in str(made) and "Esperei muito" in str(made)


@given(
    st.dates(), st.times(), st.sampled_from(["%d/%m/%Y", "%Y-%m-%d", "%d/%m/%Y %H:%M", "%Y-%m-%dT%H:%M:%S", "%d.%m.%Y"])
)
def test_days_stay_as_they_came(day: dt.date, at: dt.time, layout: str) -> None:
    text = dt.datetime.combine(day, at).strftime(layout)
    assert _masked({"d": [text]}, [PRODUCT.field("scheduled_date")]) == {"d": [text]}


@given(st.text(max_size=20))
def test_a_code_stands_for_the_patient_that_it_was_made_of(name: str) -> None:
    told = code(pseudonym(name, KEY))
    assert is_code(told) and is_code(f" {told} ") and pseudonym(told, KEY) == pseudonym(name, KEY)
    both = pseudonymise(pa.array([name, told]).to_pandas(), KEY)
    assert both[0] == both[1]


def test_what_only_looks_like_a_code_is_an_id_as_any() -> None:
    told = code(pseudonym(CPF, KEY))
    for other in (told[:-1], told.lower(), told[:-1] + "B", f"{told}A", told[2:]):
        assert not is_code(other) and pseudonym(other, KEY) != pseudonym(CPF, KEY)


def test_a_column_that_came_behind_the_fields_is_left_out() -> None:
    table = masked_table(pa.table({"a": ["x"], "b": ["Zuleika"]}), [PRODUCT.field("unit")], KEY)
    assert table.table.column_names == ["a"] and table.places == (0,)
