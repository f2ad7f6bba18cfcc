"""The durability runs, in small: a few kills, disk sizes and writers each time the suite passes (bench: `duravel`)."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.conftest import ROOT


@pytest.mark.slow  # kills, small disks and many writers take as much as a room of tests
@pytest.mark.skipif(sys.platform != "linux", reason="forks, and mounts a disk in memory")
def test_nothing_is_lost() -> None:
    """One process for all three: to import what they use takes longer than they do."""
    command = [sys.executable, "-m", "tests.durability", "small", "4", "--each", "5"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, dict[str, Any]] = json.loads(done.stdout)
    assert [problem for one in found.values() for problem in one["problems"]] == []
    assert found["writers"]["errors"] == found["writers"]["missing"] == 0 < found["disks"]["kept"]
