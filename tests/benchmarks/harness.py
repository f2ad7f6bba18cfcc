"""How the benchmarks measure: a fresh process for each time and each peak, medians, ratios over a reference.

A function to be measured is named by module and name and takes plain (JSON) arguments, so that a fresh
interpreter can run it: what ran before can't warm it up or weigh on its memory.
"""

from __future__ import annotations

import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Result:
    """One line of the table: a value, its limit, and what it was compared with.

    `unit` is "x" for a ratio over `reference`, or what a bare value is counted in ("MB", "s"). At most `limit`
    passes; `None` means that the value is only told.
    """

    name: str
    value: float
    limit: float | None
    unit: str = "x"
    reference: str = ""
    detail: str = ""

    @property
    def passed(self) -> bool:
        """Whether the limit holds; a value that is not a number never passes."""
        return self.limit is None or self.value <= self.limit


@dataclass(frozen=True)
class Run:
    """What a fresh process took: `seconds` inside the function, `start_seconds` before it, `peak` bytes (RSS)."""

    seconds: float
    start_seconds: float
    peak: int
    answer: Any


class BenchmarkFailed(Exception):
    """The measured process ended with an error; the text is the end of what it said."""


def fresh(target: str, *arguments: Any, timeout: float = 900, threads: int | None = None) -> Run:
    """Runs `module:function` in a fresh interpreter with JSON arguments, and says what it took.

    The module is imported before the clock of `seconds` starts (that is `start_seconds`). `threads` caps the
    numeric libraries. The peak is the operating system's own record where it keeps one, else sampled.
    """
    env = dict(os.environ, PYTHONPATH=str(ROOT))
    if threads:
        env |= {name: str(threads) for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS")}
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "run.json"
        command = [sys.executable, "-m", "tests.benchmarks.child", target, json.dumps(arguments), str(out)]
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=timeout, check=False)
        if done.returncode or not out.exists():
            raise BenchmarkFailed(f"{target}: {(done.stderr or done.stdout)[-2000:]}")
        return Run(**json.loads(out.read_text(encoding="utf-8")))


def median_seconds(target: str, *arguments: Any, repeats: int = 3, **options: Any) -> float:
    """The median of several fresh runs, in seconds, without the start of the interpreter and the imports."""
    return statistics.median(fresh(target, *arguments, **options).seconds for _ in range(repeats))


def peak_megabytes(target: str, *arguments: Any, **options: Any) -> float:
    """The highest resident memory of one fresh process, imports included, in MB (1024²)."""
    return fresh(target, *arguments, **options).peak / MEGABYTE


def ratio(ours: Callable[[], float], reference: Callable[[], float], repeats: int = 3) -> tuple[float, str]:
    """Median of the pairwise ratios of two measurements taken in turn, and how they spread, as a sentence.

    In turn, because the machine is shared: a slow minute then falls on both. Each callable gives seconds.
    """
    pairs = [(ours(), reference()) for _ in range(repeats)]
    ratios = sorted(mine / max(theirs, 1e-9) for mine, theirs in pairs)
    mine, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    spread = f"{written(ratios[0])} a {written(ratios[-1])} em {repeats}"
    return statistics.median(ratios), f"{written(mine)} s contra {written(theirs)} s; razão de {spread}"


def seconds_of(work: Callable[[], object]) -> float:
    """Wall time of one call in this process, in seconds: for parts where a warm process is the truth."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def memory_of(pid: int) -> int:
    """Resident bytes of a running process (Linux) with its children; 0 where the system doesn't say."""
    total = 0
    for one in processes(pid):
        try:
            fields = Path(f"/proc/{one}/statm").read_text().split()
            total += int(fields[1]) * os.sysconf("SC_PAGE_SIZE")
        except (OSError, ValueError, IndexError):
            continue
    return total


def processes(pid: int) -> list[int]:
    """A process and all that it has started (Linux)."""
    return [pid, *_children(pid)]


def _children(pid: int) -> list[int]:
    found: list[int] = []
    with contextlib.suppress(OSError):  # processes end while they are looked at
        for task in list(Path(f"/proc/{pid}/task").glob("*/children")):
            with contextlib.suppress(OSError):
                found += [int(child) for child in task.read_text().split()]
    return found + [grandchild for child in found for grandchild in _children(child)]


class PeakWatch:
    """Samples `memory_of` a running process (a server, say) until it is left: `with PeakWatch(pid) as watch`."""

    def __init__(self, pid: int, every: float = 0.05) -> None:
        """Watches `pid` each `every` seconds; `peak` holds the highest sum of bytes so far."""
        self.peak = 0
        self._pid, self._every, self._stop = pid, every, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def _watch(self) -> None:
        while not self._stop.is_set():
            self.peak = max(self.peak, memory_of(self._pid))
            self._stop.wait(self._every)

    def __enter__(self) -> PeakWatch:
        """Starts sampling."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stops sampling."""
        self._stop.set()
        self._thread.join()


def written(value: float) -> str:
    """A number the Brazilian way, with as many digits as a measurement deserves."""
    digits = 0 if abs(value) >= 100 else 2 if abs(value) < 10 else 1
    return f"{value:,.{digits}f}".translate(str.maketrans(",.", ".,"))


def table(results: Sequence[tuple[str, Result]]) -> str:
    """The results as lines of text: what, value, limit, verdict, and against what."""
    rows = [("medida", "valor", "limite", "", "referência")]
    for title, one in results:
        limit = "–" if one.limit is None else f"≤ {written(one.limit)} {one.unit}"
        verdict = "" if one.limit is None else "passou" if one.passed else "FALHOU"
        against = "; ".join(part for part in (one.reference, one.detail) if part)
        rows.append((f"{title}: {one.name}", f"{written(one.value)} {one.unit}", limit, verdict, against))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, [*widths, 0], strict=True)).rstrip() for row in rows
    )
