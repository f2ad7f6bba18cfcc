"""What the risk of one row would be if something about it were otherwise: live, without the whole file.

The changed row goes through the same `features.build` with the bookings that can touch it: those of its patient,
those of its days, and a spread of the others. Only columns that the change itself moves are taken from there; all
others keep the values they had in the whole file.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np
import pandas as pd

from pipeline.contract import Product, Role
from pipeline.errors import PresencaError
from pipeline.insight.scoring import Scored, refusals
from pipeline.insight.worklist import explanation_of
from pipeline.modeling.explanation import explain
from pipeline.modeling.features import build
from pipeline.modeling.model import TrainedModel
from pipeline.modeling.moment import event_days, known_outcomes
from pipeline.modeling.timeline import without_repeats
from pipeline.records import RowExplanation

SPREAD = 1_000  # rows with an outcome that stand for all others

Change = str | float | dt.date | None


def what_if(
    scored: Scored, position: int, rows: pd.DataFrame, product: Product, model: TrainedModel,
    changes: Mapping[str, Change], *, history: pd.DataFrame | None = None,
) -> RowExplanation | None:
    """The explanation of the row at `position` with `changes` (column of the typed rows -> value, None: missing).

    Dates as `datetime.date`, hours and age as numbers, all else as text. None where the changed row gets no risk
    (its date would lie in the period of training). Raises PresencaError for a column that the rows don't have.
    """
    before = rows.iloc[[position]]
    after = changed(before, changes)
    if refusals(after, product, model)[0]:
        return None
    touched = [int(day) for frame in (before, after) for day in event_days(frame, product)]
    others = rows.drop(index=rows.index[position])
    past = without_repeats(before, history, product) if history is not None and len(history) else None
    near = _near(others, before, after, product, touched)
    near_past = _near(past, before, after, product, touched) if past is not None else None
    old, new = (
        build(_together(frame, near), product, history=near_past, as_of=scored.as_of, aggregates=model.aggregates)
        .columns.iloc[[0]].reset_index(drop=True)
        for frame in (before, after)
    )
    features = scored.features.iloc[[position]].reset_index(drop=True)
    moved = ~((old == new) | (old.isna() & new.isna()))
    features = features.where(~moved, new)
    found = explain(model.boosters, features, model.factor_of, model.slope, model.intercept, threads=1)
    return explanation_of(found.points.iloc[0], found.reference, float(found.risk[0]), after, features, product)


def changed(row: pd.DataFrame, changes: Mapping[str, Change]) -> pd.DataFrame:
    """A copy of the one-line frame with other values, of the same types."""
    row = row.copy()
    for key, value in changes.items():
        if key not in row.columns:
            raise PresencaError(f"Não há a coluna “{key}” para mudar.")
        column = row[key]
        if isinstance(column.dtype, pd.CategoricalDtype):
            row[key] = pd.Categorical([value], categories=[value] if value is not None else [])
        elif pd.api.types.is_datetime64_any_dtype(column.dtype):
            row[key] = pd.Series([pd.NaT if value is None else pd.Timestamp(str(value))], row.index, dtype=column.dtype)
        else:
            row[key] = pd.Series([np.nan if value is None else value], row.index).astype(column.dtype)
    return row


def _near(frame: pd.DataFrame, before: pd.DataFrame, after: pd.DataFrame, product: Product, days: list[int]) -> pd.DataFrame:
    """Rows that can touch the features of the one: its patient's, its days', and some that show the period."""
    event = event_days(frame, product)
    keep = np.isin(event, days)
    patient = product.by_role(Role.PATIENT)
    if patient is not None:
        who = [str(f[patient.key].iloc[0]) for f in (before, after) if f[patient.key].notna().iloc[0]]
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
