"""Measures a command with everything that it starts: processor, wall clock, resident and anonymous memory.

It runs between the benchmark and the command (`python -m tests.benchmarks.scale.meter OUT.json COMMAND…`), as the
one that orphans come back to: what a worker of a worker took is counted, and what is left running is told.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.benchmarks.harness import ROOT, processes

_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER, linux/prctl.h
_PATIENCE = float(os.environ.get("PRESENCA_BENCH_PATIENCE", "5"))  # seconds for what the command started to end
_EVERY = 0.04  # seconds between two looks at the memory


@dataclass(frozen=True)
class Took:
    """What a command took: exit code, seconds of wall clock and of processor (user and system, all processes), the
    highest sums of resident and of anonymous bytes of all its processes at one moment, how many of them it had at
    most, how many were still there when it had ended, and the end of what it said.
    """

    code: int
    wall: float
    cpu: float
    resident: int
    anonymous: int
    processes: int
    left: int
    said: str


def measured(command: Sequence[str], env: dict[str, str] | None = None, timeout: float = 7200) -> Took:
    """Runs a command under the meter, from the repository's folder."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "took.json"
        full = dict(os.environ, PYTHONPATH=str(ROOT), **(env or {}))
        meter = [sys.executable, "-m", "tests.benchmarks.scale.meter", str(out), *command]
        subprocess.run(meter, cwd=ROOT, env=full, timeout=timeout, check=True)
        return Took(**json.loads(out.read_text(encoding="utf-8")))


def memory(pids: Sequence[int]) -> tuple[int, int]:
    """Resident bytes of these processes, and those that no file backs (anonymous and shared memory): only the last
    can't be taken back by the system.
    """
    resident = anonymous = 0
    for pid in pids:
        with contextlib.suppress(OSError, ValueError, IndexError):
            status = Path(f"/proc/{pid}/status").read_text()
            sizes = dict(line.split(":", 1) for line in status.splitlines() if line.startswith(("VmRSS", "Rss")))
            kilobytes = {name: int(size.split()[0]) for name, size in sizes.items()}
            resident += kilobytes.get("VmRSS", 0) * 1024
            anonymous += (kilobytes.get("RssAnon", 0) + kilobytes.get("RssShmem", 0)) * 1024
    return resident, anonymous


class Watch:
    """The highest sums over what this process has started, looked at until it is left."""

    def __init__(self) -> None:
        """Nothing is looked at before it is entered."""
        self.resident = self.anonymous = self.most = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def _look(self) -> None:
        while not self._stop.wait(_EVERY):
            pids = processes(os.getpid())[1:]
            resident, anonymous = memory(pids)
            self.resident = max(self.resident, resident)
            self.anonymous = max(self.anonymous, anonymous)
            self.most = max(self.most, len(pids))

    def __enter__(self) -> Watch:
        """Starts looking."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stops looking."""
        self._stop.set()
        self._thread.join()


def main(out: str, *command: str) -> None:
    """Runs the command and writes what it took."""
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    said_file = Path(out).with_suffix(".said")
    began = time.perf_counter()
    with Watch() as watch, said_file.open("wb") as said:
        code = subprocess.run(command, stdout=said, stderr=said, stdin=subprocess.DEVNULL).returncode
        wall = time.perf_counter() - began
    left = _gone()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    end = said_file.read_bytes()[-4000:].decode("utf-8", "replace")
    cpu = used.ru_utime + used.ru_stime
    took = Took(code, wall, cpu, watch.resident, watch.anonymous, watch.most, left, end)
    Path(out).write_text(json.dumps(asdict(took)), encoding="utf-8")


def _gone() -> int:
    """Waits for what the command left running, ends what stays, and says how many those were."""
    until = time.monotonic() + _PATIENCE
    while _reaped() and time.monotonic() < until:
        time.sleep(0.05)
    left = processes(os.getpid())[1:]
    for pid in left:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    while _reaped():
        time.sleep(0.05)
    return len(left)


def _reaped() -> bool:
    """Takes note of those that have ended; whether any is left."""
    while True:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return False
        if pid == 0:
            return True


if __name__ == "__main__":
    main(*sys.argv[1:])
