"""Columns on disk: in the order of the rows, whatever parts they came in; and no more than the disk has room for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import PresencaError
from pipeline.modeling import columns_on_disk
from pipeline.presentation.locale import messages


@given(st.integers(1, 60), st.integers(1, 5), st.integers(1, 64), st.integers(0, 9))
def test_parts_and_blocks_show_nowhere(
    tmp_path_factory: pytest.TempPathFactory, rows: int, parts: int, block: int, seed: int
) -> None:
    rng, folder = np.random.default_rng(seed), tmp_path_factory.mktemp("columns")
    whole = pd.DataFrame({"a": rng.random(rows), "left": 0.0, "b": rng.random(rows)}).astype(np.float32)
    places, part = np.arange(rows) * 3 + 1, rng.integers(0, parts, rows)
    told = ((places[part == k], whole[part == k]) for k in range(parts))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columns_on_disk, "BLOCK", block)
        found = columns_on_disk.gathered(told, places, ["b", "a"], folder / "columns")
    assert np.array_equal(found, whole[["b", "a"]].to_numpy())
    assert [one.name for one in folder.iterdir()] == ["columns"]


def test_a_disk_without_room_is_told_before(tmp_path: Path) -> None:
    with pytest.raises(PresencaError, match=r"training.too_little_disk") as refused:
        columns_on_disk.check_room(tmp_path, 10**18)
    assert "TMPDIR" in messages.hint(refused.value)
    columns_on_disk.check_room(tmp_path, 10)
