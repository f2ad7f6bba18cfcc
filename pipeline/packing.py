"""Several whole numbers as one: rows of integer columns are sorted and told apart as fast as single numbers."""

from __future__ import annotations

import numpy as np


def distinct(*columns: np.ndarray) -> tuple[list[tuple[int, ...]], np.ndarray]:
    """The distinct rows of integer columns of one length, in their order, and for each row the place of its own.

    ValueError where the columns reach too far to be packed into 64 bits.
    """
    if not len(columns[0]):
        return [], np.zeros(0, dtype=np.intp)
    lows = [column.min() for column in columns]
    sizes = tuple(int(column.max() - low) + 1 for column, low in zip(columns, lows, strict=True))
    packed = np.ravel_multi_index([column - low for column, low in zip(columns, lows, strict=True)], sizes)
    found, place = np.unique(packed, return_inverse=True)
    parts = [part + low for part, low in zip(np.unravel_index(found, sizes), lows, strict=True)]
    return list(zip(*(part.tolist() for part in parts), strict=True)), place
