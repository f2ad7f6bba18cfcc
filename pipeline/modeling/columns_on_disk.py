"""Model columns of more rows than memory should hold: a file of float32, row by row, in the order of the rows.

Parts come as they are made, each with rows from all over the file. They are written one behind the other first, and
then put in order block by block: each block takes a stretch of every part, so that the disk is read and written in
long pieces, however little of it the system can keep in memory.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from pipeline.errors import PresencaError

BLOCK = 1 << 17  # rows that are in hand at a time
_CELL = np.dtype(np.float32).itemsize


def check_room(folder: Path, cells: int) -> None:
    """PresencaError where the disk of a folder has no room for so many cells."""
    needed, free = cells * _CELL, shutil.disk_usage(folder).free
    if needed > free:
        raise PresencaError("training.too_little_disk", needed=needed, free=free)


def gathered(
    parts: Iterable[tuple[np.ndarray, pd.DataFrame]], places: np.ndarray, names: Sequence[str], file: Path
) -> np.ndarray:
    """The columns `names` (rows x names, mapped from `file`, read only) of the rows at `places` of a file (rising), of
    which each part has some: their places in the file, rising, and their columns.
    """
    unordered = file.with_suffix(".parts")
    try:
        stretches = _written(parts, places, names, unordered)
        _ordered(stretches, len(places), len(names), file)
    finally:
        unordered.unlink(missing_ok=True)
    return np.memmap(file, np.float32, "r", shape=(len(places), len(names)))


@dataclass(frozen=True)
class _Stretch:
    """Where the rows of a part belong (rising), and their columns."""

    at: np.ndarray
    values: np.ndarray


def _written(
    parts: Iterable[tuple[np.ndarray, pd.DataFrame]], places: np.ndarray, names: Sequence[str], file: Path
) -> list[_Stretch]:
    at = []
    with file.open("wb") as out:
        for own, table in parts:
            at.append(np.searchsorted(places, own).astype(np.int32 if len(places) < 1 << 31 else np.int64))
            np.ascontiguousarray(table[list(names)].to_numpy(dtype=np.float32)).tofile(out)
    ends = np.cumsum([len(own) for own in at])
    values = np.memmap(file, np.float32, "r", shape=(len(places), len(names)))
    return [_Stretch(own, values[end - len(own) : end]) for own, end in zip(at, ends.tolist(), strict=True)]


def _ordered(stretches: list[_Stretch], rows: int, columns: int, file: Path) -> None:
    with file.open("wb") as out:
        for start, stop in blocks(rows):
            block = np.empty((stop - start, columns), dtype=np.float32)
            for one in stretches:
                low, high = np.searchsorted(one.at, (start, stop))
                block[one.at[low:high] - start] = one.values[low:high]
            block.tofile(out)


def blocks(rows: int) -> Iterator[tuple[int, int]]:
    """(start, end) of each block of so many rows."""
    for start in range(0, rows, BLOCK):
        yield start, min(start + BLOCK, rows)
