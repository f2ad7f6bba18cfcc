"""What the benchmarks measure on: synthetic files, a trained model, a filled workspace, in a folder of this run.

Everything is made once a run and goes with the process; nothing of it is ever committed. What must not warm up
or weigh on a measurement is made in a process of its own (`harness.fresh`).
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from functools import cache
from pathlib import Path
from typing import Any

PRODUCT = "no_show"
SEED = 1
MILLION, HUNDRED_THOUSAND, QUICK = 1_000_000, 100_000, 20_000
DAY = "2026-11-23"  # the sample's own reference date, so that a run next year measures the same rows
KEY = "chave-apenas-das-medidas-0123456789abcdef"


@cache
def folder() -> Path:
    """The run's folder; removed at the end of the process."""
    import atexit

    made = Path(tempfile.mkdtemp(prefix="presenca-bench-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    os.environ.update(PRESENCA_KEY=KEY, PRESENCA_TODAY=DAY)
    return made


@cache
def sample(rows: int, future: bool = False) -> Path:
    """A synthetic file of so many rows."""
    from tests.benchmarks.harness import fresh

    path = folder() / f"{'futuro' if future else 'passado'}_{rows}.csv"
    fresh("tests.benchmarks.material:write", str(path), rows, future)
    return path


def write(path: str, rows: int, future: bool, seed: int = SEED) -> None:
    """Writes a sample (fresh process)."""
    from pipeline import services

    services.write_sample(PRODUCT, Path(path), rows, seed, future=future)


@cache
def workspace(rows: int) -> tuple[Path, str, str]:
    """A workspace with past rows and a model trained on them: its folder, the data set's id, the model's id."""
    from tests.benchmarks.harness import fresh

    home = folder() / f"espaco_{rows}"
    print("  treinando um modelo sobre os dados de exemplo …", file=sys.stderr, flush=True)
    dataset, model = fresh("tests.benchmarks.material:fill", str(home), str(sample(rows)), timeout=1800).answer
    return home, dataset, model


def fill(home: str, source: str) -> list[str]:
    """Keeps the file and trains on it as the page does, in this process (fresh process)."""
    os.environ["PRESENCA_HOME"] = home
    from pipeline.services import open_workspace

    return fill_session(open_workspace(), source)


def fill_session(space: Any, source: str) -> list[str]:
    """`fill` of a workspace that is open."""
    from pipeline.services.data import datasets
    from pipeline.services.models import models

    info = datasets.keep(space, PRODUCT, Path(source), Path(source).name)
    job = models.start_training(space, info.id, effort="fast")
    while (state := models.job(space, job.id)).state in ("queued", "running"):
        time.sleep(0.2)
    if state.model_id is None:
        raise RuntimeError(f"o treino não terminou: {state.state} {state.message}")
    return [info.id, state.model_id]
