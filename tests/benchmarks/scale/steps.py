"""The commands as a person types them, each in a process of its own, on more and more rows."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from tests.benchmarks.harness import MEGABYTE, BenchmarkFailed, Result, written
from tests.benchmarks.material import DAY, KEY
from tests.benchmarks.scale import network
from tests.benchmarks.scale.kept import Finding, Findings
from tests.benchmarks.scale.meter import Took, measured

STEPS = ("validate", "join", "train", "score", "calls")
LARGEST_EXPONENT, MOST_MEMORY_MB = 1.1, 4096.0
SMALLEST = 100  # rows of which the time is the start alone
LEARNT_FROM = 125_000  # rows of the earlier years that the scoring model has seen
_CALLS = 5_000
_LEAST = 4_000  # rows that a model can be learnt from


def command(step: str, rows: int, out: Path, options: Sequence[str] = (), ending: str = "csv") -> list[str]:
    """A step's command line on so many rows; what it writes goes to the folder `out`."""
    source = str(network.past(rows, ending))
    typed: dict[str, list[str]] = {
        "validate": [network.PRODUCT, source],
        "join": [network.PRODUCT, source, str(network.ahead(rows)), "--out", str(out / "joined.parquet")],
        "train": [network.PRODUCT, source, "--model", str(out / "model.zip"), "--effort", "fast"],
        "score": [source, "--out", str(out / "scored.parquet")],
        "calls": [str(network.ahead(rows)), "--history", source, "--capacity", str(_CALLS)],
    }
    more = typed[step]
    if step in ("score", "calls"):
        more += ["--model", str(model(rows))]
    if step == "calls":
        more += ["--out", str(out / "calls.csv")]
    return [sys.executable, "-m", "pipeline", step, *more, *options]


def environment() -> dict[str, str]:
    """The key and the day of all measurements."""
    return {"PRESENCA_KEY": KEY, "PRESENCA_TODAY": DAY}


def model(rows: int) -> Path:
    """The model that scores a network of so many rows, trained on earlier years of it and kept with the rows."""
    learnt = min(max(rows, _LEAST), LEARNT_FROM)
    path = network.cache() / f"model-{learnt}.zip"
    if not path.exists():
        source = str(network.earlier(learnt))
        typed = ["train", network.PRODUCT, source, "--model", str(path), "--effort", "fast"]
        _held(measured([sys.executable, "-m", "pipeline", *typed], environment()), "train")
    return path


def run(step: str, rows: int, out: Path, options: Sequence[str] = (), ending: str = "csv") -> Took:
    """What a step took. BenchmarkFailed where it did not end well."""
    return _held(measured(command(step, rows, out, options, ending), environment()), step)


def _held(took: Took, step: str) -> Took:
    if took.code:
        raise BenchmarkFailed(f"{step} terminou com {took.code}: {took.said[-600:]}")
    return took


def measure(findings: Findings, sizes: Sequence[int], steps: Sequence[str], options: Sequence[str], out: Path) -> None:
    """Measures and keeps each step at each size."""
    how = " ".join(options)
    for rows in sizes:
        for step in steps:
            took = run(step, rows, out, options)
            figures = {name: value for name, value in asdict(took).items() if name != "said"}
            findings.add(Finding("steps", step, rows, how, figures))


def exponent(rows: Sequence[int], seconds: Sequence[float]) -> float:
    """The slope of log seconds over log rows: 1 is twice the work for twice the rows. NaN with less than two sizes."""
    if len(rows) < 2:
        return float("nan")
    return float(np.polyfit(np.log(rows), np.log(seconds), 1)[0])


def results(findings: Findings, limited: bool = True) -> list[Result]:
    """Of all that is kept: processor and peak of each step and size, and how the first grows with rows."""
    told: list[Result] = []
    found = findings.of("steps")
    for step, how in sorted({(one.step, one.how) for one in found}, key=lambda pair: (STEPS.index(pair[0]), pair[1])):
        own = [one for one in found if (one.step, one.how) == (step, how)]
        name = f"{step} {how}".strip()
        for one in own:
            told += _lines(name, one, limited)
        if len(own) > 1:
            slope = exponent([one.rows for one in own], [one.figures["cpu"] for one in own])
            sizes = ", ".join(written(one.rows) for one in own)
            limit = LARGEST_EXPONENT if limited else None
            told.append(Result(f"{name}, expoente do processador", slope, limit, "", detail=sizes))
    return told


def _lines(name: str, one: Finding, limited: bool) -> list[Result]:
    figures = one.figures
    where = f"{name}, {written(one.rows)} linhas"
    detail = f"{written(figures['wall'])} s de relógio; RSS {written(figures['resident'] / MEGABYTE)} MB"
    limit = MOST_MEMORY_MB if limited else None
    return [
        Result(f"{where}, processador", figures["cpu"], None, "s", detail=detail),
        Result(f"{where}, memória anônima no pico", figures["anonymous"] / MEGABYTE, limit, "MB"),
    ]
