"""Which factors act together on the rows under the filters: their joint points, and where one makes the other weigh.

The rows are a sample of those that have a risk, and their points those of the model itself: what it does with them.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.contract import Product
from pipeline.insight.groups.counts import Filters, select
from pipeline.modeling.interactions import Joint
from pipeline.records import FactorPair, JointWeights

FEW = 30  # rows of the sample: fewer tell nothing
WORTH = 0.001  # mean joint points: less is nothing worth a word
_ALONE, _BOTH, _ROW = "alone:", "both:", "row"


def frame_of(row: np.ndarray, points: pd.DataFrame, found: Joint | None) -> pd.DataFrame:
    """The sample as it is kept: `row` (n), what each factor does alone (points less half of its pairs'), and what each
    two do together; no row where interactions could not be told. `points`: n × factors, each row summing to its gap.
    """
    if found is None:
        return pd.DataFrame({_ROW: row[:0]})
    size = len(found.points)
    alone = points.iloc[:size].reset_index(drop=True).astype(np.float64)
    both = {}
    for (first, second), told in zip(found.pairs, found.points.T, strict=True):
        alone[first] -= told / 2
        alone[second] -= told / 2
        both[f"{_BOTH}{first}|{second}"] = told.astype(np.float32)
    kept = alone.astype(np.float32).add_prefix(_ALONE)
    return pd.concat([pd.DataFrame({_ROW: row[:size]}), kept, pd.DataFrame(both)], axis=1)


def together(sample: pd.DataFrame, rows: pd.DataFrame, product: Product, filters: Filters) -> JointWeights:
    """The pairs of factors that act together on the rows of `sample` (see `frame_of`) under the filters.

    `rows`: the typed rows that the sample was drawn from, with the columns that the filters name.
    """
    chosen = select(rows, None, product, filters)
    inside = sample.loc[np.isin(sample[_ROW].to_numpy(), rows["row"].to_numpy()[chosen.positions])]
    if len(inside) < FEW:
        return JointWeights(len(inside), ())
    names = [name for name in inside.columns if name.startswith(_BOTH)]
    pairs = [_pair(name.removeprefix(_BOTH).split("|"), inside) for name in names]
    worth = [pair for pair in pairs if pair.mean_abs >= WORTH]
    return JointWeights(len(inside), tuple(sorted(worth, key=lambda pair: -pair.mean_abs)))


def _pair(factors: list[str], inside: pd.DataFrame) -> FactorPair:
    both = inside[f"{_BOTH}{factors[0]}|{factors[1]}"].to_numpy(dtype=np.float64)
    first, second = sorted(factors, key=lambda key: -float(inside[f"{_ALONE}{key}"].abs().mean()))
    leading, weight = inside[f"{_ALONE}{first}"].to_numpy(), np.abs(inside[f"{_ALONE}{second}"].to_numpy() + both)
    ends, thirds = np.percentile(both, [10, 90]), np.percentile(leading, [100 / 3, 200 / 3])
    return FactorPair(
        first,
        second,
        float(np.abs(both).mean()),
        float(ends[0]),
        float(ends[1]),
        where_raised=float(weight[leading >= thirds[1]].mean()),
        where_lowered=float(weight[leading <= thirds[0]].mean()),
    )
