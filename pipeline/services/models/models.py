"""The use cases of the model page: train in a process of its own, follow it, load, download, delete."""

from __future__ import annotations

import datetime as dt
import hashlib
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import pandas as pd

from pipeline.errors import NotEnoughData, PresencaError
from pipeline.insight.groups import small_cells
from pipeline.modeling.bundle import bundle
from pipeline.modeling.model import OutOfFoldPredictions, TrainedModel
from pipeline.presentation import html, spreadsheets
from pipeline.records import DatasetInfo, JobInfo, ModelCard, ModelInfo, Note, Progress, dump_kept, load_kept, note
from pipeline.records.network import NewUnitTest
from pipeline.records.skill import SkillReport
from pipeline.services import catalog, settings
from pipeline.services.data import datasets, event_columns
from pipeline.services.models import training
from pipeline.services.session import Permission, Session, needs
from pipeline.workspace.jobs import job_queue, job_worker, kinds
from pipeline.workspace.repositories.models import Origin

_POINTS = "points:"
_SEEN = "newest_seen:"  # setting: the newest model of a series when one was put to use
_SEARCHING = "training.searching"  # the stage in which a search can be ended
_STARS = tuple(f"star:{n}" for n in range(1, 6))


@needs(Permission.CHANGE_MODELS)
def start_training(session: Session, dataset_id: str, *, effort: str, seed: int = 7) -> JobInfo:
    """Starts a training in a process of its own. PresencaError if the data don't suffice or one is running."""
    record = datasets.report(session, dataset_id)
    if "training" not in record.usable_for:
        raise NotEnoughData("training.unsuitable", why=record.usable_why)
    job = job_queue.start(session.workspace, dataset_id, kinds.TRAIN, effort=effort, seed=seed)
    session.audit("training_started", dataset=dataset_id, job=job.id, effort=effort)
    return job


@needs(Permission.OPEN)
def current_job(session: Session, product_key: str) -> JobInfo | None:
    """The product's training that runs or waits, or None."""
    return job_queue.current(session.workspace, product_key)


@needs(Permission.OPEN)
def job(session: Session, job_id: str) -> JobInfo:
    """A job as it stands now."""
    return job_queue.job(session.workspace, job_id)


@needs(Permission.OPEN)
def data_name(session: Session, job_: JobInfo) -> str:
    """The name of the file that a training learns from."""
    return session.workspace.dataset(job_.dataset_id).name


@needs(Permission.CHANGE_MODELS)
def cancel_training(session: Session, job_id: str) -> None:
    """Asks a training to stop; it does so at its next step."""
    job_queue.cancel(session.workspace, job_id)
    session.audit("training_cancelled", job=job_id)


def is_searching(job_: JobInfo) -> bool:
    """Whether a training looks for a better recipe just now, so that it can be asked to do with the best so far."""
    stage = job_.progress.stage
    return job_.state in ("queued", "running") and isinstance(stage, Note) and stage.code == _SEARCHING


@needs(Permission.CHANGE_MODELS)
def settle_training(session: Session, job_id: str) -> None:
    """Ends a training's search: it goes on with the best recipe so far."""
    job_queue.settle(session.workspace, job_id)
    session.audit("training_settled", job=job_id)


@needs(Permission.CHANGE_MODELS)
def train_job(session: Session, job_: JobInfo, tell: Callable[[Progress], None], stopped: Callable[[], bool]) -> str:
    """What the job of a training does: learns, and keeps the model, whose id it gives. Cancelled."""
    info = session.workspace.dataset(job_.dataset_id)
    settings = job_worker.settings(session.workspace, job_.id)
    heard = training.Hearing(
        tell,
        stopped,
        lambda: job_worker.is_settled(session.workspace, job_.id),
    )
    model, past = training.trained(session, info.id, settings["effort"], settings["seed"], heard)
    heard.tell(Progress(1.0, note("training.keeping"), info.rows))
    kept = _keep(session, model, info)
    session.workspace.save_past_risks(kept.id, info.id, pack(past))
    event_columns.prepare(session, info.id, kept.id)
    session.audit("model_trained", dataset=info.id, model=kept.id, rows=model.card.rows_trained)
    return kept.id


def _keep(session: Session, model: TrainedModel, dataset: DatasetInfo) -> ModelInfo:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.zip"
        bundle.save(model, path, product=catalog.product(model.product_key), key=session.workspace.key)
        return add(session, path.read_bytes(), model.card, Source(dataset.id, dataset.name, dataset.series))


@dataclass(frozen=True)
class Source:
    """What a model learnt from: a data set of the workspace or None, the name of its file, the series it belongs to."""

    dataset_id: str | None
    dataset_name: str
    series: str


@needs(Permission.CHANGE_MODELS)
def add(session: Session, data: bytes, card: ModelCard, source: Source) -> ModelInfo:
    """Keeps a model; it is put to use where its series has none in use, and never takes another's place."""
    headline = card.test_ahead or card.test
    origin = Origin(
        product=card.product,
        dataset_id=source.dataset_id,
        dataset_name=source.dataset_name,
        card_json=dump_kept(card),
        trained_until=card.trained_until,
        auc_ahead=headline.model.auc.value,
        series=source.series,
    )
    info = session.workspace.add_model(data, origin)
    if source.series:
        session.workspace.first_model(source.series, info.id)
    return info


@needs(Permission.CHANGE_MODELS)
def import_model(session: Session, product_key: str, data: bytes, series: str = "") -> ModelInfo:
    """Loads a bundle that somebody uploads, after every check. UnsafeBundle or IncompatibleBundle if it fails.

    It belongs to the series of the file it learnt from, where that is here, or else to `series`.
    """
    model = bundle.load(data, catalog.product(product_key), session.today())
    same = [d for d in session.workspace.datasets(product_key) if d.sha256 == model.card.data_sha256]
    known = next((d for d in same if d.series == series), next(iter(same), None))
    source = Source(known.id if known else None, model.card.data_name, known.series if known else series)
    info = add(session, data, model.card, source)
    session.audit("model_loaded", model=info.id, product=product_key)
    return info


@needs(Permission.READ_MODELS)
def is_ours(session: Session, data: bytes) -> bool:
    """Whether this workspace signed a bundle as it is. UnsafeBundle or IncompatibleBundle where it can't be opened."""
    return bundle.is_signed(data, session.workspace.key)


@needs(Permission.READ_MODELS)
def is_kept_unsigned(session: Session, info: ModelInfo) -> bool:
    """Whether a kept model neither bears this workspace's signature nor ships with its product: said at each use.

    UnsafeBundle or IncompatibleBundle where it can't be opened, WorkspaceError where its file is gone.
    """
    shipped = catalog.starter_file(info.product)
    if shipped is not None and info.sha256 == hashlib.sha256(shipped.read_bytes()).hexdigest():
        return False
    return not _is_signed(session.workspace.bundle_path(info.id), info.sha256, session.workspace.key)


@lru_cache(maxsize=8)
def _is_signed(path: Path, _sha256: str, key: bytes) -> bool:
    return bundle.is_signed(path, key)


@needs(Permission.OPEN)
def models(session: Session, product_key: str) -> tuple[ModelInfo, ...]:
    """The models of a product, newest first."""
    return session.workspace.models(product_key)


@needs(Permission.READ_MODELS)
def one(session: Session, model_id: str) -> ModelInfo:
    """A model by its id. WorkspaceError if there is none."""
    return session.workspace.model(model_id)


@needs(Permission.OPEN)
def suited(session: Session, product_key: str, dataset: DatasetInfo | None) -> ModelInfo | None:
    """The model to use where nobody chose one: the one in use in the data set's series, or else the series' newest.

    A model of another clinic is never taken unasked.
    """
    kept = session.workspace.models(product_key)
    if dataset is None:
        return next(iter(kept), None)
    own = [m for m in kept if m.series == dataset.series]
    used = {s.model_id for s in session.workspace.series(product_key) if s.id == dataset.series}
    return next((m for m in own if m.id in used), next(iter(own), None))


@needs(Permission.OPEN)
def newer(session: Session, shown: ModelInfo, dataset: DatasetInfo | None) -> ModelInfo | None:
    """A model of the data set's series to propose in place of the one that is shown:
    the one in use, or the newest trained since.
    """
    if dataset is None:
        return None
    own = [m for m in session.workspace.models(shown.product) if m.series == dataset.series]
    used = suited(session, shown.product, dataset)
    if used is not None and used.id != shown.id and (shown.series != dataset.series or used.created > shown.created):
        return used
    newest = next(iter(own), None)
    if (
        newest is None
        or newest.id == shown.id
        or newest.created < shown.created
        or newest.id == session.workspace.setting(_SEEN + dataset.series)
    ):
        return None
    return newest


@needs(Permission.CHANGE_MODELS)
def use(session: Session, model_id: str) -> None:
    """Puts a model to use in its series: whoever opens the series is shown it."""
    info = session.workspace.model(model_id)
    if info.series:
        session.workspace.use_model(info.series, model_id, actor=session.who)
        seen(session, info)
        session.audit("model_used", model=model_id, series=info.series)


@needs(Permission.CHANGE_MODELS)
def seen(session: Session, info: ModelInfo) -> None:
    """Remembers which model was the newest when one was chosen: who went back to an older one is not asked again."""
    newest = next(m for m in session.workspace.models(info.product) if m.series == info.series)
    session.workspace.set_setting(_SEEN + info.series, newest.id)


@needs(Permission.OPEN)
def learnt_from_sample(session: Session, info: ModelInfo) -> bool:
    """Whether a model knows only the sample clinics; by the name of the file where the data set is gone."""
    source = next((d for d in session.workspace.datasets(info.product) if d.id == info.dataset_id), None)
    if source is not None:
        return source.is_sample
    return info.dataset_name in {name for _, name in catalog.product(info.product).sample.files}


@needs(Permission.READ_MODELS)
def load(session: Session, model_id: str) -> TrainedModel:
    """A model of the workspace, checked as any bundle; the last few stay in memory, as they hold no patient."""
    info = session.workspace.model(model_id)
    return _load(session.workspace.bundle_path(model_id), info.sha256, info.product, session.today())


@lru_cache(maxsize=4)
def _load(path: Path, sha256: str, product_key: str, today: dt.date) -> TrainedModel:
    return bundle.load(path, catalog.product(product_key), today)


@needs(Permission.READ_MODELS)
def card(session: Session, model_id: str) -> ModelCard:
    """What is said of a kept model."""
    found = load_kept(ModelCard, session.workspace.card(model_id))
    return _without_few(found) if settings.hides_small_cells(session) else found


def _without_few(found: ModelCard) -> ModelCard:
    """The card without groups of few: what is left may be handed on."""
    skill = None if found.skill is None else _skill_without_few(found.skill)
    return replace(found, skill=skill, new_unit=None if found.new_unit is None else _units_without_few(found.new_unit))


def _units_without_few(found: NewUnitTest) -> NewUnitTest:
    """Units that were left out: the same ones go from both tables, which tell of the same rows."""
    unseen, known = small_cells.splits((found.by_unit, found.by_unit_known))
    both = {one.value for one in unseen.groups} & {one.value for one in known.groups}
    unseen, known = (replace(one, groups=tuple(g for g in one.groups if g.value in both)) for one in (unseen, known))
    return replace(found, by_unit=unseen, by_unit_known=known)


def _skill_without_few(found: SkillReport) -> SkillReport:
    return replace(found, splits=small_cells.splits(found.splits))


@needs(Permission.READ_MODELS)
def card_html(session: Session, model_id: str) -> bytes:
    """The card as one self-contained HTML file."""
    record = _without_few(card(session, model_id))
    return html.model_card_html(record, catalog.product(record.product)).encode()


@needs(Permission.READ_MODELS)
def metrics(session: Session, model_id: str) -> bytes:
    """The measures of the model's test as JSON."""
    return spreadsheets.metrics_json(card(session, model_id)).encode()


@needs(Permission.EXPORT_MODELS)
def export_model(session: Session, model_id: str) -> bytes:
    """The model's bundle (.zip), to be used elsewhere."""
    return session.workspace.bundle_path(model_id).read_bytes()


@needs(Permission.CHANGE_MODELS)
def delete_model(session: Session, model_id: str, *, in_use_too: bool = False) -> None:
    """Deletes a model, and its series where nothing else is left in it.

    PresencaError for the one in use in its series, unless `in_use_too`.
    """
    series = session.workspace.model(model_id).series
    if not in_use_too and series and session.workspace.one_series(series).model_id == model_id:
        raise PresencaError("model.in_use")
    session.workspace.delete_model(model_id)
    if series:
        session.workspace.drop_series_if_empty(series)
    session.audit("model_deleted", model=model_id)


def pack(past: OutOfFoldPredictions) -> pd.DataFrame:
    """Past risks as one frame for the workspace; `unpack` undoes it."""
    frame = pd.DataFrame({"row": past.row, "risk": past.risk, "reference": past.reference})
    if past.stars is not None:
        frame = frame.assign(**{name: past.stars[:, i] for i, name in enumerate(_STARS)})
    if past.marks is not None:
        frame["marks"] = pd.Series(past.marks, dtype="str")
    return pd.concat([frame, past.points.reset_index(drop=True).add_prefix(_POINTS)], axis=1)


def unpack(frame: pd.DataFrame) -> OutOfFoldPredictions:
    """The past risks in a frame that `pack` made."""
    names = [c for c in frame.columns if c.startswith(_POINTS)]
    points = frame[names].rename(columns={c: c.removeprefix(_POINTS) for c in names})
    stars = frame[list(_STARS)].to_numpy() if _STARS[0] in frame else None
    marks = frame["marks"].astype("object").to_numpy() if "marks" in frame else None
    return OutOfFoldPredictions(
        frame["row"].to_numpy(), frame["risk"].to_numpy(), frame["reference"].to_numpy(), points, stars, marks
    )
