"""What a training's job does: learns from the typed rows of a data set, whole in memory or, of many, by shards."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace

from pipeline.executing import kept, opened
from pipeline.modeling.file_rows import Rows
from pipeline.modeling.model import OutOfFoldPredictions, TrainedModel
from pipeline.modeling.text.comment_field import text_factor
from pipeline.modeling.training import train
from pipeline.modeling.training.boosting import EFFORTS
from pipeline.records import DatasetInfo, Progress
from pipeline.services import catalog
from pipeline.services.data import contacted, senses
from pipeline.services.large import kept_training, spread
from pipeline.services.large.spread import Spread
from pipeline.services.large.training import ShareOfTraining
from pipeline.services.session import Permission, Session, needs
from pipeline.workspace.jobs import job_work


@dataclass(frozen=True)
class Hearing:
    """Whom a training tells how far it is, and whom it asks whether to stop, or to do with the best recipe so far."""

    tell: Callable[[Progress], None]
    cancelled: Callable[[], bool]
    enough: Callable[[], bool]


@needs(Permission.CHANGE_MODELS)
def trained(
    session: Session, dataset_id: str, effort: str, seed: int, heard: Hearing, number: int | None = None
) -> tuple[TrainedModel, OutOfFoldPredictions]:
    """A model of a data set, and the risks of its past. `number`: of shards, where that is not left to the number of
    rows. Comments are learnt from together. What `train.train` raises.
    """
    info = session.workspace.dataset(dataset_id)
    declared = catalog.product(info.product)

    run = train.TrainingRun(effort, seed, info.name, info.sha256)

    def learnt(
        rows: Rows, tell: Callable[[Progress], None], run: train.TrainingRun = run
    ) -> tuple[TrainedModel, OutOfFoldPredictions]:
        return train.train(
            rows,
            declared,
            run,
            encoder=senses.keeping(session.workspace, dataset_id),
            progress=tell,
            cancelled=heard.cancelled,
            enough=heard.enough,
        )

    how = Spread(shards=number)
    if not how.suits(info.rows) or text_factor(declared) is not None:
        return learnt(contacted.rows(session, dataset_id), heard.tell)
    said = ShareOfTraining(heard.tell, learns_all=EFFORTS[effort].learns_all)
    depends = {**_depends(session, info), "effort": effort, "seed": seed, "shards": number}
    with (
        kept(job_work.place(session.workspace, dataset_id), depends) as there,
        opened(workers=1) as executor,  # a folder of the workspace is for no scheduler's workers
        spread.doing(executor, info.rows, said.of_shards, heard.cancelled) as doing,
    ):
        rows = kept_training.rows_of(session, dataset_id, declared, (there, doing), said, number)
        return learnt(rows, said.of_trainer, replace(run, finished=there))


def _depends(session: Session, info: DatasetInfo) -> dict[str, object]:
    """What is kept of a training's work depends on: the rows as they are now, and whose patients were sought."""
    sought = sorted(contacted.first(session, info.series).items())
    return {
        "use": "train",
        "dataset": info.id,
        "rows": info.sha256,
        "revision": session.workspace.revision(info.id),
        "sought": hashlib.sha256(repr(sought).encode()).hexdigest(),
        "today": session.today(),
    }
