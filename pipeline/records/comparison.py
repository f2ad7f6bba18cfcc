"""A file held against the one before it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from pipeline.records.note import Note
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

    what: Note  # the whole file, or a group: "Unidade: Centro"
    before: Interval
    after: Interval
    n_before: int
    n_after: int


@dataclass(frozen=True)
class Whole:
    """A whole file: its rows, days, and rate with the rows that it is of (None: no outcome is known)."""

    rows: int
    first: dt.date | None
    last: dt.date | None
    rate: Interval | None
    outcomes: int


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
    wholes: tuple[Whole, Whole] | None = None  # the file before, and the new one
    comparable: bool = True  # False: without an id of the patient, events can't be told to be the same
    only_before: int | None = (
        None  # rows of the file before, of any day, that the new one does not have; None: can't be told
    )

    @property
    def holds_the_other(self) -> bool:
        """Whether the new file tells all that the one before told: there is nothing to join."""
        return self.only_before == 0

    @property
    def held_by_the_other(self) -> bool:
        """Whether the file before tells all of the new one already, in the same words."""
        return self.comparable and self.new == 0 and self.changed == 0
