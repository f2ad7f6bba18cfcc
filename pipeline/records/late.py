"""Bookings that were given up shortly before their day: slots that nobody else could take."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.records.numbers import Interval


@dataclass(frozen=True)
class LateGroup:
    """Of a value's bookings that still stood some days before: how many there were and were given up after that."""

    value: str
    rows: int
    late: int
    rate: Interval


@dataclass(frozen=True)
class LateCancellations:
    """Late cancellations under one choice of filters.

    `days`: given up on that many days before the day or later is late; `rows`: bookings that still stood then;
    `earlier`, `undated`: given up before that, or on a day that the file doesn't tell, and in no rate; `groups`: by
    column, the highest rate first.
    """

    days: int
    rows: int
    late: int
    rate: Interval | None
    earlier: int
    undated: int
    groups: tuple[tuple[str, tuple[LateGroup, ...]], ...]
    hidden: int = 0  # groups that are not shown, for being of few
