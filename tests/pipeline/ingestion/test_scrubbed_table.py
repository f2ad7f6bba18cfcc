"""A file whose free text is scrubbed: all else as it came, whatever the columns are called."""

from __future__ import annotations

import pyarrow as pa
import pytest

from pipeline.ingestion.scrubbed_table import holds_long_text, scrubbed_table
from pipeline.scrubbing.staff import StaffNumbers

SAID = "A Dra. Fernanda me atendeu e pediu o cpf 529.982.247-25 duas vezes"
TABLE = pa.table(
    {
        "Nome": ["Ana Maria de Souza", "José", None],
        "Texto": ["Dra. Paula, ótima", None, "meu filho João chorou"],
        "Obs": [SAID, SAID, None],
        "Valor": ["R$ 10,00", "529.982.247-25", ""],
    }
)


def test_comments_and_other_long_text_are_scrubbed_and_nothing_else() -> None:
    found = scrubbed_table(TABLE, {"Texto"})
    assert found.columns == (1, 2) and found.table.schema == TABLE.schema
    for same in ("Nome", "Valor"):
        assert found.table.column(same).to_pylist() == TABLE.column(same).to_pylist()
    assert found.table.column("Texto").to_pylist() == ["Dra. [nome], ótima", None, "meu filho [nome] chorou"]
    clean = "A Dra. [nome] me atendeu e pediu o cpf [cpf] duas vezes"
    assert found.table.column("Obs").to_pylist() == [clean, clean, None]
    assert found.counts == {"nome": 4, "cpf": 2}  # each row counts, though a text is read once


def test_a_field_of_the_product_stays_and_staff_keep_one_number_in_all_columns() -> None:
    found = scrubbed_table(TABLE, {"Texto"}, {"Obs"})
    assert found.columns == (1,) and found.table.column("Obs").to_pylist() == TABLE.column("Obs").to_pylist()
    numbered = scrubbed_table(pa.table({"a": [SAID], "b": [SAID]}), {"a"}, staff=StaffNumbers()).table
    assert numbered.column("a").to_pylist() == numbered.column("b").to_pylist()
    assert "[profissional 1]" in numbered.column("a")[0].as_py()


def test_two_columns_of_one_header_and_empty_tables_come_through() -> None:
    twins = pa.Table.from_arrays([pa.array([SAID]), pa.array([SAID])], names=["x", "x"])
    assert scrubbed_table(twins, {"x"}).columns == (0, 1)
    empty = pa.table({"x": pa.array([], pa.string()), "n": pa.array([], pa.int64())})
    assert scrubbed_table(empty, {"x"}).table.equals(empty)


@pytest.mark.parametrize(
    ("cells", "long"),
    [
        (["Rua das Flores, 123, apto 4, Centro"] * 5, False),
        (["Maria Aparecida da Silva Souza Filho"] * 5, False),
        (["ok"] * 50 + [SAID], False),
        (["ok"] * 10 + [SAID], True),
        ([None, None], False),
    ],
)
def test_sentences_are_told_from_names_and_addresses(cells: list[str | None], long: bool) -> None:
    assert holds_long_text(pa.chunked_array([pa.array(cells, pa.string())])) is long
