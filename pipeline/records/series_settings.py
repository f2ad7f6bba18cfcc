"""How a series is set: its calls, its money, its extra bookings and the words of its scripts, in one record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.records.contacts import QueueSettings
from pipeline.records.slots import OverbookingPolicy

EXAMPLE_MINUTES = 20.0  # of a slot, until the clinic says its own


@dataclass(frozen=True)
class MoneySettings:
    """What the clinic says slots are worth (R$ by procedure or type, "" any other), and a call and a message cost."""

    values: Mapping[str, float]
    call: float
    message: float


@dataclass(frozen=True)
class ExtraBookings:
    """What is allowed of extra bookings, how long a slot is (minutes), and whether a unit's day is one agenda."""

    policy: OverbookingPolicy = field(default_factory=OverbookingPolicy)
    minutes: float = EXAMPLE_MINUTES
    whole_day: bool = False


@dataclass(frozen=True)
class SeriesSettings:
    """All that people of a series set; None: the usual, or the product's examples. `scripts`: texts by key."""

    calls: QueueSettings | None = None
    money: MoneySettings | None = None
    extra: ExtraBookings | None = None
    scripts: Mapping[str, str] = field(default_factory=dict)
