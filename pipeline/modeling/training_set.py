"""What a training learns from: the rows with an outcome, their columns, their comments, and who belongs together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.contract import LEAST_LABELLED, LEAST_OF_A_CLASS, FieldKind, Product, Role
from pipeline.errors import NotEnoughData
from pipeline.modeling.contacted import contacted_before
from pipeline.modeling.features import build
from pipeline.modeling.features.column_selection import timeless_columns, told_columns, useful_columns
from pipeline.modeling.features.feature_types import type_of
from pipeline.modeling.features.prediction_time import NO_DAY, contact_days, event_days, known_outcomes
from pipeline.modeling.features.timeline import timeline
from pipeline.modeling.text.comment_field import comments_of
from pipeline.modeling.text.fit import Sensed, linked

REPLAYED_DAYS = 7  # how much earlier at most a list is made than the last moment
_A_YEAR_ONLY = 0.2  # share of one day of the year from which birth dates only stand for years


@dataclass(frozen=True)
class Contacted:
    """Rows with an outcome that a contact may have changed (see modeling.contacted): their columns and days."""

    table: pd.DataFrame
    day: np.ndarray


@dataclass(frozen=True)
class Labelled:
    """The rows with an outcome, in the file's order: columns, outcome, day, patient codes, booked ahead or not.

    `told` are columns that simple models may take though trees do not learn from them, as rates of values are;
    `replayed` has the columns as lists saw them that were made some days earlier, None where that makes no difference;
    `places` are the rows' positions in the file.

    `stars` where the target is a rating, `comments` ("" where there is none) where the product has them; `groups` are
    codes of rows that must stay on one side: one patient's, or one text; `sensed`: the vectors of the comments, where
    their sense is learnt. `timed`: whether a later period tests it;
    else days may be missing (NO_DAY), and groups drawn at random do. `contacted`: rows that are not among these, None
    where there are none; `weight`: how many rows each stands for in a test, because of them.
    """

    rows: pd.DataFrame
    table: pd.DataFrame
    told: pd.DataFrame
    replayed: pd.DataFrame | None
    places: np.ndarray
    factor_of: dict[str, str]
    outcome: np.ndarray
    day: np.ndarray
    patients: np.ndarray
    ahead: np.ndarray | None  # None where no contact date is known
    stars: np.ndarray | None = None
    comments: np.ndarray | None = None
    groups: np.ndarray | None = None
    timed: bool = True
    sensed: Sensed | None = None
    contacted: Contacted | None = None
    weight: np.ndarray | None = None

    def weights(self, rows: np.ndarray) -> np.ndarray | None:
        """How many rows each of these (positions, or a mask) stands for; None: one."""
        return None if self.weight is None else self.weight[rows]

    def said(self, positions: np.ndarray) -> list[str]:
        """Their comments."""
        assert self.comments is not None
        return self.comments[positions].tolist()


def prepare(rows: pd.DataFrame, product: Product, *, timed: bool = True) -> Labelled:
    """Features of all rows, then the labelled ones; pending rows serve only as bookings that others may know of, and
    so do those whose patient was contacted before.

    `timed`: only rows with a date teach; else all with an outcome do, by what needs no dates.

    Raises NotEnoughData under 500 labelled rows or 50 of a class.
    """
    event = event_days(rows, product)
    known = known_outcomes(rows) & ((event > NO_DAY) | (not timed))
    called = known & contacted_before(rows, product)
    known &= ~called
    _refuse_few(rows["outcome"].to_numpy()[known], product)
    around = build.Surroundings.of(rows, None, product)
    made = build.build(rows, product, around=around)
    choose = useful_columns if timed else timeless_columns
    useful = choose(made.columns.loc[known], event[known], made.factor_of, product)
    contact = contact_days(rows, product)
    chosen = rows.loc[known].reset_index(drop=True)
    patients = patients_of(rows, product)[known]
    comments = comments_of(chosen, product)
    return Labelled(
        rows=chosen,
        table=_row_by_row(made.columns.loc[known, useful]),
        told=made.columns.loc[known, sorted(told_columns(product))].reset_index(drop=True),
        replayed=_replayed(rows, product, around, useful, known) if timed else None,
        places=np.flatnonzero(known),
        factor_of={c: made.factor_of[c] for c in useful},
        outcome=rows["outcome"].to_numpy(dtype=np.float64)[known],
        day=event[known],
        patients=patients,
        ahead=(contact < event)[known] if (contact[known] > 0).any() else None,
        stars=chosen[product.target.key].to_numpy(dtype=np.float64)
        if product.target.kind is FieldKind.RATING
        else None,
        comments=comments,
        groups=None if comments is None else linked([patients, _texts(comments)]),
        timed=timed,
        contacted=Contacted(made.columns.loc[called, useful], event[called]) if called.any() else None,
    )


def _refuse_few(outcome: np.ndarray, product: Product) -> None:
    events, total = int(np.nansum(outcome)), len(outcome)
    if total < LEAST_LABELLED or min(events, total - events) < LEAST_OF_A_CLASS:
        raise NotEnoughData(
            "training.few_rows",
            rows=total,
            events=events,
            least_rows=LEAST_LABELLED,
            least_of_class=LEAST_OF_A_CLASS,
            target=product.target.label,
        )


def _replayed(
    rows: pd.DataFrame, product: Product, around: build.Surroundings, useful: list[str], known: np.ndarray
) -> pd.DataFrame | None:
    """The useful columns of the known rows, each seen on a day drawn from the week before the last that it could be.

    In training a patient's history rolls up to the day before; a list made for a week knows less of its later days, and
    a model that had only seen the first took the gap for good behaviour.
    """
    if not any(type_of(spec).of_moment for spec in product.features):
        return None
    ahead = np.random.default_rng(0).integers(0, REPLAYED_DAYS + 1, len(rows))
    return _row_by_row(build.build(rows, product, ahead=ahead, around=around).columns.loc[known, useful])


def _row_by_row(table: pd.DataFrame) -> pd.DataFrame:
    """The same table, numbered anew, each row in one piece of memory: boosters learn from rows and judge rows."""
    return pd.DataFrame(np.ascontiguousarray(table.to_numpy()), columns=table.columns, copy=False)


def _texts(comments: np.ndarray) -> np.ndarray:
    codes = pd.factorize(comments)[0]
    return np.where(comments != "", codes, -1)


def patients_of(rows: pd.DataFrame, product: Product) -> np.ndarray:
    """Codes of who the rows are of: by id, or else by birth date, sex and postal code together; −1 where unknown."""
    known = timeline(rows, None, product, None).patients
    if known is not None:
        return known
    roles = (Role.BIRTH, Role.SEX, Role.POSTCODE)
    keys = [found.key for role in roles if (found := product.by_role(role)) is not None]
    if len(keys) < len(roles) or not _tell_days(rows[keys[0]]):
        return np.full(len(rows), -1)
    whole = rows[keys].notna().all(axis=1).to_numpy()
    codes = rows[keys].astype("object").groupby(keys, sort=False, dropna=False, observed=True).ngroup().to_numpy()
    return np.where(whole, codes, -1)


def _tell_days(births: pd.Series) -> bool:
    """Whether birth dates are days:
    ages turned into dates all fall on one day of the year, and tell nobody from another.
    """
    born = births.dropna()
    if not len(born):
        return False
    days = born.dt.month * 32 + born.dt.day
    return float(days.value_counts(normalize=True).iloc[0]) < _A_YEAR_ONLY
