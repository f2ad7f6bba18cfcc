"""What the cells of a column say about the field it may be: a sample of them, held against each kind."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from pipeline.contract import Field
from pipeline.ingestion.parsing.categories import yes_no
from pipeline.ingestion.parsing.column import encode
from pipeline.ingestion.parsing.dates import parse_ages, parse_dates
from pipeline.ingestion.parsing.field_types import type_of
from pipeline.ingestion.reading.text_columns import taken

_HEAD, _SPREAD = 500, 1500  # rows looked at: the first ones, and others spread over the file
_ANY_YEAR = 2050  # which century two digits mean does not matter here
_FEW = 60  # distinct values that a closed set can have in a sample
FOR, AGAINST = 0.8, 0.4  # shares of the distinct cells that speak for a field, and against it


@dataclass
class Cells:
    """A sample of a column: distinct texts, and how many rows of the sample have each."""

    texts: pa.Array
    counts: np.ndarray

    @property
    def empty(self) -> bool:
        """Whether no sampled row holds anything."""
        return not len(self.texts)

    @cached_property
    def words(self) -> list[str]:
        """The distinct texts, in the order of `counts`."""
        return self.texts.to_pylist()

    @cached_property
    def dates(self) -> float:
        """Share of the sample that reads as dates, 0..1."""
        return self.weighed(parse_dates(self.texts, last_year=_ANY_YEAR).readable)

    @cached_property
    def ages(self) -> float:
        """Share of the sample that reads as ages of -1 to 130 years, 0..1."""
        ages = parse_ages(self.texts)
        with np.errstate(invalid="ignore"):
            return self.weighed((ages >= -1) & (ages <= 130))

    @cached_property
    def yes_no(self) -> float:
        """Share of the sample that says yes or no."""
        return self.weighed(yes_no(self.words) >= 0) if len(self.words) <= _FEW else 0.0

    @property
    def may_be_closed(self) -> bool:
        """Whether there are so few distinct cells that they can be a closed set's."""
        return len(self.words) <= 2 * _FEW

    @property
    def codes(self) -> bool:
        """Whether the cells are codes of two letters."""
        return all(len(word) == 2 for word in self.words)

    def weighed(self, matches: np.ndarray) -> float:
        """Share of the sampled rows whose distinct text matches."""
        return float(self.counts[matches].sum() / self.counts.sum()) if len(self.counts) else 0.0

    def share(self, item: Field) -> float | None:
        """Share of the sample that reads as the field's kind; None where the kind says nothing."""
        return None if self.empty else type_of(item).evidence(self, item)

    @property
    def few(self) -> bool:
        """A few distinct cells, as a closed set has; one alone ("SP", "M") proves nothing without its header."""
        return 1 < len(self.words) <= _FEW


def sample(column: pa.ChunkedArray) -> Cells:
    """A sample of a column of text: the head, and rows spread over the rest."""
    rows = len(column)
    step = max(1, rows // _SPREAD)
    places = np.unique(np.concatenate([np.arange(min(_HEAD, rows)), np.arange(0, rows, step)]))
    codes, texts = encode(taken(column, places))
    counts = np.bincount(codes[codes >= 0], minlength=len(texts))
    return Cells(texts, counts)
