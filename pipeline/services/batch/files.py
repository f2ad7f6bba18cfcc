"""The use cases that need no workspace: a file in, a file out. The command line is a thin coat over these."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline import atomic
from pipeline.contract import Product, Theme
from pipeline.errors import PresencaError
from pipeline.ingestion.dataset import Dataset, RowsInParts
from pipeline.ingestion.intake import NOTHING
from pipeline.insight import fit
from pipeline.insight.scoring import score
from pipeline.modeling.model import TrainedModel
from pipeline.modeling.text import sentence_encoder
from pipeline.modeling.text.sense import Encoder, Listened
from pipeline.presentation import html, spreadsheets
from pipeline.presentation.locale import messages
from pipeline.presentation.sentences import fit_words, issue_words
from pipeline.records import STARTER_NAME, AgendaSummary, Fit, ModelCard, Note, Progress, Recipe, ValidationReport, note
from pipeline.records.sources import Source
from pipeline.services.batch import assessing, bundles, theming
from pipeline.services.catalog import product
from pipeline.services.data.loading import Report, ingest
from pipeline.services.data.reading import read
from pipeline.services.large import risk_columns

REPORT_ENDINGS = (".html", ".xlsx", ".json")
TABLE_ENDINGS = (".csv", ".xlsx", ".parquet")
SCORE_ENDINGS = (*TABLE_ENDINGS, *assessing.ENDINGS)


def check_output(path: Path, endings: tuple[str, ...]) -> None:
    """Refuses an output whose ending is unknown or whose folder is missing, before any work is done."""
    if path.suffix.lower() not in endings:
        raise PresencaError("output.unknown_ending", name=path.name, endings=endings)
    if not path.absolute().parent.is_dir():
        raise PresencaError("output.no_folder", name=path.name)


def write_report(report: ValidationReport, path: Path) -> None:
    """The validation report as .html, .xlsx or .json, by the ending of `path`."""
    declared = product(report.product)
    faces: dict[str, Callable[[], bytes]] = {
        ".html": lambda: html.validation_html(report, declared).encode(),
        ".xlsx": lambda: spreadsheets.validation_xlsx(report, declared),
        ".json": lambda: spreadsheets.report_json(report, product(report.product)).encode(),
    }
    check_output(path, REPORT_ENDINGS)
    atomic.write(path, faces[path.suffix.lower()]())


def metrics_json(card: ModelCard) -> str:
    """The measures of a model's test as JSON."""
    return spreadsheets.metrics_json(card)


@dataclass(frozen=True)
class ScoredFile:
    """A scored file: the input's columns as they came, then Presença's own."""

    product: Product
    table: pa.Table
    summary: AgendaSummary
    notes: tuple[str, ...] = ()
    assessed: assessing.Assessed | None = None


def score_file(
    source: Source,
    model_source: Path,
    *,
    history: Source | None = None,
    as_of: dt.date | None = None,
    theme_set: Path | None = None,
    recipe: Recipe = NOTHING,
    progress: Report | None = None,
) -> ScoredFile:
    """Scores every row of `source`, in order; a row that can't be scored says why in `observacao`. `theme_set`: the
    clinic's own themes, as it exported them.
    """
    declared, model = bundles.opened(model_source)
    active = theming.of_set(declared, theme_set)
    dataset = ingest(declared, read(source, sheet=recipe.sheet, progress=progress), recipe=recipe, progress=progress)
    return score_dataset(dataset, Asked(declared, model, active, read_history(history, declared), as_of), progress)


@dataclass(frozen=True)
class Asked:
    """How a file that was read is scored."""

    declared: Product
    model: TrainedModel
    active: tuple[Theme, ...]
    history: Dataset | None = None
    as_of: dt.date | None = None


def score_dataset(dataset: Dataset, asked: Asked, progress: Report | None = None) -> ScoredFile:
    """As `score_file`, of what was read of it: all rows in memory at once."""
    declared, model, active, as_of = asked.declared, asked.model, asked.active, asked.as_of
    earlier, notes = past(asked.history, declared, dataset)
    scored = score.score(
        dataset.rows, declared, model, history=earlier, as_of=as_of, encoder=encoder(progress, len(dataset.rows))
    )
    known = fit.judged(dataset.rows, declared, model, (scored.risk, dataset.rows["outcome"].to_numpy(dtype=np.float64)))
    return ScoredFile(
        declared,
        append_risks(dataset, declared, model, scored, active),
        with_left_out(scored.summary, dataset, declared),
        told(known, declared, model, notes),
        assessing.Assessed(dataset, declared, model.card, scored),
    )


def told(known: Fit, declared: Product, model: TrainedModel, notes: tuple[str, ...]) -> tuple[str, ...]:
    """What is to be said of a scored file beside its summary."""
    said = fit_words.fit(known, declared)
    more = said.text if said is not None else fit_words.lacking(known, declared)
    return (*_of_a_starter(model), *notes, *((more,) if more else ()))


def encoder(progress: Report | None, rows: int) -> Encoder | None:
    """What reads the sense of comments where it is installed; it says how far it is."""
    found = sentence_encoder.installed()
    if found is None or progress is None:
        return found

    def heard(done: int, of: int) -> None:
        progress(Progress(done / of, note("training.reading_sense", done=done, of=of), rows))

    return Listened(found, heard)


def _of_a_starter(model: TrainedModel) -> tuple[str, ...]:
    return (messages.say(Note("starter.used")),) if model.card.data_name == STARTER_NAME else ()


def read_history(source: Source | None, declared: Product) -> Dataset | None:
    """The history that was given, checked."""
    return None if source is None else ingest(declared, read(source))


def past(history: Dataset | None, declared: Product, dataset: Dataset) -> tuple[pd.DataFrame | None, tuple[str, ...]]:
    """The rows of the history that may be used, and what must be said of it."""
    if history is None:
        return None, ()
    serves, notes = judged_history(dataset.rows, history.rows, declared)
    return history.rows if serves else None, (*notes, *of_history_not_used(history, declared))


def judged_history(
    rows: pd.DataFrame | RowsInParts, past: pd.DataFrame | RowsInParts, declared: Product
) -> tuple[bool, tuple[str, ...]]:
    """Whether the rows of a history may be used, and what must be said of it."""
    if not score.knows_patients(past, declared):
        return True, (messages.say(Note("score.history_without_ids")),)
    unknown = fit.foreign_history(rows, past, declared)
    return not unknown, ((fit_words.foreign_history(unknown, declared),) if unknown else ())


def with_left_out(summary: AgendaSummary, dataset: Dataset, declared: Product) -> AgendaSummary:
    """The summary over every row of the file: those that validation left out are counted with their reasons."""
    left = not_used(dataset, declared)
    return replace(summary, rows=summary.rows + len(dataset.left_out), not_scored=(*summary.not_scored, *left))


def not_used(dataset: Dataset, declared: Product) -> tuple[tuple[Note, int], ...]:
    """Why validation left rows out, and how many, the commonest reason first."""
    reasons = issue_words.reasons(dataset.report.left_out, declared)
    return tuple((risk_columns.not_used(reason), rows) for reason, rows in reasons)


def of_history_not_used(history: Dataset, declared: Product) -> tuple[str, ...]:
    """What is said of the rows of a history that validation left out; nothing where there are none."""
    reasons = issue_words.reasons(history.report.left_out, declared)
    rows = sum(count for _, count in reasons)
    if not rows:
        return ()
    return (messages.say(note("score.history_left_out", rows=rows, reasons=tuple(why for why, _ in reasons))),)


def append_risks(
    dataset: Dataset, declared: Product, model: TrainedModel, scored: score.Scored, active: tuple[Theme, ...]
) -> pa.Table:
    """The raw table with the columns of risk, and of stars where they are told; rows left out carry their reason.
    `active`: the themes that comments are read for.
    """
    own = risk_columns.of_rows(dataset.rows, declared, model, scored, active)
    return risk_columns.appended(dataset.raw.table, dataset.raw.rows, own, risk_columns.LeftOut.of(dataset, declared))


def check_scored_output(path: Path, product_key: str) -> None:
    """As `check_output`, and PresencaError for FHIR where the product has no resource."""
    check_output(path, SCORE_ENDINGS)
    declared = product(product_key)
    if path.suffix.lower() in assessing.ENDINGS and declared.resource is None:
        raise PresencaError("output.no_resource", product=declared.title)


def write_scored(scored: ScoredFile, path: Path) -> None:
    """A scored file as a table, or as FHIR's RiskAssessments (.ndjson; .json: a Bundle), by the ending of `path`.
    PresencaError for FHIR where the product has no resource.
    """
    check_scored_output(path, scored.product.key)
    if path.suffix.lower() in assessing.ENDINGS and scored.assessed is not None:
        atomic.write(path, assessing.content(scored.assessed, path.suffix.lower()))
    else:
        write_table(scored.table, path)


def write_table(table: pa.Table, path: Path, sheet: str = "Presença") -> None:
    """A table as .csv (as Brazilian Excel opens it), .xlsx or .parquet, by the ending of `path`. PresencaError for more
    rows than a sheet of Excel has: who opens the file would see a part of it.
    """
    check_output(path, TABLE_ENDINGS)
    if path.suffix.lower() == ".xlsx" and table.num_rows > spreadsheets.SHEET_ROWS:
        raise PresencaError("output.too_long_for_excel", name=path.name, rows=table.num_rows)
    with atomic.replacing(path) as unfinished:
        match path.suffix.lower():
            case ".csv":
                spreadsheets.table_csv(table, unfinished)
            case ".xlsx":
                spreadsheets.table_xlsx(table, unfinished, sheet)
            case _:
                spreadsheets.table_parquet(table, unfinished)
