"""The fresh process of `harness.fresh`: imports, starts the clock, runs one function, writes what it took."""

from __future__ import annotations

import importlib
import json
import sys
import time
from pathlib import Path

_STARTED = time.perf_counter()


def peak_bytes() -> int:
    """The highest resident memory of this process so far."""
    if sys.platform == "linux":
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                # not ru_maxrss: a child inherits its parent's peak there
                return int(line.split()[1]) * 1024
    if sys.platform == "darwin":
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return _windows_peak()


def _windows_peak() -> int:
    if sys.platform != "win32":
        return 0
    import ctypes
    from ctypes import wintypes

    class Counters(ctypes.Structure):
        _fields_ = [("size", wintypes.DWORD), ("faults", wintypes.DWORD)] + [
            (name, ctypes.c_size_t) for name in ("peak", "now", "a", "b", "c", "d", "e", "f")
        ]

    counters = Counters()
    counters.size = ctypes.sizeof(counters)
    handle = ctypes.windll.kernel32.GetCurrentProcess()
    ctypes.windll.psapi.GetProcessMemoryInfo(handle, ctypes.byref(counters), counters.size)
    return int(counters.peak)


def main(target: str, arguments: str, out: str) -> None:
    """Runs `module:function(*arguments)`; its answer is kept where it is plain JSON, else left out."""
    module, name = target.split(":")
    function = getattr(importlib.import_module(module), name)
    began = time.perf_counter()
    answer = function(*json.loads(arguments))
    ended = time.perf_counter()
    if not isinstance(answer, (str, int, float, bool, list, dict, type(None))):
        answer = None
    taken = {
        "seconds": ended - began,
        "start_seconds": began - _STARTED,
        "peak": peak_bytes(),
        "answer": answer,
    }
    Path(out).write_text(json.dumps(taken), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
