"""A file scored into a file, however many rows it has: whole in memory, or by shards on workers; the same bytes."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from pathlib import Path

from pipeline import atomic
from pipeline.contract import Product
from pipeline.executing import Kept, kept
from pipeline.ingestion.dataset import Dataset, RowsInParts
from pipeline.ingestion.intake import NOTHING
from pipeline.insight.scoring import score
from pipeline.modeling.bundle import safe_zip
from pipeline.modeling.model import TrainedModel
from pipeline.modeling.text import sentence_encoder
from pipeline.presentation import spreadsheets
from pipeline.presentation.locale import messages
from pipeline.records import AgendaSummary, Progress, Recipe, note
from pipeline.records.sources import Source
from pipeline.services import clock
from pipeline.services.batch import bundles, files, theming
from pipeline.services.data.loading import Report, ingest
from pipeline.services.data.reading import read
from pipeline.services.large import scoring, spread
from pipeline.services.large.spread import Doing, Spread

_BLOCK = 1 << 17  # rows of a CSV that are put together at a time
_STREAMED = (".csv", ".parquet")  # what is written block by block; a workbook and FHIR are made whole


@dataclass(frozen=True)
class ScoreRequest:
    """What is scored, by which model, and with what: the options of `files.score_file`."""

    source: Source
    model: Path
    history: Source | None = None
    as_of: dt.date | None = None
    theme_set: Path | None = None
    recipe: Recipe = NOTHING


@dataclass(frozen=True)
class ScoredInto:
    """What is said of a file that was scored and written."""

    product: Product
    summary: AgendaSummary
    notes: tuple[str, ...]
    went_on: str = ""  # said where an earlier run had finished a part of it


def score_into(
    request: ScoreRequest, out: Path, how: Spread | None = None, progress: Report | None = None
) -> ScoredInto:
    """Scores every row of a file into `out` (see `files.write_scored`). By shards where `how` asks for it or the file
    is large, and `out` can be written so; else whole. PresencaError where the workers that are asked for can't be had.
    """
    how = how or Spread()
    content = safe_zip.file_bytes(request.model)
    declared, model = bundles.opened(content)
    files.check_scored_output(out, declared.key)
    active = theming.of_set(declared, request.theme_set)
    recipe, in_parts = request.recipe, _in_parts(model, out)
    with spread.standing(how, scoring.MODULES, at_once=how.asked and in_parts) as workers:
        dataset = ingest(
            declared, read(request.source, sheet=recipe.sheet, progress=progress), recipe=recipe, progress=progress
        )
        past = files.read_history(request.history, declared)
        if not suits(how, dataset, past) or not in_parts:
            asked = files.Asked(declared, model, active, past, request.as_of)
            scored = files.score_dataset(dataset, asked, progress)
            files.write_scored(scored, out)
            return ScoredInto(declared, scored.summary, scored.notes)
        history, notes = serving(past, declared, dataset)
        if history is not None and not knows_patients(history, declared):
            history = None
        asked_ = scoring.ToScore(dataset, declared, model, history, request.as_of, active, how.shards)
        with (
            kept(how.work, {"use": "score", **depends(asked_, content, recipe)}) as there,
            spread.doing(workers(), asked_.rows, progress) as doing,
        ):
            return _by_shards(asked_, content, there, doing, out, notes)


def _by_shards(
    asked: scoring.ToScore, content: bytes, there: Kept, doing: Doing, out: Path, notes: tuple[str, ...]
) -> ScoredInto:
    found = scoring.score_shards(asked, there, doing, content)
    doing.tell(Progress(0.9, note("large.writing"), doing.rows))
    _write(found, out)
    summary = files.with_left_out(found.summary(), asked.dataset, asked.declared)
    went_on = messages.say(note("large.went_on", done=found.ready, of=asked.number)) if found.ready else ""
    return ScoredInto(asked.declared, summary, files.told(found.fit(), asked.declared, asked.model, notes), went_on)


def _in_parts(model: TrainedModel, out: Path) -> bool:
    """Whether the answer can come in parts: a sense of comments is read of all of them together."""
    senses = model.reader is not None and model.reader.sense is not None and sentence_encoder.installed() is not None
    return out.suffix.lower() in _STREAMED and not senses


def suits(how: Spread, dataset: Dataset, history: Dataset | None) -> bool:
    """Whether a file is worked on by shards: few rows with a past of millions are."""
    return how.suits(dataset.raw.table.num_rows + (0 if history is None else history.raw.table.num_rows))


def serving(history: Dataset | None, declared: Product, dataset: Dataset) -> tuple[Dataset | None, tuple[str, ...]]:
    """As `files.past`, of columns that are asked for one at a time."""
    if history is None:
        return None, ()
    serves, notes = files.judged_history(RowsInParts.of(dataset), RowsInParts.of(history), declared)
    return history if serves else None, (*notes, *files.of_history_not_used(history, declared))


def knows_patients(dataset: Dataset, declared: Product) -> bool:
    """As `score.knows_patients`: rows of nobody are no history."""
    return score.knows_patients(RowsInParts.of(dataset), declared)


def depends(asked: scoring.ToScore, content: bytes, recipe: Recipe) -> dict[str, object]:
    """All that results depend on, the code apart; `content`: of the model's file."""
    history = asked.history.raw.sha256 if asked.history is not None else ""
    return {
        "product": asked.declared.key,
        "rows": asked.dataset.raw.sha256,
        "sheet": asked.dataset.raw.sheet,
        "recipe": repr(recipe),
        "history": history,
        "model": hashlib.sha256(content).hexdigest(),
        "themes": repr(asked.active),
        "as_of": asked.as_of,
        "today": clock.today(),
        "shards": asked.number,
    }


def _write(found: scoring.ScoredShards, out: Path) -> None:
    with atomic.replacing(out) as unfinished:
        if out.suffix.lower() == ".csv":
            spreadsheets.blocks_csv(found.blocks(_BLOCK), unfinished)
        else:
            spreadsheets.blocks_parquet(found.blocks(spreadsheets.PARQUET_BLOCK), unfinished)
