"""What a training learns from: the rows with an outcome, their columns, their comments, and who belongs together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.contract import LEAST_LABELLED, LEAST_OF_A_CLASS, FieldKind, Product, Role
from pipeline.errors import NotEnoughData
from pipeline.modeling import drawing
from pipeline.modeling.contacted import contacted_before
from pipeline.modeling.features import build
from pipeline.modeling.features.column_selection import timeless_columns, told_columns, useful_columns
from pipeline.modeling.features.feature_types import type_of
from pipeline.modeling.features.prediction_time import NO_DAY, contact_days, event_days, known_outcomes
from pipeline.modeling.features.surroundings import Surroundings
from pipeline.modeling.features.timeline import timeline
from pipeline.modeling.text.comment_field import comments_of
from pipeline.modeling.text.fit import Sensed, linked

REPLAYED_DAYS = 7  # how much earlier at most a list is made than the last moment
_A_YEAR_ONLY = 0.2  # share of one day of the year from which birth dates only stand for years


@dataclass(frozen=True)
class Contacted:
    """Rows with an outcome that a contact may have changed (see modeling.contacted): their columns and days.

    Where a part was drawn to learn from, a part of the same share; `count` is of all.
    """

    table: pd.DataFrame
    day: np.ndarray
    count: int


@dataclass(frozen=True)
class Rest:
    """The rows with an outcome that were not drawn to learn from, in the file's order: position and number in the file,
    day. They neither teach nor test, and get a risk of the past as the others do; `around` makes their columns.
    """

    place: np.ndarray
    row: np.ndarray
    day: np.ndarray
    around: Surroundings


@dataclass(frozen=True)
class Labelled:
    """The rows with an outcome, in the file's order: columns, outcome, day, patient codes, booked ahead or not.

    `told` are columns that simple models may take though trees do not learn from them, as rates of values are;
    `replayed` has the columns as lists saw them that were made some days earlier, None where that makes no difference;
    `places` are the rows' positions in the file.

    `stars` where the target is a rating, `comments` ("" where there is none) where the product has them; `groups` are
    codes of rows that must stay on one side: one patient's, or one text; `sensed`: the vectors of the comments, where
    their sense is learnt. `timed`: whether a later period tests it; else days may be missing (NO_DAY), and groups drawn
    at random do. `contacted`: rows that are not among these, None where there are none; `weight`: how many rows each
    stands for in a test, because of them. `rest`: the rows that were not drawn, where these are a part of all.
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
    rest: Rest | None = None

    @property
    def available(self) -> int:
        """How many rows could have taught."""
        return len(self.outcome) + (0 if self.rest is None else len(self.rest.row))

    @property
    def all_days(self) -> np.ndarray:
        """The days (int64) of all that could have taught."""
        return self.day if self.rest is None else np.concatenate([self.day, self.rest.day])

    def weights(self, rows: np.ndarray) -> np.ndarray | None:
        """How many rows each of these (positions, or a mask) stands for; None: one."""
        return None if self.weight is None else self.weight[rows]

    def said(self, positions: np.ndarray) -> list[str]:
        """Their comments."""
        assert self.comments is not None
        return self.comments[positions].tolist()


def prepare(rows: pd.DataFrame, product: Product, *, timed: bool = True, most: int | None = None) -> Labelled:
    """Features of the labelled rows; pending rows serve only as bookings that others may know of, and so do those
    whose patient was contacted before.

    `timed`: only rows with a date teach; else all with an outcome do, by what needs no dates. `most`: above how many
    of them a part is drawn to learn from (see modeling.drawing), where a later period tests it and no comments are
    read.

    Raises NotEnoughData under 500 labelled rows or 50 of a class.
    """
    event = event_days(rows, product)
    known = known_outcomes(rows) & ((event > NO_DAY) | (not timed))
    called = known & contacted_before(rows, product)
    known &= ~called
    _refuse_few(rows["outcome"].to_numpy()[known], product)
    comments = comments_of(rows.loc[known], product)
    drawn = _drawn(rows, event, (known, called), most if timed and comments is None else None)
    patients = patients_of(rows, product)
    around = Surroundings.of(rows, None, product)
    near = np.ones(len(rows), dtype=bool) if drawn.whole else of_patients(rows, product, drawn.taught | drawn.called)
    made = _Made(rows_of(rows, product, near), near, drawn, around)
    return _labelled(made, rows, product, patients, comments, timed)


@dataclass(frozen=True)
class _Drawn:
    """Masks over the rows of a file: those that teach, those that a contact may have changed, and those left aside."""

    taught: np.ndarray
    called: np.ndarray
    rest: np.ndarray
    all_called: int

    @property
    def whole(self) -> bool:
        """Whether all rows with an outcome teach."""
        return not self.rest.any()


@dataclass(frozen=True)
class _Made:
    """The rows of which columns are made (mask `near` over the file), and what is counted of all."""

    rows: pd.DataFrame
    near: np.ndarray
    drawn: _Drawn
    around: Surroundings


def _drawn(rows: pd.DataFrame, event: np.ndarray, masks: tuple[np.ndarray, np.ndarray], most: int | None) -> _Drawn:
    known, called = masks
    outcome, row = rows["outcome"].to_numpy(dtype=np.float64), rows["row"].to_numpy()
    total, all_called = int(known.sum()), int(called.sum())
    size = drawing.size_of(outcome[known], most)
    if size == total:
        return _Drawn(known, called, np.zeros(len(known), dtype=bool), all_called)

    def part(of: np.ndarray, number: int) -> np.ndarray:
        chosen = np.zeros(len(of), dtype=bool)
        chosen[of] = drawing.part(event[of], outcome[of], row[of], number)
        return chosen

    taught = part(known, size)
    return _Drawn(taught, part(called, round(all_called * size / total)), known & ~taught, all_called)


def of_patients(rows: pd.DataFrame, product: Product, chosen: np.ndarray) -> np.ndarray:
    """Mask (n) of the chosen rows and of all others of their patients: what their columns are made of, beside what is
    counted of all rows.
    """
    patients = timeline(rows, None, product, None).patients
    if patients is None:
        return chosen
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


def _labelled(
    made: _Made,
    rows: pd.DataFrame,
    product: Product,
    patients: np.ndarray,
    comments: np.ndarray | None,
    timed: bool,
) -> Labelled:
    """`rows`, `patients`: of the whole file."""
    known, event, contact = made.drawn.taught, event_days(rows, product), contact_days(rows, product)
    own, called = known[made.near], made.drawn.called[made.near]
    built = build.build(made.rows, product, around=made.around)
    columns, chosen = built.columns, rows.loc[known].reset_index(drop=True)
    choose = useful_columns if timed else timeless_columns
    useful = choose(columns.loc[own], event[known], built.factor_of, product)
    return Labelled(
        rows=chosen,
        table=_row_by_row(columns.loc[own, useful]),
        told=columns.loc[own, sorted(told_columns(product))].reset_index(drop=True),
        replayed=_replayed(made, product, useful) if timed else None,
        places=np.flatnonzero(known),
        factor_of={c: built.factor_of[c] for c in useful},
        outcome=chosen["outcome"].to_numpy(dtype=np.float64),
        day=event[known],
        patients=patients[known],
        ahead=(contact < event)[known] if (contact[known] > 0).any() else None,
        stars=chosen[product.target.key].to_numpy(dtype=np.float64)
        if product.target.kind is FieldKind.RATING
        else None,
        comments=comments,
        groups=None if comments is None else linked([patients[known], _texts(comments)]),
        timed=timed,
        contacted=_contacted(columns.loc[called, useful], event[made.drawn.called], made.drawn.all_called),
        rest=_rest(rows, event, made),
    )


def _contacted(table: pd.DataFrame, day: np.ndarray, count: int) -> Contacted | None:
    return Contacted(table, day, count) if len(day) else None


def _rest(rows: pd.DataFrame, event: np.ndarray, made: _Made) -> Rest | None:
    if made.drawn.whole:
        return None
    place = np.flatnonzero(made.drawn.rest)
    return Rest(place, rows["row"].to_numpy()[place], event[place], made.around)


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


def _replayed(made: _Made, product: Product, useful: list[str]) -> pd.DataFrame | None:
    """The useful columns of the rows that teach, each seen on a day drawn from the week before the last that it could
    be.

    In training a patient's history rolls up to the day before; a list made for a week knows less of its later days, and
    a model that had only seen the first took the gap for good behaviour.
    """
    if not any(type_of(spec).of_moment for spec in product.features):
        return None
    ahead = np.random.default_rng(0).integers(0, REPLAYED_DAYS + 1, len(made.near))[made.near]
    columns = build.build(made.rows, product, ahead=ahead, around=made.around).columns
    return _row_by_row(columns.loc[made.drawn.taught[made.near], useful])


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
