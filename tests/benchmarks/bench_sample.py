"""A million synthetic rows on disk: seconds, and how often a bare CSV writer would have written the same table."""

from __future__ import annotations

import time
from pathlib import Path

import pyarrow as pa
import pyarrow.csv

from tests.benchmarks import material
from tests.benchmarks.harness import MEGABYTE, Result, fresh, written

TITLE = "exemplo"
LIMIT_SECONDS = 60.0
HERE = "tests.benchmarks.bench_sample"
REPEATS = 2


def measure(quick: bool = False) -> list[Result]:
    """The seconds of making and writing (limit), and their ratio over the bare write (told)."""
    rows = material.QUICK if quick else material.MILLION
    path = str(material.folder() / "escrita.csv")
    runs = [fresh("tests.benchmarks.material:write", path, rows, False) for _ in range(REPEATS)]
    whole = min(run.start_seconds + run.seconds for run in runs)
    bare = min(float(fresh(f"{HERE}:bare_write", path, rows).answer) for _ in range(REPEATS))
    Path(path).unlink()
    name = f"{written(rows)} linhas"
    return [
        Result(f"{name}, tempo", whole, LIMIT_SECONDS, "s", detail="gerar e escrever, com a partida"),
        Result(
            f"{name}, razão",
            whole / bare,
            None,
            reference="pyarrow, só escrever a mesma tabela",
            detail=f"contra {written(bare)} s",
        ),
        Result(f"{name}, pico de memória", max(run.peak for run in runs) / MEGABYTE, None, "MB"),
    ]


def bare_write(path: str, rows: int) -> float:
    """Seconds in which pyarrow writes the same table, which is made before (fresh process)."""
    from pipeline.services import catalog

    table = pa.concat_tables(catalog.sample_chunks(material.PRODUCT, rows, material.SEED, errors=False, future=False))
    started = time.perf_counter()
    pa.csv.write_csv(table, path, pa.csv.WriteOptions(delimiter=";", quoting_style="needed"))
    return time.perf_counter() - started
