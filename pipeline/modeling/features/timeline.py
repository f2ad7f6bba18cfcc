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
        return self._coded(field, folded)[1]

    def named(self, field: str) -> tuple[list[str], np.ndarray]:
        """The folded texts of a field, and over all entries which of them each has; −1 where missing."""
        return self._coded(field, True)

    def _coded(self, field: str, folded: bool) -> tuple[list[str], np.ndarray]:
        parts = [self.rows[field]] + ([self.history[field]] if self.history is not None else [])
        index: dict[str, int] = {}
        codes = np.concatenate([_coded(part, index, folded) for part in parts])
        return list(index), codes

    @property
    def knows_patients(self) -> bool:
        """Whether any of the rows says whose it is."""
        field = self.product.by_role(Role.PATIENT)
        return field is not None and bool(self.rows[field.key].notna().any())

    @cached_property
    def patients(self) -> np.ndarray | None:
        """Codes of the patients; None where the product or the file has none."""
        field = self.product.by_role(Role.PATIENT)
        return self.codes(field.key, folded=False) if field is not None and self.knows_patients else None


def _coded(column: pd.Series, index: dict[str, int], folded: bool) -> np.ndarray:
    if not isinstance(column.dtype, pd.CategoricalDtype):
        column = column.astype("category")
    texts = [str(value) for value in column.cat.categories]
    names = [fold(text) for text in texts] if folded else texts
    places = np.array([index.setdefault(name, len(index)) for name in names], dtype=np.int64)
    codes = column.cat.codes.to_numpy()
    return np.where(codes >= 0, places[codes] if len(places) else -1, -1)


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
