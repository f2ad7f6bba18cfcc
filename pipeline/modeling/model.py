"""What a training leaves behind: the model itself, and the risks of past rows by models that had not seen them.

Kept apart from training so that loading and scoring need not import how models are made.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pipeline.contract import FeatureKind, Product
from pipeline.records import ModelCard

if TYPE_CHECKING:
    import lightgbm as lgb

    from pipeline.modeling.features.build import Aggregates
    from pipeline.modeling.text.text_model import Reader


# kinds that make the columns of another beside their own: a model that learnt from those still finds them
_MADE_TOO = {FeatureKind.VALUES: FeatureKind.RATE}


@dataclass(frozen=True)
class SelfTest:
    """A few synthetic rows (quantile points of the columns, never a patient's) and the risks the model gave.

    `rows`: one tuple a row, in the order of the model's columns, None where missing; `risks`: fractions 0..1, all
    questions of a row after each other; `comments`: one a row, made up, where the model reads comments.
    """

    rows: tuple[tuple[float | None, ...], ...]
    risks: tuple[float, ...]
    comments: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """A question of the chain after the risk: probability of yes = sigmoid(intercept + slope · (f + words))."""

    boosters: tuple[lgb.Booster, ...]
    slope: float
    intercept: float


@dataclass(frozen=True)
class TrainedModel:
    """`z = intercept + slope · f`, `f` the mean raw margin of `boosters` and what comments say; risk = sigmoid(z).

    `columns` are the model columns in the boosters' order, `factor_of` maps each to a FeatureSpec.key;
    `declaration` is `declaration_hash` of the product that it was trained for. `reader` where comments are read,
    `chain` where the target is a rating: the questions that follow the risk.
    """

    product_key: str
    boosters: tuple[lgb.Booster, ...]
    slope: float
    intercept: float
    columns: tuple[str, ...]
    factor_of: Mapping[str, str]
    aggregates: Aggregates
    card: ModelCard
    self_test: SelfTest
    declaration: str
    reader: Reader | None = None
    chain: tuple[Answer, ...] = ()

    def with_self_test(self, risks: np.ndarray) -> TrainedModel:
        """The model with these answers (rows × questions) to the rows of its self-test."""
        return replace(self, self_test=replace(self.self_test, risks=tuple(float(r) for r in risks.ravel())))


@dataclass(frozen=True)
class OutOfFoldPredictions:
    """Rows that a model which had not seen them gave a risk.

    `row`: spreadsheet rows (int64, n); `risk` and `reference`: p and p₀ (float, n; p₀ differs by fold);
    `points`: float32, n × factors, each row summing to risk − reference; `stars` (n × 5) where the target is a
    rating; `marks` (n, see `marks`) where comments are read.
    """

    row: np.ndarray
    risk: np.ndarray
    reference: np.ndarray
    points: pd.DataFrame
    stars: np.ndarray | None = None
    marks: np.ndarray | None = None


def declaration_hash(product: Product) -> str:
    """SHA-256 over what the meaning of a model's columns depends on: features, closed sets, lead.

    Labels and other words may change without making a model useless; these may not. The sense of comments makes no
    column, and models that never learnt one are none the worse.
    """
    features = [spec for spec in product.features if spec.kind is not FeatureKind.SENSE]
    used = {key for spec in features for key in spec.fields}
    plain = {
        "features": [[s.key, _MADE_TOO.get(s.kind, s.kind).value, list(s.fields), s.protected] for s in features],
        "fields": [[f.key, f.kind.value, [v.label for v in f.values]] for f in product.fields if f.key in used],
        "lead_days": product.lead_days,
    }
    return hashlib.sha256(json.dumps(plain, ensure_ascii=True).encode()).hexdigest()
