"""Processes of their own for what may abort, hang or ask for all memory: under limits, without our key.

Uploads, old workbooks and models of others are opened through `call`. On Linux a host (`sandbox_host`) that has
loaded the libraries forks a child for each call, so that one costs milliseconds; elsewhere each call is a fresh
process. Requests and answers are JSON, tables go by Arrow files: nothing that a child says is run.
Standard library only: this module and `sandbox_child` are all of ours that every child imports.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from pipeline import sandbox_child
from pipeline.paths import PROJECT
from pipeline.sandbox_host import Lost, the_host

GB = 1_000_000_000
_SECONDS, _BY_MEGABYTE, _LONGEST = 24.0, 3.0, 600.0
_SLOWEST = 2_500_000  # bytes a second: of irregular text, read record by record on a slow machine
_MAPPED = 8  # times a file's bytes: the text, its cells, and both once more where they are written anew
_PATIENCE = 2.0  # times its processor time: a busy machine gives a child half of it


@dataclass(frozen=True)
class Sandbox:
    """What a child may use: bytes of memory, seconds of processor time; `mapped`: bytes of files that it may map."""

    memory: int
    processor: float
    mapped: int = 0

    def limit_resources(self) -> None:
        """For the child: memory, time and core dumps, where the system can (on Windows the caller's patience holds)."""
        sandbox_child.limit_resources(self.memory, self.processor, self.mapped)

    @property
    def patience(self) -> float:
        """Seconds by the clock after which a child is ended."""
        return self.processor * _PATIENCE if self.processor > 2 * _SECONDS else self.processor + 3


LOADING = Sandbox(memory=2 * GB, processor=30)  # models of others


def reading(size: int) -> Sandbox:
    """For reading a file of so many bytes: 24 s and three more for each megabyte, up to ten minutes and, beyond, what a
    large file needs at 5 MB a second; its text and its cells may be mapped.
    """
    usual = min(_SECONDS + _BY_MEGABYTE * size / 1e6, _LONGEST)
    return Sandbox(2 * GB, max(usual, size / _SLOWEST), mapped=_MAPPED * size)


class Ended(Exception):
    """The child gave no answer. `why`: "memory", "time" or "fault"."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def call(target: str, request: Mapping[str, Any], box: Sandbox, *, folder: str = "") -> Any:
    """What `module:function` of ours answers to a request, both plain (what JSON can hold), from a child under limits.

    `folder`: where the child's temporary files lie. Ended where it gave no answer. A child calls in its own process.
    """
    if sandbox_child.is_child():
        return sandbox_child.run(target, request)
    given = {"target": target, "request": request, "box": asdict(box), "folder": folder}
    begun = time.monotonic()
    said = _said(json.dumps(given).encode(), box)
    try:
        answer = json.loads(said or b"{}")
    except ValueError:
        answer = {}
    if "answer" in answer:
        return answer["answer"]
    late = time.monotonic() - begun >= 0.9 * box.processor  # the system ends it without a word
    raise Ended(str(answer.get("failed", "time" if late else "fault")))


def _said(given: bytes, box: Sandbox) -> bytes:
    """What the child wrote before it ended: nothing where it was ended."""
    if sys.platform == "linux":
        for _ in range(2):  # somebody may have ended the host: the next one is asked, once
            with contextlib.suppress(Lost):
                return the_host().ask(given, box.patience)
        return b""
    try:
        return run_module(sandbox_child.__name__, seconds=box.patience, given=given).stdout
    except subprocess.TimeoutExpired:
        return b'{"failed": "time"}'


def prepare() -> None:
    """Starts what answers the first call, so that it has loaded its libraries by then; returns at once."""
    if sys.platform == "linux" and not sandbox_child.is_child():
        the_host()


def run_module(
    module: str, arguments: Sequence[str] = (), *, seconds: float, given: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    """Runs a module of ours as a child and waits for it; subprocess.TimeoutExpired after `seconds`."""
    return subprocess.run(
        [sys.executable, "-m", module, *arguments],
        input=given,
        capture_output=True,
        timeout=seconds,
        env=environment(),
        check=False,
    )


def environment() -> dict[str, str]:
    """The environment of a child: ours without our key and settings, and with one thread for numbers."""
    return sandbox_child.environment(os.environ, str(PROJECT))
