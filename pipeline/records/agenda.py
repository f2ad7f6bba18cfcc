"""What is said of a list to call: how its file's rows are accounted for, and how many events to expect."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from pipeline.records.numbers import Interval


@dataclass(frozen=True)
class ListDay:
    """The day that a list is made on, whether it looks back, and the first and last day that it could be made on."""

    day: dt.date
    looks_back: bool
    first: dt.date
    last: dt.date


@dataclass(frozen=True)
class ListCounts:
    """Every row of the file in exactly one part; `listed` is what the page shows.

    `passed`: no outcome though the day is over; `known`: with an outcome; `excluded`: cancelled or the like;
    `booked_later`, `still_open`: of a list that looks back, not yet booked on its day, and without what came of it;
    `unscored`: no risk can be given; `left_out`: validation kept them out.
    """

    rows: int
    listed: int = 0
    passed: int = 0
    known: int = 0
    excluded: int = 0
    booked_later: int = 0
    still_open: int = 0
    undated: int = 0
    unscored: int = 0
    left_out: int = 0


@dataclass(frozen=True)
class CancelRate:
    """Bookings with a lead of `low` to `high` days, of which `excluded` came to neither outcome.

    `chance` is drawn towards the clinic's overall rate where `rows` are few; `error` is its standard error.
    """

    low: int
    high: int
    rows: int
    excluded: int
    chance: float
    error: float


@dataclass(frozen=True)
class Cancelling:
    """How often bookings come to neither outcome, by lead; the last rate is of bookings without a known lead."""

    rows: int
    excluded: int
    rates: tuple[CancelRate, ...]


@dataclass(frozen=True)
class Level:
    """How far the level of risks may be off, as a share: `error` of measuring it, `drift` between `periods`."""

    error: float
    drift: float
    periods: int


@dataclass(frozen=True)
class Expected:
    """Events to expect of `rows` bookings: `risk` if nobody cancelled, `events` given how many do, with 95 %."""

    rows: int
    risk: float
    events: Interval
    cancelled: float  # the share that is expected to come to neither outcome


@dataclass(frozen=True)
class CameOf:
    """What came of a list that looks back: of `rows`, and how many of the events the first calls would have met."""

    rows: int
    events: int
    non_events: int
    excluded: int
    reached: int
