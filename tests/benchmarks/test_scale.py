"""The benchmark of many rows, tiny: its rows are a network's, its meter sees what is known, each limit can break."""

from __future__ import annotations

import json
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.compute as pc
import pyarrow.parquet
import pytest

from pipeline import services
from pipeline.modeling.features.build import build
from tests.benchmarks import __main__ as runner
from tests.benchmarks import bench_scale, harness
from tests.benchmarks.scale import executors, kills, network, page, peer_duckdb, peer_pandas, peers, speed, steps
from tests.benchmarks.scale.kept import Finding, Findings
from tests.benchmarks.scale.meter import measured

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="só o Linux diz a memória de outros processos")


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESENCA_BENCH_CACHE", str(tmp_path / "cache"))


# ---------------------------------------------------------------- rows


def test_regions_share_no_patient_and_no_unit_and_their_patients_return_over_two_years(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(network, "REGION", 800)
    first, second, rest = network.regions("past", 1_700)
    assert [table.num_rows for table in (first, second, rest)] == [800, 800, 100]
    for header in (network._ID, network._UNIT):
        assert not set(first[header].to_pylist()) & set(second[header].to_pylist())
    days = peer_pandas.days(second[network._DATES[1]].to_pandas())
    assert 364 < np.nanmax(days) - np.nanmin(days) <= 730
    assert len(pc.unique(second[network._ID])) < 0.6 * 800
    years = pd.Series(days // 365).groupby(second[network._ID].to_pandas()).nunique()
    assert (years > 1).mean() > 0.1


def test_what_a_model_learns_from_lies_before_all_that_it_scores() -> None:
    past, earlier = (next(network.regions(when, 500)) for when in ("past", "earlier"))
    seen, learnt = (peer_pandas.days(table[network._DATES[1]].to_pandas()) for table in (past, earlier))
    assert np.nanmax(learnt) < np.nanmin(seen)


def test_a_file_is_made_once_and_anew_where_its_bytes_are_not_those_that_were_told() -> None:
    path = network.past(300)
    whole, made = path.read_bytes(), path.stat().st_mtime_ns
    assert network.past(300).stat().st_mtime_ns == made
    path.write_bytes(whole[:-1] + b"x")
    assert network.past(300).read_bytes() == whole
    table = pyarrow.parquet.read_table(network.past(300, "parquet"))
    assert peer_pandas.read(str(path)).equals(table.to_pandas().rename(columns=peers.TEXTS))


# ---------------------------------------------------------------- the meter and what is kept

_BUSY = """
import subprocess, sys, time
if sys.argv[1] == "child":
    block = bytearray(80 << 20); until = time.process_time() + 0.4
    while time.process_time() < until: pass
elif sys.argv[1] == "leaves":
    subprocess.Popen([sys.executable, "-S", __file__, "sleeps"], start_new_session=True)
elif sys.argv[1] == "sleeps":
    time.sleep(60)
else:
    sys.exit(subprocess.run([sys.executable, "-S", __file__, "child"]).returncode + 3)
"""


@pytest.mark.slow
def test_the_meter_counts_what_a_child_of_the_command_takes_and_what_stays_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "busy.py"
    script.write_text(_BUSY)
    took = measured([sys.executable, "-S", str(script), "parent"])
    assert took.code == 3 and took.left == 0 and took.processes == 2
    assert took.cpu >= 0.4 and took.anonymous > 75 * harness.MEGABYTE
    monkeypatch.setenv("PRESENCA_BENCH_PATIENCE", "0.1")
    assert measured([sys.executable, "-S", str(script), "leaves"]).left == 1


def test_a_later_piece_adds_to_what_is_kept_and_replaces_what_it_measured_again() -> None:
    Findings("a").add(Finding("steps", "score", 10, "", {"cpu": 1.0}))
    Findings("a").add(Finding("steps", "score", 20, "", {"cpu": 2.0}))
    Findings("a").add(Finding("steps", "score", 10, "", {"cpu": 3.0}))
    assert [one.figures["cpu"] for one in Findings("a").of("steps", "score")] == [3.0, 2.0]
    assert Findings("b").of("steps") == []


# ---------------------------------------------------------------- limits


def _took(cpu: float, megabytes: float = 100.0) -> dict[str, float]:
    return {"cpu": cpu, "wall": cpu, "resident": 0, "anonymous": megabytes * harness.MEGABYTE}


def _failed(results: list[harness.Result]) -> list[str]:
    return [one.name for one in results if not one.passed]


def test_growth_faster_than_rows_and_a_high_peak_break_their_limits() -> None:
    findings = Findings("a")
    for rows in (1_000, 4_000, 16_000):
        findings.add(Finding("steps", "train", rows, "", _took(rows**1.2)))
        findings.add(Finding("steps", "score", rows, "", _took(rows**1.05, 5_000 if rows > 9_999 else 1)))
    assert steps.exponent([1_000, 16_000], [1.0, 16.0]) == pytest.approx(1.0)
    assert _failed(steps.results(findings)) == [
        "train, expoente do processador",
        "score, 16.000 linhas, memória anônima no pico",
    ]
    assert _failed(steps.results(findings, limited=False)) == []


def test_ratios_over_reading_and_over_contributions_break_their_limits() -> None:
    findings = Findings("a")
    for rows, ours in ((1_000, 3.9), (10_000, 4.5)):
        figures = {"ours_wall": ours, "theirs_wall": 1.0, "ours_cpu": ours, "theirs_cpu": 1.0}
        findings.add(Finding("reading", "validate", rows, "", figures))
        more = {"seconds": 1.0, "rows": 10, "trees": 1, "theirs": 100.0}
        findings.add(Finding("reasons", "score", rows, "", {"ours": ours * 2, **more}))
    assert _failed(speed.results(findings)) == ["validate, 10.000 linhas", "score com motivos, 10.000 linhas"]


def test_slow_pools_and_clusters_and_other_bytes_break_their_limits() -> None:
    findings = Findings("a")
    for name, parts, sha in ((executors.ONE, 10, "a"), (executors.POOL, 6, "a"), (executors.CLUSTER, 8, "b")):
        findings.add(Finding("executors", "score", 10, name, {"parts": parts, "whole": 20.0, "sha256": sha}))
    assert len(_failed(executors.results(findings))) == 3


# ---------------------------------------------------------------- kills

_RESUMES = """
import os, pathlib, sys, time
made, work, bytes_ = map(pathlib.Path, sys.argv[1:4])
begun = work.exists() and any(work.iterdir())
work.mkdir(exist_ok=True)
for part in range(4):
    if not (work / str(part)).exists():
        (work / str(part)).write_text("done")
        time.sleep(0.08)
made.write_text("other" if begun and sys.argv[3] == "forgets" else "same")
for one in work.iterdir():
    if sys.argv[3] != "leaves": one.unlink()
"""


@pytest.mark.parametrize(
    ("how", "problem"),
    [
        pytest.param("well", None, marks=pytest.mark.slow),
        ("forgets", "outros bytes"),
        pytest.param("leaves", "ficou", marks=pytest.mark.slow),
    ],
)
def test_a_killed_command_that_forgets_or_leaves_something_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str, problem: str | None
) -> None:
    script = tmp_path / "resumes.py"
    script.write_text(_RESUMES)
    made, work = tmp_path / "made", tmp_path / "work"
    command = [sys.executable, "-S", str(script), str(made), str(work), how]
    monkeypatch.setattr(kills.random.Random, "uniform", lambda _self, _least, most: 0.8 * most)
    found = kills.killed(kills.Run(command, made, work, tmp_path / "tmp"), 2)
    told = [str(one) for one in found["problems"]]  # type: ignore[attr-defined]
    assert (told == []) if problem is None else any(problem in one for one in told)


def test_a_model_is_the_same_but_for_the_moment_at_which_it_was_made(tmp_path: Path) -> None:
    def made(created: str, trees: str) -> str:
        with zipfile.ZipFile(tmp_path / "model.zip", "w") as archive:
            archive.writestr("manifest.json", created)
            archive.writestr("card.json", json.dumps({"created": created, "rows": 3}))
            archive.writestr("booster_0.txt", trees)
        return kills.digest_of_model(tmp_path / "model.zip")

    assert made("now", "a") == made("then", "a") != made("now", "b")


# ---------------------------------------------------------------- what a user would do


def _peers() -> list[tuple[str, Callable[..., None]]]:
    found = [("pandas", peer_pandas.main), ("duckdb", peer_duckdb.main)]
    try:
        from tests.benchmarks.scale import peer_polars
    except ImportError:
        return found
    return [*found, ("polars", peer_polars.main)]


@pytest.mark.slow
def test_peers_make_the_same_columns_as_we_do(tmp_path: Path) -> None:
    source = network.past(1_500)
    rows = services.load(network.PRODUCT, source).rows
    build(rows, services.product(network.PRODUCT)).columns.to_parquet(tmp_path / "ours.parquet")
    for name, main in _peers():
        out = tmp_path / f"{name}.parquet"
        main("features", str(source), str(out))
        assert peers.differences(tmp_path / "ours.parquet", out) == {}, name
        assert len(set(pd.read_parquet(out)) & set(pd.read_parquet(tmp_path / "ours.parquet"))) == 13
    moved = pd.read_parquet(tmp_path / "pandas.parquet")
    moved["unit__rate"] += 0.01
    moved.to_parquet(tmp_path / "moved.parquet")
    assert list(peers.differences(tmp_path / "ours.parquet", tmp_path / "moved.parquet")) == ["unit__rate"]


def test_the_faults_that_peers_count_are_those_that_they_planted() -> None:
    table = peer_pandas.read(str(network.past(300)))
    assert not any(peer_pandas.check(table).values())
    table.loc[0, "event"], table.loc[1, "event"], table.loc[2, "status"], table.loc[3, "uf"] = (
        "",
        "31/02/2026",
        "?",
        "XX",
    )
    table.loc[len(table)] = table.loc[5]
    found = peer_pandas.check(table)
    ones = ("scheduled_missing", "scheduled_unreadable", "status_unknown", "uf_unknown")
    assert [found[name] for name in ones] == [1, 1, 1, 1] and found["repeated"] == 2 and found["unit_two_ufs"] > 1


# ---------------------------------------------------------------- the command line


def test_sizes_and_parts_are_chosen_and_wrong_ones_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_scale, "CHOSEN", bench_scale.Chosen())
    bench_scale.choose(rows="2000,500", only="validate,peers", label="antes", options="--workers 2")
    expected = bench_scale.Chosen((500, 2000), ("validate", "peers"), "antes", ("--workers", "2"))
    assert expected == bench_scale.CHOSEN
    for wrong in ({"rows": "x"}, {"rows": "1"}, {"only": "tudo"}, {"label": "../x"}):
        with pytest.raises(ValueError, match="--"):
            bench_scale.choose(**wrong)


def test_hours_are_only_taken_by_name(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    asked: list[str] = []
    for module in runner.benchmarks():
        monkeypatch.setattr(module, "measure", lambda quick, name=module.__name__: asked.append(name) or [])
    assert runner.main([]) == 0 and bench_scale.__name__ not in asked
    assert runner.main(["escala", "--only", "kills"]) == 0 and asked[-1] == bench_scale.__name__
    with pytest.raises(SystemExit):
        runner.main(["validar", "--only", "kills"])
    assert "só para a medida escala" in capsys.readouterr().err


# ---------------------------------------------------------------- the page


def test_the_page_tells_what_was_measured_and_calls_an_extrapolation_one() -> None:
    findings = Findings("a")
    for rows in (500_000, 2_000_000):
        findings.add(Finding("steps", "score", rows, "", _took(rows / 5_000, rows / 1_000)))
    told, expected = page.measured_tables(["a"]), page.expected_table("a")
    assert "| `score` | 2.000.000 | 400 | 400 | 2.000 |" in told and "score, expoente do processador | 1,00" in told
    assert expected.splitlines()[-1] == (
        "| `score` | 200 s, 1.000 MB (entre o medido) | 2.000 s, 10.000 MB (extrapolado) "
        "| 20.000 s, 100.000 MB (extrapolado) |"
    )
    text = page.PAGE.read_text(encoding="utf-8")
    for name in (page.MEASURED, page.EXPECTED):
        assert "novo" in page.placed(text, name, "novo")
    with pytest.raises(ValueError, match="no place"):
        page.placed(text, "outro", "novo")
