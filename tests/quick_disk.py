"""Where the tests' folders lie: in memory where there is room, as each workspace waits for the disk a dozen times."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from pipeline import memory

MEMORY = Path("/dev/shm")  # noqa: S108 - of Linux; pytest's own folders below it are the user's alone
ROOM = 4 * 1024**3  # a run leaves half a gigabyte


def use() -> None:
    """Names the memory's folder to pytest, unless another is named already, there is little room, or nothing that lies
    there may be run.
    """
    if sys.platform != "linux" or not os.access(MEMORY, os.W_OK):
        return
    may_run = not os.statvfs(MEMORY).f_flag & os.ST_NOEXEC
    if may_run and shutil.disk_usage(MEMORY).free >= ROOM and memory.available() >= 2 * ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
