"""What a model keeps of the rows it learnt from: rates and loads by value, never a patient."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

WINDOW_DAYS = 365  # how far history and rates look back
SMOOTHING = 25.0  # how many rows of the overall rate are mixed into a value's own
LEAST_NAMED = 8  # outcomes from which on a value is named in a model
_MOST_NAMES = 1_000  # columns of one factor that a bundle may ask for


@dataclass(frozen=True)
class RateTable:
    """Events and outcomes by folded value within the window, and over all values."""

    events: Mapping[str, float]
    outcomes: Mapping[str, float]
    all_events: float
    all_outcomes: float


@dataclass(frozen=True)
class Aggregates:
    """`rates` by factor key; `daily` by folded unit: mean bookings a day within the window; `values` by factor key: the
    folded values that have a column of their own, in the order of the columns.
    """

    window_days: int
    rates: Mapping[str, RateTable]
    daily: Mapping[str, Mapping[str, float]]
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def to_plain(self) -> dict[str, Any]:
        """As dicts, lists and numbers, for JSON."""
        return {
            "window_days": self.window_days,
            "rates": {
                key: {
                    "events": dict(t.events),
                    "outcomes": dict(t.outcomes),
                    "all_events": t.all_events,
                    "all_outcomes": t.all_outcomes,
                }
                for key, t in self.rates.items()
            },
            "daily": {key: dict(table) for key, table in self.daily.items()},
            "values": {key: list(names) for key, names in self.values.items()},
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Aggregates:
        """Builds it from what `to_plain` gave; KeyError, TypeError or ValueError if it doesn't fit."""
        rates = {
            str(key): RateTable(
                _numbers(t["events"]), _numbers(t["outcomes"]), _finite(t["all_events"]), _finite(t["all_outcomes"])
            )
            for key, t in plain["rates"].items()
        }
        window = plain["window_days"]
        if not isinstance(window, int) or not 1 <= window <= 3660:
            raise ValueError("window_days")
        daily = {str(key): _numbers(table) for key, table in plain["daily"].items()}
        values = plain.get("values", {})  # a reader of comments that was made before there were any has none
        return cls(window, rates, daily, {str(key): _names(listed) for key, listed in values.items()})


def _numbers(plain: Mapping[str, Any]) -> dict[str, float]:
    return {str(key): _finite(value) for key, value in plain.items()}


def _names(plain: Any) -> tuple[str, ...]:
    if not isinstance(plain, list) or not all(isinstance(name, str) for name in plain) or len(plain) > _MOST_NAMES:
        raise ValueError("not a list of names")
    return tuple(plain)


def _finite(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError("not a finite number")
    return float(value)


def smoothed(events: Any, outcomes: Any, prior: Any) -> Any:
    """(events + k·prior) / (outcomes + k): the rate of few rows leans on the overall one (k = SMOOTHING)."""
    return (events + SMOOTHING * prior) / (outcomes + SMOOTHING)
