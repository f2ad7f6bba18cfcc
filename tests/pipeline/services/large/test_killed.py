"""Killed at random moments, the main process or a worker: what was finished is found again, the bytes are the same."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline import services
from tests.conftest import ROOT
from tests.pipeline.services.large import scored, trained

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="asks /proc whose children run")


@pytest.fixture
def given(missed_home: tuple[Path, Path], tmp_path: Path) -> tuple[Path, Path]:
    samples, home = missed_home
    (bundle,) = (home / "models").glob("*.zip")
    return samples / "no_show_futuro.csv", bundle


def begun(given: tuple[Path, Path], folder: Path, workers: int) -> subprocess.Popen[str]:
    """A run in a process of its own, whose temporary files lie in a folder of the test."""
    (folder / "tmp").mkdir(exist_ok=True)
    command = [sys.executable, "-m", scored.__name__, *map(str, given), folder / "out.csv", folder / "work", workers]
    own = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(folder / "tmp")}
    return subprocess.Popen(list(map(str, command)), cwd=ROOT, env=own, stdout=subprocess.PIPE, text=True)


def whole(given: tuple[Path, Path], out: Path) -> bytes:
    services.write_scored(services.score_file(*given), out)
    return out.read_bytes()


def children(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def wait_for(run: subprocess.Popen[str], work: Path, parts: int) -> None:
    """Until so many parts are finished, or the run is over."""
    until = time.monotonic() + 120
    while len(list(work.glob("work-*/scored-*"))) < parts and run.poll() is None and time.monotonic() < until:
        time.sleep(0.01)


@pytest.mark.slow  # test_training_law cuts one short, executing kills workers
def test_a_run_that_was_killed_goes_on_where_it_stopped(given: tuple[Path, Path], tmp_path: Path) -> None:
    run = begun(given, tmp_path, 1)
    wait_for(run, tmp_path / "work", 2)
    run.kill()
    run.communicate()
    assert not (tmp_path / "out.csv").exists() and len(list((tmp_path / "work").glob("work-*/scored-*"))) >= 2
    told, _ = begun(given, tmp_path, 1).communicate(timeout=120)
    assert "Continuando do que já havia" in told
    assert (tmp_path / "out.csv").read_bytes() == whole(given, tmp_path / "whole.csv")
    assert not (tmp_path / "work").exists() and not list((tmp_path / "tmp").glob("presenca-*"))
    assert not list(tmp_path.glob(".presenca-*"))


@pytest.mark.slow(seconds=30)
def test_a_run_that_is_asked_to_end_leaves_what_is_finished(given: tuple[Path, Path], tmp_path: Path) -> None:
    run = begun(given, tmp_path, 2)
    wait_for(run, tmp_path / "work", 1)
    run.send_signal(signal.SIGINT)
    run.communicate(timeout=60)
    assert run.returncode != 0 and not list((tmp_path / "tmp").glob("presenca-*"))
    assert [one.name[:5] for one in (tmp_path / "work").iterdir()] == ["work-"]


@pytest.mark.slow(seconds=400)
def test_fifty_kills_of_workers_and_of_the_main_process(given: tuple[Path, Path], tmp_path: Path) -> None:
    draw, kills, runs = random.Random(18), 0, 0
    expected = whole(given, tmp_path / "whole.csv")
    while kills < 50:
        run = begun(given, tmp_path, 2)
        runs += 1
        while kills < 50 and run.poll() is None:
            time.sleep(draw.uniform(0.2, 4))
            workers = children(run.pid) if run.poll() is None else []
            victim = draw.choice([run.pid, *workers, *workers])
            try:
                os.kill(victim, signal.SIGKILL)
                kills += 1
            except ProcessLookupError:
                continue
        run.communicate()
        if run.returncode == 0:
            assert (tmp_path / "out.csv").read_bytes() == expected
            (tmp_path / "out.csv").unlink()
    run = begun(given, tmp_path, 2)
    run.communicate(timeout=240)
    assert run.returncode == 0 and (tmp_path / "out.csv").read_bytes() == expected
    assert not (tmp_path / "work").exists() and not list((tmp_path / "tmp").glob("presenca-*"))


def teaching(source: Path, folder: Path, workers: int) -> subprocess.Popen[str]:
    """A training in a process of its own, whose temporary files lie in a folder of the test."""
    (folder / "tmp").mkdir(exist_ok=True)
    command = [sys.executable, "-m", trained.__name__, source, folder / "model.zip", folder / "work", workers]
    own = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(folder / "tmp")}
    return subprocess.Popen(list(map(str, command)), cwd=ROOT, env=own, stdout=subprocess.PIPE, text=True)


@pytest.mark.slow(seconds=90)
def test_a_training_that_was_killed_goes_on_and_gives_the_same_model(
    missed_home: tuple[Path, Path], tmp_path: Path
) -> None:
    source, draw, went_on = tmp_path / "n.csv", random.Random(18), 0
    services.write_sample("no_show", source, 1_300, 12, errors=True)
    teaching(source, tmp_path, 1).communicate(timeout=120)
    expected, columns = (tmp_path / "model.zip").read_bytes(), "work-*/columns-*.parquet"
    for number in range(4):
        (tmp_path / "model.zip").unlink()
        run = teaching(source, tmp_path, 2)
        until = time.monotonic() + 60
        wanted = draw.randint(1, 12)
        while len(list((tmp_path / "work").glob(columns))) < wanted and run.poll() is None and time.monotonic() < until:
            time.sleep(0.01)
        workers = children(run.pid) if run.poll() is None else []
        if number % 2 and workers:  # its shard is done again by the same run
            os.kill(draw.choice(workers), signal.SIGKILL)
        else:
            run.kill()
        run.communicate(timeout=120)
        if run.returncode:
            told, _ = teaching(source, tmp_path, 1).communicate(timeout=120)
            went_on += "went on" in told
        assert (tmp_path / "model.zip").read_bytes() == expected
        assert not (tmp_path / "work").exists() and not list((tmp_path / "tmp").glob("presenca-*"))
    assert went_on
