"""Whatever stands in the cells: the report ties out, no library speaks, no row vanishes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.contract import FieldKind, Product
from pipeline.ingestion.intake import ingest, left_out_table
from pipeline.products.no_show import PRODUCT
from pipeline.records import Recipe
from tests.pipeline.ingestion.tables import TODAY, TOY, raw_table

_TYPICAL = st.sampled_from(
    [
        "",
        "10/01/2026",
        "31/02/2026",
        "2026-01-10T09:30",
        "No Show",
        "Realizado",
        "SP",
        "P1",
        "1,2E+10",
        "45000",
        "Total",
        "★★",
        "01310100",
        "F",
        "0",
        "-1",
        "999",
        "01/01/1700",
        "12/31/2025",
        "=1+1",
        "<b>x</b>",
    ]
)
_CELL = st.one_of(st.none(), _TYPICAL, st.text(max_size=12))


@pytest.mark.parametrize("product", [PRODUCT, TOY], ids=["appointments", "toy"])
@given(data=st.data())
@settings(max_examples=30)
def test_any_cells(product: Product, data: st.DataObject) -> None:
    size = data.draw(st.integers(0, 12))
    keys = [f.key for f in product.fields]
    drawn = {key: data.draw(st.lists(_CELL, min_size=size, max_size=size)) for key in keys}
    table = pa.table({key: pa.array(cells, pa.string()) for key, cells in drawn.items()})
    raw = replace(raw_table({"x": ["1"]}), table=table, row_numbers=range(2, size + 2))
    result = ingest(raw, product, today=TODAY, recipe=Recipe.of({key: key for key in keys}))
    report, rows = result.report, result.rows
    assert report.rows_read == size == report.rows_usable + report.rows_left_out == len(rows) + len(result.left_out)
    assert (
        sum(n for _, n in report.left_out)
        == report.rows_left_out
        == left_out_table(raw.table, np.arange(2, size + 2), result.left_out).num_rows
    )
    assert sorted([*rows["row"], *result.left_out["row"]]) == list(range(2, size + 2))
    assert sum(n for _, n in report.outcomes) == report.rows_usable
    assert np.array_equal(rows["outcome"].isna(), ~rows["state"].isin(["event", "non_event"]))
    for issue in report.issues:
        assert issue.rows <= size and len(issue.examples) <= 5 and set(issue.examples) <= set(range(2, size + 2))
    for item in product.fields:
        if item.kind is FieldKind.CLOSED:
            assert rows[item.key].cat.categories.tolist() == [v.label for v in item.values]
        elif item.kind is FieldKind.RATING:
            assert rows[item.key].dropna().between(1, 5).all()
