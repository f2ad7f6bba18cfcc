"""What a slot is worth, what a contact costs, how many calls a day still pay, and what they win back a month."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from pipeline.errors import PresencaError
from pipeline.records import Interval
from pipeline.records.effects import CallsThatPay, ContactCosts, Effect, GainPoint, PayingCalls, SlotValue

DAYS_A_MONTH = 365.25 / 12
MOST_VALUE = 1_000_000.0  # R$; above it somebody typed a telephone number
_ANY = ""
_POINTS = 60  # of a curve of gains


def values(examples: Mapping[str, float], edited: Mapping[str, float]) -> tuple[SlotValue, ...]:
    """What slots are worth, by procedure or type: what the clinic edited, then the examples that it left.

    PresencaError for a value that is no amount of money.
    """
    for value in edited.values():
        amount(value)
    own = [SlotValue(name, value, example=False) for name, value in edited.items()]
    return (*own, *(SlotValue(name, value) for name, value in examples.items() if name not in edited))


def amount(value: float) -> float:
    """The value, once it can be one. PresencaError for one below 0, above MOST_VALUE or that is no number."""
    if not math.isfinite(value) or not 0 <= value <= MOST_VALUE:
        raise PresencaError("money.no_amount", most=int(MOST_VALUE))
    return value


def costs(call: float, message: float, *, example: bool = False) -> ContactCosts:
    """What contacts cost. PresencaError as `amount`."""
    return ContactCosts(amount(call), amount(message), example)


def of_rows(table: Sequence[SlotValue], *names: Sequence[str]) -> tuple[np.ndarray, bool]:
    """R$ per row, and whether any of them is an example. `names`: per row, what may have a value, the most special
    first (procedure, then type); else that of any slot (""), else 0.
    """
    rows = _of_rows(table, names)
    return np.array([row.value if row else 0.0 for row in rows], np.float64), any(row.example for row in rows if row)


def edited_of_rows(table: Sequence[SlotValue], *names: Sequence[str]) -> np.ndarray:
    """R$ per row where the clinic itself said what such a slot is worth, NaN elsewhere. `names` as in `of_rows`."""
    rows = _of_rows(table, names)
    return np.array([np.nan if row is None or row.example else row.value for row in rows], np.float64)


def _of_rows(table: Sequence[SlotValue], names: Sequence[Sequence[str]]) -> list[SlotValue | None]:
    known = {item.name: item for item in table}
    return [next((known[name] for name in (*told, _ANY) if name in known), None) for told in zip(*names, strict=True)]


def calls_that_pay(gains: Sequence[float], cost: float, days: int) -> CallsThatPay:
    """How many contacts a day pay. `gains`: of each patient of a list over `days` days, in R$ before cost, in any
    order; `cost`: of one contact.

    In order of gain, the first that gains less than it costs is where it ends.
    """
    ordered = np.sort(np.asarray(gains, np.float64))[::-1]
    paying = int((ordered >= cost).sum()) if cost > 0 else int((ordered > 0).sum())
    return CallsThatPay(
        a_day=paying // max(days, 1) + (1 if paying % max(days, 1) else 0),
        paying=paying,
        listed=len(ordered),
        next_gain=float(ordered[paying]) if paying < len(ordered) else None,
        worth=float(ordered[:paying].sum() - paying * cost),
    )


def paying_calls(
    gains: np.ndarray, low: np.ndarray, high: np.ndarray, cost: float, *, own: bool, example: bool
) -> PayingCalls:
    """The same for the patients of one day, with what the ends of the effect's interval (`low`: the weakest effect)
    make of their gains. Each end is put in an order of its own: the interval is that of the curve.
    """
    pays, weak, strong = (calls_that_pay(side.tolist(), cost, 1) for side in (gains, low, high))
    ordered = [np.sort(side)[::-1] for side in (gains, low, high)]
    places = np.unique(np.linspace(0, len(gains) - 1, _POINTS if len(gains) else 0).round().astype(np.int64))
    return PayingCalls(
        pays,
        Interval(pays.paying, weak.paying, strong.paying),
        cost,
        own,
        example,
        tuple(GainPoint(at + 1, *(float(side[at]) for side in ordered)) for at in places.tolist()),
    )


def expected_a_month(
    risk: np.ndarray, value: np.ndarray, log_ratio: np.ndarray, error: np.ndarray, *, days: float, spent: float = 0.0
) -> Interval:
    """R$ that contacts on these rows win back a month after their cost, as far as the effect is believed: its errors
    are taken as one for all rows, which share their source. `days`: that the rows span; `spent`: on them.
    """
    scale = DAYS_A_MONTH / max(days, 1.0)
    value_at = [
        (float((risk * value * (1 - np.exp(log_ratio + side * 1.959963984540054 * error))).sum()) - spent) * scale
        for side in (0, 1, -1)
    ]
    return Interval(*value_at)


def measured_a_month(effect: Effect, *, days: float, spent: float = 0.0) -> Interval | None:
    """R$ won back a month after the cost of the contacts, as the drawn arms measured it; None where they did not."""
    if effect.recovered is None:
        return None
    scale = DAYS_A_MONTH / max(days, 1.0)
    ends = [
        None if end is None else (end - spent) * scale
        for end in (effect.recovered.value, effect.recovered.low, effect.recovered.high)
    ]
    return Interval(ends[0] or 0.0, ends[1], ends[2])
