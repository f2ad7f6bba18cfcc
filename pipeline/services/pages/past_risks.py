"""Risks of rows that already happened, from models that had not seen them: kept, and made again when they must be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.contract import Outcome
from pipeline.insight import evaluation
from pipeline.insight.scoring import eligibility, score
from pipeline.modeling.model import OutOfFoldPredictions, TrainedModel
from pipeline.modeling.text.sense import Encoder
from pipeline.records import DatasetInfo, SkillReport, from_plain, to_plain
from pipeline.services import catalog
from pipeline.services.data import coded, contacted, senses, series
from pipeline.services.models import models
from pipeline.services.session import Permission, Session, needs

MOST_SCORED = coded.MOST_WHOLE  # rows that a page gives a risk while somebody waits
# among the facts about past risks: the honest test on them, and how many events had a contact on record then
_SKILL, _SOUGHT = "skill", "sought"


@needs(Permission.OPEN)
def is_unscored(session: Session, dataset_id: str, model_id: str) -> bool:
    """Whether the rows of a data set have no risk by a model, and are more than a page gives one."""
    if coded.is_whole(session, dataset_id):
        return False
    meta = session.workspace.past_risks_meta(model_id, dataset_id)
    return meta is None or not _current(session, dataset_id, model_id, meta)


@needs(Permission.READ_DATA)
def past_made(session: Session, dataset_id: str, model_id: str) -> None:
    """Makes the risks of past rows where they are not kept, or no longer those that would be made now."""
    meta = session.workspace.past_risks_meta(model_id, dataset_id)
    if meta is None or not _current(session, dataset_id, model_id, meta):
        _kept_past(session, dataset_id, model_id)


@needs(Permission.READ_DATA)
def past_risks(session: Session, dataset_id: str, model_id: str | None) -> OutOfFoldPredictions | None:
    """Risks of past rows: out-of-fold ones for the data a model learnt from, else those after its training.

    The latter know the past that the series holds, and are made again when it holds other files.
    """
    if model_id is None:
        return None
    past = models.unpack(_kept_past(session, dataset_id, model_id)[0])
    return past if len(past.row) else None


@needs(Permission.READ_AGGREGATES)
def past_skill(session: Session, dataset_id: str, model_id: str) -> SkillReport | None:
    """The honest test of a model on the rows of a data set that it did not learn from; None where too few are left.

    Kept beside the risks of past rows, and made when they are.
    """
    if is_unscored(session, dataset_id, model_id):
        return None
    meta = session.workspace.past_risks_meta(model_id, dataset_id)
    if meta is None or not _current(session, dataset_id, model_id, meta):
        meta = _kept_past(session, dataset_id, model_id)[1]
    plain = meta.get(_SKILL)
    return None if plain is None else from_plain(SkillReport, plain)


def _kept_past(session: Session, dataset_id: str, model_id: str) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Risks of past rows with what was concluded from them; those of the data a model learnt from stay as they are."""
    kept = session.workspace.past_risks(model_id, dataset_id)
    if kept is None or not _current(session, dataset_id, model_id, kept[1]):
        model = models.load(session, model_id)
        encoder = senses.encoder_of(session, dataset_id, model)
        sources = _history(session, dataset_id)
        past, found = _score_past(session, dataset_id, model, sources, encoder)
        facts = {
            "history": [d.id for d in sources],
            "sensed": encoder is not None,
            _SOUGHT: _sought(session, dataset_id),
            _SKILL: None if found is None else to_plain(found),
        }
        kept = models.pack(past), facts
        session.workspace.save_past_risks(model_id, dataset_id, *kept)
    return kept


@needs(Permission.READ_AGGREGATES)
def known_past(session: Session, dataset_id: str, model_id: str) -> list[DatasetInfo]:
    """The files whose past the kept risks of a data set knew; none for the data that the model learnt from."""
    meta = session.workspace.past_risks_meta(model_id, dataset_id) or {}
    return [d for d in _history(session, dataset_id) if d.id in meta.get("history", ())]


def _history(session: Session, dataset_id: str) -> list[DatasetInfo]:
    """The files of the series whose past the risks of a data set may know."""
    return [d for d in series.others(session, dataset_id) if d.purpose != "future"]


def _current(session: Session, dataset_id: str, model_id: str, meta: Mapping[str, Any]) -> bool:
    """Whether kept risks are still those that would be made now: of a training, or after it with the same history."""
    if "history" not in meta:
        return not _read_since(session, dataset_id, model_id, meta)
    known = [d.id for d in _history(session, dataset_id)]
    same = meta["history"] == known and meta.get(_SOUGHT, 0) == _sought(session, dataset_id)
    return same and _SKILL in meta and not _read_since(session, dataset_id, model_id, meta)


def _sought(session: Session, dataset_id: str) -> int:
    """How many events of the series have a contact on record: what came of them measures no model."""
    return len(contacted.first(session, session.workspace.dataset(dataset_id).series))


def _read_since(session: Session, dataset_id: str, model_id: str, meta: Mapping[str, Any]) -> bool:
    """Whether risks by words alone were kept, and the sense of the comments has been read since."""
    if meta.get("sensed", True):
        return False
    return senses.state(session, dataset_id, models.load(session, model_id)).state == senses.READ


def _score_past(
    session: Session,
    dataset_id: str,
    model: TrainedModel,
    sources: Sequence[DatasetInfo],
    encoder: Encoder | None,
) -> tuple[OutOfFoldPredictions, SkillReport | None]:
    declared = catalog.product(model.product_key)
    rows = contacted.rows(session, dataset_id)
    history = series.rows_of(session, sources, declared)
    scored = score.score(rows, declared, model, history=history, as_of=None, encoder=encoder)
    happened = rows["state"].isin([Outcome.EVENT.value, Outcome.NON_EVENT.value]).to_numpy()
    usable = happened & ~pd.isna(scored.risk) & ~eligibility.taught(rows, declared, model)
    reference = pd.Series(scored.reference, index=range(int(usable.sum())), dtype="float64").to_numpy()
    past = OutOfFoldPredictions(
        scored.row[usable],
        scored.risk[usable],
        reference,
        scored.points.loc[usable].reset_index(drop=True),
        None if scored.stars is None else scored.stars[usable],
        None if scored.words is None else scored.marks[usable],
    )
    # a page does not wait until references have read every comment
    return past, evaluation.told_by(rows, declared, model, scored, beside=not declared.has_comments)
