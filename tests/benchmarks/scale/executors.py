"""The same scoring in one process, in a pool of two and on a Dask cluster of two that is started here."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.harness import ROOT, BenchmarkFailed, Result, written
from tests.benchmarks.scale import steps
from tests.benchmarks.scale.kept import Finding, Findings

LEAST_FASTER, MOST_SLOWER = 1.7, 1.3
ONE, POOL, CLUSTER = "um processo", "dois processos", "Dask, dois"
_REPEATS = 2


@contextmanager
def cluster(workers: int = 2) -> Iterator[str]:
    """The address of a Dask scheduler with so many workers of one thread, until the end of the block."""
    command = [sys.executable, "-m", "tests.benchmarks.scale.executors", str(workers)]
    env = dict(os.environ, PYTHONPATH=str(ROOT), **steps.environment())
    with subprocess.Popen(command, cwd=ROOT, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as own:
        assert own.stdout is not None and own.stdin is not None
        address = own.stdout.readline().strip()
        if not address:
            raise BenchmarkFailed("o agendador do Dask não abriu")
        try:
            yield address
        finally:
            own.stdin.close()


def measure(findings: Findings, sizes: Sequence[int], out: Path) -> None:
    """Wall clock and processor of `score` by each executor, taken in turn, and whether the bytes are the same."""
    for rows in sizes:
        with cluster() as address:
            asked = {ONE: ["--workers", "1"], POOL: ["--workers", "2"], CLUSTER: ["--scheduler", address]}
            best: dict[str, dict[str, object]] = {}
            for _ in range(_REPEATS):
                for name, options in asked.items():
                    took = steps.run("score", rows, out, options)
                    if name not in best or took.wall < float(str(best[name]["wall"])):
                        best[name] = {"wall": took.wall, "cpu": took.cpu, "anonymous": took.anonymous}
                    best[name]["sha256"] = digest(out / "scored.parquet")
        start = min(steps.run("score", steps.SMALLEST, out, ["--workers", "1"]).wall for _ in range(2))
        for name, figures in best.items():
            findings.add(Finding("executors", "score", rows, name, {**figures, "start": start}))


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def results(findings: Findings, limited: bool = True) -> list[Result]:
    """How much faster two are than one, how much slower a cluster than a pool, and different bytes (must be none)."""
    told = []
    found = findings.of("executors")
    for rows in sorted({one.rows for one in found}):
        own = {one.how: one.figures for one in found if one.rows == rows}
        if set(own) == {ONE, POOL, CLUSTER}:
            told += _compared(rows, own, limited)
    return told


def _compared(rows: int, own: dict[str, dict[str, float]], limited: bool) -> list[Result]:
    seconds = {name: figures["wall"] - figures["start"] for name, figures in own.items()}
    detail = ", ".join(f"{name} {written(value)} s" for name, value in seconds.items())
    different = len({figures["sha256"] for figures in own.values()}) - 1
    where = f"score, {written(rows)} linhas"
    return [
        Result(
            f"{where}: dois processos sobre um",
            seconds[POOL] / seconds[ONE],
            1 / LEAST_FASTER if limited else None,
            detail=f"{detail}; o comando inteiro, sem a partida",
        ),
        Result(
            f"{where}: Dask de dois sobre dois processos",
            seconds[CLUSTER] / seconds[POOL],
            MOST_SLOWER if limited else None,
        ),
        Result(f"{where}: bytes diferentes", different, 0, ""),
    ]


def main(workers: str) -> None:
    """Stands up a cluster, tells its address, and stays until its input ends."""
    from distributed import LocalCluster

    with LocalCluster(n_workers=int(workers), threads_per_worker=1, dashboard_address=None) as local:
        print(local.scheduler_address, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
