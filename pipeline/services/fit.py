"""The one judgement of whether a model knows a data set, for every page; and for a file on the command line."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.contract import Product, Role
from pipeline.insight import fit, scoring
from pipeline.insight.tally import places as places_in
from pipeline.modeling.model import TrainedModel
from pipeline.records import DatasetInfo, Fit, ModelInfo
from pipeline.services import catalog, models
from pipeline.workspace.store import Workspace


def judge(workspace: Workspace, dataset_id: str, model_id: str) -> Fit:
    """Whether a model knows a data set: by series, places, fields, and by its level where risks of past rows are kept."""
    info, model = workspace.dataset(dataset_id), models.load(workspace, model_id)
    declared, kept = catalog.product(info.product), workspace.model(model_id)
    rows = workspace.rows(dataset_id, _columns(declared))
    found = workspace.past_risks(model_id, dataset_id)
    risk, outcome = np.zeros(0), np.zeros(0)
    if found is not None:
        past = models.unpack(found[0])
        at = places_in(rows, past)
        risk, outcome = past.risk[at[at >= 0]], rows["outcome"].to_numpy(dtype=np.float64)[at >= 0]
    return _fit(rows, declared, model, risk, outcome, same_series=_same(info, kept), sample=_sample(workspace, info, kept))


def _columns(declared: Product) -> list[str]:
    return ["row", "outcome", *dict.fromkeys(key for spec in declared.features for key in spec.fields)]


def _same(info: DatasetInfo, kept: ModelInfo) -> bool | None:
    return info.series == kept.series if info.series and kept.series else None


def _sample(workspace: Workspace, info: DatasetInfo, kept: ModelInfo) -> bool:
    return models.learnt_from_sample(workspace, kept) != info.is_sample


def judge_file(rows: pd.DataFrame, declared: Product, model: TrainedModel, scored: scoring.Scored) -> Fit:
    """The same for a file that is scored outside a workspace."""
    return _fit(rows, declared, model, scored.risk, rows["outcome"].to_numpy(dtype=np.float64))


def _fit(rows: pd.DataFrame, declared: Product, model: TrainedModel, risk: np.ndarray, outcome: np.ndarray, *,
         same_series: bool | None = None, sample: bool = False) -> Fit:
    predicted, observed, n, off = fit.level(risk, outcome)
    return Fit(same_series, sample, fit.places(rows, declared, model), fit.lacking(rows, declared, model), predicted, observed, n, off)


def foreign_history(rows: pd.DataFrame, history: pd.DataFrame, declared: Product) -> bool:
    """Whether a history is another place's: it knows none of the file's patients and none of its units."""
    told = [not rows[field.key].astype("str").isin(set(history[field.key].dropna().astype("str").unique())).any()
            for role in (Role.PATIENT, Role.UNIT)
            if (field := declared.by_role(role)) and rows[field.key].notna().any() and history[field.key].notna().any()]
    return bool(told) and all(told)
