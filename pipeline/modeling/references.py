"""The references that a model must beat, fitted on the same rows: lead time alone, and logistic regression."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from pipeline.contract import FeatureKind, Product
from pipeline.modeling.aggregates import smoothed

LEAD_ONLY = "Antecedência apenas"
OVERALL = "Taxa média"
LOGISTIC = "Regressão logística"
_EDGES = (0.5, 1.5, 3.5, 7.5, 15.5, 30.5, 60.5, 90.5)  # between whole days
_SIX = (FeatureKind.LEAD_TIME, FeatureKind.AGE, FeatureKind.HISTORY, FeatureKind.CALENDAR, FeatureKind.CODE, FeatureKind.RATE)
_COLUMN = {FeatureKind.LEAD_TIME: "days", FeatureKind.AGE: "years", FeatureKind.HISTORY: "rate", FeatureKind.CALENDAR: "weekday",
           FeatureKind.CODE: "is_0", FeatureKind.RATE: "rate"}


def predictions(table: pd.DataFrame, product: Product, outcome: np.ndarray, train: np.ndarray,
                test: np.ndarray) -> dict[str, np.ndarray]:
    """Risks of the `test` rows by each reference, learnt from the `train` rows (positions into `table`)."""
    lead = _lead_column(table, product)
    made = {}
    if lead is None:
        made[OVERALL] = np.full(len(test), outcome[train].mean())
    else:
        made[LEAD_ONLY] = _binned(table[lead].to_numpy(), outcome, train, test)
    made[LOGISTIC] = _logistic(table, product, outcome, train, test)
    return made


def _lead_column(table: pd.DataFrame, product: Product) -> str | None:
    names = [f"{s.key}__days" for s in product.features if s.kind is FeatureKind.LEAD_TIME]
    return next((name for name in names if name in table and table[name].notna().any()), None)


def _binned(lead: np.ndarray, outcome: np.ndarray, train: np.ndarray, test: np.ndarray) -> np.ndarray:
    """The smoothed rate of the lead time's bin; unknown lead times are a bin of their own."""
    bins = np.where(np.isnan(lead), len(_EDGES) + 1, np.digitize(lead, _EDGES))
    events = np.bincount(bins[train], weights=outcome[train], minlength=len(_EDGES) + 2)
    rows = np.bincount(bins[train], minlength=len(_EDGES) + 2)
    return smoothed(events, rows, outcome[train].mean())[bins[test]]


def _logistic(table: pd.DataFrame, product: Product, outcome: np.ndarray, train: np.ndarray, test: np.ndarray) -> np.ndarray:
    """Logistic regression of the six features that a first attempt would take, with an indicator for the same day."""
    chosen = table[list(six_columns(table, product))].copy()
    lead = _lead_column(table, product)
    if lead is not None:
        chosen["same_day"] = np.where(table[lead].isna(), np.nan, table[lead] == 0)
        chosen[lead] = np.log1p(table[lead])
    if not len(chosen.columns):
        return np.full(len(test), outcome[train].mean())
    model = make_pipeline(SimpleImputer(keep_empty_features=True), StandardScaler(), LogisticRegression(max_iter=500))
    model.fit(chosen.iloc[train].to_numpy(np.float64), outcome[train].astype(int))
    return model.predict_proba(chosen.iloc[test].to_numpy(np.float64))[:, 1]


def six_columns(table: pd.DataFrame, product: Product) -> Sequence[str]:
    """At most six informative columns, one a kind: lead time, age, history, weekday, sex, unit."""
    chosen: list[str] = []
    for kind in _SIX:
        names = [f"{s.key}__{_COLUMN[kind]}" for s in product.features if s.kind is kind]
        usable = [name for name in names if name in table and table[name].nunique() > 1]
        chosen += usable[:1]
    return chosen
