"""What a skilled hand reaches with a well-known engine on the same columns: the references of the table of skill.

Both are given what this project worked for, the columns that know only what was known, and their own way with open
fields: as native categories in place of our 0/1 columns. Rounds are found on the last fifth of the days learnt from,
then all rows teach.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib.util import find_spec

import lightgbm as lgb
import numpy as np
import pandas as pd

from pipeline.contract import FeatureKind, Product
from pipeline.modeling.evaluation import baselines
from pipeline.modeling.features.build import FeatureTable
from pipeline.modeling.training_set import Labelled

NATIVE, CATBOOST = "LightGBM com categorias", "CatBoost"
ROUNDS, PATIENCE, RATE = 1_000, 50, 0.05
_LATE = 0.8  # share of the rows, by day, before the last fifth


@dataclass(frozen=True)
class Sides:
    """Columns and open fields (categories shared by both sides) of rows to learn from and of rows to judge."""

    learnt: pd.DataFrame
    judged: pd.DataFrame
    outcome: np.ndarray
    day: np.ndarray

    @property
    def open(self) -> list[str]:
        """The columns that hold categories."""
        return list(self.learnt.select_dtypes("category").columns)


def sides(data: Labelled, product: Product, rows: pd.DataFrame, made: FeatureTable) -> Sides:
    """`rows` with their columns `made` are judged by what `data` teaches."""
    specs = {spec.key: spec for spec in product.features}
    plain = [c for c in data.table if specs[data.factor_of[c]].kind is not FeatureKind.VALUES]
    fields = [s.fields[0] for s in product.features if s.kind is FeatureKind.VALUES]
    used = [field for field in fields if data.rows[field].notna().any()]
    learnt, judged = data.table[plain].copy(), made.columns[plain].reset_index(drop=True)
    for field in used:
        names = pd.Index(data.rows[field].dropna().astype(str).unique())
        for table, source in ((learnt, data.rows), (judged, rows)):
            text = source[field].astype("object").to_numpy()
            table[field] = pd.Categorical(text, categories=names)  # a value never met is a gap
    return Sides(learnt, judged, data.outcome, data.day)


def logistic(data: Labelled, product: Product, made: FeatureTable) -> np.ndarray:
    """Risks of the judged rows (n) by the logistic regression that every training is measured against."""
    both, n = _both(data, made), len(data.outcome)
    found = baselines.predictions(both, product, np.arange(n), np.arange(n, len(both.outcome)))
    return found[baselines.LOGISTIC].risk


def _both(data: Labelled, made: FeatureTable) -> Labelled:
    table = pd.concat([data.table, made.columns[list(data.table)]], ignore_index=True)
    told = pd.concat([data.told, made.columns[list(data.told)]], ignore_index=True)
    return replace(data, table=table, told=told, outcome=np.concatenate([data.outcome, np.zeros(len(made.columns))]))


def native(found: Sides) -> np.ndarray:
    """Risks (n) by LightGBM with its native categories."""
    parameters = {"objective": "binary", "learning_rate": RATE, "verbosity": -1, "seed": 0, "deterministic": True}
    early = found.day < _cut(found.day)
    data = lgb.Dataset(found.learnt[early], found.outcome[early], free_raw_data=False)
    late = lgb.Dataset(found.learnt[~early], found.outcome[~early], reference=data)
    stop = lgb.early_stopping(PATIENCE, verbose=False)
    rounds = lgb.train(parameters, data, ROUNDS, valid_sets=[late], callbacks=[stop]).best_iteration
    return lgb.train(parameters, lgb.Dataset(found.learnt, found.outcome), max(rounds, 1)).predict(found.judged)


def catboost(found: Sides) -> np.ndarray:
    """Risks (n) by CatBoost."""
    from catboost import CatBoostClassifier, Pool

    def pool(table: pd.DataFrame, outcome: np.ndarray | None = None) -> Pool:
        named = {field: table[field].astype("object").fillna("").astype(str) for field in found.open}
        return Pool(table.assign(**named), outcome, cat_features=found.open)

    usual = {"learning_rate": RATE, "random_seed": 0, "verbose": False, "allow_writing_files": False}
    early = found.day < _cut(found.day)
    first = CatBoostClassifier(iterations=ROUNDS, early_stopping_rounds=PATIENCE, **usual)
    first.fit(
        pool(found.learnt[early], found.outcome[early]), eval_set=pool(found.learnt[~early], found.outcome[~early])
    )
    whole = CatBoostClassifier(iterations=max(first.get_best_iteration(), 0) + 1, **usual)
    whole.fit(pool(found.learnt, found.outcome))
    return whole.predict_proba(pool(found.judged))[:, 1]


def engines() -> Mapping[str, Callable[[Sides], np.ndarray]]:
    """The engines that can be had here; CatBoost only where somebody installed it (extra `bench`)."""
    return {NATIVE: native} | ({CATBOOST: catboost} if find_spec("catboost") else {})


def _cut(day: np.ndarray) -> int:
    return int(np.quantile(day, _LATE, method="higher"))
