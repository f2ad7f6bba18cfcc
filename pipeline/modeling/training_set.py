"""What a training learns from: the rows with an outcome, their columns, their comments, and who belongs together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline import per_row
from pipeline.contract import LEAST_LABELLED, LEAST_OF_A_CLASS, FieldKind, Product, Role
from pipeline.errors import NotEnoughData
from pipeline.modeling import drawing, file_rows
from pipeline.modeling.contacted import contacted_before
from pipeline.modeling.features.column_selection import timeless_columns, told_columns, useful_columns
from pipeline.modeling.features.feature_types import type_of
from pipeline.modeling.features.prediction_time import NO_DAY, contact_days, event_days, known_outcomes
from pipeline.modeling.features.surroundings import Surroundings
from pipeline.modeling.features.timeline import patient_codes
from pipeline.modeling.features.window_counter import pair
from pipeline.modeling.file_rows import Counting, FileRows, Making, Rows, factors_of, gathered
from pipeline.modeling.text.comment_field import comments_of, text_factor
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
    day. They neither choose a recipe nor test it, and get a risk of the past as the others do. `events`: how many had
    the event; `teaches`: whether the last boosters learn from them, too.
    """

    place: np.ndarray
    row: np.ndarray
    day: np.ndarray
    events: int
    teaches: bool = False


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
    `around`: what is counted of all rows of the file.
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
    around: Surroundings | None = None

    @property
    def available(self) -> int:
        """How many rows could have taught."""
        return len(self.outcome) + (0 if self.rest is None else len(self.rest.row))

    @property
    def taught(self) -> tuple[int, int]:
        """How many rows teach the model that is kept, and how many of them had the event."""
        own = len(self.outcome), int(self.outcome.sum())
        rest = self.rest if self.rest is not None and self.rest.teaches else None
        return own if rest is None else (own[0] + len(rest.row), own[1] + rest.events)

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


def prepare(rows: Rows, product: Product, *, timed: bool = True, most: int | None = None) -> Labelled:
    """Features of the labelled rows of a file; pending rows serve only as bookings that others may know of, and so do
    those whose patient was contacted before.

    `timed`: only rows with a date teach; else all with an outcome do, by what needs no dates. `most`: above how many
    of them a part is drawn to learn from (see modeling.drawing), where a later period tests it and no comments are
    read.

    Raises NotEnoughData under 500 labelled rows or 50 of a class, PresencaError where those that teach would not fit in
    memory.
    """
    file = file_rows.of(rows, product)
    event = event_days(file, product)
    known = known_outcomes(file) & ((event > NO_DAY) | (not timed))
    called = known & contacted_before(file, product)
    known &= ~called
    _refuse_few(file["outcome"].to_numpy()[known], product)
    drawn = _drawn(file, event, (known, called), most if timed and text_factor(product) is None else None)
    around = file.counted(Counting(product))
    return _labelled(_Made(file, drawn, around), event, product, timed)


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
    """The rows of a file, which of them columns are made of, and what is counted of all."""

    rows: FileRows
    drawn: _Drawn
    around: Surroundings

    def columns(self, product: Product, chosen: np.ndarray, ahead: np.ndarray | None = None) -> pd.DataFrame:
        """The columns of the rows of a mask over the file."""
        return gathered(self.rows.parts(Making(product, self.around), chosen, ahead), chosen)


def _drawn(rows: FileRows, event: np.ndarray, masks: tuple[np.ndarray, np.ndarray], most: int | None) -> _Drawn:
    known, called = masks
    outcome, row = rows["outcome"].to_numpy(), rows["row"].to_numpy()
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


def _labelled(made: _Made, event: np.ndarray, product: Product, timed: bool) -> Labelled:
    """`event`: of all rows of the file."""
    known, called = made.drawn.taught, made.drawn.called
    chosen, contact = made.rows.some(np.flatnonzero(known)), contact_days(made.rows, product)[known]
    table, told, aside = _columns(made, event, product, timed)
    patients, comments = patients_of(made.rows, product)[known], comments_of(chosen, product)
    return Labelled(
        rows=chosen,
        table=table,
        told=told,
        replayed=_replayed(made, product, list(table.columns)) if timed else None,
        places=np.flatnonzero(known),
        factor_of=factors_of(table.columns, product),
        outcome=chosen["outcome"].to_numpy(dtype=np.float64),
        day=event[known],
        patients=patients,
        ahead=contact < event[known] if (contact > 0).any() else None,
        stars=chosen[product.target.key].to_numpy(dtype=np.float64)
        if product.target.kind is FieldKind.RATING
        else None,
        comments=comments,
        groups=None if comments is None else linked([patients, _texts(comments)]),
        timed=timed,
        contacted=_contacted(aside, event[called], made.drawn.all_called),
        rest=_rest(made.rows, event, made.drawn),
        around=made.around,
    )


def _columns(
    made: _Made, event: np.ndarray, product: Product, timed: bool
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The useful columns of the rows that teach, those that are told beside them, and the useful ones of the rows that
    a contact may have changed.
    """
    known, both = made.drawn.taught, made.drawn.taught | made.drawn.called
    columns = made.columns(product, both)
    own = known[both]
    aside, taught = columns.loc[~own], columns if own.all() else columns.loc[own]
    choose = useful_columns if timed else timeless_columns
    useful = choose(taught, event[known], factors_of(columns.columns, product), product)
    told = taught[sorted(told_columns(product))].reset_index(drop=True)
    return _row_by_row(taught, useful), told, aside[useful]


def _contacted(table: pd.DataFrame, day: np.ndarray, count: int) -> Contacted | None:
    return Contacted(table, day, count) if len(day) else None


def _rest(rows: FileRows, event: np.ndarray, drawn: _Drawn) -> Rest | None:
    if drawn.whole:
        return None
    place = np.flatnonzero(drawn.rest)
    events = int(rows["outcome"].to_numpy()[place].sum())
    row = per_row.filed(rows["row"].to_numpy()[place])
    return Rest(per_row.filed(place), row, per_row.filed(event[place]), events)


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
    return _row_by_row(made.columns(product, made.drawn.taught, days_ahead(len(made.rows))), useful)


def days_ahead(rows: int) -> np.ndarray:
    """How many days before the last that it could be (0 to a week) each row of a file is seen by an earlier list."""
    return np.random.default_rng(0).integers(0, REPLAYED_DAYS + 1, rows)


def _row_by_row(table: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Columns of a table, numbered anew, each row in one piece of memory: boosters learn from rows and judge rows."""
    chosen = table[names]
    values = per_row.table(len(table), len(names), by_row=True)
    for block in per_row.blocks(len(table)):
        values[block] = chosen.iloc[block].to_numpy()
    return pd.DataFrame(values, columns=chosen.columns, copy=False)


def _texts(comments: np.ndarray) -> np.ndarray:
    codes = pd.factorize(comments)[0]
    return np.where(comments != "", codes, -1)


def patients_of(rows: Rows, product: Product) -> np.ndarray:
    """Codes of who the rows are of: by id, or else by birth date, sex and postal code together; −1 where unknown."""
    field = product.by_role(Role.PATIENT)
    if field is not None:
        named = rows[field.key]
        if named.notna().any():
            return patient_codes(named)
    roles = (Role.BIRTH, Role.SEX, Role.POSTCODE)
    keys = [found.key for role in roles if (found := product.by_role(role)) is not None]
    if len(keys) < len(roles) or not _tell_days(rows[keys[0]]):
        return np.full(len(rows), -1)
    whole, codes = np.ones(len(rows), dtype=bool), np.zeros(len(rows), dtype=np.int64)
    for (
        key
    ) in keys:  # who lacks one of them is numbered, too: the numbers of the others are what draws whose past hides
        whole &= rows[key].notna().to_numpy()
        codes = pd.factorize(pair(codes, pd.factorize(rows[key], use_na_sentinel=False)[0].astype(np.int64)))[0]
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
