"""Judging models on files, without a workspace: the honest test, the card, two models side by side."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from pipeline import atomic
from pipeline.contract import Product
from pipeline.errors import PresencaError
from pipeline.ingestion.dataset import Dataset
from pipeline.ingestion.intake import NOTHING
from pipeline.insight import evaluation
from pipeline.modeling.bundle import bundle
from pipeline.presentation import html
from pipeline.presentation.sentences import issue_words, skill_words, two_models_words
from pipeline.presentation.spreadsheets import skill_json
from pipeline.records import CarryOver, ModelCard, ModelComparison, Note, Recipe, SkillReport, note
from pipeline.records.sources import Source
from pipeline.services.batch import bundles, files
from pipeline.services.catalog import product
from pipeline.services.data.loading import Report, ingest
from pipeline.services.data.reading import read


@dataclass(frozen=True)
class Evaluated:
    """The honest test of a model on a file, and whether it carries over."""

    product: Product
    card: ModelCard
    report: SkillReport
    carries: CarryOver

    @property
    def lines(self) -> list[str]:
        """What is said of it, the verdict first."""
        return skill_words.lines(self.report, self.carries, self.product)


@dataclass(frozen=True)
class Compared:
    """Two models on the same rows of a file, with the names of their files; `ahead`: without those booked on the day,
    None where these can't be told.
    """

    product: Product
    comparison: ModelComparison
    ahead: ModelComparison | None
    names: tuple[str, str]

    @property
    def lines(self) -> list[str]:
        """What is said of them, which is better first."""
        return two_models_words.comparison_lines(self.comparison, self.ahead, self.product, self.names)


def evaluate_file(
    source: Source,
    model_source: Path,
    *,
    history: Source | None = None,
    recipe: Recipe = NOTHING,
    progress: Report | None = None,
) -> Evaluated:
    """The honest test on the rows of `source` that the model did not learn from.

    NotEnoughData where too few of them are left; what reading a file and opening a bundle raise.
    """
    declared, model = bundles.opened(model_source)
    dataset = ingest(declared, read(source, sheet=recipe.sheet), recipe=recipe, progress=progress)
    past = None if history is None else ingest(declared, read(history)).rows
    found = evaluation.evaluate(
        dataset.rows, declared, model, history=past, encoder=files.encoder(progress, len(dataset.rows))
    )
    found = replace(found, left_out=(*found.left_out, *_left_out(dataset, declared)))
    return Evaluated(declared, model.card, found, evaluation.carries_over(found, model.card))


def _left_out(dataset: Dataset, declared: Product) -> tuple[tuple[Note, int], ...]:
    """Rows that validation left out, by reason."""
    reasons = issue_words.reasons(dataset.report.left_out, declared)
    return tuple((note("score.left_out", reason=reason), rows) for reason, rows in reasons)


def write_evaluation(found: Evaluated, path: Path) -> None:
    """The honest test as JSON."""
    atomic.write(path, skill_json.report_json(found.report, found.carries, found.product).encode())


def write_card(model_source: Path, path: Path) -> None:
    """The card of a bundle as one self-contained HTML file."""
    declared, model = bundles.opened(model_source)
    atomic.write(path, html.model_card_html(model.card, declared).encode())


def compare_models(
    sources: tuple[Path, Path], data: Source, *, recipe: Recipe = NOTHING, progress: Report | None = None
) -> Compared:
    """Two bundles on the rows of `data` from which neither learnt. PresencaError where they are of two products."""
    first, second = (product(bundle.peek(source)) for source in sources)
    if first.key != second.key:
        raise PresencaError("evaluate.other_product", first=first.title, second=second.title)
    models = (bundles.opened(sources[0])[1], bundles.opened(sources[1])[1])
    dataset = ingest(first, read(data, sheet=recipe.sheet), recipe=recipe, progress=progress)
    found = evaluation.compare(dataset.rows, first, models, encoder=files.encoder(progress, len(dataset.rows)))
    every = replace(found.all, left_out=(*found.all.left_out, *_left_out(dataset, first)))
    return Compared(first, every, found.ahead, (sources[0].name, sources[1].name))


def write_comparison(found: Compared, path: Path) -> None:
    """The comparison as JSON."""
    atomic.write(path, skill_json.comparison_json(found.comparison, found.ahead, found.names, found.product).encode())
