"""A number with its interval, as every step gives it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Interval:
    """A number with its 95 % interval; `low`/`high` are None where none can be given."""

    value: float
    low: float | None = None
    high: float | None = None
