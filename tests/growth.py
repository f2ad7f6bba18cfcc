"""How work grows with what it is given: a measure that holds on a busy machine, where seconds do not."""

from __future__ import annotations

import time
from collections.abc import Callable

NOISE = 0.05  # seconds of the processor below which nothing is told


def _seconds(work: Callable[[int], object], size: int) -> float:
    """Processor time, the best of two."""
    taken = []
    for _ in range(2):
        begun = time.process_time()
        work(size)
        taken.append(time.process_time() - begun)
    return min(taken)


def grows_with_its_size(work: Callable[[int], object], size: int) -> bool:
    """Four times as much takes less than eight times as long: it is not squared (which would be sixteen)."""
    return _seconds(work, 4 * size) < 8 * _seconds(work, size) + NOISE
