"""Columns by their distinct values: the rule that keeps a million rows fast is to work on each value once."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def distinct(column: pa.ChunkedArray | pa.Array) -> tuple[list[str | None], np.ndarray]:
    """The distinct values of a text column and, for each row, the place of its value.

    Returns `(values, codes)`: `codes` is int32 of shape (n,), −1 where the cell is empty (null).
    """
    encoded = pc.dictionary_encode(column)
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.unify_dictionaries().combine_chunks()
        if isinstance(encoded, pa.ChunkedArray):  # no chunk at all
            encoded = pa.DictionaryArray.from_arrays(pa.array([], pa.int32()), pa.array([], pa.string()))
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32, copy=False)
    return encoded.dictionary.to_pylist(), codes
