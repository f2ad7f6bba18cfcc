"""What the risk of one row would be if something about it were otherwise: live, without the whole file.

The changed row goes through the same `features.build` with the bookings that can touch it: those of its patient,
those of its days, and a spread of the others. Only columns that the change itself moves are taken from there; all
others keep the values they had in the whole file.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.contract import Product, Role
from pipeline.errors import PresencaError
from pipeline.insight.scoring.eligibility import refusal_of, refusals
from pipeline.insight.scoring.row_explanation import explanation_of
from pipeline.modeling.explanation import Whole, explain
from pipeline.modeling.features.build import build
from pipeline.modeling.features.prediction_time import event_days, known_outcomes
from pipeline.modeling.features.timeline import without_repeats
from pipeline.modeling.model import TrainedModel
from pipeline.records import RowExplanation

SPREAD = 1_000  # rows with an outcome that stand for all others

Change = str | float | dt.date | None
Versions = tuple[pd.DataFrame, pd.DataFrame]  # a row as it is and as it would be, one line each


@dataclass(frozen=True)
class Known:
    """What risks are computed from beside the file: the day on which they are asked for, and the past (typed rows)."""

    as_of: dt.date
    history: pd.DataFrame | None = None


def what_if(
    rows: pd.DataFrame,
    row: int,
    changes: Mapping[str, Change],
    product: Product,
    model: TrainedModel,
    known: Known,
    features: pd.DataFrame | None = None,
) -> RowExplanation:
    """The explanation of spreadsheet row `row` with `changes` (column of the typed rows -> value, None: missing).

    Dates as `datetime.date`, hours and age as numbers, all else as text. `features`: the row's model columns as
    scored (one line, see `call_list.features_of`); without them they are built from all rows, which takes longer.
    Raises PresencaError where the row or column is not there, or the changed row gets no risk.
    """
    found = np.flatnonzero((rows["row"] == row).to_numpy())
    if not len(found):
        raise PresencaError("what_if.no_row", row=row)
    before = rows.iloc[found[:1]]
    if features is None:
        whole = build(rows, product, history=known.history, as_of=known.as_of, aggregates=model.aggregates).columns
        features = whole.iloc[found[:1]].reset_index(drop=True)
    others = rows.drop(index=before.index)
    return what_if_among(before, lambda both: _near(others, both, product), changes, product, model, known, features)


def what_if_among(
    before: pd.DataFrame,
    near: Callable[[Versions], pd.DataFrame],
    changes: Mapping[str, Change],
    product: Product,
    model: TrainedModel,
    known: Known,
    features: pd.DataFrame,
) -> RowExplanation:
    """`what_if` of one typed row; `near` gives the other rows of its file that can touch both versions of it (its
    patient's, its days', and `spread_over`), in the order of the file.
    """
    after = changed(before, changes)
    refused = refusals(after, product, model)[0]
    if refused:
        raise refusal_of(refused)
    old, new = _locally(near((before, after)), (before, after), product, model, known)
    moved = ~((old == new) | (old.isna() & new.isna()))
    features = features.where(~moved, new)
    answer = explain(model.boosters, features, model.factor_of, model.slope, model.intercept, whole=Whole.of(1, 1))
    return explanation_of(answer.points.iloc[0], answer.reference, float(answer.risk[0]), after, features, product)


def _locally(
    near: pd.DataFrame, versions: Versions, product: Product, model: TrainedModel, known: Known
) -> list[pd.DataFrame]:
    """Model columns of both versions of the row, each seen among the bookings that can touch them."""
    history, as_of = known.history, known.as_of
    past = without_repeats(versions[0], history, product) if history is not None and len(history) else None
    near_past = _near(past, versions, product) if past is not None else None
    return [
        build(_together(version, near), product, history=near_past, as_of=as_of, aggregates=model.aggregates)
        .columns.iloc[[0]]
        .reset_index(drop=True)
        for version in versions
    ]


def changed(row: pd.DataFrame, changes: Mapping[str, Change]) -> pd.DataFrame:
    """A copy of the one-line frame with other values, of the same types."""
    row = row.copy()
    for key, value in changes.items():
        if key not in row.columns:
            raise PresencaError("what_if.no_column", column=key)
        column = row[key]
        if isinstance(column.dtype, pd.CategoricalDtype):
            row[key] = pd.Categorical([value], categories=[value] if value is not None else [])
        elif pd.api.types.is_datetime64_any_dtype(column.dtype):
            row[key] = pd.Series([pd.NaT if value is None else pd.Timestamp(str(value))], row.index, dtype=column.dtype)
        else:
            row[key] = pd.Series([np.nan if value is None else value], row.index).astype(column.dtype)
    return row


def _near(frame: pd.DataFrame, versions: Versions, product: Product) -> pd.DataFrame:
    """Rows that can touch the features of the one: its patient's, its days', and some that show the period."""
    event, patient = event_days(frame, product), product.by_role(Role.PATIENT)
    keep = np.isin(event, days_of(versions, product))
    if patient is not None:
        keep |= frame[patient.key].isin(patients_of(versions, product)).to_numpy()
    known = np.flatnonzero(known_outcomes(frame))
    keep[spread_over(known, event[known])] = True
    return frame.loc[keep]


def days_of(versions: Versions, product: Product) -> list[int]:
    """The days of the event, before and after (days since 1970)."""
    return [int(event_days(version, product)[0]) for version in versions]


def patients_of(versions: Versions, product: Product) -> list[str]:
    """The patient, before and after; without those that are missing."""
    patient = product.by_role(Role.PATIENT)
    named = [] if patient is None else [version[patient.key].iloc[0] for version in versions]
    return [str(one) for one in named if pd.notna(one)]


def spread_over(places: np.ndarray, event: np.ndarray) -> np.ndarray:
    """Of the places of the rows with an outcome, in the order of the file, and their days: some that stand for all;
    the first and the last mark what was observed.
    """
    in_time = places[np.argsort(event, kind="stable")]
    size = min(SPREAD, len(in_time))
    return in_time[np.linspace(0, len(in_time) - 1, size).astype(int)] if size else in_time


def _together(first: pd.DataFrame, rest: pd.DataFrame) -> pd.DataFrame:
    """The second below the first; of categories the values count, not their list."""
    columns = {}
    for key in rest.columns:
        if isinstance(rest[key].dtype, pd.CategoricalDtype):
            both = pd.concat([first[key].astype("object"), rest[key].astype("object")], ignore_index=True)
            columns[key] = both.astype("category")
        else:
            columns[key] = pd.concat([first[key], rest[key]], ignore_index=True)
    return pd.DataFrame(columns)
