"""Tasks of the tests: functions of a module, as workers import them."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path


def double(number: int) -> int:
    return 2 * number


def process(_: int) -> int:
    return os.getpid()


def threads(_: int) -> tuple[int, str]:
    import numpy as np
    import threadpoolctl

    np.ones((2, 2)) @ np.ones((2, 2))
    return max(one["num_threads"] for one in threadpoolctl.threadpool_info()), os.environ.get("OMP_NUM_THREADS", "")


def fails(number: int) -> int:
    if number == 1:
        raise ValueError("told as it is")
    return number


def ends_its_worker_once(folder: str, number: int) -> int:
    """The first who comes leaves a mark and is killed; who comes after finds it."""
    mark = Path(folder) / f"{number}"
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def ends_its_worker(_: int) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def waits(seconds: float) -> None:
    time.sleep(seconds)


def has(name: str) -> bool:
    return name in sys.modules
