"""The references that a model must beat, fitted on the same rows: lead time alone, and logistic regression.

Where comments are read, TF-IDF of words and of characters with logistic regression stands in for the lead time: what
one builds in an afternoon, and hard to beat.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline, make_union
from sklearn.preprocessing import StandardScaler

from pipeline.contract import FeatureKind, Product
from pipeline.modeling.evaluation.metrics import Predicted
from pipeline.modeling.features.aggregates import smoothed
from pipeline.modeling.features.feature_types import TYPES
from pipeline.modeling.training_set import Labelled

# keys of the references; presentation has their names
LEAD_ONLY = "lead_time"
OVERALL = "overall_rate"
LOGISTIC = "logistic_regression"
TF_IDF = "tf_idf"
WORDS_ALONE = "words_alone"  # the model itself, without the sense of comments
_MIN_SAID = 100  # comments, or rows without one, from which a reference can be learnt
_EDGES = (0.5, 1.5, 3.5, 7.5, 15.5, 30.5, 60.5, 90.5)  # between whole days
_SIX = (
    FeatureKind.LEAD_TIME,
    FeatureKind.AGE,
    FeatureKind.HISTORY,
    FeatureKind.CALENDAR,
    FeatureKind.CODE,
    FeatureKind.VALUES,
    FeatureKind.RATE,
)


def predictions(data: Labelled, product: Product, train: np.ndarray, test: np.ndarray) -> dict[str, Predicted]:
    """What each reference says of the `test` rows, learnt from the `train` rows (positions into `data`)."""
    table, outcome = pd.concat([data.table, data.told], axis=1), data.outcome
    lead = _lead_column(table, product)
    made: dict[str, Predicted] = {}
    words = _words(data, train, test)
    if words is not None:
        made[TF_IDF] = words
    elif lead is None:
        made[OVERALL] = Predicted(np.full(len(test), outcome[train].mean()))
    else:
        made[LEAD_ONLY] = Predicted(_binned(table[lead].to_numpy(), outcome, train, test))
    made[LOGISTIC] = Predicted(_logistic(table, product, outcome, train, test))
    return made


def tf_idf() -> Pipeline:
    """TF-IDF of words and characters with logistic regression, all at its usual settings."""
    common = {"sublinear_tf": True, "strip_accents": "unicode"}
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, **common)
    characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=5, **common)
    return make_pipeline(make_union(words, characters), LogisticRegression(max_iter=300))


def _words(data: Labelled, train: np.ndarray, test: np.ndarray) -> Predicted | None:
    """The reference over comments; rows without one get what such rows say on the whole.
    None without enough comments.
    """
    if data.comments is None:
        return None
    target = data.outcome if data.stars is None else data.stars
    said, silent = train[data.comments[train] != ""], train[data.comments[train] == ""]
    classes = np.unique(target[train])
    if len(said) < _MIN_SAID or len(np.unique(target[said])) < len(classes):
        return None
    usual = silent if len(silent) >= _MIN_SAID else train
    found = np.tile([(target[usual] == c).mean() for c in classes], (len(test), 1))
    asked = data.comments[test] != ""
    if asked.any():
        model = tf_idf().fit(data.comments[said], target[said])
        found[asked] = model.predict_proba(data.comments[test][asked])
    if data.stars is None:
        return Predicted(found[:, 1])
    stars = np.zeros((len(test), 5))
    stars[:, classes.astype(int) - 1] = found
    return Predicted(stars[:, 0] + stars[:, 1], stars)


def _lead_column(table: pd.DataFrame, product: Product) -> str | None:
    names = [f"{s.key}__days" for s in product.features if s.kind is FeatureKind.LEAD_TIME]
    return next((name for name in names if name in table and table[name].notna().any()), None)


def _binned(lead: np.ndarray, outcome: np.ndarray, train: np.ndarray, test: np.ndarray) -> np.ndarray:
    """The smoothed rate of the lead time's bin; unknown lead times are a bin of their own."""
    bins = np.where(np.isnan(lead), len(_EDGES) + 1, np.digitize(lead, _EDGES))
    events = np.bincount(bins[train], weights=outcome[train], minlength=len(_EDGES) + 2)
    rows = np.bincount(bins[train], minlength=len(_EDGES) + 2)
    return smoothed(events, rows, outcome[train].mean())[bins[test]]


def _logistic(
    table: pd.DataFrame, product: Product, outcome: np.ndarray, train: np.ndarray, test: np.ndarray
) -> np.ndarray:
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
    """At most six informative columns, one a kind: lead time, age, history, weekday, sex, unit or other place."""
    chosen: list[str] = []
    for kind in _SIX:
        names = [f"{s.key}__{TYPES[kind].plain}" for s in product.features if s.kind is kind]
        usable = [name for name in names if name in table and table[name].nunique() > 1]
        chosen += usable[:1]
    return chosen
