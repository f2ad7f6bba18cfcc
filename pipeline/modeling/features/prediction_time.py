"""The moment of prediction: what a feature may know of a row, and what it may not.

`moment = max(contact, min(as_of, event − lead))`; a feature reads only bookings with contact < moment and
outcomes with event date < moment. Days are int64 counts since 1970-01-01, `NO_DAY` where missing.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from pipeline.contract import Outcome, Product, Role

NO_DAY: int = np.iinfo(np.int64).min // 4  # far before any date, with room to add and subtract
_EPOCH = dt.date(1970, 1, 1)


def days(column: pd.Series) -> np.ndarray:
    """Day numbers (int64, shape n) of a date column; `NO_DAY` where missing."""
    values = column.to_numpy(dtype="datetime64[D]")
    return np.where(np.isnat(values), NO_DAY, values.astype(np.int64))


def day_number(date: dt.date) -> int:
    """Days since 1 January 1970."""
    return (date - _EPOCH).days


def to_date(day: int) -> dt.date:
    """The date of a day number."""
    return _EPOCH + dt.timedelta(days=int(day))


def event_days(rows: pd.DataFrame, product: Product) -> np.ndarray:
    """Day on which each row's event happens."""
    return days(rows[product.time.key])


def contact_days(rows: pd.DataFrame, product: Product) -> np.ndarray:
    """Day on which each row's booking was made; `NO_DAY` where unknown or the product has no such date."""
    contact = product.by_role(Role.CONTACT)
    return days(rows[contact.key]) if contact is not None else np.full(len(rows), NO_DAY)


def moments(rows: pd.DataFrame, product: Product, as_of: dt.date | None, ahead: np.ndarray | None = None) -> np.ndarray:
    """The moment of each row as day numbers (int64, shape n); `as_of` None is infinite, as in training.

    Without a contact date the moment is event − lead (or `as_of`, where that is earlier). `ahead` (days ≥ 0, shape n)
    puts it farther before the event, as a list does that was made then; never before the contact.
    """
    moment = event_days(rows, product) - product.lead_days
    if ahead is not None:
        moment = moment - ahead
    if as_of is not None:
        moment = np.minimum(moment, day_number(as_of))
    return np.maximum(moment, contact_days(rows, product))


def known_outcomes(rows: pd.DataFrame) -> np.ndarray:
    """Mask of the rows that are known to have been an event or not."""
    return rows["state"].isin([Outcome.EVENT.value, Outcome.NON_EVENT.value]).to_numpy()


def made_days(event_day: np.ndarray, contact_day: np.ndarray) -> np.ndarray:
    """Day on which each booking was made; without a contact date it is known once it happens."""
    return np.where(contact_day > NO_DAY, contact_day, event_day)


def first_day(event_day: np.ndarray) -> int:
    """The first of the days that are known; `NO_DAY` where none is."""
    dated = event_day[event_day > NO_DAY]
    return int(dated.min()) if len(dated) else NO_DAY


def last_known(rows: pd.DataFrame, history: pd.DataFrame | None, product: Product) -> int:
    """Day of the last outcome that is known, of the rows and of the history; `NO_DAY` where none is."""
    frames = [frame for frame in (rows, history) if frame is not None]
    return max(int(event_days(frame, product)[known_outcomes(frame)].max(initial=NO_DAY)) for frame in frames)


def after_the_last(last: int, first: int, otherwise: dt.date) -> dt.date:
    """The day after the last known outcome, or else the first event's, or `otherwise`; days are `NO_DAY` if unknown."""
    if last > NO_DAY:
        return to_date(last + 1)
    return to_date(first) if first > NO_DAY else otherwise


def default_as_of(
    rows: pd.DataFrame, history: pd.DataFrame | None, product: Product, otherwise: dt.date = _EPOCH
) -> dt.date:
    """The day after the last known outcome, or else the file's first event date, or `otherwise`; never the clock."""
    return after_the_last(last_known(rows, history, product), first_day(event_days(rows, product)), otherwise)
