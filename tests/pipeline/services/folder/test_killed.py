"""The command, killed at random moments: each file is somewhere, once, and is read once."""

from __future__ import annotations

import hashlib
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline import services
from pipeline.records.folder import FolderState
from pipeline.services import Workspace
from pipeline.services.data import datasets, folder_log
from tests.conftest import ROOT

PRODUCT, KILLS, FILES = "no_show", 8, 5


@pytest.mark.slow
def test_killed_at_random_moments_nothing_is_lost_and_nothing_is_read_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRESENCA_TODAY", "2026-11-23")
    monkeypatch.setenv("PRESENCA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PRESENCA_KEY", "chave-apenas-dos-testes-0123456789abcdef")
    folder, chance, dropped = tmp_path / "pasta", random.Random(17), _files(tmp_path)
    folder.mkdir()
    waiting = list(dropped)
    for _ in range(KILLS):
        process = _command(folder)
        for name in waiting[:1]:
            (folder / name).write_bytes(dropped[waiting.pop(0)])
            (folder / f"{name}.pronto").touch()
        time.sleep(chance.uniform(1.0, 5.0))
        process.send_signal(signal.SIGKILL)
        process.wait()
        _each_is_there_once(folder, {name: dropped[name] for name in dropped if name not in waiting})
    for name in waiting:
        (folder / name).write_bytes(dropped[name])
    _command(folder, "--once").wait(timeout=300)
    assert not [path for path in folder.iterdir() if path.is_file()]
    _each_is_there_once(folder, dropped)
    space = Workspace()
    told = folder_log.files(space)
    assert sorted(one.name for one in told) == sorted(dropped)
    assert {one.name for one in told if one.state is FolderState.REFUSED} == {"notas.csv"}
    assert len(datasets.datasets(space, PRODUCT)) == FILES and len(space.series(PRODUCT)) == 1
    space.close()


def _files(folder: Path) -> dict[str, bytes]:
    """By name: parts of one clinic's agenda, and something else."""
    services.write_sample(PRODUCT, folder / "all.csv", 600, 7)
    head, *rows = (folder / "all.csv").read_bytes().splitlines(keepends=True)
    parts = {f"agenda {n}.csv": head + b"".join(rows[n::FILES]) for n in range(FILES)}
    return parts | {"notas.csv": b"a;b\n1;2\n"}


def _command(folder: Path, *more: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "pipeline", "watch", str(folder), "--seconds", "1", *more]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _each_is_there_once(folder: Path, dropped: dict[str, bytes]) -> None:
    found = [
        hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*.csv") if "saida" not in path.parts
    ]
    assert sorted(found) == sorted(hashlib.sha256(content).hexdigest() for content in dropped.values())
