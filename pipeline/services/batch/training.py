"""A model trained on a file, however many rows it has: whole in memory, or by shards on workers; the same bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from pipeline.errors import NotEnoughData
from pipeline.executing import kept
from pipeline.ingestion.dataset import Dataset
from pipeline.ingestion.intake import NOTHING
from pipeline.modeling.file_rows import Rows
from pipeline.modeling.model import OutOfFoldPredictions, TrainedModel
from pipeline.modeling.text import sentence_encoder
from pipeline.modeling.text.comment_field import text_factor
from pipeline.modeling.training import train as training
from pipeline.modeling.training.boosting import EFFORTS
from pipeline.modeling.training.finished import Finished
from pipeline.records import Recipe
from pipeline.services import clock
from pipeline.services.catalog import product
from pipeline.services.data.loading import Report
from pipeline.services.large import spread
from pipeline.services.large import training as by_shards
from pipeline.services.large.spread import Spread


@dataclass(frozen=True)
class TrainRequest:
    """How a model is trained: with how much effort, from which seed, on the rows of a file that was read so."""

    effort: str
    seed: int
    recipe: Recipe = NOTHING


def train(
    dataset: Dataset,
    *,
    effort: str,
    seed: int,
    recipe: Recipe = NOTHING,
    how: Spread | None = None,
    progress: Report | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> tuple[TrainedModel, OutOfFoldPredictions]:
    """Trains on the data set's rows, `recipe` being how they were read. By shards where `how` asks for it or the file
    is large, unless comments are learnt from, which are read together. NotEnoughData, with the reason, if the rows
    don't suffice; PresencaError where the workers that are asked for can't be had, or the rows would not fit in memory.
    """
    declared, how = product(dataset.product_key), how or Spread()
    report = dataset.report
    if "training" not in report.usable_for:
        raise NotEnoughData("training.unsuitable", why=report.usable_why)
    request = TrainRequest(effort, seed, recipe)
    if not how.suits(dataset.raw.table.num_rows) or text_factor(declared) is not None:
        return _trained(dataset, dataset.rows, request, progress, cancelled)
    said = by_shards.ShareOfTraining(progress, learns_all=EFFORTS[effort].learns_all)
    rows = int(dataset.checked.usable.sum())
    with (
        kept(how.work, {"use": "train", **_depends(dataset, request, how)}) as there,
        spread.standing(how, by_shards.MODULES, at_once=True) as workers,
        spread.doing(workers(), rows, said.of_shards, cancelled) as doing,
    ):
        cut = by_shards.rows_of(dataset, declared, there, doing, said, how.shards)
        return _trained(dataset, cut, request, said.of_trainer, cancelled, there)


def _trained(
    dataset: Dataset,
    rows: Rows,
    request: TrainRequest,
    progress: Report | None,
    cancelled: Callable[[], bool] | None,
    finished: Finished | None = None,
) -> tuple[TrainedModel, OutOfFoldPredictions]:
    file = dataset.report.file
    run = training.TrainingRun(request.effort, request.seed, file.name, file.sha256, tells_past=False)
    return training.train(
        rows,
        product(dataset.product_key),
        run if finished is None else replace(run, finished=finished),
        encoder=sentence_encoder.installed(),
        progress=progress,
        cancelled=cancelled,
    )


def _depends(dataset: Dataset, request: TrainRequest, how: Spread) -> dict[str, object]:
    """All that what is kept depends on, the code apart."""
    return {
        "product": dataset.product_key,
        "rows": dataset.raw.sha256,
        "sheet": dataset.raw.sheet,
        "recipe": repr(request.recipe),
        "effort": request.effort,
        "seed": request.seed,
        "today": clock.today(),
        "shards": how.shards,
    }
