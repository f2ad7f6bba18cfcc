"""0/1 columns for the frequent values of an open field: which values have one, and what each row has.

A rolling rate of a value differs from day to day, so trees read the date in it and learn the shocks of single weeks;
a list is then scored with one table at the last level. A column that says "this value or not" says the same on every
day. Which values have a column is chosen by how often rows have them, never by what came of the rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from pipeline.folding import fold
from pipeline.modeling.features.timeline import Timeline

MOST = 40  # values of a field with a column of their own: procedures run to thousands
LEAST_ROWS = 50  # of a value, in the file learnt from
Values = Mapping[str, tuple[str, ...]]  # folded, the most frequent first, by factor key


def folded_counts(column: pd.Series) -> dict[str, int]:
    """How many rows have each folded value of an open field."""
    counts: dict[str, int] = {}
    for value, count in column.value_counts().items():
        counts[fold(str(value))] = counts.get(fold(str(value)), 0) + int(count)
    return {name: count for name, count in counts.items() if count}


def frequent_values(counts: Mapping[str, int]) -> tuple[str, ...]:
    """The folded values of an open field that have a column of their own, of rows by value; equal counts in the order
    of their names.
    """
    often = sorted((-count, name) for name, count in counts.items() if count >= LEAST_ROWS)
    return tuple(name for _, name in often[:MOST])


def indicator_columns(line: Timeline, field: str, values: Sequence[str]) -> dict[str, np.ndarray]:
    """`is_<i>` for the i-th of `values` and `is_other` for all others (float32, n); NaN where the cell is empty."""
    column = line.rows[field].astype("category")
    place = {name: i for i, name in enumerate(values)}
    places = np.array(
        [place.get(fold(str(value)), len(values)) for value in column.cat.categories] + [-1], dtype=np.int16
    )
    own = places[column.cat.codes.to_numpy()]  # −1, of an empty cell, takes the last
    names = [*(f"is_{i}" for i in range(len(values))), "is_other"]
    return {name: np.where(own < 0, np.float32(np.nan), own == i) for i, name in enumerate(names)}
