"""How often bookings are given up shortly before their day: an outcome of its own, never mixed with the event.

The rate is of bookings that still stood some days before their day: what was given up earlier left time to fill the
slot, and what was given up on a day that the file doesn't tell is neither.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pipeline.contract import Outcome, Product, Role
from pipeline.insight.groups.counts import NO_DATE, Filters, days, select
from pipeline.records import LateCancellations, LateGroup
from pipeline.statistics import wilson, wilson_many

USUAL, CHOICES = 2, (1, 2, 3, 7)  # days before the day
_LEAST = 30  # bookings of a value that is told apart


def tells(rows: pd.DataFrame, product: Product) -> bool:
    """Whether the rows tell when bookings were given up."""
    field = product.by_role(Role.CANCELLED)
    return field is not None and field.key in rows and bool(rows[field.key].notna().any())


def dated(rows: pd.DataFrame, product: Product) -> np.ndarray:
    """Mask (n) of the rows that tell when they were given up."""
    field = product.by_role(Role.CANCELLED)
    if field is None or field.key not in rows:
        return np.zeros(len(rows), dtype=bool)
    return days(rows[field.key]) > NO_DATE


def late(rows: pd.DataFrame, product: Product, within: int) -> np.ndarray:
    """Mask (n) of the bookings that were given up at most `within` days before their day, and not after it."""
    field = product.by_role(Role.CANCELLED)
    if field is None or field.key not in rows:
        return np.zeros(len(rows), dtype=bool)
    day, gone = days(rows[product.time.key]), days(rows[field.key])
    ahead = day - gone
    excluded = (rows["state"] == Outcome.EXCLUDED.value).to_numpy()
    return excluded & (day > NO_DATE) & (gone > NO_DATE) & (ahead >= 0) & (ahead <= within)


def overview(rows: pd.DataFrame, product: Product, filters: Filters, within: int = USUAL) -> LateCancellations | None:
    """The rate in all and by dimension under `filters`; None where the file doesn't tell the day of giving up."""
    if not tells(rows, product):
        return None
    chosen = rows.iloc[select(rows, None, product, filters).positions]
    gone = late(chosen, product, within)
    excluded = (chosen["state"] == Outcome.EXCLUDED.value).to_numpy()
    field = product.by_role(Role.CANCELLED)
    assert field is not None, "it tells"
    undated = excluded & ~gone & (days(chosen[field.key]) <= NO_DATE)
    standing = gone | chosen["outcome"].notna().to_numpy()
    return LateCancellations(
        days=within,
        rows=int(standing.sum()),
        late=int(gone.sum()),
        rate=wilson(int(gone.sum()), int(standing.sum())),
        earlier=int((excluded & ~gone & ~undated).sum()),
        undated=int(undated.sum()),
        groups=tuple(
            (dimension.column, found)
            for dimension in product.dimensions
            if dimension.column in chosen and (found := _groups(chosen.loc[standing, dimension.column], gone[standing]))
        ),
    )


def _groups(column: pd.Series, gone: np.ndarray) -> tuple[LateGroup, ...]:
    """Values with enough bookings, the highest rate first; none where there is nothing to compare."""
    codes, names = column.cat.codes.to_numpy(), column.cat.categories
    told = codes >= 0
    rows = np.bincount(codes[told], minlength=len(names))
    events = np.bincount(codes[told], weights=gone[told], minlength=len(names)).astype(np.int64)
    return groups_of([str(name) for name in names], rows, events)


def groups_of(names: Sequence[str], rows: np.ndarray, events: np.ndarray) -> tuple[LateGroup, ...]:
    """Of values with their bookings that still stood, and how many of these were given up."""
    enough = np.flatnonzero(rows >= _LEAST)
    if len(enough) < 2:
        return ()
    rates = wilson_many(events[enough], rows[enough])
    made = [
        LateGroup(names[i], int(rows[i]), int(events[i]), rate)
        for i, rate in zip(enough.tolist(), rates, strict=True)
        if rate is not None
    ]
    return tuple(sorted(made, key=lambda one: (-one.rate.value, -one.rows, one.value)))
