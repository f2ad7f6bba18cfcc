"""Judging models on files, without a workspace: the honest test, the card, two models side by side."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from pipeline import atomic
from pipeline.contract import Product
from pipeline.errors import PresencaError
from pipeline.ingestion.intake import NOTHING
from pipeline.insight import evaluation
from pipeline.modeling.bundle import bundle
from pipeline.presentation import html
from pipeline.presentation.sentences import skill_words, two_models_words
from pipeline.presentation.spreadsheets import skill_json
from pipeline.records import CarryOver, ModelCard, ModelComparison, Recipe, SkillReport
from pipeline.records.sources import Source
from pipeline.services.batch import bundles, files
from pipeline.services.catalog import product
from pipeline.services.data.loading import Report, ingest
from pipeline.services.data.reading import read


@dataclass(frozen=True)
class Evaluated:
    """The honest test of a model on a file, and whether it carries over; `notes`: what is said of its history."""

    product: Product
    card: ModelCard
    report: SkillReport
    carries: CarryOver
    notes: tuple[str, ...] = ()

    @property
    def lines(self) -> list[str]:
        """What is said of it, the verdict first."""
        return [*skill_words.lines(self.report, self.carries, self.product), *self.notes]


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
    past = files.read_history(history, declared)
    earlier = None if past is None else past.rows
    found = evaluation.evaluate(
        dataset.rows, declared, model, history=earlier, encoder=files.encoder(progress, len(dataset.rows))
    )
    found = replace(found, left_out=(*found.left_out, *files.not_used(dataset, declared)))
    notes = () if past is None else files.of_history_not_used(past, declared)
    return Evaluated(declared, model.card, found, evaluation.carries_over(found, model.card), notes)


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
    every = replace(found.all, left_out=(*found.all.left_out, *files.not_used(dataset, first)))
    return Compared(first, every, found.ahead, (sources[0].name, sources[1].name))


def write_comparison(found: Compared, path: Path) -> None:
    """The comparison as JSON."""
    atomic.write(path, skill_json.comparison_json(found.comparison, found.ahead, found.names, found.product).encode())
