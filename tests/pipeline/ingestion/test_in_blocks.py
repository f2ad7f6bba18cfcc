"""Rows taken block by block, side by side, in files: the same report and the same rows as all at once in memory."""

from __future__ import annotations

import datetime as dt
import os
import random
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import per_row, scratch, side_by_side
from pipeline.contract import Product, Role
from pipeline.ingestion import field_columns
from pipeline.ingestion.checking import row_rules, run
from pipeline.ingestion.dataset import Dataset, RowsInParts, tell, texts_of
from pipeline.ingestion.parsing.parsed_file import full_years
from pipeline.products.no_show import PRODUCT
from tests.pipeline.ingestion.tables import TOY, ingested, sound

_ODD = ["", "??", "31/02/2026", "12/13/2025", "01/01/1890", "02/04/2031", "F", "No Show", "Cancelado", "1,2E+10"]
_VISITS = {
    "Data da visita": ["01/03/2026", "02/03/2026", "", "01/05/2026"],
    "Classificação": ["2 estrelas", "★★★★★", "", "3"],
    "CEP do cliente": ["1310100", "20000-000", "x", ""],
    "Texto": ["Demorou", "", "Meu CPF é 529.982.247-25", "ok"],
}


def _appointments(drawn: random.Random) -> Dataset:
    columns = sound(60)
    for cells in columns.values():
        for row in range(len(cells)):
            if drawn.random() < 0.12:
                cells[row] = drawn.choice([*_ODD, drawn.choice(cells)])
    for again in drawn.sample(range(60), 8):
        source = drawn.randrange(60)
        for cells in columns.values():
            cells[again] = cells[source]
    return ingested(columns, PRODUCT)


def _visits(drawn: random.Random) -> Dataset:
    places = [drawn.randrange(4) for _ in range(30)]
    return ingested({name: [cells[place] for place in places] for name, cells in _VISITS.items()}, TOY)


@settings(max_examples=4, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 9), st.sampled_from([(_appointments, PRODUCT), (_visits, TOY)]))
def test_blocks_and_threads_change_nothing(
    seed: int, block: int, of: tuple[Callable[[random.Random], Dataset], Product]
) -> None:
    make, _ = of
    whole = make(random.Random(seed))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(per_row, "BLOCK", block)
        patch.setattr(per_row, "FILED_FROM", 1)
        patch.setattr(row_rules, "_PART", 7)
        patch.setattr(side_by_side, "threads", lambda: 2)
        for module in (field_columns, run):
            patch.setattr(module, "WORTH_IT", 0)
        parts = make(random.Random(seed))
    assert parts.report == whole.report
    pd.testing.assert_frame_equal(parts.rows, whole.rows)
    pd.testing.assert_frame_equal(parts.faults, whole.faults)
    pd.testing.assert_frame_equal(parts.left_out, whole.left_out)


@pytest.mark.parametrize(("make", "product", "block"), [(_appointments, PRODUCT, 7), (_visits, TOY, 4)])
def test_some_fields_and_texts_block_by_block_are_those_of_the_rows(
    make: Callable[[random.Random], Dataset], product: Product, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = make(random.Random(5))
    typed, parts = dataset.typed, RowsInParts.of(dataset)
    only = np.random.default_rng(5).random(len(typed)) < 0.7
    coded = [key for key in parts.sheet.columns if key in typed and isinstance(typed[key].dtype, pd.CategoricalDtype)]
    monkeypatch.setattr(per_row, "BLOCK", block)
    monkeypatch.setattr(per_row, "FILED_FROM", 1)
    fields = {field.key for field in product.fields if field.key in typed and field.role is not Role.PATIENT}
    for asked in (fields, {product.time.key}):
        found = pd.concat(parts.blocks(asked, only), ignore_index=True)
        pd.testing.assert_frame_equal(found, typed.loc[only, list(found)].reset_index(drop=True))
        assert {"row", "state", "outcome", *asked} <= set(found) and not (
            {field.key for field in product.fields} - asked
        ) & set(found)
    for key in coded:
        codes, labels = parts.codes(key)
        told = [None if code < 0 else labels[code].as_py() for code in codes.tolist()]
        assert told == [None if pd.isna(text) else text for text in typed[key].tolist()]
        assert sorted(texts_of(parts, key).to_pylist()) == sorted(texts_of(typed, key).to_pylist())
        assert tell(parts, key) == tell(typed, key) == bool(typed[key].notna().any())
    assert coded


@given(st.dates(dt.date(1700, 1, 1), dt.date(2150, 12, 31)), st.dates(dt.date(1700, 1, 1), dt.date(2150, 12, 31)))
def test_full_years_are_those_of_the_calendar(birth: dt.date, at: dt.date) -> None:
    days = [np.array([day, None], "datetime64[D]") for day in (birth, at)]
    expected = at.year - birth.year - ((at.month, at.day) < (birth.month, birth.day))
    found = full_years(*days)
    assert found[0] == expected and np.isnan(found[1])


def test_a_large_array_lies_in_a_file_that_has_no_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scratch, "_homes", [tmp_path])
    codes = np.arange(3_000_000, dtype="int32") % 3 - 1
    found = per_row.spread(np.array([5, 6, -1]), codes)
    assert not isinstance(found.base, type(None)) and not list(tmp_path.iterdir())
    assert (found == np.array([5, 6, -1])[codes]).all()
    assert per_row.counted(codes, 2).tolist() == [10**6, 10**6]
    assert per_row.counted(codes, 2, codes == 1).tolist() == [10**6, 0]


@pytest.mark.skipif(not hasattr(os, "posix_fallocate"), reason="only where files are set aside")
def test_without_room_on_the_disk_the_memory_holds_the_array(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: int) -> None:
        raise OSError(28, "full")

    monkeypatch.setattr(os, "posix_fallocate", full)
    assert per_row.empty(3_000_000, "int32").base is None


def test_answers_come_in_order_and_what_has_not_begun_never_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(side_by_side, "threads", lambda: 2)
    gate, done = threading.Event(), []

    def first() -> int:
        gate.wait(5)
        return 0

    def later(number: int) -> int:
        done.append(number)
        gate.set()
        return number

    assert list(side_by_side.each([first, *(partial(later, n) for n in range(1, 9))])) == list(range(9))
    assert done == list(range(1, 9)) and list(side_by_side.each([lambda: 1, lambda: 2], worth_it=False)) == [1, 2]

    def wrong() -> int:
        raise ValueError("wrong")

    begun: list[int] = []
    slow = threading.Event()
    with pytest.raises(ValueError, match="wrong"):
        list(side_by_side.each([wrong, lambda: int(slow.wait(0.1)), *(partial(begun.append, n) for n in range(500))]))
    assert len(begun) < 500
