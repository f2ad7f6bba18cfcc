"""What a training hides: the same of a row whether it is looked at alone, in a block or among all."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import PresencaError
from pipeline.modeling.training import all_rows
from pipeline.modeling.training.hiding import Columns, Hiding
from pipeline.products.no_show import PRODUCT

NAMES = tuple(f"{spec.key}__{name}" for spec in PRODUCT.features for name in ("x", "y"))
COLUMNS = Columns(NAMES, {name: name.split("__")[0] for name in NAMES})


@given(st.integers(1, 90), st.data())
def test_a_block_lacks_what_it_lacks_among_all(rows: int, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, rows - 1))
    stop = data.draw(st.integers(start + 1, rows))
    hiding = Hiding.drawn(np.arange(rows) % 7 - 1, PRODUCT, COLUMNS, 3, replays=True)
    whole, block = (np.ones((n, len(NAMES)), dtype=np.float32) for n in (rows, stop - start))
    hiding.hide(whole)
    hiding.hide(block, start)
    assert np.array_equal(block, whole[start:stop], equal_nan=True)
    assert np.array_equal(hiding.replaying(start, stop - start), hiding.replaying(0, rows)[start:stop])


def test_shares_are_those_that_are_declared() -> None:
    hiding = Hiding.drawn(np.arange(20_000), PRODUCT, COLUMNS, 3, replays=False)
    values = np.ones((20_000, len(NAMES)), dtype=np.float32)
    hiding.hide(values)
    gaps = {name: float(np.isnan(values[:, place]).mean()) for place, name in enumerate(NAMES)}
    assert 0.10 < gaps["history__x"] < 0.13 and gaps["history__x"] == gaps["history__y"], "a patient's past goes whole"
    assert 0.01 < gaps["unit__x"] < 0.03
    assert not hiding.replaying(0, 20_000).any()


def test_what_growing_takes_is_counted_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESENCA_MEMORY", "3 GB")
    with pytest.raises(PresencaError, match=r"training.too_much_memory") as refused:
        all_rows._check_memory(10_000_000, 125)
    assert 3.0e9 < float(str(refused.value.note.params["needed"])) < 3.5e9
    monkeypatch.setenv("PRESENCA_MEMORY", "4 GB")
    all_rows._check_memory(10_000_000, 125)
