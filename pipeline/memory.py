"""How much memory this process may take: what the machine has, what its container allows, and what somebody set.

Standard library only: `PRESENCA_MEMORY` (`4GB`) goes before what is found.
"""

from __future__ import annotations

import mmap
import os
import re
from collections.abc import Iterable
from pathlib import Path

from pipeline.errors import PresencaError

VARIABLE = "PRESENCA_MEMORY"
UNKNOWN = 4_000_000_000  # bytes, where the system doesn't say
_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}
_WRITTEN = re.compile(r"\A(\d{1,15}(?:[.,]\d{1,9})?) ?([kmgt]?)i?b?\Z", re.I)
_CGROUPS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))


def budget() -> int:
    """Bytes that may be taken: as set, else as there are. PresencaError where what is set is no size."""
    written = os.environ.get(VARIABLE, "").strip()
    return size_of(written) if written else available()


def size_of(written: str) -> int:
    """`4GB`, `4g`, `1,5 GB` or `800 MB` in bytes (powers of ten). PresencaError where it is no size, or none."""
    found = _WRITTEN.match(written.strip())
    size = int(float(found[1].replace(",", ".")) * _UNITS[found[2].lower()]) if found else 0
    if size <= 0:
        raise PresencaError("memory.not_a_size", variable=VARIABLE, written=written[:20])
    return size


def available() -> int:
    """Bytes that are free on this machine, or as many as its container allows where those are fewer."""
    limits = [limit for path in _CGROUPS if (limit := _number(path)) is not None]
    return min([_free(), *limits])


def _free() -> int:
    try:
        lines = Path("/proc/meminfo").read_text("ascii").splitlines()
    except OSError:
        return _of_the_machine()
    free = next((line.split()[1] for line in lines if line.startswith("MemAvailable:")), None)
    return int(free) * 1024 if free else _of_the_machine()


def _of_the_machine() -> int:
    """All memory there is, where the system says so (macOS); Windows does not by this call."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return UNKNOWN


def _number(path: Path) -> int | None:
    try:
        written = path.read_text("ascii").strip()
    except (OSError, ValueError):
        return None
    return int(written) if written.isdigit() else None  # "max" where there is no limit


def let_go(arrays: Iterable[object]) -> None:
    """Tells the system that what was read of arrays mapped from files need not stay in memory: whoever asks again reads
    it again. Arrays of another kind stay, and so do all where the system has no such word.
    """
    for array in arrays:
        held: object | None = array
        while held is not None and not isinstance(held, mmap.mmap):
            held = getattr(held, "base", None)
        if isinstance(held, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
            held.madvise(mmap.MADV_DONTNEED)
