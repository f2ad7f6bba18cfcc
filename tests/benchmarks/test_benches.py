"""The benchmarks themselves: each can be named, each can fail, and the bare side counts what it should."""

from __future__ import annotations

import datetime as dt
import importlib
import os
import re
import threading
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from pipeline.services.pages.risk import Filters
from tests.benchmarks import __main__ as runner
from tests.benchmarks import (
    bench_durability,
    bench_filters,
    bench_safety,
    bench_sample,
    bench_server,
    bench_validate,
    harness,
)

NAMES = [
    "bench_api",
    "bench_comments",
    "bench_durability",
    "bench_explaining",
    "bench_filters",
    "bench_large_pages",
    "bench_load",
    "bench_safety",
    "bench_sample",
    "bench_scale",
    "bench_score_job",
    "bench_scoring",
    "bench_server",
    "bench_skill",
    "bench_training_growth",
    "bench_validate",
]


def test_every_benchmark_is_found_and_can_be_chosen_by_name() -> None:
    found = {module.__name__.rpartition(".")[2]: module for module in runner.benchmarks()}
    assert sorted(found) == NAMES
    for name, module in found.items():
        assert runner.benchmarks([name]) == [module] == runner.benchmarks([module.TITLE])


@pytest.mark.parametrize("name", [*NAMES, "material", "scale.speed", "scale.executors"])
def test_what_runs_in_a_fresh_process_is_there(name: str) -> None:
    """A benchmark names functions by text; a renamed one would only be missed after minutes of work."""
    module = importlib.import_module(f"tests.benchmarks.{name}")
    source = Path(str(module.__file__)).read_text(encoding="utf-8")
    targets = re.findall(r'fresh\(\s*f?"([^"]+)"', source)
    assert targets or name in ("bench_server", "bench_durability", "bench_safety", "bench_scale")
    for target in targets:
        where, function = target.replace("{HERE}", f"tests.benchmarks.{name}").split(":")
        assert callable(getattr(importlib.import_module(where), function))


def test_a_slow_or_hungry_validation_breaks_its_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    def took(target: str, path: str) -> harness.Run:
        seconds = {"validate": 10.0 if path == "1000000" else 1.0, "bare_read": 1.0}[target.rpartition(":")[2]]
        return harness.Run(seconds, 0.5, 1_700 * harness.MEGABYTE, 0)

    monkeypatch.setattr(bench_validate.material, "sample", lambda rows: rows)
    monkeypatch.setattr(bench_validate, "fresh", took)
    time, peak = bench_validate.measure()
    assert time.value == pytest.approx(9.0)  # (10 + 0,5) − (1 + 0,5), over 1
    assert not time.passed
    assert not peak.passed


def test_what_is_lost_breaks_the_limit_and_sizes_can_be_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[object, ...]] = []

    def run(*arguments: object) -> dict[str, object]:
        asked.append(arguments)
        lost = ["saving 3: problem saved 0a1b2c3d4e5f"] if arguments[0] == "kills" else []
        return {
            "problems": lost, "acknowledged": 9, "by_scenario": {"saving": 9}, "kept": 1, "refused": 1,
            "how": "tmpfs", "errors": 0, "missing": 1, "writes": 6,
        }  # fmt: skip

    monkeypatch.setattr(bench_durability, "_run", run)
    for name in ("KILLS", "DISKS"):
        monkeypatch.setattr(bench_durability, name, getattr(bench_durability, name))
    runner.choose([bench_durability], ["kills=7", "disks=5"])
    killed, disks, writers = bench_durability.measure()
    assert [one[:2] for one in asked] == [("kills", 7), ("disks", 5), ("writers", 20)]
    assert not killed.passed and "saving 3" in killed.detail and disks.passed and not writers.passed
    for wrong in ("nothing=3", "kills=x", "title=3"):
        with pytest.raises(ValueError, match="nenhuma medida"):
            runner.choose([bench_durability], [wrong])


def test_bare_groups_hold_the_filtered_rows() -> None:
    days = pd.to_datetime(["2026-01-05", "2026-01-06", "2026-02-02", "2026-02-03"])
    frame = pd.DataFrame(
        {
            "row": [2, 3, 4, 5],
            "scheduled_date": days,
            "contact_date": days - pd.Timedelta(days=2),
            "outcome": [1.0, 0.0, np.nan, 1.0],
            "risk": [0.2, 0.4, np.nan, 0.6],
            "unit": list("abab"),
            "uf": ["SP"] * 4,
            "health_plan": ["x"] * 4,
            "procedure": list("ppqq"),
        }
    )
    unit, *_, months, heat = bench_filters.bare(frame, Filters(dt.date(2026, 1, 6), None, {"procedure": ("p", "q")}))
    assert unit["rows"].to_dict() == {"a": 1, "b": 2}
    assert unit.loc["b", "events"] == 1
    assert unit.loc["b", "risk"] == pytest.approx(0.5)
    assert months["rows"].tolist() == [1, 2]
    assert int(heat["rows"].sum()) == 3


def test_the_bare_writer_writes_all_rows(tmp_path: Path) -> None:
    assert bench_sample.bare_write(str(tmp_path / "a.csv"), 50) > 0
    assert len((tmp_path / "a.csv").read_text(encoding="utf-8").splitlines()) == 51


def test_without_a_browser_the_server_is_skipped_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench_server, "find_chromium", lambda: None)
    assert bench_server.measure() == []
    assert "pulada" in capsys.readouterr().err


def test_a_bomb_that_raises_is_a_fall_and_not_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its peak is of the one who reads: the watch begins once the bomb is written."""
    watched: list[bool] = []

    def reads(path: Path) -> object:
        watched.append(threading.active_count() > before)
        raise ZeroDivisionError

    def write(path: Path) -> None:
        watched.append(threading.active_count() > before)
        path.write_bytes(b"x")

    before = threading.active_count()
    monkeypatch.setattr(bench_safety, "read", reads)
    monkeypatch.setattr(bench_safety, "the_host", lambda: SimpleNamespace(pid=os.getpid()))
    fall, time, _peak = bench_safety._bomb("de prova", write)
    assert not fall.passed and time.detail == "queda: ZeroDivisionError" and watched == [False, True]
