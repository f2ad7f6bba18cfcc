"""The one judgement of whether a model knows a data set, for every page. Of a file outside a workspace: insight.fit."""

from __future__ import annotations

import numpy as np

from pipeline.contract import Product
from pipeline.insight import fit
from pipeline.insight.tally import places as places_in
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
    return fit.judged(rows, declared, model, (risk, outcome), same_series=_same(info, kept), sample_mismatch=_sample(workspace, info, kept))


def _columns(declared: Product) -> list[str]:
    return ["row", "outcome", *dict.fromkeys(key for spec in declared.features for key in spec.fields)]


def _same(info: DatasetInfo, kept: ModelInfo) -> bool | None:
    return info.series == kept.series if info.series and kept.series else None


def _sample(workspace: Workspace, info: DatasetInfo, kept: ModelInfo) -> bool:
    return models.learnt_from_sample(workspace, kept) != info.is_sample
