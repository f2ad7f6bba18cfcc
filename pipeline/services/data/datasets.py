"""The use cases of the data page: upload, look, choose columns, keep, list, download, delete."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa

from pipeline.contract import Product
from pipeline.errors import PresencaError
from pipeline.ingestion import intake as ingestion
from pipeline.ingestion.dataset import Dataset
from pipeline.ingestion.intake import NOTHING
from pipeline.ingestion.mapping import propose
from pipeline.ingestion.parsing.column import encode
from pipeline.ingestion.parsing.field_types import parse_column
from pipeline.ingestion.parsing.ratings import NPS
from pipeline.ingestion.reading.reader import RawTable
from pipeline.presentation import html, spreadsheets
from pipeline.presentation.sentences import issue_words
from pipeline.records import (
    ColumnMatch,
    DatasetInfo,
    FileUse,
    KnownRecipe,
    ModelInfo,
    Progress,
    Recipe,
    SeriesInfo,
    ValidationReport,
    load_kept,
)
from pipeline.services import catalog, clock
from pipeline.services.data import (
    event_columns,
    event_keys,
    fixing,
    loading,
    masking,
    other_product,
    placing,
    recognition,
    row_keys,
    seen,
    severe,
)
from pipeline.services.data.fixing import StepEffect
from pipeline.services.data.placing import Into
from pipeline.services.data.reading import read
from pipeline.services.data.recognition import Likeness
from pipeline.services.session import Permission, Session, needs
from pipeline.workspace.repositories.datasets import Source

RECOGNISED = Into()


@dataclass(frozen=True)
class Preview:
    """An upload before it is kept: its sheets and what each column was taken for."""

    file_name: str
    sheet: str | None
    sheets: tuple[str, ...]
    rows: int
    columns: tuple[ColumnMatch, ...]
    other: str | None = None  # key of the product whose file it rather is
    nps: bool = False  # the rating is a note of 0 to 10: whether it may be read as stars must be asked
    known: KnownRecipe | None = None  # what the series that the file continues remembers of files with the same headers
    elsewhere: tuple[KnownRecipe, ...] = ()  # what other series remember of them: offered, never taken
    like: Likeness | None = None  # the series that the file continues, and what says so
    name: str = ""  # for a series of its own
    effects: tuple[StepEffect, ...] = ()  # what each remembered step would change here
    empty: tuple[str, ...] = ()  # fields whose column holds nothing
    is_beginning: bool = False  # the first lines of a large file alone were read; `rows` counts them


@needs(Permission.READ_DATA)
def preview(
    session: Session,
    product_key: str,
    source: Path | bytes,
    file_name: str,
    sheet: str | None = None,
    into: str | None = None,
) -> Preview:
    """What the file looks like, how its columns were matched and which series it continues.
    UnreadableFile if it can't be read.

    `into`: the series that was chosen for it ("": a new one), whose remembered steps are shown; None: the one it is
    like.
    """
    return preview_read(session, product_key, read(source, file_name, sheet=sheet), into)


@needs(Permission.READ_DATA)
def preview_read(session: Session, product_key: str, raw: RawTable, into: str | None = None) -> Preview:
    """`preview` of a file that was read already."""
    declared = catalog.product(product_key)
    matches = propose.propose(raw, declared)
    like = recognition.recognise(session, declared, recognition.traits_of_raw(session, declared, raw, matches))
    if into is None:
        into = like.series.id if like else ""
    alike = session.workspace.recipes_alike(product_key, raw.table.column_names)
    known = next((r for r in alike if into and r.series == into), None)
    if known is not None:
        matches = propose.apply_choice(matches, known.recipe.choice, declared)
    other = other_product.other_product(raw, declared)
    return Preview(
        raw.file_name,
        raw.sheet,
        raw.sheets,
        raw.table.num_rows,
        matches,
        other.key if other else None,
        _is_nps(raw, declared, matches),
        known,
        tuple(r for r in alike if r is not known),
        like,
        placing.proposed_name(raw.file_name),
        fixing.effects(raw, declared, known.recipe) if known else (),
        _empty(raw, matches),
    )


def _empty(raw: RawTable, matches: tuple[ColumnMatch, ...]) -> tuple[str, ...]:
    """Fields whose column came without a single value."""
    return tuple(
        m.field for place, m in enumerate(matches) if m.field and not (encode(raw.table.column(place))[0] >= 0).any()
    )


def _is_nps(raw: RawTable, declared: Product, matches: tuple[ColumnMatch, ...]) -> bool:
    places = [i for i, match in enumerate(matches) if match.field == declared.target.key]
    if not places or not declared.has_stars:
        return False
    return parse_column(raw.table.column(places[0]), declared.target, "", clock.today()).scale == NPS


@needs(Permission.CHANGE_DATA)
def keep(
    session: Session,
    product_key: str,
    source: Path | bytes,
    file_name: str,
    *,
    recipe: Recipe = NOTHING,
    into: Into = RECOGNISED,
    progress: Callable[[Progress], None] | None = None,
) -> DatasetInfo:
    """Reads, checks and keeps a file in a series: pseudonymous rows as Parquet, the raw table sealed in its vault.

    What was decided about its columns and values is remembered for the series' next file with the same headers.
    """
    dataset = loading.load(product_key, source, file_name=file_name, recipe=recipe, progress=progress)
    return keep_read(session, dataset, recipe, into)


@needs(Permission.CHANGE_DATA)
def keep_read(session: Session, dataset: Dataset, recipe: Recipe, into: Into = RECOGNISED) -> DatasetInfo:
    """`keep` of a file that was read and checked already."""
    info = store(session, dataset, recipe, into=into)
    if not into.is_sample:
        fixing.remember(session, info, dataset.raw, recipe)
    session.audit("dataset_added", dataset=info.id, rows=info.rows, product=dataset.product_key)
    return info


@needs(Permission.CHANGE_DATA)
def store(
    session: Session,
    dataset: Dataset,
    recipe: Recipe,
    *,
    into: Into = RECOGNISED,
    parts: Sequence[row_keys.Part] = (),
) -> DatasetInfo:
    """Keeps a data set that was read with a recipe,
    in the series that was chosen or that it is recognised to continue. `parts`: the files that it was joined of.
    """
    report = dataset.report
    placed = placing.sample_series(session, dataset.product_key) if into.is_sample else _placed(session, dataset, into)
    source = Source(
        product=dataset.product_key,
        name=report.file.name,
        sha256=report.file.sha256,
        raw=dataset.raw.table,
        row_numbers=dataset.raw.row_numbers,
        series=placed.id,
        is_sample=into.is_sample,
    )
    finish = row_keys.of_new(session, catalog.product(dataset.product_key), dataset.raw, placed.id, parts)
    info = session.workspace.add_dataset(
        source, fixing.contents(dataset, recipe, finish), fixing.facts(report, recipe), session.today()
    )
    severe.tell(session, info.id)
    event_columns.prepare(session, info.id)
    return info


def _placed(session: Session, dataset: Dataset, into: Into) -> SeriesInfo:
    declared = catalog.product(dataset.product_key)
    traits = recognition.traits_of_rows(session, declared, dataset.rows, dataset.raw.table.column_names, hidden=False)
    return placing.place(session, declared, traits, into, dataset.raw.file_name)


@needs(Permission.CHANGE_DATA)
def keep_samples(session: Session, product_key: str) -> tuple[DatasetInfo, ...]:
    """Keeps the ready samples (past and, where there is an agenda, future)."""
    kept = []
    for role in ("past", "future"):
        path = catalog.sample_file(product_key, role)
        if path is not None:
            kept.append(keep(session, product_key, path, path.name, into=Into(is_sample=True)))
    if not kept:
        raise PresencaError("sample.not_installed")
    return tuple(kept)


@needs(Permission.OPEN)
def datasets(session: Session, product_key: str) -> tuple[DatasetInfo, ...]:
    """The data sets of a product, newest first."""
    return session.workspace.datasets(product_key)


@needs(Permission.READ_DATA)
def one(session: Session, dataset_id: str) -> DatasetInfo:
    """A data set by its id. WorkspaceError if there is none."""
    return session.workspace.dataset(dataset_id)


@needs(Permission.OPEN)
def revision(session: Session, dataset_id: str) -> int:
    """How often a data set was read anew: what was shown of an earlier revision is no longer so."""
    return session.workspace.revision(dataset_id)


@needs(Permission.READ_DATA)
def report(session: Session, dataset_id: str) -> ValidationReport:
    """What the check of a kept data set found."""
    return load_kept(ValidationReport, session.workspace.report(dataset_id))


@needs(Permission.READ_DATA)
def report_html(session: Session, dataset_id: str) -> bytes:
    """The report as one self-contained HTML file."""
    record = report(session, dataset_id)
    return html.validation_html(record, catalog.product(record.product)).encode()


@needs(Permission.READ_DATA)
def report_xlsx(session: Session, dataset_id: str) -> bytes:
    """The report as a workbook."""
    record = report(session, dataset_id)
    return spreadsheets.validation_xlsx(record, catalog.product(record.product))


@needs(Permission.READ_DATA)
def report_json(session: Session, dataset_id: str) -> bytes:
    """The report as JSON, for programs."""
    record = report(session, dataset_id)
    return spreadsheets.report_json(record, catalog.product(record.product)).encode()


@needs(Permission.READ_DATA)
def left_out_csv(session: Session, dataset_id: str, *, identified: bool | None = None) -> bytes:
    """The rows left out, with their reason; cells as they came (see `masking`) while the vault lasts, else only their
    numbers.
    """
    named = masking.is_identified(session, FileUse.OTHER, identified)
    declared = catalog.product(session.workspace.dataset(dataset_id).product)
    reasons = issue_words.with_reasons(session.workspace.left_out(dataset_id), declared)
    raw, numbers = session.workspace.raw(dataset_id), session.workspace.row_numbers(dataset_id)
    if raw is None or numbers is None:
        table = pa.Table.from_pandas(
            pd.DataFrame({"linha": reasons["row"], "motivo": reasons["reason"]}), preserve_index=False
        )
    else:
        if not named:
            columns = report(session, dataset_id).columns
            raw = masking.masked(raw, columns, declared, session.workspace.key).table
        table = ingestion.left_out_table(raw, numbers, reasons)
        seen.taken(session, dataset_id, "left_out", table.num_rows, identified=named)
    return spreadsheets.csv_bytes(table)


@needs(Permission.DELETE_DATA)
def delete(session: Session, dataset_id: str, *, keep_recipes: bool = False) -> tuple[ModelInfo, ...]:
    """Deletes a data set with its rows, vault, risks, jobs, what was remembered of it and what was done about events
    that no other file of its series holds; gives the models that learnt from it, which stay.

    `keep_recipes`: the remembered repairs stay for the series' next file.
    """
    info = session.workspace.dataset(dataset_id)
    placed = info.series
    elsewhere, gone = event_keys.held_elsewhere(session, dataset_id), event_keys.only_here(session, dataset_id)
    if elsewhere is None and session.workspace.never_called(placed):
        elsewhere = set()
    patients = event_keys.patients_elsewhere(session, dataset_id) if elsewhere is not None else ()
    learnt = session.workspace.delete_dataset(dataset_id, elsewhere, patients, keep_recipes=keep_recipes)
    if not keep_recipes and not event_keys.others(session, info.product, placed):
        session.workspace.forget_recipes(placed)
    if placed:
        session.workspace.drop_series_if_empty(placed)
    session.audit("dataset_deleted", dataset=dataset_id, models=len(learnt), follow_ups=len(gone))
    return learnt


@needs(Permission.DELETE_DATA)
def erase_raw(session: Session, dataset_id: str) -> None:
    """Erases the sealed raw table at once ("Apagar dados"), and the notes on events that no other file of the series
    holds, which may quote it; pseudonymous rows stay, and who did what about them.
    """
    placed, own = session.workspace.dataset(dataset_id).series, event_keys.only_here(session, dataset_id)
    called = event_keys.contacted_only_here(session, dataset_id)
    session.workspace.erase_raw(dataset_id)
    notes = session.workspace.erase_follow_up_notes(placed, own) + session.workspace.erase_contact_notes(placed, called)
    session.audit("vault_erased", dataset=dataset_id, notes=notes)
