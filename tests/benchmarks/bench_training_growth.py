"""How a training grows: the processor's time and the peak at four times the rows, one thread, on made-up networks."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks import material
from tests.benchmarks.harness import MEGABYTE, Result, fresh, written

TITLE = "crescer"
HERE = "tests.benchmarks.bench_training_growth"
LIMIT = 4.4  # times the processor's time at four times the rows
SIZES = (125_000, 500_000, 2_000_000)
QUICK_SIZES = (5_000, 20_000)


@dataclass(frozen=True)
class Taken:
    """What one training took: seconds of the processor and of the clock, peak in bytes (reading included), skill."""

    rows: int
    cpu: float
    wall: float
    peak: int
    learnt: int
    auc: float


def measure(quick: bool = False, effort: str = "fast") -> list[Result]:
    """CPU of each size over the one before it, four times smaller."""
    sizes = QUICK_SIZES if quick else SIZES
    found = [taken(material.sample(rows), effort) for rows in sizes]
    return [
        Result(
            f"treino {effort}, {written(after.rows)} linhas",
            after.cpu / before.cpu,
            None if quick else LIMIT,
            reference=f"{written(before.rows)} linhas",
            detail=f"{written(after.cpu)} s de processador contra {written(before.cpu)} s; pico de "
            f"{written(after.peak / MEGABYTE)} MB; aprendeu com {written(after.learnt)}, AUC {after.auc:.4f}",
        )
        for before, after in zip(found, found[1:], strict=False)
    ]


def taken(source: Path, effort: str = "fast") -> Taken:
    """One training on a file, in a fresh process of one thread."""
    run = fresh(f"{HERE}:train", str(source), effort, threads=1, timeout=7200)
    return Taken(run.answer["rows"], run.answer["cpu"], run.answer["wall"], run.peak, *_skill(run.answer))


def _skill(answer: dict[str, Any]) -> tuple[int, float]:
    return int(answer["learnt"]), float(answer["auc"])


def train(source: str, effort: str) -> dict[str, float]:
    """Reads a file, trains, and says what the training alone took (fresh process)."""
    from pipeline import services

    data = services.load(material.PRODUCT, Path(source))
    cpu, wall = time.process_time(), time.perf_counter()
    card = services.train(data, effort=effort, seed=material.SEED)[0].card
    return {
        "rows": len(data.rows),
        "cpu": time.process_time() - cpu,
        "wall": time.perf_counter() - wall,
        "learnt": card.rows_trained,
        "auc": (card.test_ahead or card.test).model.auc.value,
    }
