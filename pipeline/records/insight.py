"""What is said of rows: risks and their reasons, groups, lists."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from pipeline.records.ingestion import PeriodRate
from pipeline.records.note import Note
from pipeline.records.numbers import Interval


@dataclass(frozen=True)
class Contribution:
    """One line of an explanation: `points` in fractions of risk (0.09 = +9 pontos)."""

    factor: str
    said: Note  # what the factor says of the row, or is called
    points: float


@dataclass(frozen=True)
class RowExplanation:
    """reference + sum of points == risk, exactly."""

    reference: float
    risk: float
    contributions: tuple[Contribution, ...]  # strongest first; protected ones summed under "outros fatores"


@dataclass(frozen=True)
class GroupRow:
    """One value of a dimension; `predicted` is the mean out-of-fold risk (None: no row has one)."""

    value: str
    detail: str  # UF of a unit, else ""
    rows: int
    outcomes: int
    events: int
    observed: Interval | None
    predicted: float | None
    against: str  # "above" | "below" | "unclear": interval against the rest's rate
    stars: Interval | None = None  # mean rating, where the target is one
    balance: Interval | None = None  # promoters less detractors, -1 to 1


@dataclass(frozen=True)
class GroupExplanation:
    """Why a group's predicted risk differs from all rows': contributions sum to predicted − overall."""

    value: str
    rows: int
    observed: Interval | None
    observed_overall: Interval | None
    predicted: float
    predicted_overall: float
    contributions: tuple[Contribution, ...]  # last one: difference of the models' references
    field: str = ""  # the dimension's column
    own: str = ""  # the factor that is the dimension itself; "" if the model has none


_BETWEEN = " · "


def cell_name(row: str, column: str) -> str:
    """`mon · 8–15`: a cell of the heat map as one value, as a dimension has values; of keys, or of what is shown."""
    return f"{row}{_BETWEEN}{column}"


def cell_place(name: str) -> tuple[str, str]:
    """Row and column of a `cell_name`."""
    row, _, column = name.partition(_BETWEEN)
    return row, column


@dataclass(frozen=True)
class HeatCell:
    """A weekday by lead time: how many outcomes are known, and the rate among them."""

    row: str  # "mon"
    column: str  # "8–15"
    rows: int  # with an outcome
    observed: Interval | None


@dataclass(frozen=True)
class EarlierPeriod:
    """What the same filters showed over as many days before the chosen period."""

    first_date: dt.date
    last_date: dt.date
    outcomes: int
    rate: Interval


@dataclass(frozen=True)
class RiskOverview:
    """The risk page under one choice of filters."""

    rows: int
    outcomes: int
    events: int
    rate: Interval | None
    predicted: float | None
    predicted_rows: int
    first_date: dt.date | None  # without the few dates far outside the others
    last_date: dt.date | None
    groups: tuple[tuple[str, tuple[GroupRow, ...]], ...]  # field -> rows
    periods: tuple[PeriodRate, ...]  # by month, or by week where the data are short
    predicted_by_period: tuple[tuple[str, float], ...]
    heat: tuple[HeatCell, ...]
    absent: tuple[str, ...]  # columns that are not in the data: their charts say so
    stars: Interval | None = None
    balance: Interval | None = None
    outside: int = 0  # rows with a date far outside the others: in every count, in no chart over time
    before: EarlierPeriod | None = None
    hidden: tuple[tuple[str, int], ...] = ()  # (field, "periods" or "heat"; how many are not shown, for being of few)


@dataclass(frozen=True)
class AgendaSummary:
    """A scored list: `expected` events are the sum of risks."""

    as_of: dt.date
    rows: int
    scored: int
    expected: float
    not_scored: tuple[tuple[Note, int], ...]  # (why, rows)
