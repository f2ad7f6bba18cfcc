"""The same scoring in one process, in a pool of two and on a Dask cluster of two that is started here."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.harness import ROOT, BenchmarkFailed, Result, fresh, written
from tests.benchmarks.scale import network, steps
from tests.benchmarks.scale.kept import Finding, Findings

HERE = "tests.benchmarks.scale.executors"
LEAST_FASTER, MOST_SLOWER = 1.7, 1.3
ONE, POOL, CLUSTER = "um processo", "dois processos", "Dask, dois"
_REPEATS = 2
_TRIMS = "distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_"  # workers give memory back at each step


@dataclass(frozen=True)
class Standing:
    """A Dask scheduler that was started here: its address, and the process that its workers are children of."""

    address: str
    pid: int


@contextmanager
def cluster(workers: int = 2) -> Iterator[Standing]:
    """A Dask scheduler with so many workers of one thread, until the end of the block."""
    command = [sys.executable, "-m", "tests.benchmarks.scale.executors", str(workers)]
    env = dict(os.environ, PYTHONPATH=str(ROOT), **steps.environment())
    with subprocess.Popen(command, cwd=ROOT, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as own:
        assert own.stdout is not None and own.stdin is not None
        address = own.stdout.readline().strip()
        if not address:
            raise BenchmarkFailed("o agendador do Dask não abriu")
        try:
            yield Standing(address, own.pid)
        finally:
            own.stdin.close()


def measure(findings: Findings, sizes: Sequence[int], out: Path) -> None:
    """Scores by each executor, in turn, and keeps the best of each and what was made; one thread a process."""
    for rows in sizes:
        source, model, made = str(network.past(rows)), str(steps.model(rows)), out / "scored.parquet"
        with cluster() as local:
            asked: dict[str, tuple[Any, ...]] = {ONE: (1, None), POOL: (2, None), CLUSTER: (None, local.address)}
            best: dict[str, dict[str, Any]] = {}
            for _ in range(_REPEATS):
                for name, how in asked.items():
                    figures = fresh(f"{HERE}:scored", source, model, str(made), *how, threads=1, timeout=7200).answer
                    figures["sha256"] = digest(made)
                    if name not in best or figures["parts"] < best[name]["parts"]:
                        best[name] = figures
        for name, figures in best.items():
            findings.add(Finding("executors", "score", rows, name, figures))


def scored(source: str, model: str, out: str, workers: int | None, scheduler: str | None) -> dict[str, float]:
    """Seconds of wall clock of a scoring, and of what is done with its shards: counts, features, risks and reasons
    (fresh process). What comes before and after, reading and writing, is one process's whatever stands beside it.
    """
    from pipeline.services.batch import spreading  # noqa: I001 - a linter without the room beside it sorts otherwise
    from pipeline.services.large import spread

    spent: list[float] = []
    theirs = spread.Doing.all

    def timed(doing: spread.Doing, *arguments: Any) -> Iterator[Any]:
        begun = time.perf_counter()
        yield from theirs(doing, *arguments)
        spent.append(time.perf_counter() - begun)

    spread.Doing.all = timed  # type: ignore[method-assign]
    os.environ.update(steps.environment())
    begun = time.perf_counter()
    request = spreading.ScoreRequest(Path(source), Path(model))
    spreading.score_into(request, Path(out), spread.Spread(workers=workers, scheduler=scheduler))
    return {"whole": time.perf_counter() - begun, "parts": sum(spent)}


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


def _compared(rows: int, own: dict[str, dict[str, Any]], limited: bool) -> list[Result]:
    parts, whole = ({name: figures[part] for name, figures in own.items()} for part in ("parts", "whole"))
    told = (f"{name} {written(parts[name])} s, o comando inteiro {written(whole[name])} s" for name in own)
    different = len({figures["sha256"] for figures in own.values()}) - 1
    where = f"atributos e riscos, {written(rows)} linhas"
    most, slower = (1 / LEAST_FASTER, MOST_SLOWER) if limited else (None, None)
    return [
        Result(f"{where}: dois processos sobre um", parts[POOL] / parts[ONE], most, detail="; ".join(told)),
        Result(f"{where}: Dask de dois sobre dois processos", parts[CLUSTER] / parts[POOL], slower),
        Result(f"{where}: bytes diferentes", different, 0, ""),
    ]


def main(workers: str) -> None:
    """Stands up a cluster, tells its address, and stays until its input ends."""
    import dask
    from distributed import LocalCluster

    dask.config.set({_TRIMS: None})  # as docs/escala.md has it
    with LocalCluster(n_workers=int(workers), threads_per_worker=1, dashboard_address="127.0.0.1:0") as local:
        print(local.scheduler_address, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
