"""Which model columns a training may use: those that vary, and that do more than tell the date.

In a file of a month the day of the month, the distance to the only holiday and the days observed so far *are*
the date: trees learn the level of single days from them and carry it into days that are still to come. Such a
column is left out until the file is long enough for its values to come back. On a month of real appointments
the Brier score of later days is up to 0.002 lower without them, and no ranking is lost. The day of the month and
holidays ask for more: in three or four months each value has come on as many days, and trees learn those days.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from pipeline.contract import Product
from pipeline.modeling.features.feature_types import type_of

COMES_BACK = 8  # different days that a value of the month or of a holiday must have come on
TELLS_DATE = 0.5  # of the variance of the day, explained by the column's values
_OBSERVED = "__days_observed"


def useful_columns(table: pd.DataFrame, day: np.ndarray, factor_of: Mapping[str, str], product: Product) -> list[str]:
    """Columns to learn from, in order;
    `table` and `day` (int64) are of the rows with an outcome. No outcome is read.
    """
    dated = {spec.key for spec in product.features if type_of(spec).of_the_day}
    # before that nobody's outcome is known: what is missing then tells the date and nothing else
    settled = day > day.min() + product.lead_days
    later = day >= np.median(day)  # what is to come is most like it; by then a window that fills may be full
    told = told_columns(product)
    seasonal = {f"{spec.key}__{name}" for spec in product.features for name in type_of(spec).seasonal}
    chosen = []
    for column in table:
        values = table[column].to_numpy()
        if column in told:
            continue
        may_tell = factor_of[column] in dated or str(column).endswith(_OBSERVED)
        tells = may_tell and correlation_ratio(values[later], day[later]) > TELLS_DATE
        once = column in seasonal and days_of_a_value(values, day) < COMES_BACK
        if _varies(values[settled]) and not tells and not once:
            chosen.append(str(column))
    return chosen


def told_columns(product: Product) -> set[str]:
    """Columns that are shown beside a factor or compared by, and that no trees learn from."""
    return {f"{spec.key}__{name}" for spec in product.features for name in type_of(spec).told}


def days_of_a_value(values: np.ndarray, day: np.ndarray) -> float:
    """On how many different days the value of a middling row came, of the rows that do not have the most common one."""
    codes = pd.factorize(values, use_na_sentinel=False)[0]
    rows = np.bincount(codes)
    first, span = int(day.min()), int(np.ptp(day)) + 1
    days = np.bincount(pd.unique(codes * span + (day - first)) // span)
    rarer = codes != rows.argmax()
    return float(np.median(days[codes[rarer]])) if rarer.any() else 0.0


def timeless_columns(table: pd.DataFrame, day: np.ndarray, factor_of: Mapping[str, str], product: Product) -> list[str]:
    """The same for rows that no later period tests: only what says the same of a row on any day.

    At least one column, since a model has some: one that never varies splits nothing.
    """
    kinds = {spec.key: type_of(spec) for spec in product.features}
    moving = {
        k for k, kind in kinds.items() if kind.of_the_day or kind.of_patient or (kind.rated and not kind.indicated)
    }
    told = told_columns(product)
    chosen = [
        str(name)
        for name in table
        if factor_of[name] not in moving and name not in told and _varies(table[name].to_numpy())
    ]
    return chosen or [str(table.columns[0])]


def _varies(values: np.ndarray) -> bool:
    """Whether it tells any row from another: rates that only lean on few rows differ by float residue alone."""
    present = values[~np.isnan(values)]
    return len(present) > 0 and (len(present) < len(values) or float(np.ptp(present)) > 1e-6)


def correlation_ratio(values: np.ndarray, day: np.ndarray) -> float:
    """Pearson's η²: the share of the variance of `day` that lies between the distinct `values` (NaN is one of them)."""
    codes = pd.factorize(values, use_na_sentinel=False)[0]
    spread = float(((day - day.mean()) ** 2).sum())
    if not spread:
        return 0.0
    sizes = np.bincount(codes)
    means = np.bincount(codes, weights=day.astype(np.float64)) / sizes
    return float((sizes * (means - day.mean()) ** 2).sum()) / spread
