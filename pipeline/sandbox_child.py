"""What happens within a child of the sandbox: limits first, then one request, one answer. Standard library only."""

from __future__ import annotations

import importlib
import json
import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_is_child = False
_ALONE = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "ARROW_DEFAULT_MEMORY_POOL": "system",  # others keep a thread, which a fork would lose
    "MALLOC_ARENA_MAX": "2",
    "PYTHONDONTWRITEBYTECODE": "1",
}


def is_child() -> bool:
    """Whether this process is held to limits already."""
    return _is_child


def environment(given: Mapping[str, str], path: str) -> dict[str, str]:
    """An environment for a child: without anything of ours (the key, the address of the records), nor what lets us into
    a store of objects; `path` to find our modules.
    """
    kept = {key: value for key, value in given.items() if not key.startswith(("PRESENCA_", "AWS_", "FSSPEC_"))}
    return kept | _ALONE | {"PYTHONPATH": path}


def limit_resources(memory: int, processor: float, mapped: int = 0) -> None:
    """Memory (bytes, what is resident already counts), processor time (seconds) and core dumps, where the system can.

    The system counts addresses, of which libraries take more than they fill: those are given on top, and `mapped` bytes
    for files. What a process has for itself alone is held to `memory` by a limit of its own (Linux).
    """
    if sys.platform == "win32":
        return
    import resource

    spent = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    for kind, value in (
        (resource.RLIMIT_AS, memory + mapped + _unfilled()),
        *(((resource.RLIMIT_DATA, memory + _own()),) if mapped else ()),
        (resource.RLIMIT_CPU, int(spent + processor) + 1),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        limit = value if hard == resource.RLIM_INFINITY else min(value, hard)
        try:
            resource.setrlimit(kind, (limit, limit))
        except (ValueError, OSError):  # macOS knows RLIMIT_AS but refuses it
            continue


def _unfilled() -> int:
    """Bytes of addresses that this process has and does not fill (Linux); 0 where the system doesn't say."""
    try:
        pages = Path("/proc/self/statm").read_text("ascii").split()
    except OSError:
        return 0
    return (int(pages[0]) - int(pages[1])) * os.sysconf("SC_PAGE_SIZE")


def _own() -> int:
    """Bytes of addresses that this process has for itself alone (Linux); 0 where the system doesn't say."""
    try:
        return int(Path("/proc/self/statm").read_text("ascii").split()[5]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def run(target: str, request: Mapping[str, Any]) -> Any:
    """What `module:function` answers to a request."""
    module, _, name = target.partition(":")
    return getattr(importlib.import_module(module), name)(request)


def answer(given: bytes) -> bytes:
    """Does what is asked, under the limits that are asked for, and gives the answer as JSON: `answer`, or why there is
    none (`failed`: "memory" or "fault"; never the text of an error, which may quote a file).
    """
    global _is_child
    asked = json.loads(given)
    _is_child = True
    if asked["folder"]:
        tempfile.tempdir = asked["folder"]
    limit_resources(**asked["box"])
    try:
        return json.dumps({"answer": run(asked["target"], asked["request"])}).encode()
    except MemoryError:
        return b'{"failed": "memory"}'
    except Exception as fault:  # noqa: BLE001 - the last wall of this process: its words would quote the file
        return json.dumps({"failed": "memory" if "alloc" in str(fault) else "fault"}).encode()


def silence() -> int:
    """Gives the true standard output as a handle; what libraries print goes nowhere."""
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    return kept


if __name__ == "__main__":
    handle = silence()
    with os.fdopen(handle, "wb") as out:
        out.write(answer(sys.stdin.buffer.read()))
