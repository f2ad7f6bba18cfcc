"""Which rows of a past go into shards, and who a number is there."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from pipeline.executing import kept
from pipeline.ingestion.dataset import Dataset
from pipeline.products.no_show import PRODUCT
from pipeline.services.large import sharding
from tests.pipeline.ingestion.tables import ingested, sound


def _of(patients: list[str]) -> Dataset:
    columns = sound(len(patients))
    columns["ID único do paciente"] = patients
    return ingested(columns, PRODUCT)


ROWS = _of(["B", "A", "", "B"])
PAST = _of(["C", "A", "", "D", "B", "A", "C"])


def test_patients_are_numbered_over_all_files_in_the_order_that_they_come() -> None:
    rows, past = sharding.to_cut([ROWS, PAST], PRODUCT)
    assert rows.patients is not None and past.patients is not None
    assert rows.patients.tolist() == [0, 1, -1, 0] and past.patients.tolist() == [2, 1, -1, 3, 0, 1, 2]


def test_of_a_past_only_the_rows_of_the_files_patients_are_cut(tmp_path: Path) -> None:
    rows, past = sharding.to_cut([ROWS, PAST], PRODUCT)
    theirs = sharding.of_patients(past, rows)
    assert theirs.chosen is not None and theirs.chosen.tolist() == [1, 4, 5] and len(theirs) == 3
    with kept(tmp_path, {}) as there:
        for number in (1, 3):
            cut = sharding.in_shards(there, f"past-{number}", theirs, PRODUCT, number)
            mine = sharding.in_shards(there, f"rows-{number}", rows, PRODUCT, number)
            read = pd.concat([cut.read(shard) for shard in range(number)]).sort_values("row")
            assert read["row"].tolist() == PAST.typed["row"].to_numpy()[[1, 4, 5]].tolist()
            assert read["patient_id"].astype("str").tolist() == ["n1", "n0", "n1"]
            whole = PAST.rows["event_id"].to_numpy()[[1, 4, 5]]
            assert np.array_equal(read["event_id"].to_numpy(), whole)
            for shard in range(number):  # whose past lies here is here
                named = set(mine.read(shard)["patient_id"].dropna())
                assert set(cut.read(shard)["patient_id"].dropna()) <= named


def test_a_past_of_a_file_that_names_nobody_is_only_counted() -> None:
    rows, past = sharding.to_cut([_of(["", ""]), PAST], PRODUCT)
    assert len(sharding.of_patients(past, rows)) == 0
