"""The file itself with its faulty cells marked: page by page, to be mended in place, or as a workbook to be sent back."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa

from pipeline.contract import Field, Product, Rule, Severity
from pipeline.errors import PresencaError, UnreadableFile
from pipeline.ingestion import amending
from pipeline.ingestion.clean import clean_table
from pipeline.ingestion.dataset import Dataset
from pipeline.ingestion.reading import RawTable, read
from pipeline.ingestion.report import left_out_table
from pipeline.presentation import spreadsheets
from pipeline.presentation.numbers import plural
from pipeline.presentation.spreadsheets import annotated
from pipeline.presentation.spreadsheets.annotated import FaultyCell, FaultyRow
from pipeline.presentation.spreadsheets.template import choices
from pipeline.records import ColumnMatch, Recipe, Step, StepKind, ValidationReport
from pipeline.services import catalog, clock, datasets, fixing
from pipeline.workspace.store import Workspace

PAGE = 50
_RANK = {Severity.BLOCKER: 0, Severity.WARNING: 1, Severity.NOTE: 2}
_TOLERATED = frozenset({Severity.NOTE})  # what is only said is not sent out to be mended


@dataclass(frozen=True)
class FileView:
    """A page of the file: headers with the field of each, and rows with what is wrong with their cells."""

    headers: tuple[str, ...]
    fields: tuple[str | None, ...]
    rows: tuple[FaultyRow, ...]
    total: int  # rows that the filter lets through


def view(workspace: Workspace, dataset_id: str, *, issue: str = "", page: int = 0, size: int = PAGE) -> FileView:
    """A page of the file as its recipe has left it; `issue`: only rows that fail this rule, "*": any rule."""
    raw, faults = fixing.raw_table(workspace, dataset_id), workspace.faults(dataset_id)
    numbers = raw.rows if not issue else np.unique(faults["row"] if issue == "*" else faults.loc[faults["rule"] == issue, "row"])
    shown = numbers[page * size : (page + 1) * size]
    return replace(_rows(workspace, dataset_id, raw, faults, shown), total=len(numbers))


def _rows(workspace: Workspace, dataset_id: str, raw: RawTable, faults: pd.DataFrame, numbers: np.ndarray) -> FileView:
    declared = catalog.product(workspace.dataset(dataset_id).product)
    report = datasets.report(workspace, dataset_id)
    table, matches = _amended(raw, report, declared, fixing.recipe(workspace, dataset_id), numbers)
    return _marked(table, matches, declared, faults, numbers)


def _amended(raw: RawTable, report: ValidationReport, declared: Product, recipe: Recipe,
             numbers: np.ndarray) -> tuple[pa.Table, tuple[ColumnMatch, ...]]:
    """The chosen rows after the steps; which column is which field is as the report has it."""
    some = raw.table.take(pa.array(np.searchsorted(raw.rows, numbers)))
    matches = tuple(replace(match, header=name) for match, name in zip(report.columns, some.column_names, strict=False))
    steps = tuple(s for s in recipe.steps if s.kind is not StepKind.EXCHANGE)
    done = amending.amend(some, numbers, matches, declared, replace(recipe, steps=steps), clock.today())
    return done.table, done.matches


def _marked(table: pa.Table, matches: tuple[ColumnMatch, ...], declared: Product, faults: pd.DataFrame, numbers: np.ndarray) -> FileView:
    fields = tuple(match.field for match in matches)
    rules = {rule.code: rule for rule in declared.rules}
    mine = faults[faults["row"].isin(numbers)]
    by_row: dict[int, list[Rule]] = {}
    for row, code in zip(mine["row"], mine["rule"], strict=True):
        by_row.setdefault(int(row), []).append(rules[code])
    columns = [table.column(i).to_pylist() for i in range(table.num_columns)]
    rows = tuple(_row(int(number), tuple(cells), by_row.get(int(number), []), fields)
                 for number, cells in zip(numbers, zip(*columns, strict=True), strict=True))
    return FileView(tuple(table.column_names), fields, rows, len(rows))


def _row(number: int, cells: tuple[str | None, ...], rules: list[Rule], fields: tuple[str | None, ...]) -> FaultyRow:
    faults, others = [], []
    for rule in sorted(rules, key=lambda r: _RANK[r.severity]):
        places = [fields.index(key) for key in rule.fields[: 2 if len(rule.fields) == 2 else 1] if key in fields]
        faults += [FaultyCell(place, rule.severity.value, rule.title, rule.remedy) for place in places]
        if not places:
            others.append(rule.title)
    return FaultyRow(number, cells, tuple(faults), tuple(others))


def members(field: Field) -> tuple[str, ...]:
    """The values that a cell of a closed field, or of a UF, may have."""
    return choices(field)


# ---------------------------------------------------------------- mending in place


def changed_cells(shown: FileView, edits: dict[int, dict[int, str | None]]) -> tuple[Step, ...]:
    """The steps for what was typed: `edits` gives, by position of the row and of the column, the new text."""
    steps = []
    for at, cells in edits.items():
        row = shown.rows[at]
        for place, after in cells.items():
            field, before = shown.fields[place], row.cells[place] or ""
            if field is not None and (after or "").strip() != before:
                steps.append(Step(StepKind.CELL, field, before, (after or "").strip(), row.number))
    return tuple(steps)


# ---------------------------------------------------------------- the workbook that comes back


def annotated_xlsx(workspace: Workspace, dataset_id: str) -> bytes:
    """The failing rows as a workbook to mend and send back."""
    raw, faults = fixing.raw_table(workspace, dataset_id), workspace.faults(dataset_id)
    declared = catalog.product(workspace.dataset(dataset_id).product)
    numbers, left = _worst(faults, declared)
    shown = _rows(workspace, dataset_id, raw, faults, numbers)
    return annotated.annotated_xlsx(declared, shown.headers, shown.fields, shown.rows, sha256=raw.sha256, left=left)


def annotated_of(dataset: Dataset) -> bytes:
    """The same of a file that is not kept, for the command line."""
    declared, faults = catalog.product(dataset.product_key), dataset.faults
    numbers, left = _worst(faults, declared)
    some = dataset.table.take(pa.array(np.searchsorted(dataset.raw.rows, numbers)))
    shown = _marked(some, dataset.matches, declared, faults, numbers)
    return annotated.annotated_xlsx(declared, shown.headers, shown.fields, shown.rows, sha256=dataset.raw.sha256, left=left)


def _worst(faults: pd.DataFrame, declared: Product) -> tuple[np.ndarray, int]:
    """Row numbers with something to mend, rising; where they are too many, those that cost most. And how many are left."""
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


def mended(workspace: Workspace, dataset_id: str, source: bytes, file_name: str) -> Mended:
    """What was changed in an annotated workbook. PresencaError where it is none, or another file's."""
    raw = fixing.raw_table(workspace, dataset_id)
    declared = catalog.product(workspace.dataset(dataset_id).product)
    back = _open(source, file_name, raw.sha256)
    wanted = _numbers(back)
    known = np.isin(wanted, raw.rows)
    table, matches = _amended(raw, datasets.report(workspace, dataset_id), declared, fixing.recipe(workspace, dataset_id), wanted[known])
    return _compared(back, table, matches, wanted, known)


def mended_of(dataset: Dataset, source: Path) -> Mended:
    """The same for the command line: the file was just read."""
    back = _open(source.read_bytes(), source.name, dataset.raw.sha256)
    wanted = _numbers(back)
    known = np.isin(wanted, dataset.raw.rows)
    table = dataset.table.take(pa.array(np.searchsorted(dataset.raw.rows, wanted[known])))
    return _compared(back, table, dataset.matches, wanted, known)


def mended_lines(back: Mended) -> tuple[str, ...]:
    """What came of a workbook that was sent back, in sentences."""
    lines = [f"{plural(len(back.steps), 'célula corrigida', 'células corrigidas')} em {plural(back.rows, 'linha', 'linhas')} da planilha de correção."]
    if back.unknown:
        lines.append(f"{plural(back.unknown, 'linha não foi achada', 'linhas não foram achadas')} no arquivo pelo número, e não mudou nada.")
    if back.ignored:
        lines.append(f"{plural(back.ignored, 'célula mudada é', 'células mudadas são')} de colunas que não são campos, e não se aplica.")
    return tuple(lines)


def _open(source: bytes, file_name: str, sha256: str) -> pa.Table:
    refused = PresencaError("Este arquivo não é a planilha de correção destes dados.",
                            "Baixe a planilha de correção em “Corrigir”, mude as células e envie-a de volta.")
    try:
        book = openpyxl.load_workbook(io.BytesIO(source), read_only=True)
        identifier, sheets = book.properties.identifier, book.sheetnames
        book.close()
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, OSError):
        raise refused from None
    if annotated.SHEET not in sheets:
        raise refused
    if identifier and identifier != sha256:
        raise PresencaError("Esta planilha de correção é de outro arquivo.", "Abra os dados de onde ela veio e envie-a ali.")
    try:
        table = read(source, file_name, sheet=annotated.SHEET).table
    except UnreadableFile:
        raise refused from None
    if annotated.ROW_HEADER not in table.column_names:
        raise PresencaError(f"A planilha de correção perdeu a coluna “{annotated.ROW_HEADER}”.", "Baixe-a de novo e não mude essa coluna.")
    return table


def _numbers(back: pa.Table) -> np.ndarray:
    texts = back[annotated.ROW_HEADER].to_pylist()
    return np.array([int(t) if t and t.strip().isdigit() else -1 for t in texts], "int64")


def _compared(back: pa.Table, table: pa.Table, matches: tuple[ColumnMatch, ...], wanted: np.ndarray, known: np.ndarray) -> Mended:
    steps, ignored = [], 0
    rows = wanted[known]
    for place, match in enumerate(matches):
        name = table.column_names[place]
        if name not in back.column_names:
            continue
        now, then = table.column(place).to_pylist(), back[name].filter(pa.array(known)).to_pylist()
        for number, before, after in zip(rows, now, then, strict=True):
            if (before or "").strip() == (after or "").strip():
                continue
            if match.field is None:
                ignored += 1
            else:
                steps.append(Step(StepKind.CELL, match.field, before or "", (after or "").strip(), int(number)))
    return Mended(tuple(steps), len(wanted), int((~known).sum()), ignored)


# ---------------------------------------------------------------- what can be taken away


def clean_csv(workspace: Workspace, dataset_id: str) -> bytes:
    """The usable rows, mended. PresencaError once the original is erased."""
    return spreadsheets.csv_bytes(clean_table(fixing.read_again(workspace, dataset_id)))


def clean_xlsx(workspace: Workspace, dataset_id: str) -> bytes:
    """The same as a workbook; beyond Excel's rows, on several sheets."""
    return spreadsheets.xlsx_bytes(clean_table(fixing.read_again(workspace, dataset_id)), "Dados limpos")


def left_out_of(dataset: Dataset) -> pa.Table:
    """The rows left out, with their number and reason."""
    return left_out_table(dataset.raw.table, dataset.raw.rows, dataset.left_out)
