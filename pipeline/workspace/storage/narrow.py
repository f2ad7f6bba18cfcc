"""Typed rows as narrow columns in the order of their file, mapped from disk: some rows of millions are read by touching
what they hold and nothing else.

A column is its distinct values and, for each row, the place of its own among them, in the fewest bytes; whole numbers
are themselves. Names of millions of patients are one text that is cut where each ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

MANY = 1 << 16  # texts of a column, from which on rows come with those alone that they have
_CODES, _VALUES, _TEXT, _ENDS = "codes:", "values:", "text:", "ends:"
Kind = dict[str, Any]


@dataclass(frozen=True)
class Coded:
    """A column of categories: the place of each row's own (-1: it has none), all of them, and how they are meant."""

    codes: np.ndarray
    texts: pa.Array
    ordered: bool
    dtype: str


def packed(name: str, column: pd.Series | Coded, kinds: dict[str, Kind]) -> Iterator[tuple[str, np.ndarray]]:
    """A column as arrays with the names that `NarrowRows` knows them by; its kind is written into `kinds`. TypeError
    for one that is of no fixed width and no category.
    """
    if isinstance(column, Coded):
        yield from _texts(name, column, kinds)
        return
    values = column.to_numpy()
    if values.dtype.kind not in "biufM":
        raise TypeError(f"a column of {values.dtype} has no fixed width")
    if values.dtype.kind in "biu":
        kinds[name] = {"dtype": str(values.dtype), "plain": True}
        yield f"{_CODES}{name}", _fewest(values)
        return
    codes, distinct = pd.factorize(values, use_na_sentinel=False)
    kinds[name] = {"dtype": str(values.dtype)}
    yield f"{_CODES}{name}", _fewest(codes)
    yield f"{_VALUES}{name}", np.asarray(distinct, dtype=values.dtype)


def _texts(name: str, column: Coded, kinds: dict[str, Kind]) -> Iterator[tuple[str, np.ndarray]]:
    kinds[name] = {"dtype": column.dtype, "ordered": column.ordered}
    yield f"{_CODES}{name}", _fewest(column.codes.astype(np.int64) + 1)
    if not pa.types.is_string(column.texts.type):
        yield f"{_VALUES}{name}", column.texts.to_numpy(zero_copy_only=False)
        return
    whole = pa.concat_arrays([column.texts])
    ends = np.frombuffer(whole.buffers()[1], np.int32)[whole.offset : whole.offset + len(whole) + 1]
    data = whole.buffers()[2]
    text = np.zeros(0, np.uint8) if data is None else np.frombuffer(data, np.uint8)[ends[0] : ends[-1]]
    yield f"{_TEXT}{name}", text
    yield f"{_ENDS}{name}", ends - ends[0]


def _fewest(values: np.ndarray) -> np.ndarray:
    """Whole numbers from 0 on in the fewest bytes; all else as it is."""
    if values.dtype.kind not in "iu" or not len(values) or values.min() < 0:
        return values
    return values.astype(np.min_scalar_type(values.max()))


@dataclass(frozen=True)
class Narrow:
    """An array by its distinct values: read by place, or as a whole where NumPy asks."""

    values: np.ndarray
    codes: np.ndarray

    def __len__(self) -> int:
        """How many rows."""
        return len(self.codes)

    def __getitem__(self, at: Any) -> Any:
        """Those at some places."""
        return self.values[self.codes[at]]

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        """All of them."""
        return self.values[np.asarray(self.codes)].astype(dtype) if dtype else self.values[np.asarray(self.codes)]


@dataclass(frozen=True)
class NarrowRows:
    """Rows whose columns `packed` made: `arrays` as they lie on disk, the kind of each column."""

    arrays: Mapping[str, np.ndarray]
    kinds: Mapping[str, Kind]
    _known: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def __contains__(self, name: object) -> bool:
        """Whether there is such a column."""
        return name in self.kinds

    def codes(self, name: str) -> np.ndarray:
        """The place (rows) of each row's value among `distinct`. KeyError for a column that is not there."""
        return self.arrays[f"{_CODES}{name}"]

    def plain(self, name: str) -> np.ndarray:
        """A column of whole numbers (rows), mapped, in the fewest bytes. KeyError for one that is not there."""
        return self.arrays[f"{_CODES}{name}"]

    def narrow(self, name: str, dtype: str | None = None) -> Narrow:
        """A column of dates or other numbers. KeyError for one that is not there."""
        values = self.arrays[f"{_VALUES}{name}"]
        return Narrow(np.asarray(values) if dtype is None else values.astype(dtype), self.codes(name))

    def distinct(self, name: str) -> pd.Index:
        """The values that rows may have, by their code; of categories the first is None: no value."""
        if name not in self._known:
            kind = self.kinds[name]
            if "ordered" in kind:
                self._known[name] = pd.Index([None, *self.texts(name).to_pylist()], dtype="object")
            else:
                self._known[name] = pd.Index(np.asarray(self.arrays[f"{_VALUES}{name}"]))
        found: pd.Index = self._known[name]
        return found

    def where(self, name: str, test: Callable[[pd.Index], np.ndarray]) -> np.ndarray:
        """bool per row: what `test` tells of its value. Each distinct value is looked at once."""
        return np.asarray(test(self.distinct(name)), dtype=bool)[self.codes(name)]

    def texts(self, name: str) -> pa.Array:
        """The categories of a column, mapped."""
        if f"{_ENDS}{name}" not in self.arrays:
            return pa.array(self.arrays[f"{_VALUES}{name}"])
        ends, text = self.arrays[f"{_ENDS}{name}"], self.arrays[f"{_TEXT}{name}"]
        return pa.Array.from_buffers(pa.string(), len(ends) - 1, [None, pa.py_buffer(ends), pa.py_buffer(text)])

    def some(self, places: np.ndarray | slice, columns: Sequence[str]) -> pd.DataFrame:
        """The rows at some places, in this order, with a RangeIndex, as they were typed; of a column with very many
        categories those alone that they have. KeyError for a column that is not there.
        """
        made = {name: self._column(name, self.codes(name)[places]) for name in columns}
        rows = len(next(iter(made.values()))) if made else 0
        return pd.DataFrame(made, index=pd.RangeIndex(rows), columns=list(columns))

    def _column(self, name: str, codes: np.ndarray) -> pd.Series:
        kind = self.kinds[name]
        if "ordered" in kind:
            return pd.Series(self._categories(name, codes.astype(np.int64) - 1))
        if "plain" in kind:
            return pd.Series(np.asarray(codes).astype(kind["dtype"]))
        return pd.Series(self.arrays[f"{_VALUES}{name}"][codes])

    def _categories(self, name: str, codes: np.ndarray) -> pd.Categorical:
        kind, texts = self.kinds[name], self.texts(name)
        if len(texts) > MANY:
            used = np.unique(codes[codes >= 0])
            texts = texts.take(pa.array(used))
            codes = np.where(codes < 0, -1, np.searchsorted(used, codes))
        known = pd.Index(texts.to_pandas()).astype(kind["dtype"])
        return pd.Categorical.from_codes(codes, dtype=pd.CategoricalDtype(known, ordered=kind["ordered"]))
