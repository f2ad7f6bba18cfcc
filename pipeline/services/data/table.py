"""The file itself with its faulty cells marked:
page by page, to be mended in place, or as a workbook to be sent back.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd
import pyarrow as pa
from openpyxl.packaging.core import DocumentProperties
from openpyxl.xml.constants import ARC_CORE
from openpyxl.xml.functions import fromstring

from pipeline.contract import Field, Product, Rule, Severity
from pipeline.errors import PresencaError, UnreadableFile
from pipeline.ingestion.checking.rule_types import type_of
from pipeline.ingestion.cleaned_table import clean_table
from pipeline.ingestion.dataset import Dataset
from pipeline.ingestion.intake import left_out_table
from pipeline.ingestion.reading.reader import RawTable
from pipeline.ingestion.repair import apply_steps
from pipeline.presentation import spreadsheets
from pipeline.presentation.sentences import issue_words
from pipeline.presentation.spreadsheets import annotated
from pipeline.presentation.spreadsheets.template import choices
from pipeline.records import ColumnMatch, FileUse, Note, Recipe, Step, StepKind, ValidationReport, note
from pipeline.records.ingestion import FaultyCell, FaultyRow
from pipeline.services import catalog, clock
from pipeline.services.data import datasets, fixing, masking, seen
from pipeline.services.data.reading import read
from pipeline.services.session import Permission, Session, needs

_MOST_PROPERTIES = 1 << 16  # bytes

PAGE = 50
_RANK = {Severity.BLOCKER: 0, Severity.WARNING: 1, Severity.NOTE: 2}
_TOLERATED = frozenset({Severity.NOTE})  # what is only said is not sent out to be mended


Typed = Mapping[tuple[int, str], str]  # (spreadsheet row, field) → what was typed there


@dataclass(frozen=True)
class FileView:
    """A page of the file: headers with the field of each, and rows with what is wrong with their cells."""

    headers: tuple[str, ...]
    fields: tuple[str | None, ...]
    rows: tuple[FaultyRow, ...]
    total: int  # rows that the filter lets through


@needs(Permission.READ_DATA)
def view(session: Session, dataset_id: str, *, issue: str = "", page: int = 0, size: int = PAGE) -> FileView:
    """A page of the file as its recipe has left it; `issue`:
    only rows that fail this rule, "*": any with something to mend. Masked for whoever may have no file with identities.
    """
    raw, faults = fixing.raw_table(session, dataset_id), session.workspace.faults(dataset_id)
    seen.cells(session, dataset_id)
    if issue == "*":
        faults = _to_mend(faults, session, dataset_id)
    numbers = (
        raw.rows
        if not issue
        else np.unique(faults["row"] if issue == "*" else faults.loc[faults["rule"] == issue, "row"])
    )
    shown = numbers[page * size : (page + 1) * size]
    named = masking.offered(session, FileUse.OTHER) is not masking.Offered.MASKED
    return replace(_rows(session, dataset_id, raw, faults, shown, identified=named), total=len(numbers))


def _to_mend(faults: pd.DataFrame, session: Session, dataset_id: str) -> pd.DataFrame:
    """The faults that somebody could mend in a cell:
    not what is understood, left out on purpose, or a column that came empty.
    """
    void = {item.field for item in datasets.report(session, dataset_id).fields if not item.filled}
    codes = [
        rule.code
        for rule in catalog.product(session.workspace.dataset(dataset_id).product).rules
        if not (type_of(rule).aside or type_of(rule).understood) and not (rule.fields and rule.fields[0] in void)
    ]
    return faults[faults["rule"].isin(codes)]


def _rows(
    session: Session,
    dataset_id: str,
    raw: RawTable,
    faults: pd.DataFrame,
    numbers: np.ndarray,
    *,
    identified: bool = True,
) -> FileView:
    declared = catalog.product(session.workspace.dataset(dataset_id).product)
    report = datasets.report(session, dataset_id)
    table, matches = _amended(raw, report, declared, fixing.recipe(session, dataset_id), numbers)
    if not identified:
        found = masking.masked(table, matches, declared, session.workspace.key)
        table, matches = found.table, tuple(matches[place] for place in found.places)
    return _marked(table, matches, declared, faults, numbers)


def _amended(
    raw: RawTable, report: ValidationReport, declared: Product, recipe: Recipe, numbers: np.ndarray
) -> tuple[pa.Table, tuple[ColumnMatch, ...]]:
    """The chosen rows after the steps; which column is which field is as the report has it."""
    some = raw.table.take(pa.array(np.searchsorted(raw.rows, numbers)))
    matches = tuple(replace(match, header=name) for match, name in zip(report.columns, some.column_names, strict=False))
    steps = tuple(s for s in recipe.steps if s.kind is not StepKind.EXCHANGE)
    done = apply_steps.amend(some, numbers, matches, declared, replace(recipe, steps=steps), clock.today())
    return done.table, done.matches


def _marked(
    table: pa.Table, matches: tuple[ColumnMatch, ...], declared: Product, faults: pd.DataFrame, numbers: np.ndarray
) -> FileView:
    fields = tuple(match.field for match in matches)
    rules = {rule.code: rule for rule in declared.rules}
    mine = faults[faults["row"].isin(numbers)]
    by_row: dict[int, list[Rule]] = {}
    for row, code in zip(mine["row"], mine["rule"], strict=True):
        by_row.setdefault(int(row), []).append(rules[code])
    columns = [table.column(i).to_pylist() for i in range(table.num_columns)]
    rows = tuple(
        _row(int(number), tuple(cells), by_row.get(int(number), []), fields)
        for number, cells in zip(numbers, zip(*columns, strict=True), strict=True)
    )
    return FileView(tuple(table.column_names), fields, rows, len(rows))


def _row(number: int, cells: tuple[str | None, ...], rules: list[Rule], fields: tuple[str | None, ...]) -> FaultyRow:
    faults, others = [], []
    for rule in sorted(rules, key=lambda r: _RANK[r.severity]):
        places = [fields.index(key) for key in rule.fields[: 2 if len(rule.fields) == 2 else 1] if key in fields]
        faults += [FaultyCell(place, rule.severity.value, rule.code) for place in places]
        if not places:
            others.append(rule.code)
    return FaultyRow(number, cells, tuple(faults), tuple(others))


def members(field: Field) -> tuple[str, ...]:
    """The values that a cell of a closed field, or of a UF, may have."""
    return choices(field)


# ---------------------------------------------------------------- mending in place


def typed_over(shown: FileView, typed: Typed) -> FileView:
    """The page with what was typed and not yet saved."""
    rows = tuple(
        replace(
            row,
            cells=tuple(
                typed.get((row.number, field or ""), cell) for cell, field in zip(row.cells, shown.fields, strict=True)
            ),
        )
        for row in shown.rows
    )
    return replace(shown, rows=rows)


@needs(Permission.READ_DATA)
def steps_of(session: Session, dataset_id: str, typed: Typed) -> tuple[Step, ...]:
    """The steps for what was typed, against the file as it is now;
    none where the cell already says so or its field has no column.
    """
    raw = fixing.raw_table(session, dataset_id)
    wanted = np.array(sorted({row for row, _ in typed}), "int64")
    rows = wanted[np.isin(wanted, raw.rows)]
    shown = _rows(session, dataset_id, raw, session.workspace.faults(dataset_id), rows)
    places = {field: place for place, field in enumerate(shown.fields) if field}
    cells = {row.number: row.cells for row in shown.rows}
    found = []
    for (row, field), text in typed.items():
        if row in cells and field in places:
            before, after = cells[row][places[field]] or "", text.strip()
            found += [Step(StepKind.CELL, field, before, after, row)] if before != after else []
    return tuple(found)


@needs(Permission.READ_DATA)
def still_at_fault(session: Session, dataset_id: str, steps: tuple[Step, ...]) -> tuple[tuple[str, int], ...]:
    """After cells were mended: (rule that they still break, cells), the commonest first;
    each cell once, by its worst fault.
    """
    faults = session.workspace.faults(dataset_id)
    mine = faults[faults["row"].isin([step.row for step in steps])]
    rules = {rule.code: rule for rule in catalog.product(session.workspace.dataset(dataset_id).product).rules}
    accused: dict[int, list[Rule]] = {}
    for row, code in zip(mine["row"], mine["rule"], strict=True):
        rule = rules[code]
        if rule.severity not in _TOLERATED and not (type_of(rule).aside or type_of(rule).understood):
            accused.setdefault(int(row), []).append(rule)
    counts: dict[str, int] = {}
    for step in steps:
        own = sorted((r for r in accused.get(step.row, []) if step.field in r.fields), key=lambda r: _RANK[r.severity])
        if own:
            counts[own[0].code] = counts.get(own[0].code, 0) + 1
    return tuple(sorted(counts.items(), key=lambda pair: -pair[1]))


@needs(Permission.READ_DATA)
def same_cells(session: Session, dataset_id: str, field: str, text: str) -> int:
    """How many cells of a field say just this, as the file is now; 0 where its column did not come."""
    raw, report = fixing.raw_table(session, dataset_id), datasets.report(session, dataset_id)
    declared = catalog.product(session.workspace.dataset(dataset_id).product)
    table, matches = _amended(raw, report, declared, fixing.recipe(session, dataset_id), raw.rows)
    place = next((i for i, match in enumerate(matches) if match.field == field), None)
    return 0 if place is None else apply_steps.count_cells(table.column(place), text)


# ---------------------------------------------------------------- the workbook that comes back


@needs(Permission.READ_DATA)
def annotated_xlsx(session: Session, dataset_id: str, *, identified: bool | None = None) -> bytes:
    """The failing rows as a workbook to mend and send back (see `masking`)."""
    named = masking.is_identified(session, FileUse.OTHER, identified)
    raw, faults = fixing.raw_table(session, dataset_id), session.workspace.faults(dataset_id)
    declared = catalog.product(session.workspace.dataset(dataset_id).product)
    numbers, left = _worst(faults, declared)
    shown = _rows(session, dataset_id, raw, faults, numbers, identified=named)
    seen.taken(session, dataset_id, "annotated", len(shown.rows), identified=named)
    return annotated.annotated_xlsx(declared, shown.headers, shown.fields, shown.rows, sha256=raw.sha256, left=left)


def annotated_of(dataset: Dataset) -> bytes:
    """The same of a file that is not kept, for the command line."""
    declared, faults = catalog.product(dataset.product_key), dataset.faults
    numbers, left = _worst(faults, declared)
    some = dataset.table.take(pa.array(np.searchsorted(dataset.raw.rows, numbers)))
    shown = _marked(some, dataset.matches, declared, faults, numbers)
    return annotated.annotated_xlsx(
        declared, shown.headers, shown.fields, shown.rows, sha256=dataset.raw.sha256, left=left
    )


@needs(Permission.READ_DATA)
def anything_to_mend(session: Session, dataset_id: str) -> bool:
    """Whether some cell is at fault, so that there is a workbook to mend."""
    return bool(
        len(
            _worst(
                session.workspace.faults(dataset_id), catalog.product(session.workspace.dataset(dataset_id).product)
            )[0]
        )
    )


def nothing_to_mend(dataset: Dataset) -> bool:
    """The same of a file that is not kept, the other way round."""
    return not len(_worst(dataset.faults, catalog.product(dataset.product_key))[0])


def _worst(faults: pd.DataFrame, declared: Product) -> tuple[np.ndarray, int]:
    """Row numbers with something to mend, rising; where they are too many, those that cost most.
    And how many are left.
    """
    severity = {rule.code: _RANK[rule.severity] for rule in declared.rules if rule.severity not in _TOLERATED}
    named = faults["rule"].astype(str)
    rank = named.map(severity)
    rows = faults.assign(rank=rank).dropna(subset=["rank"]).groupby("row")["rank"].min().sort_values(kind="stable")
    return np.sort(rows.index.to_numpy()[: annotated.MOST_ROWS]), max(0, len(rows) - annotated.MOST_ROWS)


@dataclass(frozen=True)
class Mended:
    """What came back in an annotated workbook: steps, and what could not be placed."""

    steps: tuple[Step, ...]
    rows: int  # rows read
    unknown: int = 0  # rows whose number is not in the file
    ignored: int = 0  # changed cells of columns that are no field


@needs(Permission.READ_DATA)
def mended(session: Session, dataset_id: str, source: bytes, file_name: str) -> Mended:
    """What was changed in an annotated workbook. PresencaError where it is none, or another file's."""
    raw = fixing.raw_table(session, dataset_id)
    declared = catalog.product(session.workspace.dataset(dataset_id).product)
    back = _open(source, file_name, raw.sha256)
    wanted = _numbers(back)
    known = np.isin(wanted, raw.rows)
    table, matches = _amended(
        raw, datasets.report(session, dataset_id), declared, fixing.recipe(session, dataset_id), wanted[known]
    )
    hidden = masking.masked(table, matches, declared, session.workspace.key)
    return _compared(back, table, matches, wanted, known, dict(zip(hidden.places, hidden.table.columns, strict=True)))


def mended_of(dataset: Dataset, source: Path) -> Mended:
    """The same for the command line: the file was just read."""
    back = _open(source.read_bytes(), source.name, dataset.raw.sha256)
    wanted = _numbers(back)
    known = np.isin(wanted, dataset.raw.rows)
    table = dataset.table.take(pa.array(np.searchsorted(dataset.raw.rows, wanted[known])))
    return _compared(back, table, dataset.matches, wanted, known)


def mended_lines(back: Mended) -> tuple[Note, ...]:
    """What came of a workbook that was sent back."""
    lines = [note("mending.mended", cells=len(back.steps), rows=back.rows)]
    if back.unknown:
        lines.append(note("mending.unknown_rows", rows=back.unknown))
    if back.ignored:
        lines.append(note("mending.ignored_cells", cells=back.ignored))
    return tuple(lines)


def _open(source: bytes, file_name: str, sha256: str) -> pa.Table:
    refused = PresencaError("mending.not_this_workbook")
    try:
        table = read(source, file_name, sheet=annotated.SHEET).table
        identifier = _identifier(source)
    except (UnreadableFile, zipfile.BadZipFile, KeyError, ValueError, TypeError, OSError):
        raise refused from None
    if identifier and identifier != sha256:
        raise PresencaError("mending.other_file")
    if annotated.ROW_HEADER not in table.column_names:
        raise PresencaError("mending.column_lost", column=annotated.ROW_HEADER)
    return table


def _identifier(source: bytes) -> str | None:
    """What a workbook, which a child has read by now, says it was made of: from its properties' beginning."""
    with zipfile.ZipFile(io.BytesIO(source)) as archive, archive.open(ARC_CORE) as part:
        found: str | None = DocumentProperties.from_tree(fromstring(part.read(_MOST_PROPERTIES))).identifier
    return found


def _numbers(back: pa.Table) -> np.ndarray:
    texts = back[annotated.ROW_HEADER].to_pylist()
    return np.array([int(t) if t and t.strip().isdigit() else -1 for t in texts], "int64")


def _compared(
    back: pa.Table,
    table: pa.Table,
    matches: tuple[ColumnMatch, ...],
    wanted: np.ndarray,
    known: np.ndarray,
    hidden: Mapping[int, pa.ChunkedArray] = MappingProxyType({}),
) -> Mended:
    """What differs from the file as it is; a cell that came back as a masked workbook had it was not touched."""
    steps, ignored = [], 0
    rows = wanted[known]
    for place, match in enumerate(matches):
        name = table.column_names[place]
        if name not in back.column_names:
            continue
        now, then = table.column(place).to_pylist(), back[name].filter(pa.array(known)).to_pylist()
        shown = hidden[place].to_pylist() if place in hidden else now
        for number, before, told, after in zip(rows, now, shown, then, strict=True):
            if (after or "").strip() in ((before or "").strip(), (told or "").strip()):
                continue
            if match.field is None:
                ignored += 1
            else:
                steps.append(Step(StepKind.CELL, match.field, before or "", (after or "").strip(), int(number)))
    return Mended(tuple(steps), len(wanted), int((~known).sum()), ignored)


# ---------------------------------------------------------------- what can be taken away


@needs(Permission.READ_DATA)
def clean_csv(session: Session, dataset_id: str, *, identified: bool | None = None) -> bytes:
    """The usable rows, mended (see `masking`). PresencaError once the original is erased."""
    return spreadsheets.csv_bytes(_clean(session, dataset_id, identified))


@needs(Permission.READ_DATA)
def clean_xlsx(session: Session, dataset_id: str, *, identified: bool | None = None) -> bytes:
    """The same as a workbook; beyond Excel's rows, on several sheets."""
    return spreadsheets.xlsx_bytes(_clean(session, dataset_id, identified), "Dados limpos")


def _clean(session: Session, dataset_id: str, identified: bool | None) -> pa.Table:
    named = masking.is_identified(session, FileUse.OTHER, identified)
    dataset = fixing.read_again(session, dataset_id)
    found = clean_table(dataset)
    if not named:
        declared = catalog.product(dataset.product_key)
        found = masking.masked(found, dataset.matches, declared, session.workspace.key).table
    seen.taken(session, dataset_id, "clean", found.num_rows, identified=named)
    return found


def left_out_of(dataset: Dataset) -> pa.Table:
    """The rows left out, with their number and reason."""
    reasons = issue_words.with_reasons(dataset.left_out, catalog.product(dataset.product_key))
    return left_out_table(dataset.raw.table, dataset.raw.rows, reasons)
