"""The list to act on: who comes first, how much the first calls reach, and one row's explanation.

The list is a frame that can rest in Parquet and answer later: the typed rows, highest risk first, with
`risk`, `reference`, `tier` (key), `tier_label`, `reason_1` to `reason_3`, `observation`, and beside them what
explanations are made of: `points__<factor>` and `feature__<model column>`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pipeline.contract import FieldKind, Product, Role
from pipeline.errors import PresencaError
from pipeline.insight.explaining import OTHERS, explanation_of
from pipeline.insight.scoring import Scored, reasons
from pipeline.insight.what_if import what_if
from pipeline.records import RowExplanation, Tier

__all__ = ["OTHERS", "ListFilters", "call_list", "days_of", "default_calls", "expected_and_reached", "explain_row",
           "features_of",            "row_values", "select", "units_of", "what_if"]

POINTS, FEATURE = "points__", "feature__"
_DAY, _UNIT = "list_day", "list_unit"


@dataclass(frozen=True)
class ListFilters:
    """What of the list is shown; all of it must hold. `tiers` are keys.

    Rows without a risk are no part of the list to call; `unscored` asks for them alone, to be downloaded.
    """

    day: dt.date | None = None
    units: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    unscored: bool = False


def call_list(scored: Scored, rows: pd.DataFrame, product: Product, tiers: tuple[Tier, ...]) -> pd.DataFrame:
    """The list (see the module): one line a row; rows without a risk come last, in file order."""
    labels = {tier.key: tier.label for tier in tiers}
    said = reasons(scored, rows, product)
    unit = product.by_role(Role.UNIT)
    own = pd.DataFrame({
        "risk": scored.risk,
        "reference": np.full(len(rows), scored.reference),
        "tier": pd.Series(scored.tier, dtype="str"),
        "tier_label": pd.Series([labels.get(key) for key in scored.tier], dtype="str"),
        **{f"reason_{n}": pd.Series(texts, dtype="str") for n, texts in enumerate(said, start=1)},
        "observation": pd.Series(scored.observation, dtype="str"),
        _DAY: rows[product.time.key].to_numpy(),
        _UNIT: rows[unit.key].array if unit is not None else pd.Categorical([None] * len(rows), categories=pd.Index([], dtype="str")),
    })
    if product.time.hour_column not in rows.columns:
        own[product.time.hour_column] = np.full(len(rows), np.nan, dtype=np.float32)
    parts = [rows.reset_index(drop=True), own, scored.points.add_prefix(POINTS).reset_index(drop=True),
             scored.features.add_prefix(FEATURE).reset_index(drop=True)]
    table = pd.concat(parts, axis=1)
    return table.sort_values("risk", ascending=False, kind="stable", na_position="last").reset_index(drop=True)


def select(table: pd.DataFrame, filters: ListFilters) -> pd.DataFrame:
    """The lines of the list that pass the filters, in its order."""
    keep = table["risk"].isna().to_numpy() if filters.unscored else table["risk"].notna().to_numpy()
    if filters.day is not None:
        keep = keep & (table[_DAY] == pd.Timestamp(filters.day)).to_numpy()
    if filters.units:
        keep = keep & table[_UNIT].isin(filters.units).to_numpy()
    if filters.tiers:
        keep = keep & table["tier"].isin(filters.tiers).to_numpy()
    return table.loc[keep]


def days_of(table: pd.DataFrame) -> tuple[dt.date, ...]:
    """Days with a row to call, in order."""
    found = table.loc[table["risk"].notna(), _DAY].dropna().unique()
    return tuple(pd.Timestamp(day).date() for day in sorted(found))


def units_of(table: pd.DataFrame) -> tuple[str, ...]:
    """Units with a row to call, in order of name."""
    return tuple(sorted(str(name) for name in table.loc[table["risk"].notna(), _UNIT].dropna().unique()))


def default_calls(rows: int) -> int:
    """A tenth of the list, at least one: the share that the model's card reports on."""
    return 0 if rows == 0 else max(1, round(rows / 10))


def expected_and_reached(table: pd.DataFrame, calls: int) -> tuple[float, float]:
    """(events expected in all lines, events expected among the `calls` highest risks)."""
    risk = np.sort(table["risk"].dropna().to_numpy())[::-1]
    return float(risk.sum()), float(risk[:calls].sum())


def explain_row(table: pd.DataFrame, row: int, product: Product) -> RowExplanation:
    """What made the risk of spreadsheet row `row`; reference + sum of points == risk exactly.

    Protected factors and small ones are summed in the last line. Raises PresencaError for a row that is not in
    the list or has no risk (with its observation).
    """
    line = _line(table, row)
    if line["risk"].isna().iloc[0]:
        raise PresencaError(str(line["observation"].iloc[0]))
    points = _unprefixed(line, POINTS).iloc[0]
    return explanation_of(points, float(line["reference"].iloc[0]), float(line["risk"].iloc[0]), line,
                          _unprefixed(line, FEATURE), product)


def features_of(table: pd.DataFrame, row: int) -> pd.DataFrame:
    """The model columns of one row as it was scored (one line): what `what_if` starts from."""
    return _unprefixed(_line(table, row), FEATURE)


def row_values(table: pd.DataFrame, row: int, product: Product) -> dict[str, Any]:
    """The fields of one row that a what-if may change: dates as dates, hours as floats, missing ones as None."""
    line = _line(table, row)
    values: dict[str, Any] = {}
    for field in product.fields:
        if field.key in line.columns and not field.personal:
            value = line[field.key].iloc[0]
            missing = pd.isna(value)
            values[field.key] = None if missing else (value.date() if field.kind is FieldKind.DATE else value)
        if field.kind is FieldKind.DATE and field.hour_column in line.columns:
            hour = float(line[field.hour_column].iloc[0])
            values[field.hour_column] = None if np.isnan(hour) else hour
    return values


def _line(table: pd.DataFrame, row: int) -> pd.DataFrame:
    found = table.loc[table["row"] == row]
    if not len(found):
        raise PresencaError(f"A linha {row} não está na lista.", "Calcule o risco de novo.")
    return found.iloc[:1].reset_index(drop=True)


def _unprefixed(line: pd.DataFrame, prefix: str) -> pd.DataFrame:
    names = [name for name in line.columns if name.startswith(prefix)]
    return line[names].rename(columns=lambda name: name.removeprefix(prefix))
