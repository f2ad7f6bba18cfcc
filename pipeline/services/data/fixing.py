"""The use cases of mending: read a kept file again with another recipe, step by step, and take steps back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace

import pandas as pd

from pipeline.contract import Product
from pipeline.errors import PresencaError
from pipeline.ingestion.dataset import Dataset
from pipeline.ingestion.intake import NOTHING
from pipeline.ingestion.mapping import propose
from pipeline.ingestion.reading.reader import RawTable
from pipeline.ingestion.repair import apply_steps, changes
from pipeline.records import (
    DatasetInfo,
    FileUse,
    KnownRecipe,
    Note,
    Progress,
    Recipe,
    Step,
    StepKind,
    ValidationReport,
    dump_kept,
    from_kept,
    load_kept,
    note_of,
    to_kept,
    to_plain,
)
from pipeline.services import catalog, clock
from pipeline.services.data import event_columns, event_keys, loading, masking, row_keys, seen
from pipeline.services.session import Permission, Session, needs
from pipeline.workspace.repositories.dataset_rows import Facts
from pipeline.workspace.repositories.datasets import Contents

Tell = Callable[[Progress], None]
_OF_CELLS = frozenset({StepKind.VALUE, StepKind.SWAP, StepKind.PAD, StepKind.ARRIVAL})
_ERASED = PresencaError("repair.original_erased")


@needs(Permission.READ_DATA)
def recipe(session: Session, dataset_id: str) -> Recipe:
    """How a data set was read, repairs of single cells included while the original is kept."""
    whole = session.workspace.recipe(dataset_id)
    if whole:
        return from_kept(Recipe, json.loads(whole)["recipe"])
    plain = json.loads(session.workspace.mapping(dataset_id))
    if "recipe" in plain:
        return from_kept(Recipe, plain["recipe"])
    return Recipe.of(plain.get("choice", {}), plain.get("sheet"))  # kept by an earlier version


@needs(Permission.READ_DATA)
def raw_table(session: Session, dataset_id: str) -> RawTable:
    """The file as it came, out of the vault. PresencaError once it is erased."""
    raw, numbers = session.workspace.raw(dataset_id), session.workspace.row_numbers(dataset_id)
    if raw is None or numbers is None:
        raise _ERASED
    facts = load_kept(ValidationReport, session.workspace.report(dataset_id)).file
    whole = session.workspace.recipe(dataset_id)
    notes = tuple(note_of(item) for item in json.loads(whole)["notes"]) if whole else ()
    return RawTable.of_facts(raw, numbers, replace(facts, notes=notes))


@needs(Permission.READ_DATA)
def read_again(
    session: Session, dataset_id: str, changed: Recipe | None = None, progress: Tell | None = None
) -> Dataset:
    """The data set as its own recipe, or another, reads it."""
    declared = catalog.product(session.workspace.dataset(dataset_id).product)
    return loading.ingest(
        declared,
        raw_table(session, dataset_id),
        progress=progress,
        recipe=recipe(session, dataset_id) if changed is None else changed,
    )


@needs(Permission.CHANGE_DATA)
def revise(session: Session, dataset_id: str, changed: Recipe, progress: Tell | None = None) -> DatasetInfo:
    """Reads the file again with another recipe and keeps that in place of what was there."""
    dataset = read_again(session, dataset_id, changed, progress)
    before = event_keys.noted(session, dataset_id)
    kept = contents(dataset, changed, row_keys.of_same(session, dataset_id, dataset.raw))
    info = session.workspace.revise_dataset(dataset_id, kept, facts(dataset.report, changed))
    event_keys.carry(session, dataset_id, before)
    event_columns.prepare(session, info.id)
    if not info.is_sample:
        remember(session, info, dataset.raw, changed)
    session.audit("dataset_revised", dataset=info.id, rows=info.rows, steps=len(changed.steps))
    return info


@needs(Permission.CHANGE_DATA)
def apply(session: Session, dataset_id: str, steps: tuple[Step, ...], progress: Tell | None = None) -> DatasetInfo:
    """Adds steps to the recipe."""
    return revise(session, dataset_id, recipe(session, dataset_id).more(steps), progress)


@needs(Permission.CHANGE_DATA)
def undo(session: Session, dataset_id: str, place: int, progress: Tell | None = None) -> DatasetInfo:
    """Takes one step back, whichever it is. PresencaError if it is no longer there."""
    known = recipe(session, dataset_id)
    if not 0 <= place < len(known.steps):
        raise PresencaError("repair.already_undone")
    return revise(session, dataset_id, known.without(place), progress)


@needs(Permission.READ_DATA)
def told(session: Session, dataset_id: str) -> tuple[Note, ...]:
    """What the steps of the recipe do, in their order."""
    declared = catalog.product(session.workspace.dataset(dataset_id).product)
    return tuple(changes.describe(step, declared) for step in recipe(session, dataset_id).steps)


def contents(dataset: Dataset, used: Recipe, finish: row_keys.Finish) -> Contents:
    """What the workspace keeps of a data set that was read with a recipe."""
    declared = catalog.product(dataset.product_key)
    plain = {"recipe": to_kept(used), "notes": [to_plain(item) for item in dataset.raw.notes]}
    return Contents(
        dataset.typed,  # without ids of events: those at rest are made of pseudonyms
        _left_out(dataset, declared),
        dump_kept(dataset.report),
        tuple(f.key for f in declared.fields if f.personal),
        dataset.faults,
        json.dumps(plain, ensure_ascii=False),
        finish,
    )


def _left_out(dataset: Dataset, declared: Product) -> pd.DataFrame:
    """Rows left out, with what was written in them: a comment that may not wait must be seen all the same."""
    left = dataset.left_out
    if declared.comment is None:
        return left
    return left.assign(**{declared.comment.key: dataset.left_out_comments.reindex(left["row"]).to_numpy()})


def facts(report: ValidationReport, used: Recipe = NOTHING) -> Facts:
    """What the record of a data set says of it."""
    return Facts(_purpose(report), report.first_date, report.last_date, report.usable_for, mapping_json(used))


def _purpose(report: ValidationReport) -> str:
    """Whether a data set looks back, ahead, or both: said by its outcomes; one without any waits to be predicted."""
    counts = dict(report.outcomes)
    known = counts.get("event", 0) + counts.get("non_event", 0)
    open_ = counts.get("pending", 0)
    if known and open_:
        return "mixed"
    return "past" if known else "future"


def mapping_json(used: Recipe) -> str:
    """How the file was read, without what stood in single cells: those are told apart by a hash."""
    cells = [to_plain(step) for step in used.steps if step.kind is StepKind.CELL]
    digest = hashlib.sha256(json.dumps(cells, ensure_ascii=False).encode()).hexdigest() if cells else ""
    return json.dumps({"recipe": to_plain(used.for_other_files()), "cells": digest}, sort_keys=True)


# ---------------------------------------------------------------- what is remembered for the next file


@dataclass(frozen=True)
class StepEffect:
    """What a remembered step does, and the cells of a new file that it would change;
    None where it changes how cells are read.
    """

    step: Step
    told: Note
    cells: int | None


def effects(raw: RawTable, declared: Product, known: Recipe) -> tuple[StepEffect, ...]:
    """What each remembered step would change in a new file, one after the other."""
    steps = known.for_other_files()
    matches = propose.apply_choice(propose.propose(raw, declared), steps.choice, declared)
    done = apply_steps.amend(raw.table, raw.rows, matches, declared, steps, clock.today())
    return tuple(
        StepEffect(step, changes.describe(step, declared), cells if step.kind in _OF_CELLS else None)
        for step, cells in zip(steps.steps, done.changed, strict=True)
    )


@needs(Permission.CHANGE_DATA)
def remember(session: Session, info: DatasetInfo, raw: RawTable, used: Recipe) -> None:
    """Keeps the recipe for the series' files with the same headers, as long as this data set is kept."""
    kept, headers = used.for_other_files(), raw.table.column_names
    if kept.columns or kept.steps or session.workspace.recipe_for(info.product, headers, info.series):
        session.workspace.remember_recipe(
            info.product, headers, raw.file_name, kept, series=info.series, dataset=info.id
        )


@needs(Permission.READ_DATA)
def recipes(session: Session, product_key: str) -> tuple[KnownRecipe, ...]:
    """The recipes that are remembered for a product's files."""
    return session.workspace.recipes(product_key)


@needs(Permission.CHANGE_DATA)
def forget(session: Session, recipe_id: str) -> None:
    """Forgets a remembered recipe; data that were read with it stay as they are."""
    session.workspace.forget_recipe(recipe_id)
    session.audit("recipe_deleted", recipe=recipe_id)


@needs(Permission.READ_DATA)
def recipe_file(session: Session, dataset_id: str, *, identified: bool | None = None) -> bytes:
    """The recipe of a data set as a file; a masked one (see `masking`) without the repairs of single cells, which tell
    what stood in them.
    """
    named = masking.is_identified(session, FileUse.OTHER, identified)
    found, info = recipe(session, dataset_id), session.workspace.dataset(dataset_id)
    cells = sum(step.kind is StepKind.CELL for step in found.steps)
    seen.taken(session, dataset_id, "recipe", cells, identified=named and cells > 0)
    return recipe_json(info.product, found if named else found.for_other_files())


def recipe_json(product_key: str, known: Recipe) -> bytes:
    """A recipe as a file, for another computer or the command line."""
    plain = {"product": product_key, **to_plain(known)}
    return (json.dumps(plain, ensure_ascii=False, indent=2) + "\n").encode()


def read_recipe(product_key: str, data: bytes) -> Recipe:
    """A recipe from a file; a plain {field: header} is taken, too.
    PresencaError where it is none, or another product's.
    """
    wrong = PresencaError("repair.no_recipe")
    try:
        plain = json.loads(data.decode("utf-8-sig"))
        if not isinstance(plain, dict):
            raise wrong
        product = plain.pop("product", product_key)
        if "columns" not in plain and "steps" not in plain:
            plain = {"columns": sorted(plain.items())}
        found: Recipe = from_kept(Recipe, plain)
    except (ValueError, TypeError, KeyError, RecursionError, AttributeError, StopIteration):
        raise wrong from None
    if product != product_key:
        raise PresencaError("repair.other_product", product=catalog.product(product_key).title)
    apply_steps.check_steps(found, catalog.product(product_key))
    return found
