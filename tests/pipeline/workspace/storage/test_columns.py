"""Arrays that are mapped from disk, and what of them stays in memory."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from pipeline import memory
from pipeline.workspace.storage import columns

MEGABYTE = 1 << 20


def _mapped_bytes() -> int:
    told = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("RssFile"))
    return int(told.split()[1]) * 1024


@pytest.mark.skipif(sys.platform != "linux", reason="the system says what is in memory")
def test_what_was_read_of_a_mapped_array_is_let_go_and_read_again(tmp_path: Path) -> None:
    values = np.arange(8 * MEGABYTE, dtype=np.int32)
    (tmp_path / "above").mkdir()
    (tmp_path / "staging").mkdir()
    columns.write_columns({"values": values}, {}, tmp_path / "above", tmp_path / "staging")
    found = columns.read_columns(tmp_path / "above")
    assert found is not None
    mapped, total = found[0]["values"], int(values.sum(dtype=np.int64))
    assert int(mapped.sum(dtype=np.int64)) == total
    before = _mapped_bytes()
    memory.let_go([mapped, np.arange(3)])  # an array that is not mapped stays
    assert before - _mapped_bytes() > 24 * MEGABYTE
    assert int(mapped.sum(dtype=np.int64)) == total
