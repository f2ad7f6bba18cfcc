"""Typed rows: the frame that all later steps read, made of the cells that the checks left standing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pandas.api.types import union_categoricals

from pipeline.contract import FieldKind, Outcome
from pipeline.ingestion.checking import Checked
from pipeline.ingestion.parsing import Column
from pipeline.ingestion.reading import RawTable
from pipeline.ingestion.sheet import OLDEST, OUTCOMES, YOUNGEST, Sheet
from pipeline.records import ValidationReport


@dataclass(frozen=True)
class Dataset:
    """A file as rows that can be used.

    `rows`: one line per usable row in file order, with `row` (int64, as in the spreadsheet), a column per field of
    the product, `age`, `state` and `outcome`. `left_out`: `row` and `reason` (category) of each of the others.
    """

    product_key: str
    rows: pd.DataFrame
    left_out: pd.DataFrame
    raw: RawTable
    report: ValidationReport


def typed_rows(sheet: Sheet, checked: Checked) -> pd.DataFrame:
    """The usable rows, typed by the kind of each field; all fields stand, absent ones are all missing."""
    keep = np.flatnonzero(checked.usable)
    data: dict[str, object] = {"row": sheet.rows[keep]}
    for key, column in sheet.columns.items():
        data |= _typed(sheet, key, column, keep)
    ages = sheet.ages()[keep]
    with np.errstate(invalid="ignore"):
        data["age"] = np.where((ages >= YOUNGEST) & (ages <= OLDEST), ages, np.nan).astype("float32")
    states = checked.states[keep]
    data["state"] = pd.Categorical.from_codes(states, categories=[outcome.value for outcome in OUTCOMES])
    outcome = np.where(states == OUTCOMES.index(Outcome.EVENT), 1.0, np.nan)
    data["outcome"] = np.where(states == OUTCOMES.index(Outcome.NON_EVENT), 0.0, outcome).astype("float32")
    return pd.DataFrame(data)


def concat_rows(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Typed rows of several files of one product as one frame, index 0…n-1; categories are those of any of them."""
    joined = {}
    for name in frames[0].columns:
        parts = [frame[name] for frame in frames]
        if isinstance(parts[0].dtype, pd.CategoricalDtype):
            joined[name] = pd.Series(union_categoricals(parts))
        else:
            joined[name] = pd.concat(parts, ignore_index=True)
    return pd.DataFrame(joined)


def left_out_rows(sheet: Sheet, checked: Checked) -> pd.DataFrame:
    """`row` and `reason` (title of the first blocker that the row fails) of the rows that are not used."""
    lost = np.flatnonzero(~checked.usable)
    titles = [rule.title for rule in sheet.product.rules]
    categories = list(dict.fromkeys(titles))
    codes = np.array([categories.index(title) for title in titles], "int16")[checked.blocker[lost]]
    return pd.DataFrame({"row": sheet.rows[lost], "reason": pd.Categorical.from_codes(codes, categories=categories)})


def _typed(sheet: Sheet, key: str, column: Column, keep: np.ndarray) -> dict[str, object]:
    kind = column.field.kind
    if kind is FieldKind.DATE:
        return _typed_dates(sheet, key, column, keep)
    if kind is FieldKind.RATING:
        stars = np.where(sheet.usable_cells(key), column.floats_of_rows(column.numbers), np.nan)
        return {key: stars[keep].astype("float32")}
    codes = np.where(sheet.usable_cells(key), column.index_of_rows(), -1)[keep]
    if kind is FieldKind.FREE_TEXT:
        places = pa.array(codes, mask=codes < 0)
        return {key: pc.take(column.texts, places).to_pandas().astype("str")}
    labels = column.labels if column.labels is not None else pa.array([], pa.string())
    return {key: pd.Categorical.from_codes(codes, categories=pd.Index(labels.to_pandas(), dtype="str"))}


def _typed_dates(sheet: Sheet, key: str, column: Column, keep: np.ndarray) -> dict[str, object]:
    days = sheet.days(key)[keep]
    typed: dict[str, object] = {key: days.astype("datetime64[us]")}
    if column.field.keeps_time:
        hours = np.where(np.isnat(days), np.nan, column.floats_of_rows(column.hours)[keep])
        if not np.any(hours > 0):  # a column of midnights holds no time
            hours = np.full(len(keep), np.nan)
        typed[column.field.hour_column] = hours.astype("float32")
    return typed
