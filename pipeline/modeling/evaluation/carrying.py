"""Does a model carry over to rows that it did not learn from? By its level, its slope and its order.

Wanted are observed over expected between 0.95 and 1.05 and a slope between 0.9 and 1.1. A measure fails where its whole
interval lies outside; it holds where its value lies inside; in between what was seen allows both. An interval that is
wider than twice the wanted span says too little. The order fails where more than half of what the card's AUC lies
above chance is lost.
"""

from __future__ import annotations

from pipeline.records import (
    DOUBTFUL,
    FAILS,
    HOLDS,
    RATIO_WANTED,
    SLOPE_WANTED,
    UNKNOWN,
    CarryOver,
    Interval,
    Skill,
)

AUC_LOSS = 0.05  # below the AUC that the card tells: from here on the order is in doubt
KEPT = 0.5  # of what the card's AUC lies above chance: with less the order is lost
_CHANCE = 0.5


def carry_over(found: Skill, promised: Interval) -> CarryOver:
    """The verdict of the measures of rows that the model did not learn from; `promised`: the AUC of its card."""
    return CarryOver(
        level=_inside(found.ratio, RATIO_WANTED),
        slope=_inside(found.slope, SLOPE_WANTED),
        order=_order(found.auc, promised),
    )


def outside(item: Interval, wanted: tuple[float, float]) -> bool:
    """Whether the whole interval lies outside the wanted span."""
    low, high = wanted
    return item.low is not None and item.high is not None and (item.low > high or item.high < low)


def _inside(item: Interval, wanted: tuple[float, float]) -> str:
    low, high = wanted
    if item.low is None or item.high is None:
        return UNKNOWN
    if outside(item, wanted):
        return FAILS
    if item.high - item.low > 2 * (high - low):
        return UNKNOWN
    return HOLDS if low <= item.value <= high else DOUBTFUL


def _order(item: Interval, promised: Interval) -> str:
    if item.low is None or item.high is None:
        return UNKNOWN
    if item.high < _CHANCE + KEPT * (promised.value - _CHANCE):
        return FAILS
    if item.low <= _CHANCE:
        return UNKNOWN
    return HOLDS if item.value >= promised.value - AUC_LOSS else DOUBTFUL
