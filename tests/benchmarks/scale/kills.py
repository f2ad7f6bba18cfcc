"""Workers and whole commands killed at random moments: the result must be the same bytes, and nothing left behind.

A killed worker's work is done again by the command itself; a killed command is typed again, with the same `--work`.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import time
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.harness import ROOT, BenchmarkFailed, Result, processes, written
from tests.benchmarks.scale import executors, steps
from tests.benchmarks.scale.executors import digest
from tests.benchmarks.scale.kept import Finding, Findings

SEED = 18
OTHERS = 5  # one kill in so many is of a training, one of Dask's workers
WORKER, WHOLE = "trabalhador", "comando"
POOL, CLUSTER = "dois processos", "Dask, dois"
_WORKERS = ("multiprocessing.spawn", "multiprocessing.forkserver")  # as the system names a pool's processes
_PATIENCE, _LONGEST = 10.0, 1800.0
_TRIES = 4  # for each kill: some find nothing to kill any more


@dataclass(frozen=True)
class Run:
    """A command, the file it makes, the folder where it keeps what is finished, and that of its temporary files."""

    command: Sequence[str]
    made: Path
    work: Path
    temporary: Path
    told: Callable[[Path], str] = digest  # what must be the same of the file
    host: int = 0  # the process whose children do its tasks, where that is not its own

    def begin(self) -> subprocess.Popen[bytes]:
        """Starts it."""
        shutil.rmtree(self.temporary, ignore_errors=True)
        self.temporary.mkdir(parents=True)
        env = dict(os.environ, PYTHONPATH=str(ROOT), TMPDIR=str(self.temporary), **steps.environment())
        return subprocess.Popen(
            self.command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )

    def end(self, started: subprocess.Popen[bytes]) -> None:
        """Waits for it. BenchmarkFailed, with what it said, where it did not end well."""
        _, said = started.communicate(timeout=_LONGEST)
        if started.returncode:
            raise BenchmarkFailed(f"terminou com {started.returncode}: {said[-400:].decode(errors='replace')}")


def measure(findings: Findings, rows: int, kills: int, out: Path) -> None:
    """Kills so many, half of them workers: a fifth of all while a model is trained, a fifth where a Dask scheduler has
    the workers; keeps what was found wrong.
    """
    work, temporary, few = out / "work", out / "tmp", kills // OTHERS

    def command(step: str, *who: str) -> Sequence[str]:
        return steps.command(step, rows, out, ["--work", str(work), *who])

    def of(step: str, how: str, run: Run, count: int) -> None:
        if count:
            findings.add(Finding("kills", step, rows, how, killed(run, count)))

    scored, model, two = out / "scored.parquet", out / "model.zip", ("--workers", "2")
    of("score", POOL, Run(command("score", *two), scored, work, temporary), kills - 2 * few)
    of("train", POOL, Run(command("train", *two), model, work, temporary, digest_of_model), few)
    with executors.cluster() as local:
        theirs = command("score", "--scheduler", local.address)
        of("score", CLUSTER, Run(theirs, scored, work, temporary, host=local.pid), few)


def digest_of_model(path: Path) -> str:
    """SHA-256 of a model's file but for the moment at which it was made, and what is signed with it."""
    told = hashlib.sha256()
    with zipfile.ZipFile(path) as archive:
        for name in sorted(archive.namelist()):
            data = archive.read(name)
            if name == "card.json":
                data = json.dumps({**json.loads(data), "created": ""}).encode()
            if not name.startswith("manifest"):
                told.update(name.encode() + data)
    return told.hexdigest()


def killed(run: Run, kills: int, seed: int = SEED) -> dict[str, object]:
    """How many were killed of each kind until `kills` were, how often nothing was left to kill, and the problems."""
    begun = time.monotonic()
    run.end(run.begin())
    longest, expected = time.monotonic() - begun, run.told(run.made)
    chosen, problems, counts = random.Random(seed), [], {WORKER: 0, WHOLE: 0, "tarde": 0}
    for number in range(_TRIES * kills):
        if counts[WORKER] + counts[WHOLE] == kills:
            break
        kind = (WORKER, WHOLE)[number % 2]
        run.made.unlink(missing_ok=True)
        try:
            wait = chosen.uniform(0.02, longest)
            hit = _one(run, kind, wait)
            counts[kind if hit else "tarde"] += 1
            if (
                not hit and kind == WHOLE
            ):  # it had ended: the first run, with nothing in the system's memory, was longer
                longest = wait
            problems += [f"{kind} {number}: {problem}" for problem in _wrong(run, expected)]
        except (BenchmarkFailed, subprocess.TimeoutExpired) as error:
            problems.append(f"{kind} {number}: {error}")
    return {"killed": counts, "problems": problems, "seconds": longest}


def _one(run: Run, kind: str, wait: float) -> bool:
    """Starts it, kills after `wait` seconds, lets it end or starts it anew; whether there was something to kill."""
    started = run.begin()
    time.sleep(wait)
    alive = started.poll() is None
    standing = processes(started.pid)
    if kind == WORKER:
        victims = [pid for pid in processes(run.host or started.pid)[1:] if _is_worker(pid)]
        if alive and victims:
            with contextlib.suppress(ProcessLookupError):
                os.kill(random.Random(len(victims)).choice(victims), signal.SIGKILL)
        run.end(started)
        return alive and bool(victims)
    started.kill()
    started.communicate()
    if alive:
        _gone(standing[1:])
        run.end(run.begin())
    return alive


def _is_worker(pid: int) -> bool:
    with contextlib.suppress(OSError):
        command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        return any(name in command for name in _WORKERS) and "resource_tracker" not in command
    return False


def _gone(pids: Sequence[int]) -> None:
    """BenchmarkFailed where what a killed command had started lives on."""
    until = time.monotonic() + _PATIENCE
    while left := [pid for pid in pids if _lives(pid)]:
        if time.monotonic() > until:
            for pid in left:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            raise BenchmarkFailed(f"{len(left)} processos continuam depois da queda")
        time.sleep(0.05)


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _wrong(run: Run, expected: str) -> list[str]:
    """What is not as it would be without a kill."""
    found = []
    if not run.made.exists():
        found.append("sem resultado")
    elif run.told(run.made) != expected:
        found.append("outros bytes")
    found += [f"ficou {path.name}" for folder in (run.work, run.temporary) for path in _files(folder)][:3]
    return found


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()] if folder.exists() else []


def results(findings: Findings) -> list[Result]:
    """Each problem is one too many."""
    told = []
    for one in findings.of("kills"):
        killed_, problems = one.figures["killed"], one.figures["problems"]
        detail = f"{killed_[WORKER]} trabalhadores, {killed_[WHOLE]} comandos, {killed_['tarde']} já sem o que matar"
        where = f"{sum(killed_.values())} quedas em {one.step}, {one.how}, {written(one.rows)} linhas"
        name = f"{where}: outros bytes, restos, erros"
        told.append(Result(name, len(problems), 0, "", detail="; ".join([detail, *problems[:3]])))
    return told
