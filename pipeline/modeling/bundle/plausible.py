"""What the numbers of a model file can be: a rate lies between 0 and 1, a count is no debt, no day is yet to come.

Checksums say that a file is as its maker left it; this says that its maker was a training of ours.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from typing import Any

from pipeline.errors import UnsafeBundle
from pipeline.modeling.features.aggregates import Aggregates, RateTable
from pipeline.records import LearningPoint, ModelCard, Tier
from pipeline.records.modeling import CalibrationBin, MetricSet, ReachPoint

LARGEST, SMALLEST = 1e12, 1e-100  # of any number but 0, a seed left aside
MOST_A_DAY = 1e6  # bookings
TIERS = ("low", "medium", "high", "very_high")
_FIRST_DAY = dt.date(1900, 1, 1)
_SLACK = 1e-9
_FREE = frozenset({"seed"})
_OF_UNIT = (MetricSet, CalibrationBin, ReachPoint, LearningPoint)  # every fraction in them lies between 0 and 1
_COUNTS = frozenset({"rows", "events", "rows_trained", "events_trained", "rows_available", "comments"})


def check_numbers(plain: Any) -> None:
    """UnsafeBundle for a number that no training gives: not finite, above 1e12, or so small that it is a fault."""
    for number in _numbers(plain):
        if not math.isfinite(number) or abs(number) > LARGEST or 0 < abs(number) < SMALLEST:
            raise _implausible()


def _numbers(plain: Any) -> list[float]:
    """All numbers in lists and dicts; whole ones that no float holds as infinite."""
    found: list[float] = []
    left = [plain]
    while left:
        one = left.pop()
        if isinstance(one, dict):
            left += [value for key, value in one.items() if key not in _FREE]
        elif isinstance(one, list | tuple):
            left += one
        elif isinstance(one, int | float) and not isinstance(one, bool):
            found.append(float(one) if abs(one) <= LARGEST else math.inf)
    return found


def check_aggregates(kept: Aggregates) -> None:
    """UnsafeBundle for rates and loads of values that no rows have."""
    loads = [load for table in kept.daily.values() for load in table.values()]
    if not all(map(_sound, kept.rates.values())) or not all(0 <= load <= MOST_A_DAY for load in loads):
        raise _implausible()


def _sound(table: RateTable) -> bool:
    """Whether events are among outcomes, and a value's among all."""
    if set(table.events) != set(table.outcomes):
        return False
    pairs = [(table.events[name], table.outcomes[name]) for name in table.outcomes]
    return (
        all(0 <= events <= outcomes + _SLACK for events, outcomes in [*pairs, (table.all_events, table.all_outcomes)])
        and sum(events for events, _ in pairs) <= table.all_events + _SLACK
        and sum(outcomes for _, outcomes in pairs) <= table.all_outcomes + _SLACK
    )


def check_card(card: ModelCard, today: dt.date | None) -> None:
    """UnsafeBundle for a card that speaks of days to come, of tiers that are none, or of rates that are none."""
    last = dt.date.max if today is None else today + dt.timedelta(days=1)
    days = [day for day in (card.trained_from, card.trained_until, card.levelled_until) if day is not None]
    ordered = card.trained_from is None or card.trained_until is None or card.trained_from <= card.trained_until
    sound = all(_FIRST_DAY <= day <= last for day in days) and ordered
    if not (sound and _tiers_are_ours(card.tiers) and _counts_fit(card) and _within(card)):
        raise _implausible()


def _counts_fit(card: ModelCard) -> bool:
    """Whether events are among the rows that taught, and these among those that could have."""
    available = card.rows_trained if card.rows_available is None else card.rows_available
    return card.events_trained <= card.rows_trained <= available


def _tiers_are_ours(tiers: tuple[Tier, ...]) -> bool:
    """Whether they are some of ours in their order, and lie between 0 and 1."""
    known = [TIERS.index(tier.key) for tier in tiers if tier.key in TIERS]
    edges = [edge for tier in tiers for edge in (tier.low, tier.high)]
    return len(known) == len(tiers) and known == sorted(set(known)) and _rising(edges)


def _rising(edges: list[float]) -> bool:
    return all(-_SLACK <= edge <= 1 + _SLACK for edge in edges) and edges == sorted(edges)


def _within(record: Any, *, unit: bool = False) -> bool:
    """Whether all shares lie between 0 and 1, and no count is below 0, in a record and those in it."""
    if isinstance(record, list | tuple):
        return all(_within(one, unit=unit) for one in record)
    if not dataclasses.is_dataclass(record):
        return not (unit and isinstance(record, float)) or -_SLACK <= record <= 1 + _SLACK
    shares = unit or isinstance(record, _OF_UNIT)
    for field in dataclasses.fields(record):
        value = getattr(record, field.name)
        if field.name in _COUNTS:
            if isinstance(value, int | float) and value < 0:
                return False
        elif not _within(value, unit=shares or (isinstance(record, Tier) and field.name == "observed")):
            return False
    return True


def _implausible() -> UnsafeBundle:
    return UnsafeBundle("bundle.implausible")
