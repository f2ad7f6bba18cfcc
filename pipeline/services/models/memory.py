"""The memory of a series' models: their list, notes on them, and the way back to the one that was used before."""

from __future__ import annotations

from functools import lru_cache

from pipeline.errors import PresencaError
from pipeline.ingestion.parsing.comments import read_comments
from pipeline.presentation.escaping import visible
from pipeline.records import (
    LEVELLED,
    LOADED,
    TRAINED,
    KeptModel,
    ModelCard,
    ModelInfo,
    ModelMemory,
    ModelUse,
    load_kept,
)
from pipeline.services.models import models
from pipeline.services.session import Permission, Session, needs

LONGEST_NOTE = 300  # characters


@needs(Permission.READ_MODELS)
def remembered(session: Session, series_id: str) -> ModelMemory:
    """The models of a series, newest first, with the one in use and the one to go back to."""
    series = session.workspace.one_series(series_id)
    own = [m for m in session.workspace.models(series.product) if m.series == series_id]
    uses = session.workspace.model_uses(series_id)
    last = {use.model_id: use for use in uses}
    by_id = {info.id: info for info in own}
    return ModelMemory(
        tuple(_kept(session, info, series.model_id, last.get(info.id)) for info in own),
        by_id.get(_before(uses, series.model_id, set(by_id))),
        uses,
    )


def _kept(session: Session, info: ModelInfo, used: str, use: ModelUse | None) -> KeptModel:
    card = _card(session.workspace.card(info.id))
    test, report = card.test_ahead or card.test, card.skill
    return KeptModel(
        info=info,
        origin=LEVELLED if card.levelled_on else LOADED if not (info.dataset_id or info.dataset_deleted) else TRAINED,
        rows=card.rows_trained,
        since=card.trained_from,
        test=test.model,
        test_period=test.period,
        ratio=None if report is None else report.headline.ratio,
        note=session.workspace.model_note(info.id),
        in_use=info.id == used,
        use=use,
    )


@lru_cache(maxsize=64)
def _card(plain: str) -> ModelCard:
    return load_kept(ModelCard, plain)


def _before(uses: tuple[ModelUse, ...], used: str, there: set[str]) -> str:
    """The model that was in use before the one that is, "" where there is none: a way back takes the last step away."""
    steps: list[str] = []
    for use in uses:
        if use.model_id not in there:
            continue
        if use.back and use.model_id in steps:
            del steps[len(steps) - steps[::-1].index(use.model_id) :]
            steps.append(use.model_id)
        elif steps[-1:] != [use.model_id]:
            steps.append(use.model_id)
    while steps and steps[-1] == used:
        steps.pop()
    return steps[-1] if steps else ""


@needs(Permission.CHANGE_MODELS)
def roll_back(session: Session, series_id: str) -> ModelInfo:
    """Puts the model that was used before back to use, and gives it. PresencaError where there is none."""
    found = remembered(session, series_id)
    if found.before is None:
        raise PresencaError("model.none_before")
    left = found.in_use.info.id if found.in_use else ""
    session.workspace.use_model(series_id, found.before.id, actor=session.who, back=True)
    models.seen(session, found.before)
    session.audit("model_rolled_back", model=found.before.id, left=left, series=series_id)
    return found.before


@needs(Permission.CHANGE_MODELS)
def delete(session: Session, model_id: str, *, in_use_too: bool = False) -> ModelInfo | None:
    """Deletes a model; gives the one that takes its place where it was in use: that used before, or else the newest.

    PresencaError for the one in use, unless `in_use_too`.
    """
    series_id = session.workspace.model(model_id).series
    was = remembered(session, series_id) if series_id else None
    models.delete_model(session, model_id, in_use_too=in_use_too)
    if was is None or was.in_use is None or was.in_use.info.id != model_id:
        return None
    after = successor(was)
    if after is not None:
        models.use(session, after.id)
    return after


def successor(found: ModelMemory) -> ModelInfo | None:
    """What would be in use without the one that is: the one used before, or else the newest other; None without any."""
    return found.before or next((one.info for one in found.kept if not one.in_use), None)


@needs(Permission.CHANGE_MODELS)
def write_note(session: Session, model_id: str, text: str) -> str:
    """Keeps a note on a model, without what identifies a patient; gives it as it is kept. Empty: none."""
    clean = visible(read_comments([text[:LONGEST_NOTE].strip()]).texts[0])
    session.workspace.set_model_note(model_id, clean)
    session.audit("model_note_written", model=model_id, characters=len(clean))
    return clean
