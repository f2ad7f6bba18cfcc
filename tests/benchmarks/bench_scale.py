"""Rows by the million through the commands as they are typed: processor, clock and memory, and how they grow.

It takes hours whole, so it can be run in pieces: `--rows` chooses sizes, `--only` parts; what was found is kept beside
the rows (`PRESENCA_BENCH_CACHE`) under `--label`, and each piece prints all that is kept. Without being named it is not
run. `--with "--workers 2"` gives options to the commands.
"""

from __future__ import annotations

import shlex
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.harness import Result
from tests.benchmarks.scale import executors, kills, peers, speed, steps
from tests.benchmarks.scale.kept import Findings

TITLE = "escala: milhões de linhas, um processo, dois e um agrupamento"
ONLY_BY_NAME = True
KILLS, KILL_ROWS = 50, 500_000
SIZES = (500_000, 2_000_000, 10_000_000)
READ_SIZES, EXECUTOR_SIZES, PEER_SIZES = (1_000_000, 10_000_000), (2_000_000,), (500_000, 2_000_000)
QUICK = 20_000
PARTS = (*steps.STEPS, "reading", "reasons", "executors", "kills", "peers")


@dataclass(frozen=True)
class Chosen:
    """What a piece measures: sizes (none: each part's own), parts (none: all), the label, options of the commands."""

    rows: tuple[int, ...] = ()
    only: tuple[str, ...] = ()
    label: str = "agora"
    options: tuple[str, ...] = ()

    def sizes(self, usual: Sequence[int]) -> tuple[int, ...]:
        """The sizes asked for, or a part's own."""
        return self.rows or tuple(usual)


CHOSEN = Chosen()


def choose(rows: str = "", only: str = "", label: str = "", options: str = "") -> None:
    """What the command line asked for. ValueError for a size or a part that is none."""
    global CHOSEN
    parts, sizes = tuple(filter(None, only.split(","))), tuple(filter(None, rows.split(",")))
    if unknown := [part for part in parts if part not in PARTS]:
        raise ValueError(f"--only {unknown[0]}: as partes são {', '.join(PARTS)}")
    if not all(size.isdecimal() and int(size) >= steps.SMALLEST for size in sizes):
        raise ValueError(f"--rows {rows}: números de linhas, a partir de {steps.SMALLEST}")
    if label and not label.replace("-", "").isalnum():
        raise ValueError(f"--label {label}: só letras, algarismos e hífens")
    CHOSEN = Chosen(tuple(sorted(map(int, sizes))), parts, label or "agora", tuple(shlex.split(options)))


def measure(quick: bool = False) -> list[Result]:
    """Measures the chosen parts, and tells them with all that earlier pieces kept under the same label."""
    if not Path("/proc/self/status").exists():
        print("  pulada: é preciso Linux", file=sys.stderr)
        return []
    chosen = Chosen((QUICK, 2 * QUICK), CHOSEN.only, "rapida", CHOSEN.options) if quick else CHOSEN
    findings = Findings(chosen.label)
    with tempfile.TemporaryDirectory(prefix="presenca-escala-") as folder:
        for part in chosen.only or PARTS:
            print(f"  {part} …", file=sys.stderr, flush=True)
            _part(part, chosen, findings, Path(folder), quick)
    return told(findings, limited=not quick)


def _part(part: str, chosen: Chosen, findings: Findings, out: Path, quick: bool) -> None:
    match part:
        case "reading":
            speed.validating(findings, chosen.sizes(READ_SIZES))
        case "reasons":
            speed.explaining(findings, chosen.sizes(SIZES))
        case "executors":
            executors.measure(findings, chosen.sizes(EXECUTOR_SIZES), out)
        case "kills":
            kills.measure(findings, chosen.sizes((KILL_ROWS,))[0], 4 if quick else KILLS, out)
        case "peers":
            peers.measure(findings, chosen.sizes(PEER_SIZES), out)
        case _:
            steps.measure(findings, chosen.sizes(SIZES), [part], chosen.options, out)


def told(findings: Findings, limited: bool = True) -> list[Result]:
    """All that is kept under a label, as lines."""
    return [
        *steps.results(findings, limited),
        *speed.results(findings, limited),
        *executors.results(findings, limited),
        *kills.results(findings),
        *peers.results(findings),
    ]
