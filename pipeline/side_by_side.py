"""A few tasks at once in threads of this process: for work that numpy and Arrow do without holding the interpreter.

Standard library only.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

MOST = 2  # threads: each holds what it works on, and more than two wait for the interpreter and for memory
WORTH_IT = 50_000  # rows from which a task for each column or rule is worth a thread
Answer = TypeVar("Answer")


def threads() -> int:
    """How many tasks are done at once: no more than this process has cores."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(MOST, cores)


def each(tasks: Sequence[Callable[[], Answer]], *, worth_it: bool = True) -> Iterator[Answer]:
    """What the tasks answer, in their order, whichever ends first; one after the other unless it is `worth_it`.

    What a task raises is raised in its turn; tasks that have not begun by then never do, nor do they where nobody asks
    for more answers.
    """
    at_once = threads()
    if not worth_it or at_once < 2 or len(tasks) < 2:
        for task in tasks:
            yield task()
        return
    pool = ThreadPoolExecutor(at_once)
    try:
        for future in [pool.submit(task) for task in tasks]:
            yield future.result()
    finally:
        pool.shutdown(cancel_futures=True)
