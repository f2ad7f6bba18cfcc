"""Counting by category code: what makes a change of filter cheap on many rows.

Typed rows hold their values as categories, so a group-by is one `bincount` over small integers; no text is
compared and no frame copied.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from pipeline.contract import Product
from pipeline.modeling.model import OutOfFoldPredictions

NO_DATE = -10_000_000  # days; a missing date, the smallest int64, lies before it
# risks and points are summed as whole numbers of these parts, so that no order and no block changes a sum: 1e-9 of a
# risk, and in float64 exact to eight million rows with a risk of 1
UNIT, POINT = 2**30, 2**28
_DAY = 86_400_000_000  # microseconds


@dataclass(frozen=True)
class Filters:
    """What the reader chose; all of it must hold. Dates are those of the event, both ends included.

    `values`: field -> the values of which a row must have one; an empty tuple chooses nothing away.
    """

    first_date: dt.date | None = None
    last_date: dt.date | None = None
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Selection:
    """Rows under a filter, as arrays of equal length m.

    `positions`: places in the typed rows; `day`: days since 1970 (int64); `known`, `event`: 0/1 floats;
    `place`: place in the past risks, −1 where a row has none; `risk`: 0 where it has none; `scored`: 0/1.
    """

    positions: np.ndarray
    day: np.ndarray
    known: np.ndarray
    event: np.ndarray
    place: np.ndarray
    risk: np.ndarray
    scored: np.ndarray

    def __len__(self) -> int:
        return len(self.positions)


@dataclass(frozen=True)
class Tally:
    """Sums by code, each an array of length `size`."""

    rows: np.ndarray
    known: np.ndarray
    events: np.ndarray
    scored: np.ndarray
    risk: np.ndarray


@dataclass(frozen=True)
class Weighed:
    """Sums over rows with a risk: how many, of risks and references, and of each factor's points."""

    rows: int
    risk: float
    reference: float
    points: np.ndarray


def select(rows: pd.DataFrame, past: OutOfFoldPredictions | None, product: Product, filters: Filters) -> Selection:
    """The rows that pass the filters. KeyError if a filter names a field that the product lacks."""
    day = days(rows[product.time.key])
    keep = np.ones(len(rows), dtype=bool)
    if filters.first_date is not None:
        keep &= day >= as_day(filters.first_date)
    if filters.last_date is not None:
        keep &= day <= as_day(filters.last_date)
    for key, chosen in filters.values.items():
        if chosen:
            product.column_label(key)  # KeyError for a column that no page offers
            keep &= has_value(rows[key], chosen)
    positions = np.flatnonzero(keep)
    outcome = rows["outcome"].to_numpy()[positions]
    known = ~np.isnan(outcome)
    place = places(rows, past)[positions]
    scored = place >= 0
    risk = np.zeros(len(positions))
    if past is not None:
        risk[scored] = in_parts(past.risk[place[scored]], UNIT)
    return Selection(
        positions,
        day[positions],
        known.astype(np.float64),
        np.nan_to_num(outcome).astype(np.float64),
        place,
        risk,
        scored.astype(np.float64),
    )


def tally(selection: Selection, codes: np.ndarray, size: int) -> Tally:
    """Sums over the selection by `codes` (length m; −1 counts nowhere)."""
    shifted = codes.astype(np.int64) + 1

    def total(weights: np.ndarray | None) -> np.ndarray:
        return np.bincount(shifted, weights, minlength=size + 1)[1:]

    return Tally(
        total(None), total(selection.known), total(selection.event), total(selection.scored), total(selection.risk)
    )


def has_value(column: pd.Series, chosen: tuple[str, ...]) -> np.ndarray:
    """Which rows have one of the chosen values; compared by category, not by text."""
    wanted = np.flatnonzero(column.cat.categories.isin(list(chosen)))
    return np.isin(column.cat.codes.to_numpy(), wanted)


def days(dates: pd.Series) -> np.ndarray:
    """Days since 1970 (int64); the smallest number where the date is missing."""
    return dates.to_numpy().astype("datetime64[us]").view(np.int64) // _DAY


def places(rows: pd.DataFrame, past: OutOfFoldPredictions | None) -> np.ndarray:
    """For each typed row its place in `past`, or −1."""
    return places_of(rows["row"].to_numpy(), past.row if past is not None else np.array([], dtype=np.int64))


def places_of(number: np.ndarray, among: np.ndarray) -> np.ndarray:
    """For each of some row numbers its place in others, or −1."""
    if not len(among):
        return np.full(len(number), -1)
    order = np.argsort(among, kind="stable")
    found = np.searchsorted(among, number, sorter=order).clip(max=len(order) - 1)
    place = order[found]
    return np.where(among[place] == number, place, -1)


def in_parts(values: np.ndarray, parts: int) -> np.ndarray:
    """Values (float64) rounded to whole numbers of so many parts: their sums are exact in any order."""
    return np.rint(np.asarray(values, dtype=np.float64) * parts) / parts


def as_day(date: dt.date) -> int:
    """Days since 1970."""
    return (date - dt.date(1970, 1, 1)).days


def as_date(day: int) -> dt.date:
    """Inverse of `as_day`."""
    return dt.date(1970, 1, 1) + dt.timedelta(days=int(day))
