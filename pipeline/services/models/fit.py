"""The one judgement of whether a model knows a data set, for every page. Of a file outside a workspace: insight.fit."""

from __future__ import annotations

import numpy as np

from pipeline.contract import Product
from pipeline.insight import fit
from pipeline.insight.groups.coded import EVENT, UNKNOWN
from pipeline.insight.groups.counts import UNIT
from pipeline.insight.groups.counts import places as places_in
from pipeline.modeling.levelling import LEAST_ROWS
from pipeline.records import DatasetInfo, Fit, ModelInfo
from pipeline.services import catalog
from pipeline.services.data import coded
from pipeline.services.models import levelling, models
from pipeline.services.session import Permission, Session, needs

_MOST = 64
_MOST_JUDGED = 2_000  # rows by which the level of a model from elsewhere is judged
_REMEMBERED: dict[tuple[object, ...], Fit] = {}  # holds names of units and counts, no patient


@needs(Permission.OPEN)
def judge(session: Session, dataset_id: str, model_id: str) -> Fit:
    """Whether a model knows a data set: by series, places, fields, and by its level where risks of past rows are kept.

    Every page asks at each run: the answer is remembered as long as rows, model, series and risks are the same.
    """
    info, kept = session.workspace.dataset(dataset_id), session.workspace.model(model_id)
    key = (
        info,
        kept,
        session.workspace.revision(dataset_id),
        session.workspace.past_risks_id(model_id, dataset_id),
        session.workspace.home,
    )
    found = _REMEMBERED.get(key)
    if found is None:
        found = _judge(session, info, kept)
        if len(_REMEMBERED) >= _MOST:
            _REMEMBERED.clear()
        _REMEMBERED[key] = found
    return found


def can_level(found: Fit) -> bool:
    """Whether the model's level is another than that of the data, and enough outcomes are known to set it by them."""
    seen = found.observed
    if found.knows or found.predicted is None or seen is None or seen.low is None or seen.high is None:
        return False
    return found.outcomes >= LEAST_ROWS and not seen.low <= found.predicted <= seen.high


def _judge(session: Session, info: DatasetInfo, kept: ModelInfo) -> Fit:
    if not coded.is_whole(session, info.id):
        return _by_level(session, info, kept)
    model, declared = models.load(session, kept.id), catalog.product(info.product)
    rows = session.workspace.rows(info.id, _columns(declared))
    found = session.workspace.past_risks(kept.id, info.id)
    risk, outcome = np.zeros(0), np.zeros(0)
    if found is not None:
        past = models.unpack(found[0])
        at = places_in(rows, past)
        risk, outcome = past.risk[at[at >= 0]], rows["outcome"].to_numpy(dtype=np.float64)[at >= 0]
    elif declared.has_comments and _same(info, kept) is False:  # comments are read whenever they were written
        risk, outcome = levelling.known_rows(session, info.id, declared, model, most=_MOST_JUDGED)
    return fit.judged(
        rows,
        declared,
        model,
        (risk, outcome),
        same_series=_same(info, kept),
        sample_mismatch=_sample(session, info, kept),
    )


def _by_level(session: Session, info: DatasetInfo, kept: ModelInfo) -> Fit:
    """Of more rows than are read whole: by series and level alone."""
    held = coded.opened(session, info.id, kept.id) if coded.is_large(session, info.id) else None
    risk, outcome = np.zeros(0), np.zeros(0)
    if held is not None and held.past is not None:
        told = np.flatnonzero((held.past.scored > 0) & (held.rows.mark != UNKNOWN))
        risk, outcome = held.past.risk[told] / UNIT, (held.rows.mark[told] == EVENT).astype(np.float64)
    predicted, observed, n, off = fit.level(risk, outcome)
    sample = _sample(session, info, kept)
    return Fit(_same(info, kept), sample, None, (), predicted, observed, n, off)


def _columns(declared: Product) -> list[str]:
    return ["row", "outcome", *dict.fromkeys(key for spec in declared.features for key in spec.fields)]


def _same(info: DatasetInfo, kept: ModelInfo) -> bool | None:
    return info.series == kept.series if info.series and kept.series else None


def _sample(session: Session, info: DatasetInfo, kept: ModelInfo) -> bool:
    return models.learnt_from_sample(session, kept) != info.is_sample
