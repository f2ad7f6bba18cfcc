"""The next month: several files as one data set, and a new file held against the one before."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path

from pipeline.contract import Product
from pipeline.errors import MissingFields, PresencaError
from pipeline.ingestion import joining
from pipeline.ingestion.dataset import Dataset
from pipeline.ingestion.intake import NOTHING
from pipeline.ingestion.reading.reader import RawTable
from pipeline.records import Comparison, DatasetInfo, ModelInfo, Progress, Recipe, Step, StepKind, note
from pipeline.services import catalog
from pipeline.services.data import datasets, fixing, loading, row_keys
from pipeline.services.data.placing import Into
from pipeline.services.data.reading import read
from pipeline.services.session import Permission, Session, needs

Tell = Callable[[Progress], None]
Upload = tuple[bytes | Path, str]  # content or path, name


def read_all(
    product_key: str, uploads: Sequence[Upload], recipe_for: Callable[[RawTable], Recipe], progress: Tell | None = None
) -> list[Dataset]:
    """Several files, each with its recipe, the oldest first (by their first date). The refusal of one names it."""
    declared = catalog.product(product_key)
    parts = []
    for place, (source, name) in enumerate(uploads):
        raw = read(source, None if isinstance(source, Path) and source.is_dir() else name)
        try:
            parts.append(
                loading.ingest(
                    declared, raw, recipe=recipe_for(raw), progress=_part_of(progress, place, len(uploads), name)
                )
            )
        except MissingFields as error:
            raise PresencaError("joining.part_refused", name=name, why=error.note) from None
    if not parts:
        raise PresencaError("joining.no_file")
    return sorted(parts, key=_age)


def _age(part: Dataset) -> tuple[str, str]:
    """Files of later days are newer; of the same days, the one that knows of a later outcome."""
    report = part.report
    return str(report.last_date or ""), str(report.last_outcome_date or "")


def _part_of(progress: Tell | None, place: int, count: int, name: str) -> Tell | None:
    if progress is None:
        return None
    return lambda p: progress(
        Progress((place + p.share) / (count + 1), note("checking.stage_of_file", name=name, stage=p.stage), rows=p.rows)
    )


def join(product_key: str, sources: Sequence[Path], recipe: Recipe = NOTHING, progress: Tell | None = None) -> Dataset:
    """Several files as one table, for the command line; the report is that of the joined table."""
    parts = read_all(product_key, [(path, path.name) for path in sources], lambda _: recipe, progress)
    declared = catalog.product(product_key)
    raw, aside = joining.join(parts, declared), _left_aside(parts, [recipe] * len(parts))
    parts.clear()  # what was found in each is not needed while the whole is read
    return loading.ingest(declared, raw, recipe=aside, progress=progress)


@needs(Permission.CHANGE_DATA)
def keep_joined(
    session: Session,
    product_key: str,
    uploads: Sequence[Upload],
    recipe: Recipe = NOTHING,
    progress: Tell | None = None,
    into: Into = datasets.RECOGNISED,
) -> DatasetInfo:
    """Several files become one data set of a series; columns of known headers are taken as they were chosen there."""
    used: dict[str, Recipe] = {}

    def recipe_for(raw: RawTable) -> Recipe:
        used[raw.sha256] = found = known_for(raw)
        return found

    def known_for(raw: RawTable) -> Recipe:
        known = session.workspace.recipe_for(product_key, raw.table.column_names, into.series) if into.series else None
        return (
            Recipe(known.recipe.sheet, known.recipe.columns, recipe.steps) if known and not recipe.columns else recipe
        )

    parts = read_all(product_key, uploads, recipe_for, progress)
    return _keep(
        session,
        catalog.product(product_key),
        parts,
        _left_aside(parts, [used[p.raw.sha256] for p in parts]),
        progress,
        into=into,
    )


@needs(Permission.CHANGE_DATA)
def add(session: Session, dataset_id: str, newer_id: str, progress: Tell | None = None) -> DatasetInfo:
    """Adds a kept file to the one before: both become one data set, and go themselves."""
    info, newer = session.workspace.dataset(dataset_id), session.workspace.dataset(newer_id)
    if info.product != newer.product or info.id == newer.id:
        raise PresencaError("joining.not_joinable")
    if info.series != newer.series:
        raise PresencaError("joining.other_series")
    read_ = sorted(
        ((fixing.read_again(session, key), fixing.recipe(session, key), key) for key in (dataset_id, newer_id)),
        key=lambda one: _age(one[0]),
    )
    parts = [part for part, _, _ in read_]
    aside = _left_aside(parts, [used for _, used, _ in read_])
    joined = _keep(
        session,
        catalog.product(info.product),
        parts,
        aside,
        progress,
        into=Into(newer.series, is_sample=info.is_sample and newer.is_sample),
        kept=[key for _, _, key in read_],
    )
    for old in (info, newer):
        datasets.delete(session, old.id, keep_recipes=True)  # the series goes on
    return joined


@needs(Permission.DELETE_DATA)
def replace(session: Session, dataset_id: str) -> tuple[ModelInfo, ...]:
    """The file before goes, the new one stays in its place."""
    return datasets.delete(session, dataset_id)


def _left_aside(parts: Sequence[Dataset], recipes: Sequence[Recipe]) -> Recipe:
    """What was left out of the parts stays so in the whole; what was of one part only, in that part's days only."""
    asked = [[step for step in known.steps if step.kind is StepKind.ASIDE] for known in recipes]
    steps: list[Step] = []
    for part, own in zip(parts, asked, strict=True):
        for step in own:
            if step.after or all(step in others for others in asked):
                steps.append(step)
            elif days := part.sheet.period():
                steps.append(dataclasses.replace(step, after=f"{days[0]}/{days[1]}"))
    return NOTHING.more(tuple(dict.fromkeys(steps)))


def _keep(
    session: Session,
    declared: Product,
    parts: Sequence[Dataset],
    aside: Recipe,
    progress: Tell | None,
    *,
    into: Into = datasets.RECOGNISED,
    kept: Sequence[str] = (),
) -> DatasetInfo:
    """`kept`: the data sets that the parts are kept as, in their order; none where they are not."""
    joined = loading.ingest(declared, joining.join(parts, declared), recipe=aside, progress=progress)
    files = [row_keys.Part(part.raw, key) for part, key in zip(parts, kept or [""] * len(parts), strict=True)]
    info = datasets.store(session, joined, aside, into=into, parts=files)
    session.audit("datasets_joined", dataset=info.id, rows=info.rows, files=len(parts))
    return info


# ---------------------------------------------------------------- comparing


def compare(
    product_key: str, before: Path, after: Path, recipe: Recipe = NOTHING, progress: Tell | None = None
) -> Comparison:
    """A file held against the one before, for the command line."""
    declared = catalog.product(product_key)
    old, new = (loading.load(product_key, path, recipe=recipe, progress=progress) for path in (before, after))
    return joining.compare(old.rows, new.rows, declared, (before.name, after.name))


@needs(Permission.READ_DATA)
def compare_kept(session: Session, dataset_id: str, newer_id: str) -> Comparison:
    """A kept data set held against the one before; both hold the same pseudonyms."""
    old, new = session.workspace.dataset(dataset_id), session.workspace.dataset(newer_id)
    return joining.compare(
        session.workspace.rows(old.id),
        session.workspace.rows(new.id),
        catalog.product(new.product),
        (old.name, new.name),
    )


@needs(Permission.READ_DATA)
def before(session: Session, info: DatasetInfo) -> tuple[DatasetInfo, ...]:
    """The other data sets of the series, the one just before this first: by their days, not by when they were sent."""
    own = (str(info.last_date or ""), info.created)
    found = sorted(
        (d for d in session.workspace.datasets(info.product) if d.id != info.id and d.series == info.series),
        key=lambda d: (str(d.last_date or ""), d.created),
        reverse=True,
    )
    earlier = [d for d in found if (str(d.last_date or ""), d.created) < own]
    return (*earlier, *(d for d in found if d not in earlier))
