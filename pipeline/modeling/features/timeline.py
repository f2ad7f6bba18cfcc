"""All bookings that features may look at, of the rows themselves and of the history, in comparable codes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from pipeline.contract import Product, Role
from pipeline.folding import fold
from pipeline.ingestion.event_id import event_ids, told_again
from pipeline.modeling.features.prediction_time import (
    NO_DAY,
    contact_days,
    event_days,
    known_outcomes,
    last_known,
    moments,
)
from pipeline.modeling.features.window_counter import keys


@dataclass(frozen=True)
class Timeline:
    """The rows to predict (`n` of them, first) followed by the history's; all arrays run over both.

    `moment` has shape n; `known` marks rows with an outcome, `outcome` holds it (NaN elsewhere).
    `last_known`: day of the last outcome, that of what the history tells again as well.
    """

    product: Product
    rows: pd.DataFrame
    history: pd.DataFrame | None
    n: int
    moment: np.ndarray
    event_day: np.ndarray
    contact_day: np.ndarray
    known: np.ndarray
    outcome: np.ndarray
    last_known: int

    def codes(self, field: str, *, folded: bool = True) -> np.ndarray:
        """Codes of a text field over all entries: equal (folded) texts share one; −1 where missing."""
        return self.named(field)[1] if folded else _alike(self._parts(field))

    def named(self, field: str) -> tuple[list[str], np.ndarray]:
        """The folded texts of a field, and over all entries which of them each has; −1 where missing."""
        index: dict[str, int] = {}
        codes = np.concatenate([_folded(part, index) for part in self._parts(field)])
        return list(index), codes

    def _parts(self, field: str) -> list[pd.Series]:
        frames = [self.rows] if self.history is None else [self.rows, self.history]
        return [frame[field].astype("category") for frame in frames]

    @property
    def knows_patients(self) -> bool:
        """Whether any of the rows says whose it is."""
        field = self.product.by_role(Role.PATIENT)
        return field is not None and field.key in self.rows and bool(self.rows[field.key].notna().any())

    @cached_property
    def patients(self) -> np.ndarray | None:
        """Codes of the patients; None where the product or the file has none."""
        field = self.product.by_role(Role.PATIENT)
        return self.codes(field.key, folded=False) if field is not None and self.knows_patients else None

    @cached_property
    def by_patient(self) -> np.ndarray:
        """Places (n) of the rows in the order of patients and moments: what is looked up then lies side by side."""
        own = np.zeros(self.n, dtype=np.int64) if self.patients is None else self.patients[: self.n] + 1
        return np.argsort(keys(own, self.moment))


def _folded(column: pd.Series, index: dict[str, int]) -> np.ndarray:
    """Codes by folded text; `index` is brought forward."""
    names = [fold(str(value)) for value in column.cat.categories]
    places = np.array([index.setdefault(name, len(index)) for name in names] + [-1], dtype=np.int64)
    return places[column.cat.codes.to_numpy()]  # −1, of an empty cell, takes the last


def patient_codes(column: pd.Series) -> np.ndarray:
    """Codes (int64) of a column of patients, as a timeline's `patients` are; −1 where missing."""
    return _alike([column.astype("category")])


def _alike(parts: list[pd.Series]) -> np.ndarray:
    """Codes over all parts of the very texts, by their place among the first part's and then the others' own: of the
    categories as they are, for there are as many as patients.
    """
    known = parts[0].cat.categories.astype("str")
    codes = [parts[0].cat.codes.to_numpy().astype(np.int64)]
    for part in parts[1:]:
        names = part.cat.categories.astype("str")
        places = known.get_indexer(names)
        own = places < 0
        places[own] = len(known) + np.arange(own.sum())
        known = known.append(names[own])
        codes.append(np.append(places, -1)[part.cat.codes.to_numpy()])
    return np.concatenate(codes)


def timeline(
    rows: pd.DataFrame,
    history: pd.DataFrame | None,
    product: Product,
    as_of: dt.date | None,
    ahead: np.ndarray | None = None,
) -> Timeline:
    """The entries of `rows` and `history`; what stands in both counts once. `as_of`, `ahead`: see `moments`."""
    past = without_repeats(rows, history, product) if history is not None and len(history) else None
    frames = [rows] + ([past] if past is not None else [])
    event = np.concatenate([event_days(frame, product) for frame in frames])
    contact = np.concatenate([contact_days(frame, product) for frame in frames])
    known = np.concatenate([known_outcomes(frame) for frame in frames])
    outcome = np.concatenate([frame["outcome"].to_numpy(dtype=np.float64) for frame in frames])
    moment = moments(rows, product, as_of, ahead)
    known &= event > NO_DAY
    last = last_known(rows, history, product)
    return Timeline(product, rows, past, len(rows), moment, event, contact, known, outcome, last)


def without_repeats(rows: pd.DataFrame, history: pd.DataFrame, product: Product) -> pd.DataFrame:
    """The history without the events that `rows` tells of too, wherever they moved.

    One that was booked anew on a later day stays: until that day the booking of the history was what was known, and no
    feature may know that it would be made again.
    """
    again = told_again(rows, history, product)
    if again.any() and product.by_role(Role.CONTACT) is not None:
        first = pd.Series(_booked(rows, product)).groupby(event_ids(rows, product)).min()
        anew = first.reindex(event_ids(history, product)).to_numpy() > _booked(history, product)
        again &= ~anew  # NaN, of an event that `rows` does not tell of, is not later
    return history.loc[~again]


def _booked(rows: pd.DataFrame, product: Product) -> np.ndarray:
    """Day of the contact (int64); rows that do not say it come after all others."""
    days = contact_days(rows, product).astype("int64")
    return np.where(days > NO_DAY, days, np.iinfo("int64").max)
