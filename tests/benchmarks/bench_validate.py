"""`validate` on a million rows against DuckDB's bare read of the same file, and its peak in a fresh process."""

from __future__ import annotations

import duckdb

from tests.benchmarks import material
from tests.benchmarks.harness import MEGABYTE, BenchmarkFailed, Result, Run, fresh, written

TITLE = "validar"
LIMIT, PEAK_LIMIT_MB = 8.0, 1536.0
HERE = "tests.benchmarks.bench_validate"
TINY = 100
REPEATS = 3


def measure(quick: bool = False) -> list[Result]:
    """Time less start-up over the bare read (both the best of `REPEATS`, in turn), and the peak."""
    rows = material.QUICK if quick else material.MILLION
    path, tiny = str(material.sample(rows)), str(material.sample(TINY))
    whole, start, bare = [], [], []
    for _ in range(REPEATS):
        start.append(_whole(_validate(tiny)))
        whole.append(_validate(path))
        bare.append(fresh(f"{HERE}:bare_read", path).seconds)
    total, least, read = min(map(_whole, whole)), min(start), min(bare)
    detail = f"{written(total)} s menos {written(least)} s de partida, contra {written(read)} s"
    peak = max(run.peak for run in whole) / MEGABYTE
    name = f"{written(rows)} linhas"
    return [
        Result(
            f"{name}, tempo",
            (total - least) / read,
            None if quick else LIMIT,
            reference="DuckDB, só ler como texto para Arrow",
            detail=detail,
        ),
        Result(f"{name}, pico de memória", peak, PEAK_LIMIT_MB, "MB", reference="processo novo"),
    ]


def _validate(path: str) -> Run:
    run = fresh(f"{HERE}:validate", path)
    if run.answer != 0:
        raise BenchmarkFailed(f"validate terminou com {run.answer}")
    return run


def _whole(run: Run) -> float:
    return run.start_seconds + run.seconds


def validate(path: str) -> int:
    """The command, as it is typed (fresh process); gives its exit code."""
    from pipeline import cli

    try:
        return cli.run(["validate", material.PRODUCT, path])
    except SystemExit as end:
        return int(end.code or 0)


def bare_read(path: str) -> int:
    """DuckDB's own reading, all as text, to Arrow (fresh process; it is imported before the clock)."""
    return int(duckdb.sql("SELECT * FROM read_csv(?, all_varchar = true)", params=[path]).to_arrow_table().num_rows)
