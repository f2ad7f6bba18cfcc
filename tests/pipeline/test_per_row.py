"""What is known of each row: in order share by share it is what it is in order all at once; a file without a name gives
what was put there.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import per_row

SHARES = st.tuples(st.integers(1, 9), st.integers(1, 12), st.integers(0, 9_999))


@settings(max_examples=60)
@given(st.integers(0, 80), SHARES, st.booleans(), st.booleans())
def test_rows_in_order(rows: int, how: tuple[int, int, int], falling: bool, whole: bool) -> None:
    block, together, seed = how
    rng = np.random.default_rng(seed)
    values = rng.integers(-9, 9, rows) if whole else np.where(rng.random(rows) < 0.2, np.nan, rng.random(rows).round(1))
    then = rng.permutation(rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(per_row, "BLOCK", block)
        patch.setattr(per_row, "SORTED", together)
        patch.setattr(per_row, "FILED_FROM", 1 if seed % 2 else 8_000_000)
        found = per_row.ordered(values, then, falling=falling)
        assert found.tolist() == np.lexsort((then, -values if falling else values)).tolist()
        assert per_row.turned(found)[found].tolist() == list(range(rows))
        mask = rng.random(rows) < 0.5
        assert per_row.chosen(found, mask).tolist() == found[mask[found]].tolist()


@settings(max_examples=60)
@given(st.lists(st.integers(0, 4), max_size=60), st.integers(1, 9))
def test_rows_by_their_code(codes: list[int], block: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(per_row, "BLOCK", block)
        places, begin = per_row.grouped(np.array(codes, np.uint8), 5)
    for code in range(5):
        assert places[begin[code] : begin[code + 1]].tolist() == [at for at, one in enumerate(codes) if one == code]
    assert begin[-1] == len(codes)


@pytest.mark.parametrize("filed", [True, False])
@pytest.mark.parametrize("by_row", [True, False])
def test_a_table_lies_as_it_is_asked_for_wherever_it_lies(
    by_row: bool, filed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(per_row, "TABLE_FILED_FROM", 0 if filed else 1 << 40)
    monkeypatch.setattr(per_row, "FILED_FROM", 0)
    values = per_row.table(7, 3, by_row=by_row)
    values[:] = np.arange(21).reshape(7, 3)
    assert values.dtype == np.float32 and values[4, 1] == 13
    assert values.flags.c_contiguous == by_row and values.flags.f_contiguous != by_row
    assert per_row.table(0, 3, by_row=by_row).shape == (0, 3)


@pytest.mark.parametrize("size", [0, 1, 9])
def test_what_is_filed_keeps_its_values(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(per_row, "FILED_FROM", 1)
    monkeypatch.setattr(per_row, "BLOCK", 4)
    kept = per_row.filed(np.arange(size))
    assert kept.tolist() == list(range(size)) and kept.dtype == np.int64
