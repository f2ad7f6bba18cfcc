"""Columns as distinct values and places among them come back as they were, some rows of them and all."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.workspace.storage import narrow

DAYS = st.one_of(st.none(), st.dates(dt.date(1990, 1, 1), dt.date(2040, 1, 1)))
TEXTS = st.one_of(st.none(), st.sampled_from(["Centro", "Ação", "", "Norte", "x" * 40]))
ROWS = st.lists(st.tuples(st.integers(0, 2**40), DAYS, st.one_of(st.none(), st.floats(0, 24)), TEXTS), max_size=30)


def _frame(rows: list[tuple[int, dt.date | None, float | None, str | None]]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "row": pd.Series([one[0] for one in rows], dtype="int64"),
            "day": pd.Series([one[1] for one in rows], dtype="datetime64[s]"),
            "hour": pd.Series([one[2] for one in rows], dtype="float64"),
            "unit": pd.Categorical([one[3] for one in rows], ["Norte", "unused", "Centro", "Ação", "", "x" * 40]),
        }
    )


def _packed(frame: pd.DataFrame) -> narrow.NarrowRows:
    kinds: dict[str, narrow.Kind] = {}
    arrays: dict[str, np.ndarray] = {}
    for name in frame:
        column = frame[name]
        told: pd.Series | narrow.Coded = column
        if isinstance(column.dtype, pd.CategoricalDtype):
            known = pa.array(column.cat.categories.tolist(), pa.string())
            told = narrow.Coded(column.cat.codes.to_numpy(), known, False, str(column.cat.categories.dtype))
        arrays |= dict(narrow.packed(str(name), told, kinds))
    return narrow.NarrowRows(arrays, kinds)


@given(ROWS, st.data())
@settings(max_examples=60, deadline=None)
def test_rows_come_back_as_they_were(
    rows: list[tuple[int, dt.date | None, float | None, str | None]], data: st.DataObject
) -> None:
    frame = _frame(rows)
    held, names = _packed(frame), list(map(str, frame))
    pd.testing.assert_frame_equal(held.some(slice(None), names), frame)
    places = np.array(data.draw(st.lists(st.integers(0, len(rows) - 1), max_size=8)) if rows else [], np.int64)
    pd.testing.assert_frame_equal(held.some(places, names), frame.iloc[places].reset_index(drop=True))
    assert held.where("unit", lambda known: known == "Centro").tolist() == (frame["unit"] == "Centro").tolist()
    days = held.narrow("day", "datetime64[D]")
    assert len(days) == len(frame)
    np.testing.assert_array_equal(np.asarray(days), frame["day"].to_numpy("datetime64[D]"))
    np.testing.assert_array_equal(days[places], np.asarray(days)[places])


def test_of_very_many_texts_those_alone_come_that_rows_have(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = _frame([(1, None, None, "Ação"), (2, None, None, None), (3, None, None, "Norte")])
    held = _packed(frame)
    monkeypatch.setattr(narrow, "MANY", 1)
    found = held.some(np.array([2, 0, 1]), ["unit"])["unit"]
    assert found.cat.categories.tolist() == ["Norte", "Ação"] and found.astype("object").tolist()[:2] == [
        "Norte",
        "Ação",
    ]
    assert found.isna().tolist() == [False, False, True]


def test_columns_take_the_fewest_bytes_and_others_are_refused() -> None:
    held = _packed(_frame([(at, dt.date(2026, 1, 1 + at % 28), float(at % 24), "Norte") for at in range(200)]))
    assert [held.codes(name).dtype.itemsize for name in ("row", "day", "hour", "unit")] == [1, 1, 1, 1]
    with pytest.raises(TypeError, match="no fixed width"):
        list(narrow.packed("text", pd.Series(["a", "b"], dtype="object"), {}))
