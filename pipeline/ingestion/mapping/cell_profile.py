"""What the cells of a column say about the field it may be: a sample of them, held against each kind."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.contract import Field, FieldKind
from pipeline.ingestion.parsing.categories import parse_cep, parse_closed, parse_uf, yes_no
from pipeline.ingestion.parsing.column import encode
from pipeline.ingestion.parsing.dates import parse_ages, parse_dates
from pipeline.ingestion.parsing.ratings import read_ratings

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
        return not len(self.texts)

    @cached_property
    def words(self) -> list[str]:
        return self.texts.to_pylist()

    @cached_property
    def dates(self) -> float:
        return self._weighed(parse_dates(self.texts, last_year=_ANY_YEAR).readable)

    @cached_property
    def ages(self) -> float:
        ages = parse_ages(self.texts)
        with np.errstate(invalid="ignore"):
            return self._weighed((ages >= -1) & (ages <= 130))

    @cached_property
    def yes_no(self) -> float:
        """Share of the sample that says yes or no."""
        return self._weighed(yes_no(self.words) >= 0) if len(self.words) <= _FEW else 0.0

    @property
    def codes(self) -> bool:
        """Whether the cells are codes of two letters."""
        return all(len(word) == 2 for word in self.words)

    def _weighed(self, matches: np.ndarray) -> float:
        return float(self.counts[matches].sum() / self.counts.sum()) if len(self.counts) else 0.0

    def share(self, item: Field) -> float | None:
        """Share of the sample that reads as the field's kind; None where the kind says nothing."""
        if self.empty:
            return None
        if item.kind is FieldKind.DATE:
            return max(self.dates, self.ages if item.accepts_age else 0.0)
        if item.kind is FieldKind.CLOSED:
            return self._weighed(parse_closed(self.words, item).index >= 0) if len(self.words) <= 2 * _FEW else 0.0
        if item.kind is FieldKind.UF:
            return self._weighed(parse_uf(self.words).index >= 0)
        if item.kind is FieldKind.CEP:
            return self._weighed(parse_cep(self.words).index >= 0)
        if item.kind is FieldKind.RATING:
            return self._weighed(~np.isnan(read_ratings(self.words, convert_nps=True).stars))
        return None

    @property
    def few(self) -> bool:
        """A few distinct cells, as a closed set has; one alone ("SP", "M") proves nothing without its header."""
        return 1 < len(self.words) <= _FEW


def sample(column: pa.ChunkedArray) -> Cells:
    """A sample of a column of text: the head, and rows spread over the rest."""
    rows = len(column)
    step = max(1, rows // _SPREAD)
    places = np.unique(np.concatenate([np.arange(min(_HEAD, rows)), np.arange(0, rows, step)]))
    codes, texts = encode(pc.take(column, pa.array(places)))
    counts = np.bincount(codes[codes >= 0], minlength=len(texts))
    return Cells(texts, counts)
