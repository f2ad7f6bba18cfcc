"""A file held against the one before it."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.records.numbers import Interval


@dataclass(frozen=True)
class NewValues:
    """Values of a field that the file before did not have, the commonest first, and the rows that have them."""

    field: str
    label: str
    values: tuple[tuple[str, int], ...]
    rows: int


@dataclass(frozen=True)
class RateShift:
    """A rate that differs from the one before by more than chance and enough to matter."""

    what: str  # "Todo o arquivo", or "Unidade: Centro"
    before: Interval
    after: Interval
    n_before: int
    n_after: int


@dataclass(frozen=True)
class Comparison:
    """Rows of the new file: `new`, `changed` (the same event told otherwise), `repeated` (the very same)."""

    before: str
    after: str
    rows: int
    new: int
    changed: int
    repeated: int
    gone: int  # rows of the file before, within the new file's days, that the new one does not have
    became_known: int  # outcomes that are known now and were not before
    new_values: tuple[NewValues, ...] = ()
    shifts: tuple[RateShift, ...] = ()
    comparable: bool = True  # False: without an id of the patient, events can't be told to be the same
