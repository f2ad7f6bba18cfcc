"""What a worker process is like: one thread, deaf to Ctrl+C (its parent decides), gone when its parent is gone."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import importlib
import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Sequence
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

import pipeline

# set before any library of numbers is loaded: each of them would take every core for itself
_ALONE = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", "NUMBA_NUM_THREADS")


def begin(modules: Sequence[str] = ()) -> None:
    """The first thing that a process of the pool does; `modules`: what its tasks will need."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.environ.update(dict.fromkeys(_ALONE, "1"))
    threading.Thread(target=_end_with_parent, daemon=True).start()
    one_thread()
    load(modules)
    one_thread()


def load(modules: Sequence[str]) -> None:
    """Imports modules; one that can't be had is told of by the task that needs it."""
    for name in modules:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)


def stand() -> None:
    """The task that has a worker start."""


def _end_with_parent() -> None:
    """A parent that was killed tells nobody; its end of a pipe is closed all the same."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def one_thread() -> None:
    """Holds the libraries that are loaded to one thread each."""
    import pyarrow as pa
    import threadpoolctl

    pa.set_cpu_count(1)
    threadpoolctl.threadpool_limits(1)


def alone(fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
    """Does a task on one thread: workers that others started know nothing of ours."""
    import threadpoolctl

    with threadpoolctl.threadpool_limits(1):
        return fn(*args, **kwargs)


@functools.cache
def code_version() -> str:
    """16 hex digits of this package's source: other code may give other bytes."""
    root, told = Path(pipeline.__file__).parent, hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        told.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return told.hexdigest()[:16]


def quiet_cluster() -> None:
    """What Dask would log on a screen (lost workers, versions) is told by our own sentences."""
    for name in ("distributed", "tornado.application"):
        with contextlib.suppress(ValueError):
            logging.getLogger(name).setLevel(logging.CRITICAL)
