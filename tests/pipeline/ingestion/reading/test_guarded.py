"""What we wrote as CSV comes back as it was; files of others keep their apostrophes."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from pipeline.ingestion.reading.cells_file import HeldCells
from pipeline.ingestion.reading.reader import read
from pipeline.ingestion.reading.text.guarded import unguarded
from pipeline.presentation import spreadsheets

TEXTS = st.text(st.sampled_from("=+-@'aZ9 ,;\"ç."), min_size=1, max_size=8).map(str.strip).filter(bool)


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=12))
def test_our_own_csv_comes_back_unchanged(rows: list[tuple[str, str]]) -> None:
    table = pa.table({"codigo": [a for a, _ in rows], "=nome": [b for _, b in rows], "n": ["1"] * len(rows)})
    back = read(spreadsheets.csv_bytes(table), "nosso.csv").table
    assert back.column_names == table.column_names
    assert back.to_pydict() == table.to_pydict()


def test_patient_ids_match_again() -> None:
    ids = [f"-{number}" for number in range(500)] + ["+55", "@ana", "'x", "=1+1"]
    table = pa.table({"paciente": ids, "valor": [float(-n) for n in range(len(ids))]})
    raw = read(spreadsheets.csv_bytes(table), "nosso.csv")
    assert raw.table.column("paciente").to_pylist() == ids
    assert raw.notes[-1].code == "reading.apostrophes" and raw.notes[-1].params["count"] == len(ids)


def test_another_file_keeps_its_apostrophes(tmp_path: Path) -> None:
    for cells in (["'-1", "=2"], ["'-1", "'abc"], ["'-1", "-x"], ["d'or", "'"]):
        held = HeldCells(pa.table({"a": cells}))
        assert unguarded(held, tmp_path) == (held, 0)
