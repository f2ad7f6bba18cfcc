"""Columns by their distinct values: the rule that keeps a million rows fast is to work on each value once."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_OTHER = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """`text` as it is compared: lower case, no accents, only letters and digits, single blanks."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return _OTHER.sub(" ", plain).strip()


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
