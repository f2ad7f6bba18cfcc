"""Self-test rows that go the whole way: cells as a clinic writes them → typed rows → columns → risk.

The other rows of a self-test try trees and words; these try what a model keeps of values as well (rates, loads,
frequent values), and the code that makes columns of them. All cells are the declaration's own examples and the model's
most common values, never a patient's.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.contract import Product
from pipeline.errors import MissingFields
from pipeline.ingestion import intake
from pipeline.ingestion.reading.raw_table import RawTable
from pipeline.modeling.explanation import aligned, answers, raw_margin
from pipeline.modeling.features.aggregates import Aggregates
from pipeline.modeling.features.build import build
from pipeline.modeling.features.feature_types import type_of
from pipeline.modeling.model import TrainedModel
from pipeline.modeling.text.comment_field import comments_of

ROWS = 40
TOLERANCE = 1e-6


@dataclass(frozen=True)
class WholeWay:
    """`headers`; `rows`: a cell or None for each; `day`: the clock of the reading and of the risks (ISO date);
    `risks`: fractions, all questions of a usable row after each other; `means`: of each column, told ones too,
    None where it is missing in all rows.
    """

    headers: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]
    day: str
    risks: tuple[float, ...] = ()
    means: tuple[float | None, ...] = ()


def tried(model: TrainedModel, product: Product) -> WholeWay | None:
    """The rows for a model with its answers; None where the declaration's examples make no usable row."""
    asked = WholeWay(tuple(f.label for f in product.asked), _cells(product, model.aggregates), _day(model).isoformat())
    return answered(asked, model, product)


def answered(asked: WholeWay, model: TrainedModel, product: Product) -> WholeWay | None:
    """The same rows with what this model, and this version of the code, answers; None where no row is usable."""
    day = dt.date.fromisoformat(asked.day)
    try:
        rows = intake.ingest(_table(asked), product, today=day).rows
    except MissingFields:
        return None
    if not len(rows):
        return None
    table = build(rows, product, as_of=day, aggregates=model.aggregates).columns
    margins = np.column_stack(
        [
            raw_margin(boosters, aligned(model.boosters[0], table), 1) if boosters else np.zeros(len(table))
            for boosters in (model.boosters, *(a.boosters for a in model.chain))
        ]
    )
    comments = comments_of(rows, product)
    risks = answers(model, margins, [""] * len(rows) if comments is None else comments.tolist())
    means = table.mean().astype("float64")
    return replace(
        asked,
        risks=tuple(float(one) for one in risks.ravel()),
        means=tuple(None if pd.isna(one) else float(one) for one in means),
    )


def agree(kept: WholeWay, now: WholeWay | None) -> bool:
    """Whether a model answers as it did when it was saved."""
    if now is None or (len(kept.risks), len(kept.means)) != (len(now.risks), len(now.means)):
        return False
    return all(
        np.allclose(np.array(then, "float64"), np.array(again, "float64"), TOLERANCE, TOLERANCE, equal_nan=True)
        for then, again in ((kept.risks, now.risks), (kept.means, now.means))
    )


def _day(model: TrainedModel) -> dt.date:
    until = model.card.trained_until
    return dt.date.fromisoformat(model.card.created[:10]) if until is None else until + dt.timedelta(days=1)


def _cells(product: Product, kept: Aggregates) -> tuple[tuple[str | None, ...], ...]:
    common = _common(product, kept)
    choices = {f.key: common.get(f.key) or f.examples for f in product.asked}
    return tuple(
        tuple(choices[f.key][row % len(choices[f.key])] for f in product.asked)
        for row in range(max(len(some) for some in choices.values()))
    )


def _common(product: Product, kept: Aggregates) -> Mapping[str, tuple[str, ...]]:
    """By field, the values that a model keeps something of and met most often, folded as it keeps them."""
    found: dict[str, dict[str, float]] = {}
    fields = {field.key for field in product.asked if field.kind.value == "open"}
    for spec in product.features:
        field = type_of(spec).rated_column(spec) if spec.fields else ""
        if field in fields:
            rates = kept.rates.get(spec.key)
            found.setdefault(field, {}).update(kept.daily.get(spec.key, {}))
            found[field].update({} if rates is None else rates.outcomes)
    return {
        field: tuple(sorted(met, key=lambda name: (-met[name], name))[:ROWS]) for field, met in found.items() if met
    }


def _table(asked: WholeWay) -> RawTable:
    columns = {
        header: pa.array([row[place] for row in asked.rows], pa.string()) for place, header in enumerate(asked.headers)
    }
    size = len(asked.rows)
    return RawTable(pa.table(columns), range(2, 2 + size), "", "", 0, "csv", None, None, None, (), ())
