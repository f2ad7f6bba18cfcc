"""Weekday × days between contact and event: the cells of the heat map, and which rows lie in one."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.contract import Product, Role
from pipeline.insight.groups.counts import NO_DATE, Selection, Tally, days, tally
from pipeline.records import HeatCell, cell_name
from pipeline.statistics import wilson_many

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LEAD_BUCKETS = (("0", 0), ("1–3", 1), ("4–7", 4), ("8–15", 8), ("16–30", 16), ("31–60", 31), ("61+", 61))
CELL = "weekday_and_lead"  # in place of a dimension's column: the rows of one cell
SIZE = 7 * len(LEAD_BUCKETS)  # cells
_THURSDAY = 3  # 1 January 1970 was one


def cells(rows: pd.DataFrame, product: Product, chosen: Selection) -> tuple[HeatCell, ...]:
    """`rows` of a cell counts those with an outcome, the n of its rate.

    Weekdays on which nothing lies are left out. Empty without contact dates.
    """
    codes = _codes(rows, product, chosen)
    if codes is None:
        return ()
    return cells_of(tally(chosen, codes, SIZE))


def cells_of(sums: Tally) -> tuple[HeatCell, ...]:
    """`cells` of what was summed by the codes of cells."""
    intervals = wilson_many(sums.events, sums.known)
    busy = sums.rows.reshape(7, -1).sum(axis=1) > 0
    return tuple(
        HeatCell(*_place(i), int(sums.known[i]), interval)
        for i, interval in enumerate(intervals)
        if busy[i // len(LEAD_BUCKETS)]
    )


def members(rows: pd.DataFrame, product: Product, chosen: Selection, name: str) -> np.ndarray:
    """Which rows of the selection lie in the cell of that `cell_name`."""
    codes, wanted = _codes(rows, product, chosen), code_of(name)
    return np.zeros(len(chosen), dtype=bool) if codes is None or wanted is None else codes == wanted


def code_of(name: str) -> int | None:
    """The code of the cell of that `cell_name`; None where there is none."""
    return next((i for i in range(SIZE) if cell_name(*_place(i)) == name), None)


def _place(code: int) -> tuple[str, str]:
    return WEEKDAYS[code // len(LEAD_BUCKETS)], LEAD_BUCKETS[code % len(LEAD_BUCKETS)][0]


def _codes(rows: pd.DataFrame, product: Product, chosen: Selection) -> np.ndarray | None:
    """The cell of each row, −1 where a date is missing or the contact came after; None without contact dates."""
    contact = product.by_role(Role.CONTACT)
    if contact is None or not bool(rows[contact.key].notna().any()):
        return None
    return codes_of(chosen.day, days(rows[contact.key])[chosen.positions])


def codes_of(day: np.ndarray, booked: np.ndarray) -> np.ndarray:
    """The cell of each row by its day and that of its contact (since 1970); −1 where it has none."""
    usable = (booked > NO_DATE) & (day > NO_DATE)
    bounds = np.array([low for _, low in LEAD_BUCKETS])
    bucket = np.searchsorted(bounds, np.where(usable, day - booked, 0), side="right") - 1
    weekday = (day + _THURSDAY) % 7
    return np.where(usable & (bucket >= 0), weekday * len(bounds) + bucket, -1)
