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
SORTED = 1 << 19  # rows, about, that are sorted at once
_SAMPLE = 1 << 14
TABLE_FILED_FROM = 100_000_000  # bytes of a table of columns: what is smaller is learnt from in memory


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


def filed(values: np.ndarray) -> np.ndarray:
    """The same values, of many rows in such a file: what is kept for long and asked for seldom."""
    kept = empty(len(values), values.dtype)
    for block in blocks(len(values)):
        kept[block] = values[block]
    return kept


def table(rows: int, columns: int, *, by_row: bool) -> np.ndarray:
    """A table (rows x columns, float32) whose values are yet to be given, each row in one piece, or each column. It
    lies in such a file where it would take much of the memory that a training of millions of rows may have.
    """
    cells, kind = rows * columns, np.dtype(np.float32)
    values = empty(cells, kind) if cells * kind.itemsize >= TABLE_FILED_FROM else np.empty(cells, kind)
    return values.reshape(rows, columns) if by_row else values.reshape(columns, rows).T


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


def grouped(codes: np.ndarray, number: int) -> tuple[np.ndarray, np.ndarray]:
    """The places of rows by their code (0…number-1), those of a code in order; and at which of them each code begins
    (number + 1 of them).
    """
    begin = np.concatenate([[0], np.cumsum(counted(codes, number))])
    places, free = empty(len(codes), _numbers(len(codes))), begin[:-1].copy()
    for block in blocks(len(codes)):
        own = codes[block]
        counts = np.bincount(own, minlength=number)
        target = np.arange(len(own)) + np.repeat(free - (np.cumsum(counts) - counts), counts)
        places[target] = np.argsort(own, kind="stable") + block.start
        free += counts
    return places, begin


def ordered(values: np.ndarray, then: np.ndarray, *, falling: bool = False) -> np.ndarray:
    """The places of rows by their value, equal ones by `then`; NaN last. Of all rows no more than a share that lies
    together is sorted at once; equal values are never parted.
    """
    sign = -1 if falling else 1
    edges = _edges(sign * values[:: max(1, len(values) // _SAMPLE)], len(values) // SORTED)
    shares = made(len(values), np.uint16, lambda block: np.searchsorted(edges, sign * values[block], side="right"))
    places, begin = grouped(shares, len(edges) + 1)
    for first, last in zip(begin[:-1].tolist(), begin[1:].tolist(), strict=True):
        own = places[first:last].copy()
        places[first:last] = own[np.lexsort((then[own], sign * values[own]))]
    return places


def _edges(sample: np.ndarray, number: int) -> np.ndarray:
    """Distinct values that part rows into about `number` shares, going by a sample of them; at most 65,534."""
    told = np.sort(sample[~np.isnan(sample)])
    if number < 2 or not len(told):
        return told[:0]
    return np.unique(told[np.linspace(0, len(told), min(number, 1 << 16) - 1, endpoint=False).astype(np.int64)])


def turned(places: np.ndarray) -> np.ndarray:
    """The turn of each row, of the places of all rows in their order."""
    turns = empty(len(places), places.dtype)
    for block in blocks(len(places)):
        turns[places[block]] = np.arange(block.start, block.stop, dtype=places.dtype)
    return turns


def places_of(mask: np.ndarray) -> np.ndarray:
    """The places of the rows that a mask holds."""
    found, begin = empty(int(np.count_nonzero(mask)), _numbers(len(mask))), 0
    for block in blocks(len(mask)):
        own = np.flatnonzero(mask[block])
        found[begin : begin + len(own)] = own + block.start
        begin += len(own)
    return found


def chosen(places: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Those of the places of all rows, in their order, that a mask of the rows holds."""
    found, begin = empty(int(np.count_nonzero(mask)), places.dtype), 0
    for block in blocks(len(places)):
        own = places[block][mask[places[block]]]
        found[begin : begin + len(own)] = own
        begin += len(own)
    return found


def _numbers(size: int) -> np.dtype:
    """Of places of so many rows."""
    return np.dtype(np.int32 if size <= np.iinfo(np.int32).max else np.int64)
