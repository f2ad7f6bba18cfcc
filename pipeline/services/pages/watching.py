"""The use case of watching a model: what became known after its training, in all files of its series.

Made once and kept, as long as the files and what was answered are the same.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.contract import Product, Role
from pipeline.errors import NotEnoughData
from pipeline.ingestion.dataset import concat_rows
from pipeline.insight import watching
from pipeline.modeling.features.timeline import without_repeats
from pipeline.modeling.levelling import LEAST_OF_EACH, LEAST_ROWS
from pipeline.records import FAILS, KEEP, DatasetInfo, ModelInfo, Watched
from pipeline.records.webhooks import WebhookEvent
from pipeline.services import catalog
from pipeline.services.data import contacted, event_keys, series
from pipeline.services.models import levelling, models
from pipeline.services.pages.keeping import Kept, State
from pipeline.services.pages.two_models import Side, files_of, measured_by
from pipeline.services.session import Permission, Session, needs
from pipeline.workspace.repositories.outbox import Plain

_RISK, _CONTACTED = "told_risk", "was_contacted"
_TOLD = "drift_told:"  # begins the name of a setting; a model's id follows


@needs(Permission.READ_AGGREGATES)
def watched(session: Session, model_id: str) -> Watched | None:
    """A model of a series on the later rows of the series' files; None without dates, later rows or a series."""
    info = session.workspace.model(model_id)
    if not info.series or info.trained_until is None:
        return None
    kept = Kept(session, "watched", info.series, Watched)
    return kept.worked_out(model_id, _state(session, info), lambda: _told_to_others(session, info))


@needs(Permission.CHANGE_MODELS)
def set_level(session: Session, model_id: str, found: Watched) -> ModelInfo:
    """The model at the level of what came after its training, in the latest file that tells of it; put to use.

    Its slope is set too where that is what failed. Rows of patients whom somebody had reached before are no measure.
    NotEnoughData without such a file, or with too few outcomes there.
    """
    info = session.workspace.model(model_id)
    later = [f for f in files_of(session, info.product, info.series) if _is_later(f, info)]
    if not later:
        raise NotEnoughData("level.few_rows", rows=0, events=0, least_rows=LEAST_ROWS, least_of_each=LEAST_OF_EACH)
    declared = catalog.product(info.product)
    rows = session.workspace.rows(later[0].id, ["row"], if_there=_sought_by(declared))
    apart = contacted.mask(session, later[0].id, rows, declared)
    slope = found.carries is not None and found.carries.slope == FAILS
    return levelling.set_level(session, later[0].id, model_id, slope=slope, apart=apart)


def _told_to_others(session: Session, info: ModelInfo) -> Watched | None:
    """What is found of a model; other systems are told of its advice where it is another than they were told last, and
    of none about samples.
    """
    found, name = _watched(session, info), f"{_TOLD}{info.id}"
    placed = series.known(session, info.series)
    if placed is not None and placed.is_sample:
        return found
    advice = KEEP if found is None else found.advice
    if advice == session.workspace.setting(name, KEEP):
        return found
    if found is None or advice == KEEP:
        session.workspace.set_setting(name, KEEP)
        return found
    data: dict[str, Plain] = {
        "model": info.id,
        "product": info.product,
        "series": info.series,
        "advice": advice,
        "why": found.why,
        "rows": found.rows,
    }
    session.workspace.tell(WebhookEvent.MODEL_DRIFT, data, remember=(name, advice))
    return found


def _is_later(file: DatasetInfo, info: ModelInfo) -> bool:
    return file.last_date is not None and info.trained_until is not None and file.last_date > info.trained_until


def _state(session: Session, info: ModelInfo) -> State:
    """The files in the revision in which they are, and how many events were answered."""
    files = [[one.id, session.workspace.revision(one.id)] for one in files_of(session, info.product, info.series)]
    return [*files, ["answered", len(contacted.first(session, info.series))]]


def _watched(session: Session, info: ModelInfo) -> Watched | None:
    declared = catalog.product(info.product)
    frames: list[pd.DataFrame] = []
    for file in files_of(session, info.product, info.series):
        rows = _told(session, file, info, declared)
        frames.append(without_repeats(concat_rows(frames), rows, declared) if frames else rows)
    if not frames:
        return None
    rows = concat_rows(frames).reset_index(drop=True)
    risk, sought = rows[_RISK].to_numpy(dtype=np.float64), rows[_CONTACTED].to_numpy(dtype=bool)
    return watching.watched(rows, declared, models.load(session, info.id), risk, sought)


def _told(session: Session, file: DatasetInfo, info: ModelInfo, declared: Product) -> pd.DataFrame:
    """The rows of a file with what the model said of those after its training, and whether somebody was contacted."""
    rows = event_keys.telling(session, file.id, _asked_of_rows(declared))
    side = Side(session, file, info, models.card(session, info.id))
    later = not side.learnt and _is_later(file, info)
    risk = side.risks(rows, declared) if later else np.full(len(rows), np.nan)
    return rows.assign(**{_RISK: risk, _CONTACTED: contacted.mask(session, file.id, rows, declared)})


def _sought_by(declared: Product) -> list[str]:
    """The columns that tell whether somebody was sought before the day."""
    reached = declared.by_role(Role.REACHED)
    return ["state", declared.time.key, *([reached.key] if reached is not None else [])]


def _asked_of_rows(declared: Product) -> list[str]:
    """The columns by which a model is measured, and those of the fields whose values it learnt from."""
    read = [key for spec in declared.features for key in spec.fields]
    return [*measured_by(declared), *_sought_by(declared), *read]
