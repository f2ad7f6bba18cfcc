"""Weekday × days between contact and event: the cells of the heat map, and which rows lie in one."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.contract import Product, Role
from pipeline.insight.groups.counts import NO_DATE, Selection, days, tally
from pipeline.records import HeatCell, cell_name
from pipeline.statistics import wilson_many

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LEAD_BUCKETS = (("0", 0), ("1–3", 1), ("4–7", 4), ("8–15", 8), ("16–30", 16), ("31–60", 31), ("61+", 61))
CELL = "weekday_and_lead"  # in place of a dimension's column: the rows of one cell
_THURSDAY = 3  # 1 January 1970 was one


def cells(rows: pd.DataFrame, product: Product, chosen: Selection) -> tuple[HeatCell, ...]:
    """`rows` of a cell counts those with an outcome, the n of its rate.

    Weekdays on which nothing lies are left out. Empty without contact dates.
    """
    codes = _codes(rows, product, chosen)
    if codes is None:
        return ()
    sums = tally(chosen, codes, 7 * len(LEAD_BUCKETS))
    intervals = wilson_many(sums.events, sums.known)
    busy = sums.rows.reshape(7, -1).sum(axis=1) > 0
    return tuple(
        HeatCell(*_place(i), int(sums.known[i]), interval)
        for i, interval in enumerate(intervals)
        if busy[i // len(LEAD_BUCKETS)]
    )


def members(rows: pd.DataFrame, product: Product, chosen: Selection, name: str) -> np.ndarray:
    """Which rows of the selection lie in the cell of that `cell_name`."""
    codes = _codes(rows, product, chosen)
    wanted = [i for i in range(7 * len(LEAD_BUCKETS)) if cell_name(*_place(i)) == name]
    return np.zeros(len(chosen), dtype=bool) if codes is None or not wanted else codes == wanted[0]


def _place(code: int) -> tuple[str, str]:
    return WEEKDAYS[code // len(LEAD_BUCKETS)], LEAD_BUCKETS[code % len(LEAD_BUCKETS)][0]


def _codes(rows: pd.DataFrame, product: Product, chosen: Selection) -> np.ndarray | None:
    """The cell of each row, −1 where a date is missing or the contact came after; None without contact dates."""
    contact = product.by_role(Role.CONTACT)
    if contact is None or not bool(rows[contact.key].notna().any()):
        return None
    booked = days(rows[contact.key])[chosen.positions]
    usable = (booked > NO_DATE) & (chosen.day > NO_DATE)
    bounds = np.array([low for _, low in LEAD_BUCKETS])
    bucket = np.searchsorted(bounds, np.where(usable, chosen.day - booked, 0), side="right") - 1
    weekday = (chosen.day + _THURSDAY) % 7
    return np.where(usable & (bucket >= 0), weekday * len(bounds) + bucket, -1)
