"""Work of a request that fills a processor: a few at once, the others in their turn.

Threads that all compute hold one another up: fifty at once take longer, each and together, than fifty one by one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from starlette.concurrency import run_in_threadpool

T = TypeVar("T")
_TURNS = asyncio.Semaphore(2)  # of this process: one more than what holds the interpreter, for what computes outside it


async def computed(work: Callable[[], T]) -> T:
    """What `work` gives, done in a thread when its turn has come."""
    async with _TURNS:
        return await run_in_threadpool(work)
