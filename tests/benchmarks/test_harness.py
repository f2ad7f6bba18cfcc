"""The measuring itself: it sees time and memory that are known, and a broken limit turns the exit code."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from types import ModuleType

import pytest

from tests.benchmarks import __main__ as runner
from tests.benchmarks import harness
from tests.benchmarks.harness import BenchmarkFailed, Result

HERE = __name__ if __name__.startswith("tests.") else f"tests.benchmarks.{__name__.rpartition('.')[2]}"


def hold(megabytes: int, seconds: float) -> int:
    """Takes this much memory and time; runs in the fresh process."""
    block = bytearray(os.urandom(1024)) * (megabytes * 1024)
    time.sleep(seconds)
    return len(block)


def fail() -> None:
    """Ends with an error; runs in the fresh process."""
    raise RuntimeError("de propósito")


@pytest.mark.slow
def test_time_and_peak_of_a_fresh_process_are_seen() -> None:
    small, large = (harness.fresh(f"{HERE}:hold", size, wait) for size, wait in [(1, 0.0), (200, 0.3)])
    assert large.seconds >= 0.3  # the wait is in it; how much a busy machine adds is not told here
    assert 180 < (large.peak - small.peak) / harness.MEGABYTE < 420
    assert large.answer == 200 * harness.MEGABYTE
    assert large.start_seconds > 0


def test_an_error_in_the_fresh_process_is_told() -> None:
    with pytest.raises(BenchmarkFailed, match="de propósito"):
        harness.fresh(f"{HERE}:fail")


def test_the_ratio_is_the_median_of_pairs() -> None:
    ours, theirs = iter([4.0, 100.0, 6.0]), iter([2.0, 2.0, 2.0])
    value, told = harness.ratio(lambda: next(ours), lambda: next(theirs))
    assert value == 3.0
    assert "6,00 s contra 2,00 s" in told


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="só o Linux diz a memória de outro processo")
def test_the_memory_of_a_running_process_is_watched() -> None:
    with harness.PeakWatch(os.getpid(), every=0.01) as watch:
        before = harness.memory_of(os.getpid())
        block = bytearray(os.urandom(1024)) * (100 * 1024)
        time.sleep(0.1)
    assert watch.peak - before > 0.8 * len(block)


def _module(title: str, *results: Result, fault: Exception | None = None) -> ModuleType:
    module = ModuleType(f"tests.benchmarks.bench_{title}")

    def measure(quick: bool) -> list[Result]:
        if fault:
            raise fault
        return list(results)

    module.TITLE, module.measure = title, measure  # type: ignore[attr-defined]
    return module


@pytest.mark.parametrize(
    ("module", "code", "told"),
    [
        (_module("boa", Result("tempo", 2.0, 8.0, reference="DuckDB")), 0, "passou"),
        (_module("igual", Result("tempo", 8.0, 8.0)), 0, "passou"),
        (_module("lenta", Result("tempo", 8.1, 8.0)), 1, "FALHOU"),
        (_module("nula", Result("tempo", float("nan"), 8.0)), 1, "FALHOU"),
        (_module("quebrada", fault=RuntimeError("sem arquivo")), 1, "sem arquivo"),
        (_module("livre", Result("memória", 900.0, None, unit="MB")), 0, "900 MB"),
    ],
)
def test_the_exit_code_tells_whether_every_limit_held(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    module: ModuleType,
    code: int,
    told: str,
) -> None:
    monkeypatch.setattr(runner, "benchmarks", lambda words: [module])
    assert runner.main([]) == code
    assert told in capsys.readouterr().out


def test_the_results_are_written_for_machines_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "benchmarks", lambda words: [_module("boa", Result("tempo", 2.0, 8.0))])
    runner.main(["--json", str(tmp_path / "out.json")])
    assert json.loads((tmp_path / "out.json").read_text())[0]["passed"] is True
