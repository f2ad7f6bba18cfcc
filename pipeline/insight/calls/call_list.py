"""The list to act on: every scored row as a line, which of them are to be called, and one line's explanation.

The list is a frame that can rest in Parquet and answer later: the typed rows, highest risk first, with
`risk`, `reference`, `tier` (key), `reason_1` to `reason_5` with their `_points` and `_factor`,
`observation` (packed notes both, "" where there is nothing to say), and beside them what explanations are made of:
`points__<factor>` and `feature__<model column>`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from pipeline.contract import FieldKind, Outcome, Product, Role
from pipeline.errors import PresencaError
from pipeline.insight.scoring.eligibility import refusal_of
from pipeline.insight.scoring.row_explanation import OTHERS, explanation_of
from pipeline.insight.scoring.score import Scored, reasons
from pipeline.insight.scoring.what_if import Known, what_if
from pipeline.modeling.features.feature_types import type_of
from pipeline.modeling.features.prediction_time import day_number, days
from pipeline.modeling.text.word_points import unpacked
from pipeline.records import Contribution, ListCounts, RowExplanation, note

__all__ = [
    "Known",
    "OTHERS",
    "ListFilters",
    "as_it_stood",
    "call_list",
    "counts",
    "days_of",
    "explain_row",
    "features_of",
    "listed",
    "parts",
    "row_values",
    "select",
    "told_by",
    "units_of",
    "what_if",
]

POINTS, FEATURE = "points__", "feature__"
MARKS = "marks"  # column of a list whose rows have comments that were read
REASONS = 5  # more than are shown: some say nothing under a filter
DAY, UNIT = "list_day", "list_unit"
TOLD = "told_points"  # what a contact, or a hand, changed of a line's risk since the list was made; absent: nothing
_OUTCOMES = (Outcome.EVENT.value, Outcome.NON_EVENT.value)


@dataclass(frozen=True)
class ListFilters:
    """What of the list is shown; all of it must hold. `tiers` are keys."""

    day: dt.date | None = None
    units: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()


def as_it_stood(rows: pd.DataFrame, product: Product, as_of: dt.date) -> pd.DataFrame:
    """Rows that were cancelled on `as_of` or later, as bookings that still stand: on that day nobody knew.

    Outcomes of later days need no hiding: no feature of a row that was booked before reads them.
    """
    later = (rows["state"] == Outcome.EXCLUDED.value).to_numpy() & (days(rows[product.time.key]) >= day_number(as_of))
    state = rows["state"].astype("object").mask(later, Outcome.PENDING.value)
    return rows.assign(state=pd.Categorical(state, categories=[outcome.value for outcome in Outcome]))


def call_list(scored: Scored, rows: pd.DataFrame, product: Product) -> pd.DataFrame:
    """The list (see the module): one line a row; rows without a risk come last, in file order."""
    own = pd.DataFrame(
        {
            "risk": scored.risk,
            "reference": np.full(len(rows), scored.reference),
            "tier": pd.Series(scored.tier, dtype="str"),
            **_reason_columns(scored, rows, product),
            "observation": pd.Series(scored.observation, dtype="str"),
            **place_columns(rows, product),
        }
    )
    parts_ = [
        rows.reset_index(drop=True),
        own,
        scored.points.add_prefix(POINTS).reset_index(drop=True),
        scored.features.add_prefix(FEATURE).reset_index(drop=True).copy(),  # a block a column: one block to go on with
    ]
    return in_order(pd.concat(parts_, axis=1))


def in_order(table: pd.DataFrame) -> pd.DataFrame:
    """Lines in the order of a list: highest risk first, those without one last, else as they were."""
    return table.sort_values("risk", ascending=False, kind="stable", na_position="last").reset_index(drop=True)


def place_columns(rows: pd.DataFrame, product: Product) -> dict[str, Any]:
    """The columns by which lines are looked for: day, unit, and the hour also where a product has none."""
    unit = product.by_role(Role.UNIT)
    none = pd.Categorical([None] * len(rows), categories=pd.Index([], dtype="str"))
    found: dict[str, Any] = {
        DAY: rows[product.time.key].to_numpy(),
        UNIT: rows[unit.key].array if unit is not None else none,
    }
    if product.time.hour_column not in rows.columns:
        found[product.time.hour_column] = np.full(len(rows), np.nan, dtype=np.float32)
    return found


def _reason_columns(scored: Scored, rows: pd.DataFrame, product: Product) -> dict[str, pd.Series]:
    columns: dict[str, pd.Series] = {}
    for n, said in enumerate(reasons(scored, rows, product, REASONS), start=1):
        columns[f"reason_{n}"] = pd.Series(said.notes, dtype="str").astype("category")
        columns[f"reason_{n}_points"] = pd.Series(said.points)
        columns[f"reason_{n}_factor"] = pd.Series(said.factors).astype("category")
    return columns


def parts(table: pd.DataFrame, product: Product, as_of: dt.date, *, looks_back: bool) -> np.ndarray:
    """For each line the part of `ListCounts` that it belongs to (object array of names).

    A list to call holds what lies on or after its day and has no outcome. One that looks back holds what was
    booked before its day, lay ahead, and came to something.
    """
    state, day = table["state"], days(table[DAY])
    excluded, known = ((state == Outcome.EXCLUDED.value).to_numpy(), state.isin(_OUTCOMES).to_numpy())
    undated, over = day <= -(10**9), day < day_number(as_of)
    unscored = table["risk"].isna().to_numpy()
    if not looks_back:
        cases = [
            (excluded, "excluded"),
            (known, "known"),
            (undated, "undated"),
            (over, "passed"),
            (unscored, "unscored"),
        ]
    else:
        contact = product.by_role(Role.CONTACT)
        later = (
            days(table[contact.key]) >= day_number(as_of) if contact is not None else np.zeros(len(table), dtype=bool)
        )
        cases = [
            (undated, "undated"),
            (over & ~known & ~excluded, "passed"),
            (over, "known"),
            (later, "booked_later"),
            (~known & ~excluded, "still_open"),
            (unscored, "unscored"),
        ]
    return np.select([mask for mask, _ in cases], [name for _, name in cases], "listed").astype(object)


def counts(part: np.ndarray, left_out: int = 0) -> ListCounts:
    """How many rows are in each part; with those that validation left out they are the file's."""
    names, found = np.unique(part.astype(str), return_counts=True)
    return ListCounts(
        rows=len(part) + left_out, left_out=left_out, **dict(zip(names.tolist(), found.tolist(), strict=True))
    )


def listed(table: pd.DataFrame, product: Product, as_of: dt.date, *, looks_back: bool) -> pd.DataFrame:
    """The lines that the list holds (see `parts`), in its order."""
    return table.loc[parts(table, product, as_of, looks_back=looks_back) == "listed"]


def select(table: pd.DataFrame, filters: ListFilters) -> pd.DataFrame:
    """The lines that pass the filters, in the list's order."""
    keep = np.ones(len(table), dtype=bool)
    if filters.day is not None:
        keep &= (table[DAY] == pd.Timestamp(filters.day)).to_numpy()
    if filters.units:
        keep &= table[UNIT].isin(filters.units).to_numpy()
    if filters.tiers:
        keep &= table["tier"].isin(filters.tiers).to_numpy()
    return table.loc[keep]


def told_by(filters: ListFilters, product: Product) -> frozenset[str]:
    """Factors that say nothing of a line that the filters have not said already: its day, its unit."""
    unit, day = product.by_role(Role.UNIT), product.time.key
    told = {
        spec.key
        for spec in product.features
        if (filters.day and type_of(spec).of_the_day and spec.fields[0] == day)
        or (filters.units and unit is not None and type_of(spec).of_a_value and spec.fields[0] == unit.key)
    }
    return frozenset(told)


def days_of(table: pd.DataFrame) -> tuple[dt.date, ...]:
    """Days with a line, in order."""
    return tuple(pd.Timestamp(day).date() for day in sorted(table[DAY].dropna().unique()))


def units_of(table: pd.DataFrame) -> tuple[str, ...]:
    """Units with a line, in order of name."""
    return tuple(sorted(str(name) for name in table[UNIT].dropna().unique()))


def explain_row(table: pd.DataFrame, row: int, product: Product) -> RowExplanation:
    """What made the risk of spreadsheet row `row`; reference + sum of points == risk exactly.

    Protected factors and small ones are summed in the last line. Raises PresencaError for a row that is not in
    the list or has no risk (with its observation).
    """
    line = _line(table, row)
    if line["risk"].isna().iloc[0]:
        raise refusal_of(str(line["observation"].iloc[0]))
    told = float(line[TOLD].iloc[0]) if TOLD in line.columns and line[TOLD].notna().iloc[0] else 0.0
    points = _unprefixed(line, POINTS).iloc[0]
    marks = str(line[MARKS].iloc[0]) if MARKS in line.columns and line[MARKS].notna().iloc[0] else ""
    found = explanation_of(
        points,
        float(line["reference"].iloc[0]),
        float(line["risk"].iloc[0]) - told,
        line,
        _unprefixed(line, FEATURE),
        product,
        unpacked(marks),
    )
    return _told(found, float(line["risk"].iloc[0]), told)


def _told(found: RowExplanation, risk: float, told: float) -> RowExplanation:
    """The explanation with what was heard since as a line of its own."""
    if not told:
        return found
    line = Contribution(TOLD, note("factors.told"), risk - found.risk)
    return replace(found, risk=risk, contributions=(*found.contributions, line))


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
        raise PresencaError("call_list.no_row", row=row)
    return found.iloc[:1].reset_index(drop=True)


def _unprefixed(line: pd.DataFrame, prefix: str) -> pd.DataFrame:
    names = [name for name in line.columns if name.startswith(prefix)]
    return line[names].rename(columns=lambda name: name.removeprefix(prefix))
