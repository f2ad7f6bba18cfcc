"""What the risk of one row would be if something about it were otherwise: live, without the whole file.

The changed row goes through the same `features.build` with the bookings that can touch it: those of its patient,
those of its days, and a spread of the others. Only columns that the change itself moves are taken from there; all
others keep the values they had in the whole file.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
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
    after = changed(before, changes)
    refused = refusals(after, product, model)[0]
    if refused:
        raise refusal_of(refused)
    if features is None:
        whole = build(rows, product, history=known.history, as_of=known.as_of, aggregates=model.aggregates).columns
        features = whole.iloc[found[:1]].reset_index(drop=True)
    old, new = _locally(rows.drop(index=before.index), (before, after), product, model, known)
    moved = ~((old == new) | (old.isna() & new.isna()))
    features = features.where(~moved, new)
    answer = explain(model.boosters, features, model.factor_of, model.slope, model.intercept, whole=Whole.of(1, 1))
    return explanation_of(answer.points.iloc[0], answer.reference, float(answer.risk[0]), after, features, product)


def _locally(
    others: pd.DataFrame,
    versions: tuple[pd.DataFrame, pd.DataFrame],
    product: Product,
    model: TrainedModel,
    known: Known,
) -> list[pd.DataFrame]:
    """Model columns of both versions of the row, each seen among the bookings that can touch them."""
    history, as_of = known.history, known.as_of
    past = without_repeats(versions[0], history, product) if history is not None and len(history) else None
    near = _near(others, versions, product)
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


def _near(frame: pd.DataFrame, versions: tuple[pd.DataFrame, pd.DataFrame], product: Product) -> pd.DataFrame:
    """Rows that can touch the features of the one: its patient's, its days', and some that show the period."""
    event = event_days(frame, product)
    keep = np.isin(event, [event_days(version, product)[0] for version in versions])
    patient = product.by_role(Role.PATIENT)
    if patient is not None:
        who = [str(v[patient.key].iloc[0]) for v in versions if v[patient.key].notna().iloc[0]]
        keep |= frame[patient.key].isin(who).to_numpy()
    known = np.flatnonzero(known_outcomes(frame))
    if len(known):
        in_time = known[np.argsort(event[known], kind="stable")]  # first and last mark what was observed
        keep[in_time[np.linspace(0, len(in_time) - 1, min(SPREAD, len(in_time))).astype(int)]] = True
    return frame.loc[keep]


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
