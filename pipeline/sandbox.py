"""Processes of their own for what may abort, hang or ask for all memory: under limits, without our key.

The child calls `limit_resources` first thing. Standard library only: this module is all of ours that a child imports.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.paths import PROJECT


@dataclass(frozen=True)
class Sandbox:
    """What a child may use: bytes of address space, seconds of processor time."""

    memory: int
    processor: int

    def limit_resources(self) -> None:
        """For the child: memory, time and core dumps, where the system can (on Windows the caller's patience holds)."""
        if sys.platform == "win32":
            return
        import resource

        for kind, value in (
            (resource.RLIMIT_AS, self.memory),
            (resource.RLIMIT_CPU, self.processor),
            (resource.RLIMIT_CORE, 0),
        ):
            hard = resource.getrlimit(kind)[1]
            limit = value if hard == resource.RLIM_INFINITY else min(value, hard)
            try:
                resource.setrlimit(kind, (limit, hard))
            except (ValueError, OSError):  # macOS knows RLIMIT_AS but refuses it
                continue


READING = Sandbox(memory=3 * 1024**3, processor=120)  # old workbooks
READING_SECONDS = 240.0
LOADING = Sandbox(memory=4 * 1024**3, processor=60)  # models of others
LOADING_SECONDS = 120.0


def run_module(
    module: str, arguments: Sequence[str] = (), *, seconds: float, given: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    """Runs a module of ours as a child and waits for it; subprocess.TimeoutExpired after `seconds`."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PRESENCA_")}  # no key for the child
    kept |= {"PYTHONPATH": str(PROJECT), "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, "-m", module, *arguments],
        input=given,
        capture_output=True,
        timeout=seconds,
        env=kept,
        check=False,
    )
