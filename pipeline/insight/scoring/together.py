"""What factors do alone and together on rows drawn from those that have a risk: the material of `groups.pairs`."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.contract import Product
from pipeline.insight.groups.counts import places
from pipeline.insight.groups.pairs import frame_of
from pipeline.insight.scoring.score import heard, knows_patients
from pipeline.modeling.explanation import Whole, explain
from pipeline.modeling.features.build import build
from pipeline.modeling.interactions import joint
from pipeline.modeling.model import OutOfFoldPredictions, TrainedModel
from pipeline.modeling.text.sense import Encoder

MOST = 500  # rows
_SEED = 7


def drawn(
    rows: pd.DataFrame,
    past: OutOfFoldPredictions,
    product: Product,
    model: TrainedModel,
    *,
    history: pd.DataFrame | None = None,
    encoder: Encoder | None = None,
) -> pd.DataFrame:
    """Points of at most `MOST` rows with a past risk (see `pairs.frame_of`), the same rows at each call.

    They are the points of the model itself, at each row's own moment; a model whose trees cannot be read so has none.
    """
    chosen = _draw(np.flatnonzero(places(rows, past) >= 0))
    if history is not None and not knows_patients(history, product):
        history = None
    features = build(rows, product, history=history, aggregates=model.aggregates).columns.iloc[chosen]
    said = heard(rows.iloc[chosen], product, model, encoder)
    contributions = () if said is None else said.contributions(product)
    alone = Whole.of(len(features), threads=1)
    found = explain(
        model.boosters, features, model.factor_of, model.slope, model.intercept, heard=contributions, whole=alone
    )
    return frame_of(
        rows["row"].to_numpy()[chosen],
        found.points,
        joint(model.boosters, features, model.factor_of, model.slope, found.rate),
    )


def _draw(places_: np.ndarray) -> np.ndarray:
    """At most `MOST` of them in a random order, so that the first of them are a sample as well."""
    return np.random.default_rng(_SEED).permutation(places_)[:MOST]
