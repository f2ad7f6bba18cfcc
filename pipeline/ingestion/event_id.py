"""Which rows tell of the same event:
the one identity of an appointment, for joining, history, repeats, lists and calls.

The same event: the same patient, day, procedure and type (whatever fields of these roles the product has). Unit, hour,
professional and day of contact are not part of it: an appointment that moved and is told again is still itself. Where a
patient has several alike on one day, they are told apart by which was booked first, then by the hour. A product without
patients has only what a row says: the very same row is the same event. What is noted about a row (who answers its
comment, who called) is kept under its event's id or, where that can't be told, under a key of its place in its file
(`row_keys`): words alone are no identity, two people write "Péssimo.".
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from pipeline import per_row
from pipeline.contract import Field, Product, Role
from pipeline.folding import fold

EVENT_ID, RECORD_KEY, TAKEN_IN = "event_id", "record_key", "taken_in"
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


def said_again(rows: pd.DataFrame, others: pd.DataFrame, product: Product) -> np.ndarray:
    """bool per row of `others`: whether `rows` has one that says the very same, each counted once.

    Of two files of a clinic that overlap it is the same row, also where it names no event, or where the one file lacks
    the alike booking from which the other tells it apart.
    """
    own, theirs = (_numbered(like, _nth(like)) for like in (said(rows, product), said(others, product)))
    return np.isin(theirs, own)


def _nth(like: np.ndarray) -> np.ndarray:
    """The turn (from 0) of each among its equals."""
    return pd.Series(like).groupby(like).cumcount().to_numpy()


def row_keys(file_sha256: str, sheet: str | None, numbers: np.ndarray) -> np.ndarray:
    """uint64 per row number of a file, never UNTOLD: the same again only for the same row of the same file."""
    file = np.frombuffer(hashlib.sha256(f"{file_sha256}/{sheet or ''}".encode()).digest()[:8], _DTYPE)
    return _numbered(np.repeat(file, len(numbers)), np.asarray(numbers, "int64"))


def said(rows: pd.DataFrame, product: Product) -> np.ndarray:
    """uint64 per row of all that it says in the fields that are asked for: alike where two rows say the same."""
    return _told(rows, product.asked)


def record_keys(rows: pd.DataFrame, product: Product) -> np.ndarray:
    """As earlier versions made them of kept rows that have no RECORD_KEY: uint64 per row, never UNTOLD, its event's id
    or, where that can't be told, a key of all that the row says and of its turn among those that say the same.
    """
    keys = event_ids(rows, product).copy()
    untold = np.flatnonzero(keys == UNTOLD)
    if len(untold):
        like = said(rows.iloc[untold], product)
        keys[untold] = _numbered(like, _nth(like))
    return keys


def told_in_turn(frames: Sequence[pd.DataFrame], product: Product) -> list[np.ndarray]:
    """uint64 per row of each of several sendings, one after the other, that need not be whole: as `event_ids`, but of
    alike bookings that an earlier sending told together, a later one means the one with its day of contact and hour;
    where it has neither's, the first that it does not tell otherwise.
    """
    likes = [_like(rows, product) for rows in frames]
    several = np.unique(np.concatenate([like[pd.Series(like).duplicated().to_numpy()] for like in likes]))
    held: dict[int, list[tuple[int, float]]] = {}
    made = []
    for rows, like in zip(frames, likes, strict=True):
        turns = _turns_after(held, like, np.flatnonzero(np.isin(like, several)), rows, product)
        made.append(np.where(_lacks(rows, product), np.uint64(UNTOLD), _numbered(like, turns)))
    return made


def _turns_after(
    held: dict[int, list[tuple[int, float]]], like: np.ndarray, of: np.ndarray, rows: pd.DataFrame, product: Product
) -> np.ndarray:
    """The turns of rows, the `of`-th of which have alike ones somewhere. `held`: by what is alike, the day of contact
    and the hour of each turn as it was told last; it is brought forward.
    """
    turns, booked, hours = np.zeros(len(like), "int64"), _booked(rows, product), _hours(rows, product)
    groups: dict[int, list[int]] = {}
    for place in of[np.lexsort((hours[of], booked[of]))].tolist():
        groups.setdefault(int(like[place]), []).append(place)
    for key, places in groups.items():
        known = held.setdefault(key, [])
        free = list(range(len(known)))
        told = {place: (int(booked[place]), float(hours[place])) for place in places}
        same = {}
        for place in places:
            at = next((turn for turn in free if known[turn] == told[place]), None)
            if at is not None:
                same[place] = at
                free.remove(at)
        for place in places:
            turn = same[place] if place in same else free.pop(0) if free else len(known)
            known[turn : turn + 1] = [told[place]]
            turns[place] = turn
    return turns


def _made(rows: pd.DataFrame, product: Product) -> np.ndarray:
    like = _like(rows, product)
    made = _numbered(like, _turns(like, rows, product))
    return np.where(_lacks(rows, product), np.uint64(UNTOLD), made)


def ids_of_parts(parts: Iterable[pd.DataFrame], product: Product, size: int) -> np.ndarray:
    """The event ids of `size` rows that are only ever in hand part by part, of all parts together, in their order: as
    `event_ids` makes them of the whole.
    """
    like, lacks = per_row.empty(size, _DTYPE), per_row.empty(size, bool)
    booked, hours = per_row.empty(size, np.int64), per_row.empty(size, np.float64)
    begin = 0
    for rows in parts:
        here = slice(begin, begin + len(rows))
        like[here], lacks[here] = _like(rows, product), _lacks(rows, product)
        booked[here], hours[here] = _booked(rows, product), _hours(rows, product)
        begin = here.stop
    turns = _turns_of(like, hours, booked)
    return per_row.made(
        size, _DTYPE, lambda some: np.where(lacks[some], np.uint64(UNTOLD), _numbered(like[some], turns[some]))
    )


def _lacks(rows: pd.DataFrame, product: Product) -> np.ndarray:
    """bool per row: whether it lacks its patient or its day."""
    patient = product.by_role(Role.PATIENT)
    needed = [product.time.key, *([patient.key] if patient else [])]
    return rows[needed].isna().any(axis=1).to_numpy()


def _like(rows: pd.DataFrame, product: Product) -> np.ndarray:
    """uint64 per row: alike where two rows may tell of the same event."""
    patient = product.by_role(Role.PATIENT)
    own = [field for field in product.asked if patient is None or field is patient or field.role in _PARTS]
    parts = {f.key: _hashed(rows[f.key], exact=patient is None or f is patient) for f in own}
    return pd.util.hash_pandas_object(pd.DataFrame(parts), index=False).to_numpy()


def _numbered(like: np.ndarray, turns: np.ndarray) -> np.ndarray:
    """uint64 per row, of what it is like and which of those it is; never UNTOLD."""
    made = pd.util.hash_pandas_object(pd.DataFrame({"like": like, "turn": turns}), index=False).to_numpy()
    return np.maximum(made, np.uint64(1))


def _told(rows: pd.DataFrame, fields: Iterable[Field]) -> np.ndarray:
    """uint64 per row of the cells that are told, each with its field's name; 0 where none is. Columns may be absent."""
    total = np.zeros(len(rows), _DTYPE)
    for field in fields:
        if field.key in rows:
            name = np.frombuffer(hashlib.sha256(field.key.encode()).digest()[:8], _DTYPE)
            cells = pd.util.hash_array(_hashed(rows[field.key], exact=True) + name)
            total += np.where(rows[field.key].isna().to_numpy(), np.uint64(0), cells)
    return total


def _hashed(column: pd.Series, *, exact: bool) -> np.ndarray:
    """uint64 per row of what stands in a column; text without case and accents, unless `exact`."""
    if not isinstance(column.dtype, pd.CategoricalDtype):
        return pd.util.hash_array(column.to_numpy())
    told = column.cat.categories.to_numpy(dtype=object)
    names = told if exact else np.array([fold(str(name)) for name in told], dtype=object)
    hashes = np.append(pd.util.hash_array(names), np.uint64(0))  # the last is of what is missing
    return hashes[column.cat.codes.to_numpy()]


def _turns(like: np.ndarray, rows: pd.DataFrame, product: Product) -> np.ndarray:
    return _turns_of(like, _hours(rows, product), _booked(rows, product))


def _turns_of(like: np.ndarray, hours: np.ndarray, booked: np.ndarray) -> np.ndarray:
    """Of rows that are alike, which is first, second, …: as they were booked, then by hour, then as the file has them.

    Booked first counts first, so that what is booked later changes nobody's id: no feature may know of it.
    """
    turns = per_row.made(len(like), np.int64, lambda some: np.zeros(some.stop - some.start, np.int64))
    several = np.flatnonzero(pd.Series(like, copy=False).duplicated(keep=False))
    if len(several):
        ordered = several[np.lexsort((hours[several], booked[several]))]
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
