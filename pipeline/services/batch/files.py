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
from pipeline.errors import NotEnoughData, PresencaError
from pipeline.ingestion.dataset import Dataset
from pipeline.ingestion.intake import NOTHING
from pipeline.insight import fit
from pipeline.insight.comments import certainty, nps_groups, severity
from pipeline.insight.scoring import score
from pipeline.modeling.model import OutOfFoldPredictions, TrainedModel
from pipeline.modeling.text import sentence_encoder
from pipeline.modeling.text.sense import Encoder, Listened
from pipeline.modeling.training import train as training
from pipeline.presentation import html, spreadsheets
from pipeline.presentation.frames.comment_tables import UNSURE
from pipeline.presentation.locale import messages, names
from pipeline.presentation.sentences import fit_words, issue_words, reason_words
from pipeline.records import STARTER_NAME, AgendaSummary, ModelCard, Note, Progress, Recipe, ValidationReport, note
from pipeline.records.sources import Source
from pipeline.services.batch import assessing, bundles, theming
from pipeline.services.catalog import product
from pipeline.services.data.loading import Report, ingest
from pipeline.services.data.reading import read

REPORT_ENDINGS = (".html", ".xlsx", ".json")
TABLE_ENDINGS = (".csv", ".xlsx", ".parquet")
SCORE_ENDINGS = (*TABLE_ENDINGS, *assessing.ENDINGS)
_STARS = tuple(f"prob_{star}" for star in range(1, 6))
_NUMBERS = (*_STARS, "estrelas_previstas", "risco")
_SEVERITY = "gravidade"


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


def train(
    dataset: Dataset,
    *,
    effort: str,
    seed: int,
    progress: Report | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> tuple[TrainedModel, OutOfFoldPredictions]:
    """Trains on the data set's rows. NotEnoughData, with the reason, if they don't suffice."""
    declared = product(dataset.product_key)
    report = dataset.report
    if "training" not in report.usable_for:
        raise NotEnoughData("training.unsuitable", why=report.usable_why)
    return training.train(
        dataset.rows,
        declared,
        training.TrainingRun(effort, seed, report.file.name, report.file.sha256, tells_past=False),
        encoder=sentence_encoder.installed(),
        progress=progress,
        cancelled=cancelled,
    )


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
    earlier, notes = past(history, declared, dataset)
    scored = score.score(
        dataset.rows, declared, model, history=earlier, as_of=as_of, encoder=encoder(progress, len(dataset.rows))
    )
    known = fit.judged(dataset.rows, declared, model, (scored.risk, dataset.rows["outcome"].to_numpy(dtype=np.float64)))
    said = fit_words.fit(known, declared)
    more = said.text if said is not None else fit_words.lacking(known, declared)
    return ScoredFile(
        declared,
        append_risks(dataset, declared, model, scored, active),
        _with_left_out(scored.summary, dataset, declared),
        (*_of_a_starter(model), *notes, *((more,) if more else ())),
        assessing.Assessed(dataset, declared, model.card, scored),
    )


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


def past(history: Source | None, declared: Product, dataset: Dataset) -> tuple[pd.DataFrame | None, tuple[str, ...]]:
    """The rows of the history that may be used, and what must be said of it."""
    if history is None:
        return None, ()
    found = ingest(declared, read(history)).rows
    if not score.knows_patients(found, declared):
        return found, (messages.say(Note("score.history_without_ids")),)
    unknown = fit.foreign_history(dataset.rows, found, declared)
    if unknown:
        return None, (fit_words.foreign_history(unknown, declared),)
    return found, ()


def _with_left_out(summary: AgendaSummary, dataset: Dataset, declared: Product) -> AgendaSummary:
    """The summary over every row of the file: those that validation left out are counted with their reasons."""
    reasons = issue_words.with_reasons(dataset.left_out, declared)["reason"].value_counts()
    left = tuple((_not_used(str(reason)), int(rows)) for reason, rows in reasons.items() if rows)
    return replace(summary, rows=summary.rows + len(dataset.left_out), not_scored=(*summary.not_scored, *left))


def _not_used(reason: str) -> Note:
    return note("score.left_out", reason=reason)


def append_risks(
    dataset: Dataset, declared: Product, model: TrainedModel, scored: score.Scored, active: tuple[Theme, ...]
) -> pa.Table:
    """The raw table with the columns of risk, and of stars where they are told; rows left out carry their reason.
    `active`: the themes that comments are read for.
    """
    own = pd.DataFrame(_own_columns(dataset, declared, model, scored, active), index=scored.row)
    own = own.reindex(np.asarray(dataset.raw.row_numbers))
    left = issue_words.with_reasons(dataset.left_out, declared)
    for row, reason in zip(left["row"], left["reason"], strict=True):
        own.at[row, "observacao"] = messages.say(_not_used(reason))
    told = dataset.left_out_comments if declared.alerts else pd.Series([], dtype="str")
    for row, code in zip(told.index, _codes(told.tolist(), declared), strict=True):
        own.at[row, _SEVERITY] = code  # harm is told whether or not its row is used
    table = dataset.raw.table
    for name in own.columns:
        values = own[name].to_numpy()
        column = pa.array(values, pa.float64(), from_pandas=True) if name in _NUMBERS else _texts(values)
        table = table.append_column(spreadsheets.free_name(table, name), column)
    return table


def _own_columns(
    dataset: Dataset, declared: Product, model: TrainedModel, scored: score.Scored, active: tuple[Theme, ...]
) -> dict[str, object]:
    reasons, alerts = score.reasons(scored, dataset.rows, declared), severity.of_rows(dataset.rows, declared)
    stars, doubts = _of_stars(dataset.rows, declared, model, scored, np.array(list(map(bool, alerts)), dtype=bool))
    return {
        **stars,
        "risco": scored.risk,
        "faixa": [names.tier(key) if key else None for key in scored.tier],
        **{f"motivo_{n}": reason_words.reasons(of.notes, of.points) for n, of in enumerate(reasons, start=1)},
        **doubts,
        **({_SEVERITY: [severity.code(found, declared.alerts) for found in alerts]} if declared.alerts else {}),
        **({"temas": theming.column(dataset.rows, declared, active, model)} if declared.themes else {}),
        "observacao": reason_words.texts(scored.observation),
    }


def _of_stars(
    rows: pd.DataFrame, declared: Product, model: TrainedModel, scored: score.Scored, alarmed: np.ndarray
) -> tuple[dict[str, object], dict[str, object]]:
    """Stars and group that are read in each row, and what is to be doubted of them; as the pages tell it."""
    if scored.stars is None:
        return {}, {}
    told, unsure = certainty.of_rows(rows, declared, scored.stars, model.reader, alarmed)
    groups = [names.nps_group(key or UNSURE) if key or why else None for key, why in zip(told, unsure, strict=True)]
    stars = {"estrelas_previstas": nps_groups.expected(scored.stars), "classe_prevista": groups}
    apart = reason_words.texts(nps_groups.divergence_notes(rows, declared, scored.stars))
    return (
        {**dict(zip(_STARS, scored.stars.T, strict=True)), **stars},
        {"divergencia": apart, "incerteza": reason_words.texts(certainty.notes(unsure))},
    )


def _codes(comments: list[str], declared: Product) -> list[str]:
    return [severity.code(found, declared.alerts) for found in severity.alerts(comments, declared.alerts)]


def _texts(values: np.ndarray) -> pa.Array:
    return pa.array([v if isinstance(v, str) and v else None for v in values], pa.string())


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
