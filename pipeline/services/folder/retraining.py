"""Training anew where watching a model advises so: once a week at most, and the new model is proposed, never used."""

from __future__ import annotations

import datetime as dt

from pipeline.errors import PresencaError
from pipeline.records import TRAIN_AGAIN, DatasetInfo, JobInfo, ModelInfo, SeriesInfo
from pipeline.services import catalog
from pipeline.services.data import folder_log, series
from pipeline.services.models import models
from pipeline.services.pages import watching
from pipeline.services.session import Permission, Session, needs

EVERY = dt.timedelta(days=7)
EFFORT = "standard"


@needs(Permission.CHANGE_MODELS)
def train_if_advised(session: Session, *, effort: str = EFFORT) -> tuple[JobInfo, ...]:
    """Starts what is advised in each series, where the clinic asked for it; one training of a product at a time."""
    if not folder_log.settings(session).retrain:
        return ()
    own = [(one, product.key) for product in catalog.products() for one in series.listed(session, product.key)]
    begun = [_begin(session, one, key, effort) for one, key in own if not one.is_sample and _is_due(session, one)]
    return tuple(job for job in begun if job is not None)


def _is_due(session: Session, one: SeriesInfo) -> bool:
    last = folder_log.retrained(session, one.id)
    return last is None or session.today() - last >= EVERY


def _begin(session: Session, one: SeriesInfo, product_key: str, effort: str) -> JobInfo | None:
    used = next((m for m in models.models(session, product_key) if m.id == one.model_id), None)
    source = next((d for d in series.members(session, one) if "training" in d.usable_for), None)
    if used is None or source is None or models.current_job(session, product_key) is not None:
        return None
    if _is_proposed(session, used, source) or not _is_advised(session, used):
        return None
    job = models.start_training(session, source.id, effort=effort)
    folder_log.note_retraining(session, one.id)
    session.audit("retraining_begun", series=one.id, job=job.id)
    return job


def _is_proposed(session: Session, used: ModelInfo, source: DatasetInfo) -> bool:
    """Whether a newer model waits to be looked at, or the one in use learnt from this very file."""
    return used.dataset_id == source.id or models.newer(session, used, source) is not None


def _is_advised(session: Session, used: ModelInfo) -> bool:
    try:
        found = watching.watched(session, used.id)
    except PresencaError:  # a bundle that can't be opened is told of on its page
        return False
    return found is not None and found.advice == TRAIN_AGAIN
