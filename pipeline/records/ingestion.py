"""What is said of a file: its columns, fields, faults, months."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from pipeline.records.numbers import Interval


@dataclass(frozen=True)
class ColumnMatch:
    """One column of the file and the field it was taken for (None: left over)."""

    header: str
    field: str | None
    confidence: float  # 0..1
    reason: str  # Portuguese: "cabeçalho igual", "cabeçalho parecido", "pelo conteúdo", "escolhido por você"
    preview: tuple[str, ...] = ()  # a few values; never shown for personal fields


@dataclass(frozen=True)
class FieldSummary:
    field: str
    label: str
    header: str | None
    confidence: float
    filled: int
    distinct: int
    top: tuple[tuple[str, int], ...]  # most frequent values; empty for personal fields


@dataclass(frozen=True)
class Issue:
    """One rule that failed: how often, where, what it costs, how to mend it."""

    rule: str
    severity: str  # blocker | warning | note
    field: str | None
    title: str
    rows: int
    examples: tuple[int, ...]  # up to five spreadsheet row numbers
    message: str  # the whole sentence with the remedy
    effect: str  # "637 linhas ficam de fora", "3.118 linhas usadas sem o campo"
    loses_rows: bool


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
    field: str
    label: str
    cost: str  # Portuguese sentence


@dataclass(frozen=True)
class FileFacts:
    name: str
    sha256: str
    size: int
    format: str
    encoding: str | None
    delimiter: str | None
    sheet: str | None
    sheets: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class ValidationReport:
    product: str
    file: FileFacts
    rows_read: int
    rows_usable: int
    rows_left_out: int
    left_out: tuple[tuple[str, int], ...]  # (reason title, rows): each row counted once, sums to rows_left_out
    usable_for: tuple[str, ...]  # "training", "scoring"
    usable_why: tuple[str, ...]  # Portuguese: why it can't be used for the others
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
