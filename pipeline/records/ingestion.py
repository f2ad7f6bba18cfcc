"""What is said of a file: its columns, fields, faults, months."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from pipeline.records.note import Note, note
from pipeline.records.numbers import Interval
from pipeline.records.recipe import Step


@dataclass(frozen=True)
class ColumnMatch:
    """One column of the file and the field it was taken for (None: left over)."""

    header: str
    field: str | None
    confidence: float  # 0..1
    reason: Note  # what speaks for it: its header, its cells, or that somebody chose it
    preview: tuple[str, ...] = ()  # a few values; never shown for personal fields


OTHER_VALUES, OTHER_YEARS = note("checking.other_values"), note("checking.other_years")  # the rest of a distribution


@dataclass(frozen=True)
class FieldSummary:
    """A field of the product as the file has it: under which header, how sure, how full, with what values."""

    field: str
    label: str
    header: str | None
    confidence: float
    filled: int
    distinct: int
    top: tuple[tuple[Note | str, int], ...]  # most frequent values; empty for personal fields
    usable: int = 0  # rows whose cell was understood and is used
    spread: tuple[
        tuple[Note | str, int], ...
    ] = ()  # a small distribution: (value, band or year; rows), in natural order


@dataclass(frozen=True)
class IssueWords:
    """An issue as earlier versions kept it: in sentences."""

    title: Note
    message: Note
    effect: Note


@dataclass(frozen=True)
class Issue:
    """One rule that failed: how often, where, what it costs. Its title, sentence and remedy are the rule's own."""

    rule: str
    severity: str  # blocker | warning | note
    field: str | None
    rows: int
    examples: tuple[int, ...]  # up to five spreadsheet row numbers; none of a rule over the whole file
    loses_rows: bool
    # loses (rows, or rows to learn from) | blurs (a field is empty there) | private (somebody's own, taken out)
    # | looks (only that) | aside (nothing to mend)
    cost: str = "looks"
    # left_out | untaught (not trained on) | without_field | scrubbed | as_they_are; "" of a rule over the whole file
    effect: str = ""
    again: int = 0  # of the rows, those that another blocker has left out already
    total: int = 0  # what `rows` are out of
    values: tuple[Note | str, ...] = ()  # what is to be named: cells as text, counts, months
    kept: IssueWords | None = None


@dataclass(frozen=True)
class Proposal:
    """What a value could mean, or two spellings of one name: nothing is done until somebody says so."""

    field: str
    label: str  # of the field
    text: str  # as it stands in the file
    rows: int
    meant: str  # "" where nothing is like it
    confidence: float
    merge: bool = False  # both are names in use; else `text` is not understood


@dataclass(frozen=True)
class Action:
    """What wins most: what it is, the rows it wins back, the steps that do it (none: to be mended by hand)."""

    label: Note
    rows: int
    steps: tuple[Step, ...] = ()
    issue: str = ""  # code of the rule whose rows are to be mended


@dataclass(frozen=True)
class Leak:
    """A column that knows the future: what gives it away, and whether it is used all the same."""

    header: str
    field: str | None  # None: a column that was not mapped, and is not used anyway
    why: Note
    used: bool


@dataclass(frozen=True)
class QualityPart:
    """One thing that the faults of a file cost: `rows` out of `total`.

    `code`: lost (rows left out), untaught (rows whose outcome is not known), absent (a field without one usable value),
    blurred (a field without a usable value in some rows), aside (left out with nothing to mend: totals, told again, by
    request).
    """

    code: str
    rows: int
    total: int
    field: str = ""
    label: str = ""


@dataclass(frozen=True)
class Quality:
    """What the faults cost, the costliest first; nothing where the file is whole."""

    parts: tuple[QualityPart, ...]

    def rows(self, code: str) -> int:
        """Rows that the parts of this code cost; of several fields, a row counts once for each."""
        return sum(part.rows for part in self.parts if part.code == code)

    def of(self, code: str) -> tuple[QualityPart, ...]:
        """The parts of this code, in the order of `parts`; lost, untaught and aside have one at most."""
        return tuple(part for part in self.parts if part.code == code)


@dataclass(frozen=True)
class Automatic:
    """A value whose outcomes look registered by a machine:
    all or none are the event, always or for a while, or the rate leaps.

    `code`: always, never (in the whole file), always_while, never_while (from `first` to `last`), leap (from `first`
    on).
    `rate` and `rate_of`: what it is held against (the other rows; for a leap, the value's own before it).
    `step` leaves the rows out; nothing is left out unasked.
    """

    code: str
    field: str
    label: str
    value: str
    rows: int  # that the step leaves out
    outcomes: int
    events: int
    first: dt.date
    last: dt.date
    rate: Interval
    rate_of: int
    step: Step


@dataclass(frozen=True)
class SetAside:
    """Rows that somebody asked to leave out: those of a value, perhaps of some days only."""

    field: str
    label: str
    value: str
    period: str  # "" or "2026-03-01/2026-04-15"
    rows: int


@dataclass(frozen=True)
class PeriodRate:
    """A month: `rate` is None where no outcome is known."""

    period: str  # "2026-03"
    rows: int
    outcomes: int
    events: int
    rate: Interval | None


@dataclass(frozen=True)
class MissingField:
    """A field that the file has no column for."""

    field: str
    label: str


@dataclass(frozen=True)
class FileFacts:
    """The file itself: name, SHA-256, size in bytes, and how it was read."""

    name: str
    sha256: str
    size: int
    format: str
    encoding: str | None
    delimiter: str | None
    sheet: str | None
    sheets: tuple[str, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class ValidationReport:
    """All that a check found in a file, and what it can be used for."""

    product: str
    file: FileFacts
    rows_read: int
    rows_usable: int
    rows_left_out: int
    left_out: tuple[
        tuple[str, int], ...
    ]  # (code of the rule, rows): each row counted once, sums to rows_left_out; of an earlier version, titles
    usable_for: tuple[str, ...]  # "training", "scoring"
    usable_why: tuple[Note, ...]  # why it can't be used for the others
    columns: tuple[ColumnMatch, ...]
    fields: tuple[FieldSummary, ...]
    missing: tuple[MissingField, ...]
    issues: tuple[Issue, ...]  # costliest first
    outcomes: tuple[tuple[str, int], ...]  # outcome state -> usable rows (event, non_event, pending, excluded, unknown)
    event_rate: Interval | None
    first_date: dt.date | None
    last_date: dt.date | None
    last_outcome_date: dt.date | None
    months: tuple[PeriodRate, ...]
    quality: Quality | None = None
    actions: tuple[Action, ...] = ()  # the one that wins most first
    proposals: tuple[Proposal, ...] = ()
    leaks: tuple[Leak, ...] = ()
    changed: tuple[tuple[Note, int], ...] = ()  # (what the recipe did, cells)
    automatic: tuple[Automatic, ...] = ()  # most rows first
    set_aside: tuple[SetAside, ...] = ()
    far: tuple[
        tuple[int, int], ...
    ] = ()  # (year, rows) far from all others: outside of the period, the months and their chart


@dataclass(frozen=True)
class FaultyCell:
    """What is wrong with a cell: the code of the rule."""

    column: int
    severity: str
    rule: str


@dataclass(frozen=True)
class FaultyRow:
    """A row of the file with its spreadsheet number;
    `faults` over its cells, `others` (codes of rules) without a cell of their own.
    """

    number: int
    cells: tuple[str | None, ...]
    faults: tuple[FaultyCell, ...]
    others: tuple[str, ...] = ()
