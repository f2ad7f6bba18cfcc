"""The columns of fixed rows are what they were, or the version that models carry is another.

After a change that is meant: raise `FEATURES_VERSION` and run
`python -m tests.pipeline.modeling.features.test_version`, which writes the columns anew.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pipeline.contract import Product
from pipeline.ingestion.intake import ingest
from pipeline.ingestion.reading.reader import read
from pipeline.modeling.features.build import build
from pipeline.modeling.features.version import FEATURES_VERSION
from pipeline.services import catalog
from tests.pipeline.ingestion.files import csv_bytes

GOLDEN = Path(__file__).resolve().parents[3] / "golden" / "features.json"
DAY, ROWS = dt.date(2026, 11, 1), 120


def columns(product: Product) -> dict[str, list[float | None]]:
    """Mean and largest value of each column of rows made of the declaration's examples, as scored on a fixed day."""
    cells = [[_cell(product, place, row) for place in range(len(product.asked))] for row in range(ROWS)]
    raw = read(csv_bytes([[field.label for field in product.asked], *cells]), "a.csv")
    table = build(ingest(raw, product, today=DAY).rows, product).columns
    told = {name: (table[name].mean(), table[name].max()) for name in sorted(table.columns)}
    return {name: [None if pd.isna(one) else float(one) for one in pair] for name, pair in told.items()}


def _cell(product: Product, place: int, row: int) -> str:
    """An example of the field, or, of the field that tells the time, a day of its own, so that outcomes are known."""
    field = product.asked[place]
    if field.key == product.time.key:
        return f"{dt.date(2026, 4, 1) + dt.timedelta(row):%d/%m/%Y}"
    return field.examples[(row + row // 7 * place) % len(field.examples)]


def now() -> dict[str, Any]:
    """What is kept in the golden file."""
    return {"version": FEATURES_VERSION, "columns": {p.key: columns(p) for p in catalog.products()}}


def test_columns_come_out_as_this_version_made_them() -> None:
    kept, made = json.loads(GOLDEN.read_text("utf-8")), now()
    assert kept["version"] == made["version"], "write the golden file anew"
    for product in catalog.products():
        then, again = kept["columns"][product.key], made["columns"][product.key]
        assert len(again) > 10 and then.keys() == again.keys()
        for name, pair in again.items():
            np.testing.assert_allclose(
                np.array(pair, "float64"),
                np.array(then[name], "float64"),
                1e-9,
                err_msg=f"{name}: raise FEATURES_VERSION",
            )


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps(now(), indent=1, sort_keys=True) + "\n", "utf-8")
