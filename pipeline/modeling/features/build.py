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
from pipeline.modeling.features.overall import Overall
from pipeline.modeling.features.surroundings import Surroundings, surroundings
from pipeline.modeling.features.target_encoding import daily_table, rate_table
from pipeline.modeling.features.timeline import timeline

__all__ = ["Aggregates", "FeatureTable", "Surroundings", "aggregate", "aggregates_of", "build", "values_of"]


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
    ahead: np.ndarray | None = None,
    around: Surroundings | None = None,
) -> FeatureTable:
    """Model columns of `rows`.

    In training `aggregates` and `as_of` are None: rates come from the outcomes that were known at each row's
    moment, and the values that have columns are those that are frequent around. In scoring both come from the model's
    aggregates. `ahead` (days, shape n): each row as a list saw it that was made so long before. `around`: what is
    counted of all rows, where these are a part of them (see pipeline.shards); else it is made of these.
    """
    line = timeline(rows, history, product, as_of, ahead)
    if around is None:
        around = surroundings(line, aggregates)
    window = WINDOW_DAYS if aggregates is None else aggregates.window_days
    basis = Basis(
        window=window,
        values=values_of(around) if aggregates is None else aggregates.values,
        overall=Overall.at(line.moment, window, around.everyone),
        rates=around.rates,
        loads=around.loads,
        kept=aggregates,
    )
    columns: Columns = {}
    factor_of: dict[str, str] = {}
    for spec in product.features:
        for name, made in type_of(spec).columns(spec, line, basis).items():
            column = f"{spec.key}__{name}"
            columns[column] = made.astype(np.float32)
            factor_of[column] = spec.key
    # not copied into one block: at a million rows that took a third of the time, and twice the memory
    return FeatureTable(pd.DataFrame(columns, copy=False), factor_of)


def aggregate(rows: pd.DataFrame, product: Product, window: int = WINDOW_DAYS) -> Aggregates:
    """What a model keeps of its rows: rates and daily bookings by value within the window before the last outcome."""
    return aggregates_of(Surroundings.of(rows, None, product), product, window)


def aggregates_of(around: Surroundings, product: Product, window: int = WINDOW_DAYS) -> Aggregates:
    """The same, of counts that were made of all rows (without a history, and of every table)."""
    end = int(around.everyone.day.max()) + 1 if len(around.everyone.day) else 0
    specs = [(spec, type_of(spec)) for spec in product.features]
    return Aggregates(
        window,
        {
            spec.key: rate_table(around.rates[kind.rated_column(spec)], around.everyone, end, window)
            for spec, kind in specs
            if kind.rated
        },
        {spec.key: daily_table(around.loads[spec.fields[0]], end, window) for spec, kind in specs if kind.loads},
        values_of(around),
    )


def values_of(around: Surroundings) -> Values:
    """Which values of open fields have columns of their own in a model that learns from all rows, by factor key."""
    return {key: frequent_values(counts) for key, counts in around.values.items()}
