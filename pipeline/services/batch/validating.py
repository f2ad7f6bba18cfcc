"""`validate` on the command line: read with a recipe, take what was mended, and write any of its faces."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipeline import atomic
from pipeline.errors import PresencaError
from pipeline.ingestion.cleaned_table import clean_table
from pipeline.ingestion.dataset import Dataset
from pipeline.ingestion.intake import NOTHING
from pipeline.modeling.bundle import bundle
from pipeline.presentation.spreadsheets.annotated import NOTHING_TO_MEND
from pipeline.records import Note, Progress, Proposal, Recipe, Step, StepKind
from pipeline.records.sources import Source
from pipeline.services import catalog
from pipeline.services.batch import files
from pipeline.services.data import fixing, loading, table
from pipeline.services.data.reading import read

OUTPUTS: dict[str, tuple[str, ...]] = {
    "report": files.REPORT_ENDINGS,
    "annotated": (".xlsx",),
    "clean": files.TABLE_ENDINGS,
    "left_out": files.TABLE_ENDINGS,
    "save_mapping": (".json",),
}


@dataclass(frozen=True)
class Validated:
    """A file that was read, the recipe that did it, and sentences on what was mended."""

    dataset: Dataset
    recipe: Recipe
    notes: tuple[Note, ...] = ()


def recipe_from(product_key: str, data: bytes | None, *, nps: bool = False) -> Recipe:
    """The recipe in a file (nothing without one), with notes read as stars where that was said."""
    known = fixing.read_recipe(product_key, data) if data is not None else NOTHING
    return known.more((Step(StepKind.STARS),)) if nps else known


def product_of_model(model: Path) -> str:
    """The key of the product that a bundle was trained for."""
    return bundle.peek(model)


def accepted(proposals: tuple[Proposal, ...]) -> tuple[Step, ...]:
    """The steps that accept what is proposed for values that were not understood; merging names stays a choice."""
    return tuple(Step(StepKind.VALUE, p.field, p.text, p.meant) for p in proposals if p.meant and not p.merge)


def validate(
    product_key: str,
    file: Source,
    *,
    recipe: Recipe = NOTHING,
    accept: bool = False,
    fixed: Path | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Validated:
    """Reads a file; then, where asked, takes the mended cells and the proposals, and reads it again."""
    declared = catalog.product(product_key)
    raw = read(file, sheet=recipe.sheet, progress=progress)
    dataset, notes = loading.ingest(declared, raw, recipe=recipe, progress=progress), []
    if fixed is not None:
        if not fixed.is_file():
            raise PresencaError("fixing.no_such_file", name=fixed.name)
        back = table.mended_of(dataset, fixed)
        recipe = recipe.more(back.steps)
        notes = list(table.mended_lines(back))
        dataset = loading.ingest(declared, raw, recipe=recipe, progress=progress)
    if accept and (steps := accepted(dataset.report.proposals)):
        recipe = recipe.more(steps)
        dataset = loading.ingest(declared, raw, recipe=recipe, progress=progress)
    return Validated(dataset, recipe, tuple(notes))


def write_output(name: str, found: Validated, path: Path) -> str:
    """One of the OUTPUTS, by its name; a sentence where there was nothing to write into it."""
    dataset = found.dataset
    ways: dict[str, Callable[[], None]] = {
        "report": lambda: files.write_report(dataset.report, path),
        "annotated": lambda: atomic.write(path, table.annotated_of(dataset)),
        "clean": lambda: files.write_table(clean_table(dataset), path),
        "left_out": lambda: files.write_table(table.left_out_of(dataset), path),
        "save_mapping": lambda: atomic.write(path, fixing.recipe_json(dataset.product_key, found.recipe)),
    }
    ways[name]()
    return NOTHING_TO_MEND if name == "annotated" and table.nothing_to_mend(dataset) else ""
