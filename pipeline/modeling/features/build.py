"""From typed rows to model columns: each kind of feature, implemented once, knowing only what was known.

Every column of a factor is named `<factor>__<what>`. What can't be known is NaN, never 0: an absent field,
a patient without id, a time without any known outcome.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from pipeline.contract import Product
from pipeline.modeling.features.aggregates import WINDOW_DAYS, Aggregates
from pipeline.modeling.features.feature_types import Basis, Columns, type_of
from pipeline.modeling.features.frequent_values import Values, frequent_values
from pipeline.modeling.features.target_encoding import daily_table, rate_table
from pipeline.modeling.features.timeline import timeline

__all__ = ["Aggregates", "FeatureTable", "aggregate", "build", "values_of"]


@dataclass(frozen=True)
class FeatureTable:
    """`columns`: float32, one line a row, in the rows' order; `factor_of`: model column -> FeatureSpec.key."""

    columns: pd.DataFrame
    factor_of: Mapping[str, str] = field(default_factory=dict)


def build(
    rows: pd.DataFrame,
    product: Product,
    *,
    history: pd.DataFrame | None = None,
    as_of: dt.date | None = None,
    aggregates: Aggregates | None = None,
    values: Values | None = None,
    ahead: np.ndarray | None = None,
) -> FeatureTable:
    """Model columns of `rows`.

    In training `aggregates` and `as_of` are None: rates come from the outcomes that were known at each row's
    moment, and the frequent `values` that have columns are those of `rows` where none are given. In scoring both come
    from the model's aggregates. `ahead` (days, shape n): each row as a list saw it that was made so long before.
    """
    line = timeline(rows, history, product, as_of, ahead)
    if aggregates is not None:
        basis = Basis(aggregates.window_days, aggregates.values, aggregates)
    else:
        basis = Basis(WINDOW_DAYS, values_of(rows, product) if values is None else values)
    columns: Columns = {}
    factor_of: dict[str, str] = {}
    for spec in product.features:
        for name, made in type_of(spec).columns(spec, line, basis).items():
            column = f"{spec.key}__{name}"
            columns[column] = made.astype(np.float32)
            factor_of[column] = spec.key
    return FeatureTable(pd.DataFrame(columns), factor_of)


def aggregate(rows: pd.DataFrame, product: Product, window: int = WINDOW_DAYS) -> Aggregates:
    """What a model keeps of its rows: rates and daily bookings by value within the window before the last outcome."""
    line = timeline(rows, None, product, None)
    end = int(line.event_day[line.known].max()) + 1 if line.known.any() else 0
    specs = {spec.key: spec for spec in product.features}
    return Aggregates(
        window,
        {
            key: rate_table(line, type_of(spec).rated_column(spec), end, window)
            for key, spec in specs.items()
            if type_of(spec).rated
        },
        {key: daily_table(line, spec.fields[0], end, window) for key, spec in specs.items() if type_of(spec).loads},
        values_of(rows, product),
    )


def values_of(rows: pd.DataFrame, product: Product) -> Values:
    """Which values of open fields have columns of their own in a model that learns from `rows`, by factor key."""
    specs = [spec for spec in product.features if type_of(spec).indicated]
    return {spec.key: frequent_values(rows[type_of(spec).rated_column(spec)]) for spec in specs}
