"""Records as a table: what a record says is in its column, and many are read in linear time."""

from __future__ import annotations

import time

import pytest

from pipeline.errors import PresencaError
from pipeline.ingestion import record_table
from tests.toy.products import LIBRARY


def test_a_cell_stands_in_the_column_of_its_field_or_header() -> None:
    records = [{"card": 7, "Estante": "Poesia"}, {"Carteirinha": "L2", "fora": True}, {"card": "", "due_on": 1.5}]
    found = record_table.table_of(records, LIBRARY, "envio").table.to_pydict()
    labels = {field.key: field.label for field in LIBRARY.fields}
    assert found[labels["card"]] == ["7", "L2", None] and found["Estante"] == ["Poesia", None, None]
    assert found["fora"] == [None, "Sim", None] and found[labels["due_on"]] == [None, None, "1,5"]
    with pytest.raises(PresencaError, match="field_twice"):
        record_table.table_of([{"card": "1", labels["card"]: "2"}], LIBRARY, "envio")


def test_many_records_take_linear_time() -> None:
    records = [{"card": "L1", "taken_on": "01/09/2026", "due_on": "10/10/2026"}] * 60_000
    begun = time.process_time()
    assert record_table.table_of(records, LIBRARY, "envio").table.num_rows == 60_000
    assert time.process_time() - begun < 5.0  # some tenths of a second; minutes where columns are made for each cell
