"""Arrays with a value per row: of many rows they lie in a file that has no name, and are filled block by block.

So the process's own memory holds blocks, however many rows there are; the system may take the file's pages back. A
block fits in a core's cache, and an array of it need not be asked of the system anew each time.
"""

from __future__ import annotations

import mmap
import os
import tempfile
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import DTypeLike

from pipeline import scratch

BLOCK = 1 << 18  # rows
FILED_FROM = 8_000_000  # bytes of an array: from here on it lies in a file


def empty(size: int, dtype: DTypeLike) -> np.ndarray:
    """An array of shape (size,) whose values are yet to be given."""
    kind = np.dtype(dtype)
    if size * kind.itemsize < FILED_FROM or os.name != "posix" or not hasattr(os, "posix_fallocate"):
        return np.empty(size, kind)
    try:
        return _filed(size, kind)
    except OSError:  # no room on the disk: the memory may have some
        return np.empty(size, kind)


def _filed(size: int, kind: np.dtype) -> np.ndarray:
    """In a file that goes with the array; its bytes are set aside first: a full disk is an error now, not a crash."""
    count = size * kind.itemsize
    with tempfile.TemporaryFile(dir=scratch.home()) as file:
        os.posix_fallocate(file.fileno(), 0, count)
        return np.frombuffer(mmap.mmap(file.fileno(), count), np.uint8).view(kind)


def blocks(size: int) -> Iterator[slice]:
    """The rows 0…size-1, block by block; one empty block of no rows."""
    for first in range(0, max(size, 1), BLOCK):
        yield slice(first, min(first + BLOCK, size))


def made(size: int, dtype: DTypeLike, of_block: Callable[[slice], np.ndarray]) -> np.ndarray:
    """An array made of what `of_block` gives for each block of rows."""
    values = empty(size, dtype)
    for block in blocks(size):
        values[block] = of_block(block)
    return values


def spread(values: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """`values[codes]`, shape (rows,): what is known of each code, told of each row. -1 is the last of `values`."""
    return made(len(codes), values.dtype, lambda block: values[codes[block]])


def counted(codes: np.ndarray, size: int, left_out: np.ndarray | None = None) -> np.ndarray:
    """int64 per code 0…size-1: the rows that have it (-1 is none), but for those of a mask."""
    found = np.zeros(size + 1, "int64")
    for block in blocks(len(codes)):
        own = codes[block] if left_out is None else codes[block][~left_out[block]]
        found += np.bincount(own + 1, minlength=size + 1)
    return found[1:]
