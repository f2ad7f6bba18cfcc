"""From typed rows to model columns: each kind of feature, implemented once, knowing only what was known.

Every column of a factor is named `<factor>__<what>`. What can't be known is NaN, never 0: an absent field,
a patient without id, a time without any known outcome.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from pipeline.contract import UF_PART, FeatureKind, FeatureSpec, Product, Role, part
from pipeline.modeling.features.aggregates import WINDOW_DAYS, Aggregates
from pipeline.modeling.features.holidays import holiday_columns
from pipeline.modeling.features.patient_history import history_columns, other_booking_columns
from pipeline.modeling.features.prediction_time import NO_DAY
from pipeline.modeling.features.target_encoding import daily_table, load_columns, rate_columns, rate_table
from pipeline.modeling.features.timeline import Timeline, timeline

__all__ = ["Aggregates", "FeatureTable", "aggregate", "build"]

Columns = dict[str, np.ndarray]
_RATED = (FeatureKind.RATE, FeatureKind.POSTCODE)


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
) -> FeatureTable:
    """Model columns of `rows`.

    In training `aggregates` and `as_of` are None: rates come from the outcomes that were known at each row's
    moment. In scoring rates come from the model's aggregates.
    """
    line = timeline(rows, history, product, as_of)
    window = aggregates.window_days if aggregates else WINDOW_DAYS
    columns: Columns = {}
    factor_of: dict[str, str] = {}
    for spec in product.features:
        if spec.kind is FeatureKind.TEXT:  # read by a reader of its own: its words are no columns here
            continue
        made = _KINDS[spec.kind](spec, line, window, aggregates)
        for name, values in made.items():
            column = f"{spec.key}__{name}"
            columns[column] = values.astype(np.float32)
            factor_of[column] = spec.key
    return FeatureTable(pd.DataFrame(columns), factor_of)


def aggregate(rows: pd.DataFrame, product: Product, window: int = WINDOW_DAYS) -> Aggregates:
    """What a model keeps of its rows: rates and daily bookings by value within the window before the last outcome."""
    line = timeline(rows, None, product, None)
    end = int(line.event_day[line.known].max()) + 1 if line.known.any() else 0
    specs = {spec.key: spec for spec in product.features}
    return Aggregates(
        window,
        {key: rate_table(line, _rated(spec), end, window) for key, spec in specs.items() if spec.kind in _RATED},
        {
            key: daily_table(line, spec.fields[0], end, window)
            for key, spec in specs.items()
            if spec.kind is FeatureKind.LOAD
        },
    )


def _lead_time(spec: FeatureSpec, line: Timeline, window: int, aggregates: Aggregates | None) -> Columns:
    contact, event = line.contact_day[: line.n], line.event_day[: line.n]
    lead = np.where((contact > NO_DAY) & (event > NO_DAY), event - contact, np.nan)
    return {"days": lead}


def _age(spec: FeatureSpec, line: Timeline, window: int, aggregates: Aggregates | None) -> Columns:
    return {"years": line.rows["age"].to_numpy(dtype=np.float64)}


def _code(spec: FeatureSpec, line: Timeline, window: int, aggregates: Aggregates | None) -> Columns:
    """One 0/1 column a declared value; NaN where the cell is empty."""
    column = line.rows[spec.fields[0]].astype("object")
    missing = column.isna().to_numpy()
    values = line.product.field(spec.fields[0]).values
    return {f"is_{i}": np.where(missing, np.nan, (column == value.label).to_numpy()) for i, value in enumerate(values)}


def _calendar(spec: FeatureSpec, line: Timeline, window: int, aggregates: Aggregates | None) -> Columns:
    dates = line.rows[spec.fields[0]].dt
    return {
        "weekday": dates.day_of_week.to_numpy(dtype=np.float64, na_value=np.nan),
        "month_day": dates.day.to_numpy(dtype=np.float64, na_value=np.nan),
    }


def _hour(spec: FeatureSpec, line: Timeline, window: int, aggregates: Aggregates | None) -> Columns:
    names = [line.product.field(key).hour_column for key in spec.fields]
    return {
        name: line.rows[name].to_numpy(dtype=np.float64) if name in line.rows else np.full(line.n, np.nan)
        for name in names
    }


def _holiday(spec: FeatureSpec, line: Timeline, window: int, aggregates: Aggregates | None) -> Columns:
    uf = line.product.by_role(Role.UF)
    return holiday_columns(line.event_day[: line.n], line.rows[uf.key] if uf is not None else None)


def _history(spec: FeatureSpec, line: Timeline, window: int, aggregates: Aggregates | None) -> Columns:
    return history_columns(line, window)


def _other_bookings(spec: FeatureSpec, line: Timeline, window: int, aggregates: Aggregates | None) -> Columns:
    return other_booking_columns(line)


def _load(spec: FeatureSpec, line: Timeline, window: int, aggregates: Aggregates | None) -> Columns:
    return load_columns(line, spec.fields[0], window, aggregates.daily.get(spec.key) if aggregates else None)


def _rate(spec: FeatureSpec, line: Timeline, window: int, aggregates: Aggregates | None) -> Columns:
    return rate_columns(line, _rated(spec), window, aggregates.rates.get(spec.key) if aggregates else None)


def _rated(spec: FeatureSpec) -> str:
    """The column whose values have rates; of postal codes it is the UF, of which there are few."""
    return part(spec.fields[0], UF_PART) if spec.kind is FeatureKind.POSTCODE else spec.fields[0]


_KINDS: dict[FeatureKind, Callable[[FeatureSpec, Timeline, int, Aggregates | None], Columns]] = {
    FeatureKind.LEAD_TIME: _lead_time,
    FeatureKind.AGE: _age,
    FeatureKind.CODE: _code,
    FeatureKind.CALENDAR: _calendar,
    FeatureKind.HOUR: _hour,
    FeatureKind.HOLIDAY: _holiday,
    FeatureKind.HISTORY: _history,
    FeatureKind.OTHER_BOOKINGS: _other_bookings,
    FeatureKind.LOAD: _load,
    FeatureKind.RATE: _rate,
    FeatureKind.POSTCODE: _rate,
}
