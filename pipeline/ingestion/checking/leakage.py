"""Columns that know the future: filled only after the visit, later than it, or giving its result away.

A mapped one is left out unless somebody insists; one that is not mapped is named, so that nobody maps it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pyarrow as pa

from pipeline.contract import FieldKind, Outcome, Role
from pipeline.folding import fold
from pipeline.ingestion.parsing.column import Column, encode
from pipeline.ingestion.parsing.dates import parse_dates
from pipeline.ingestion.parsing.parsed_file import OUTCOMES, Sheet
from pipeline.ingestion.parsing.quoting import shown_header
from pipeline.ingestion.reading.text_columns import taken
from pipeline.records import ColumnMatch, Leak, Note, Recipe, StepKind, note

_SAMPLE = 50_000  # rows looked at
_LEAST, _LEAST_OF_A_CLASS = 200, 30  # known outcomes
_FILLED_APART = 0.8  # difference of the shares filled
_TELLS = 0.97  # area under the curve of a value's own rate
_LATER = 0.5  # share of days after the event
_SWAPPED = 0.9  # so many later, whatever the outcome: rather two columns that changed places
_DATES = 0.8
_COMMON = 20  # rows from which a value's rate counts
_MOST_VALUES = 500
_NEVER = frozenset({Role.TARGET, Role.SCHEDULED, Role.OCCURRED, Role.PATIENT, Role.BIRTH, Role.COMMENT})


def find(sheet: Sheet, table: pa.Table, matches: tuple[ColumnMatch, ...], recipe: Recipe) -> tuple[Leak, ...]:
    """The columns that know the future, mapped ones first; none where too few outcomes are known."""
    look = _Look(sheet)
    if not look.enough:
        return ()
    found = []
    for place, match in sorted(enumerate(matches), key=lambda pair: pair[1].field is None):
        if match.field and sheet.product.field(match.field).role in _NEVER:
            continue
        if match.field:
            why = look.of_field(sheet.columns[match.field])
        else:
            why = look.of_cells(table.column(place), match.header)
        if why:
            used = match.field is not None and recipe.has(StepKind.USE, match.field)
            found.append(Leak(shown_header(match.header), match.field, why, used))
    return tuple(found)


class _Look:
    """A sample of rows with their outcome, against which columns are held."""

    def __init__(self, sheet: Sheet) -> None:
        step = max(1, sheet.size // _SAMPLE)
        sampled = sheet.part(slice(None, None, step))
        states = sampled.states()
        known = (states == OUTCOMES.index(Outcome.EVENT)) | (states == OUTCOMES.index(Outcome.NON_EVENT))
        self.places = np.flatnonzero(known) * step
        self.event = states[known] == OUTCOMES.index(Outcome.EVENT)
        self.days = sampled.days(sheet.product.time.key)[known]
        self.product, self.today = sheet.product, sheet.today
        self.names = {
            fold(name)
            for value in sheet.product.target.values
            if value.outcome
            for name in (value.label, *value.synonyms)
        }

    @property
    def enough(self) -> bool:
        events = int(self.event.sum())
        return len(self.event) >= _LEAST and min(events, len(self.event) - events) >= _LEAST_OF_A_CLASS

    def of_field(self, column: Column) -> Note | None:
        """Why a mapped column knows the future; None where it does not."""
        if not column.present or column.field.kind is FieldKind.FREE_TEXT:
            return None
        looked_at = replace(column, codes=column.codes[self.places])
        if column.field.kind is FieldKind.DATE:
            return self._later(looked_at.day_of_rows()) or self._filled(looked_at.codes)
        return self._codes(looked_at.codes, column.texts)

    def of_cells(self, cells: pa.ChunkedArray, header: str) -> Note | None:
        """The same of a column that was not mapped, which may hold anything."""
        codes, texts = encode(taken(cells, self.places))
        if not len(texts):
            return None
        days = parse_dates(texts.slice(0, _MOST_VALUES), last_year=self.today.year + 20).days
        if np.mean(~np.isnat(days)) >= _DATES:
            days = parse_dates(texts, last_year=self.today.year + 20).days
            return self._later(np.append(days, np.datetime64("NaT"))[codes], swapped=False) or self._filled(codes)
        return self._codes(codes, texts)

    def _codes(self, codes: np.ndarray, texts: pa.Array) -> Note | None:
        return self._filled(codes) or self._tells(codes) or self._names(codes, texts)

    def _filled(self, codes: np.ndarray) -> Note | None:
        """Filled for one outcome and empty for the other."""
        filled = codes >= 0
        event, rest = float(filled[self.event].mean()), float(filled[~self.event].mean())
        if abs(event - rest) < _FILLED_APART:
            return None
        words = self.product.words
        return note("checking.leak_filled", events=event, rest=rest, event=words.event, non_event=words.non_event)

    def _later(self, days: np.ndarray, *, swapped: bool = True) -> Note | None:
        """Mostly later than the event; nearly always so, whatever the outcome, rather means two columns swapped."""
        both = ~np.isnat(days) & ~np.isnat(self.days)
        if both.sum() < _LEAST:
            return None
        later = days[both] > self.days[both]
        share = float(later.mean())
        apart = [float(later[self.event[both] == of].mean()) for of in (True, False) if (self.event[both] == of).any()]
        if share < _LATER or (swapped and min(apart) >= _SWAPPED and both.mean() >= _SWAPPED):
            return None
        return note("checking.leak_later", row=self.product.words.row, share=share)

    def _tells(self, codes: np.ndarray) -> Note | None:
        """The rate of each common value by itself gives the outcome away."""
        filled = codes >= 0
        if filled.mean() < 0.5 or len(np.unique(codes[filled])) > _MOST_VALUES:
            return None
        area = rate_auc(codes[filled], self.event[filled])
        return note("checking.leak_tells", auc=area) if area >= _TELLS else None

    def _names(self, codes: np.ndarray, texts: pa.Array) -> Note | None:
        """Holds the words of the outcome itself."""
        if len(texts) > _MOST_VALUES or not self.names:
            return None
        named = np.append([fold(text) in self.names for text in texts.to_pylist()], False).astype(bool)[codes]
        enough = named.sum() >= _COMMON and 0 < self.event[named].mean() < 1
        pure = named.sum() >= _COMMON and max(self.event[named].mean(), 1 - self.event[named].mean()) >= _TELLS
        return note("checking.leak_names") if pure or (enough and named.mean() >= _DATES) else None


def rate_auc(codes: np.ndarray, event: np.ndarray) -> float:
    """Area under the curve of the rates of the values, rare ones pooled (Mann-Whitney over values)."""
    counts = np.bincount(codes)
    codes = np.where(counts[codes] >= _COMMON, codes, len(counts))
    n, k = np.bincount(codes), np.bincount(codes, event)
    held = n > 0
    n, k = n[held], k[held]
    order = np.argsort(k / n, kind="stable")
    events, rest = k[order], (n - k)[order]
    if not events.sum() or not rest.sum():
        return 0.5
    below = np.cumsum(rest) - rest
    return float((events * (below + rest / 2)).sum() / (events.sum() * rest.sum()))


def left_out_fields(leaks: tuple[Leak, ...]) -> Mapping[str, Leak]:
    """The mapped fields that are not used because of what they know."""
    return {leak.field: leak for leak in leaks if leak.field is not None and not leak.used}
