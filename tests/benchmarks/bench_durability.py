"""What survives kills at random moments, disks that fill and many writers at once.

`run.py bench duravel` takes a quarter of an hour; `--set kills=50 --set disks=10 --set writers=5` chooses less.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from tests.benchmarks.harness import ROOT, BenchmarkFailed, Result

TITLE = "duravel: quedas, disco cheio, muitos gravando"
KILLS, DISKS, WRITERS, WRITES = 200, 40, 20, 50
QUICK = 20  # a part of each


def measure(quick: bool = False) -> list[Result]:
    """Each count of what was lost, wrong or refused without reason must be 0."""
    part = QUICK if quick else 1
    return [*_kills(max(KILLS // part, 4)), *_disks(max(DISKS // part, 2)), *_writers(max(WRITERS // part, 2), WRITES)]


def _run(*arguments: Any) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.durability", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BenchmarkFailed(done.stderr[-2000:])
    return dict(json.loads(done.stdout))


def _kills(count: int) -> list[Result]:
    found = _run("kills", count)
    parts = ", ".join(f"{name} {kept}" for name, kept in found["by_scenario"].items())
    what = f"{count} processos mortos: o que foi confirmado e não ficou"
    return [_none(what, found["problems"], f"{found['acknowledged']} confirmações ({parts})")]


def _disks(count: int) -> list[Result]:
    found = _run("disks", count)
    detail = f"{found['kept']} gravações mantidas, {found['refused']} recusadas; {found['how']}"
    what = f"{count} tamanhos de disco: dados alterados, frases que não são nossas"
    return [_none(what, found["problems"], detail)]


def _writers(count: int, each: int) -> list[Result]:
    found = _run("writers", count, "--each", each)
    lost = found["errors"] + found["missing"]
    return [Result(f"{count} processos × {each} gravações: erros e faltas", lost, 0, "", detail=f"{found['writes']}")]


def _none(what: str, problems: Sequence[str], detail: str) -> Result:
    told = "; ".join(problems[:3])
    return Result(what, len(problems), 0, "", detail=f"{detail}{'; ' if told else ''}{told}")
