"""Which rows tell of the same event:
the one identity of an appointment, for joining, history, repeats, lists and calls.

The same event: the same patient, day, procedure and type (whatever fields of these roles the product has). Unit, hour,
professional and day of contact are not part of it: an appointment that moved and is told again is still itself. Where a
patient has several alike on one day, they are told apart by which was booked first, then by the hour. A product without
patients has only what a row says: the very same row is the same event.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.contract import Product, Role
from pipeline.folding import fold

EVENT_ID = "event_id"
UNTOLD = 0  # of a row that lacks its patient or its day: it is like no other
_PARTS = (Role.SCHEDULED, Role.OCCURRED, Role.PROCEDURE, Role.TYPE)
_DTYPE = "uint64"


def with_event_ids(rows: pd.DataFrame, product: Product) -> pd.DataFrame:
    """Typed rows with their column `event_id`; made anew of the rows as they are (with ids, or with pseudonyms)."""
    return rows.assign(**{EVENT_ID: _made(rows, product)})


def event_ids(rows: pd.DataFrame, product: Product) -> np.ndarray:
    """uint64 per row, alike where two rows tell of the same event; UNTOLD where that can't be told.

    Those that the rows hold, or, for rows that an earlier version kept, made of what they say. Comparable only between
    rows whose patients are named alike: by the clinic's own ids, or by pseudonyms of one key.
    """
    return rows[EVENT_ID].to_numpy(_DTYPE) if EVENT_ID in rows else _made(rows, product)


def told_again(rows: pd.DataFrame, others: pd.DataFrame, product: Product) -> np.ndarray:
    """bool per row of `others`: whether `rows` tells of the same event."""
    own, theirs = event_ids(rows, product), event_ids(others, product)
    return np.isin(theirs, own[own != UNTOLD]) & (theirs != UNTOLD)


def _made(rows: pd.DataFrame, product: Product) -> np.ndarray:
    patient = product.by_role(Role.PATIENT)
    needed = [product.time.key, *([patient.key] if patient else [])]
    keys = [field.key for field in product.asked if patient is None or field is patient or field.role in _PARTS]
    parts = {key: _hashed(rows[key], exact=patient is None or key == patient.key) for key in keys}
    like = pd.util.hash_pandas_object(pd.DataFrame(parts), index=False).to_numpy()
    turns = pd.DataFrame({"like": like, "turn": _turns(like, rows, product)})
    made = pd.util.hash_pandas_object(turns, index=False).to_numpy()
    return np.where(rows[needed].isna().any(axis=1).to_numpy(), np.uint64(UNTOLD), np.maximum(made, np.uint64(1)))


def _hashed(column: pd.Series, *, exact: bool) -> np.ndarray:
    """uint64 per row of what stands in a column; text without case and accents, unless `exact`."""
    if not isinstance(column.dtype, pd.CategoricalDtype):
        return pd.util.hash_array(column.to_numpy())
    told = column.cat.categories.to_numpy(dtype=object)
    names = told if exact else np.array([fold(str(name)) for name in told], dtype=object)
    hashes = np.append(pd.util.hash_array(names), np.uint64(0))  # the last is of what is missing
    return hashes[column.cat.codes.to_numpy()]


def _turns(like: np.ndarray, rows: pd.DataFrame, product: Product) -> np.ndarray:
    """Of rows that are alike, which is first, second, …: as they were booked, then by hour, then as the file has them.

    Booked first counts first, so that what is booked later changes nobody's id: no feature may know of it.
    """
    turns = np.zeros(len(like), "int64")
    several = np.flatnonzero(pd.Series(like).duplicated(keep=False))
    if len(several):
        ordered = several[np.lexsort((_hours(rows, product)[several], _booked(rows, product)[several]))]
        turns[ordered] = pd.Series(like[ordered]).groupby(like[ordered]).cumcount()
    return turns


def _hours(rows: pd.DataFrame, product: Product) -> np.ndarray:
    hour = product.time.hour_column
    told = product.time.keeps_time and hour in rows
    return np.nan_to_num(rows[hour].to_numpy(np.float64), nan=24.0) if told else np.zeros(len(rows))


def _booked(rows: pd.DataFrame, product: Product) -> np.ndarray:
    """Day of the contact as a number; those that don't say it come last."""
    contact = product.by_role(Role.CONTACT)
    if contact is None or contact.key not in rows:
        return np.zeros(len(rows), "int64")
    days = rows[contact.key].to_numpy().astype("datetime64[D]")
    return np.where(np.isnat(days), np.iinfo("int64").max, days.astype("int64"))
