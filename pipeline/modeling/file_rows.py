"""All typed rows of a file, as a training asks for them: a column at a time, a few of them, and counts and columns that
are made part by part.

A training never needs all rows with all their fields at once. A frame answers (`FrameRows`), and so does whatever keeps
the rows of a file in shards (see `services.large`): one way for both, the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
import pandas as pd

from pipeline import memory, per_row
from pipeline.contract import Outcome, Product, Role
from pipeline.errors import PresencaError
from pipeline.modeling.features import build
from pipeline.modeling.features.aggregates import Aggregates
from pipeline.modeling.features.feature_types import type_of
from pipeline.modeling.features.prediction_time import event_days, to_date
from pipeline.modeling.features.surroundings import Surroundings
from pipeline.modeling.features.timeline import patient_codes
from pipeline.shards import layout

AT_ONCE = 1 << 18  # rows in hand of which columns are made at a time: four parts of 125,000 take 1.5 s, one 0.9 s
COPIES = 4  # of the columns learnt from, that a training has in hand: as they are, replayed, hidden, and LightGBM's own


@dataclass(frozen=True, eq=False)
class Counting:
    """What is counted of rows (see Surroundings.of); with `day`, of the rows as they stood on that day."""

    product: Product
    kept: Aggregates | None = None
    day: int | None = None

    def of(self, rows: pd.DataFrame, only: np.ndarray | None = None) -> Surroundings:
        """Of a part of a file, or of those of a mask (n)."""
        if only is not None and not only.all():
            rows = rows.loc[only].reset_index(drop=True)
        return Surroundings.of(self._stood(rows), None, self.product, self.kept)

    def _stood(self, rows: pd.DataFrame) -> pd.DataFrame:
        return rows if self.day is None else as_known(rows, self.product, self.day)


@dataclass(frozen=True, eq=False)
class Making:
    """Which model columns are made; `around`: what is counted of the whole file. With `day`, of the rows as they stood
    on that day, as a list saw them that was made then.
    """

    product: Product
    around: Surroundings
    day: int | None = None

    def of(self, rows: pd.DataFrame, chosen: np.ndarray, ahead: np.ndarray | None = None) -> pd.DataFrame:
        """The columns (float32) of the rows of a mask (n) over a part that holds all rows of its patients, numbered
        anew. `ahead`: of each row of the part, see `build.build`.
        """
        stood = rows if self.day is None else as_known(rows, self.product, self.day)
        near = of_patients(stood, self.product, chosen)
        built = build.build(
            rows_of(stood, self.product, near),
            self.product,
            as_of=None if self.day is None else to_date(self.day),
            ahead=None if ahead is None else ahead[near],
            around=self.around,
        )
        own = chosen[near]
        return built.columns if own.all() else built.columns.loc[own].reset_index(drop=True)


class FileRows(Protocol):
    """The typed rows of a file, n of them, in its order."""

    def __len__(self) -> int:
        """How many there are."""
        ...

    def __contains__(self, key: object) -> bool:
        """Whether they have that column."""
        ...

    def __getitem__(self, key: str) -> pd.Series:
        """One column of all of them."""
        ...

    def some(self, places: np.ndarray) -> pd.DataFrame:
        """Those at these places (rising), numbered anew; without their `event_id`, it may be."""
        ...

    def counted(self, asked: Counting, only: np.ndarray | None = None) -> Surroundings:
        """The counts of all, or of those of a mask (n)."""
        ...

    def parts(
        self, asked: Making, chosen: np.ndarray, ahead: np.ndarray | None = None
    ) -> Iterator[tuple[np.ndarray, pd.DataFrame]]:
        """The columns of the rows of a mask (n), part by part: their places in the file, rising, and their columns.
        `ahead` (n): see `Making.of`.
        """
        ...


Rows: TypeAlias = pd.DataFrame | FileRows


def of(rows: Rows, product: Product) -> FileRows:
    """A frame as such rows; others as they are."""
    return FrameRows(rows, product) if isinstance(rows, pd.DataFrame) else rows


class FrameRows:
    """The rows of a file in hand: of very many, columns are made part by part."""

    def __init__(self, rows: pd.DataFrame, product: Product) -> None:
        self._rows, self._product = rows, product

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, key: object) -> bool:
        return key in self._rows

    def __getitem__(self, key: str) -> pd.Series:
        return self._rows[key]

    def some(self, places: np.ndarray) -> pd.DataFrame:
        """See FileRows.some."""
        return self._rows.iloc[places].reset_index(drop=True)

    def counted(self, asked: Counting, only: np.ndarray | None = None) -> Surroundings:
        """See FileRows.counted."""
        return asked.of(self._rows, only)

    def parts(
        self, asked: Making, chosen: np.ndarray, ahead: np.ndarray | None = None
    ) -> Iterator[tuple[np.ndarray, pd.DataFrame]]:
        """See FileRows.parts."""
        number = max(1, -(-len(self._rows) // AT_ONCE))
        shard = self._shards(number)
        for part in range(number):
            inside = shard == part
            own = chosen[inside]
            if own.any():
                rows = rows_of(self._rows, self._product, inside)
                yield np.flatnonzero(inside & chosen), asked.of(rows, own, None if ahead is None else ahead[inside])

    def _shards(self, number: int) -> np.ndarray:
        """The part of each row: that of its patient; where nobody has any, any will do."""
        if number == 1 or self._product.by_role(Role.PATIENT) is None:
            return np.arange(len(self)) * number // max(len(self), 1)
        return layout.shard_of(self._rows, self._product, number)


def gathered(parts: Iterable[tuple[np.ndarray, pd.DataFrame]], chosen: np.ndarray) -> pd.DataFrame:
    """The columns of all parts in the order of the file; `chosen`: their mask over it. PresencaError where a training
    on so many would not fit in memory.
    """
    places = np.flatnonzero(chosen)
    values, names = np.zeros((0, 0), dtype=np.float32), pd.Index([], dtype="str")
    for at, table in parts:
        if not len(names):
            names = table.columns
            _check_room(len(places), len(names))
            if len(at) == len(places):
                return table
            values = per_row.table(len(places), len(names), by_row=False)
        values[np.searchsorted(places, at)] = table.to_numpy()
    return pd.DataFrame(values, columns=names, copy=False)


def _check_room(rows: int, columns: int) -> None:
    need, there = rows * columns * 4 * COPIES, memory.budget()
    if need > there:
        raise PresencaError("training.too_much_memory", rows=rows, needed=need, free=there)


def factors_of(columns: Iterable[str], product: Product) -> dict[str, str]:
    """The factor of each model column."""
    keys = sorted((spec.key for spec in product.features), key=len)
    return {name: next(key for key in reversed(keys) if name.startswith(f"{key}__")) for name in columns}


def as_known(rows: pd.DataFrame, product: Product, day: int) -> pd.DataFrame:
    """The rows as they stood on `day`: what was still to come had no outcome."""
    later = event_days(rows, product) >= day
    state = rows["state"].astype("object").mask(later, Outcome.PENDING.value)
    return rows.assign(
        state=pd.Categorical(state, categories=[outcome.value for outcome in Outcome]),
        outcome=rows["outcome"].mask(later),
    )


def of_patients(rows: pd.DataFrame, product: Product, chosen: np.ndarray) -> np.ndarray:
    """Mask (n) of the chosen rows and of all others of their patients: what their columns are made of, beside what is
    counted of all rows.
    """
    field = product.by_role(Role.PATIENT)
    if field is None or chosen.all() or not any(type_of(spec).of_patient for spec in product.features):
        return chosen
    patients = patient_codes(rows[field.key])
    wanted = np.zeros(int(patients.max(initial=-1)) + 2, dtype=bool)
    wanted[patients[chosen]] = True
    wanted[-1] = False  # who is nobody's has no other rows
    return chosen | wanted[patients]


def rows_of(rows: pd.DataFrame, product: Product, mask: np.ndarray) -> pd.DataFrame:
    """The rows of a mask, numbered anew, with no more patients' names than are theirs; all of them as they are."""
    if mask.all():
        return rows
    taken, field = rows.loc[mask].reset_index(drop=True), product.by_role(Role.PATIENT)
    if field is None or not isinstance(taken[field.key].dtype, pd.CategoricalDtype):
        return taken
    return taken.assign(**{field.key: taken[field.key].cat.remove_unused_categories()})
