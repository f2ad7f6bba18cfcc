"""Rows of whole numbers are told apart whatever stands in them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.packing import distinct

NUMBERS = st.integers(-20_000, 20_000)


@given(st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS), max_size=40))
def test_each_row_is_found_again(rows: list[tuple[int, int, int]]) -> None:
    columns = [np.array([row[i] for row in rows], dtype=np.int64) for i in range(3)]
    found, place = distinct(*columns)
    assert found == sorted(set(rows)) and [found[p] for p in place] == rows


def test_what_does_not_fit_is_refused_and_not_mixed_up() -> None:
    wide = np.array([0, 2**40], dtype=np.int64)
    with pytest.raises(ValueError, match="dims"):
        distinct(wide, wide)
