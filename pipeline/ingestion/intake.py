"""The door of ingestion: a table of text cells in, typed rows and what is wrong with them out."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.contract import LEAST_LABELLED, LEAST_OF_A_CLASS, Product, Role, RuleKind
from pipeline.errors import MissingFields
from pipeline.folding import fold
from pipeline.ingestion.checking.automatic import find as find_automatic
from pipeline.ingestion.checking.leakage import find as find_leaks
from pipeline.ingestion.checking.leakage import left_out_fields
from pipeline.ingestion.checking.outcome_counts import MIN_OUTCOME_DAYS, Totals
from pipeline.ingestion.checking.run import Checked, check
from pipeline.ingestion.dataset import Dataset, left_out_rows
from pipeline.ingestion.field_columns import read_columns
from pipeline.ingestion.mapping.propose import apply_choice, propose
from pipeline.ingestion.parsing.column import Column, absent
from pipeline.ingestion.parsing.parsed_file import Sheet
from pipeline.ingestion.parsing.quoting import quotable, shown_header
from pipeline.ingestion.reading import text_columns
from pipeline.ingestion.reading.fhir.vocabulary import SITUATION, SITUATIONS
from pipeline.ingestion.reading.reader import RawTable
from pipeline.ingestion.reading.vocabulary import ORIGIN, SUPERSEDED
from pipeline.ingestion.repair.apply_steps import Amended, amend, check_steps
from pipeline.ingestion.repair.changes import told
from pipeline.ingestion.repair.set_aside import set_aside
from pipeline.ingestion.repair.suggestions import proposals
from pipeline.ingestion.reporting.field_profile import summary
from pipeline.ingestion.reporting.issues import issues
from pipeline.ingestion.reporting.quality import actions, quality
from pipeline.privacy import is_code
from pipeline.records import (
    ColumnMatch,
    Leak,
    MissingField,
    Note,
    Progress,
    Recipe,
    ValidationReport,
    note,
)
from pipeline.statistics import wilson

SITUATION_WORDS = tuple((f"{RuleKind.RESOURCE}_{why}", words) for why, words in SITUATIONS.items())
_FOOT = 3  # rows at the end among which a row of totals is looked for
_TOTALS = re.compile(r"^(sub ?)?(total|totais|soma)\b")
_LISTED = 30  # headers that an error names
_DATA_DIGITS = 5  # a header with so many digits is a cell of data

NOTHING = Recipe()

Tell = Callable[[Progress], None]


def ingest(
    raw: RawTable, product: Product, *, recipe: Recipe = NOTHING, today: dt.date, progress: Tell | None = None
) -> Dataset:
    """Maps, amends, parses and checks a file.

    `recipe`: what somebody decided, before the proposed mapping; `today` serves what may not lie in the future.
    MissingFields where a field that can't be done without has no column; UnreadableFile where too many cells differ;
    PresencaError where the recipe is not this product's.
    """
    tell: Tell = progress or (lambda _: None)
    tell(Progress(0.0, note("checking.finding_columns")))
    check_steps(recipe, product)
    matches = apply_choice(propose(raw, product), recipe.choice, product) if recipe.columns else propose(raw, product)
    amended = amend(raw.table, raw.rows, matches, product, recipe, today)
    refuse_if_missing(amended.matches, product, raw.file_name)
    columns = read_columns(amended, product, today, recipe, raw.file_name, tell)
    tell(Progress(0.7, note("checking.applying_rules"), rows=raw.table.num_rows))
    again = _superseded(amended.table)
    said = _said_of_resources(amended.table)
    totals = np.logical_or.reduce([_totals_rows(raw, columns, product), *said.values()])
    totals = totals | (again if again is not None else False)
    sheet = Sheet(product, columns, raw.rows, today, totals, again, resources=said)
    leaks = find_leaks(sheet, amended.table, amended.matches, recipe)
    aside, told_aside = set_aside(sheet, recipe)
    hidden = left_out_fields(leaks)
    if hidden:
        columns = {
            key: absent(column.field, sheet.size) if key in hidden else column for key, column in columns.items()
        }
    sheet = Sheet(product, columns, raw.rows, today, totals if aside is None else totals | aside, again, aside, said)
    checked = check(sheet)
    tell(Progress(0.9, note("checking.writing_report"), rows=raw.table.num_rows))
    return Dataset(
        product.key,
        left_out_rows(sheet, checked),
        raw,
        replace(_report(raw, sheet, checked, amended, recipe, leaks), set_aside=told_aside),
        amended.table,
        amended.matches,
        sheet,
        checked,
    )


def refuse_if_missing(matches: tuple[ColumnMatch, ...], product: Product, file_name: str) -> None:
    """MissingFields where a required field has no column; the sentence names it, the file and the headers found."""
    mapped = {m.field for m in matches}
    lacking: list[str | Note] = [item.label for item in product.fields if item.required and item.key not in mapped]
    if product.one_of and not mapped & set(product.one_of):
        lacking.append(note("fields.one_of", fields=[product.field(key).label for key in product.one_of]))
    if lacking:
        headers = _headers_to_name(matches)
        raise MissingFields(lacking, headers[:_LISTED], file_name, more=max(0, len(headers) - _LISTED))


def _headers_to_name(matches: tuple[ColumnMatch, ...]) -> tuple[str, ...]:
    """The headers, as an error may name them; none where the first row seems to hold data, which may be a person's."""
    headers = [m.header for m in matches]
    data_like = sum(len(re.findall(r"\d", h)) >= _DATA_DIGITS or "@" in h for h in headers)
    if data_like and data_like >= len(headers) / 4:
        return ()
    return tuple(quotable(header) for header in headers)


def _totals_rows(raw: RawTable, columns: Mapping[str, Column], product: Product) -> np.ndarray:
    """The last row, where it begins with "Total" and has no date."""
    size = raw.table.num_rows
    mask = np.zeros(size, bool)
    time = columns[product.time.key]
    for row in range(max(0, size - _FOOT), size):
        code = time.codes[row]
        if code >= 0 and time.readable[code]:
            continue
        cells = [raw.table.column(i)[row].as_py() for i in range(raw.table.num_columns)]
        first = next((fold(cell) for cell in cells if cell and cell.strip()), "")
        mask[row] = bool(_TOTALS.match(first))
    return mask


def _superseded(table: pa.Table) -> np.ndarray | None:
    """Rows of joined files that a later file tells again; None where no files were joined."""
    if ORIGIN not in table.column_names or SUPERSEDED not in table.column_names:
        return None
    return np.asarray(pc.is_valid(table[SUPERSEDED]))


def _said_of_resources(table: pa.Table) -> dict[str, np.ndarray]:
    """What the reading of a file of FHIR says of its resources: by the code of a rule, the rows that are none."""
    if SITUATION not in table.column_names:
        return {}
    column = table[SITUATION]
    masks = {code: np.asarray(pc.fill_null(pc.equal(column, words), False)) for code, words in SITUATION_WORDS}
    return {code: mask for code, mask in masks.items() if mask.any()}


def _report(
    raw: RawTable, sheet: Sheet, checked: Checked, amended: Amended, recipe: Recipe, leaks: tuple[Leak, ...]
) -> ValidationReport:
    product, totals = sheet.product, checked.totals
    notes = tuple(note for column in sheet.columns.values() for note in column.notes) + _codes(sheet)
    matches = tuple(replace(match, header=shown_header(match.header)) for match in amended.matches)
    usable_for, why = _usable(totals, sheet)
    found, proposed = issues(checked, product, sheet.rows), proposals(sheet.columns, sheet.totals)
    return ValidationReport(
        product=product.key,
        file=replace(raw.facts, notes=raw.facts.notes + notes),
        rows_read=sheet.size,
        rows_usable=totals.rows,
        rows_left_out=sheet.size - totals.rows,
        left_out=_left_out(checked, product),
        usable_for=usable_for,
        usable_why=why,
        columns=matches,
        fields=tuple(summary(column, matches, sheet) for column in _told(sheet)),
        missing=_missing(sheet),
        issues=found,
        outcomes=totals.by_state,
        event_rate=wilson(totals.events, totals.labelled),
        first_date=totals.first,
        last_date=totals.last,
        last_outcome_date=totals.last_outcome,
        months=totals.months,
        quality=quality(sheet, checked),
        actions=actions(sheet, checked, found, proposed),
        proposals=proposed,
        leaks=leaks,
        changed=told(recipe, amended.changed, product),
        automatic=find_automatic(sheet, checked.usable, checked.states),
        far=totals.far,
    )


def _codes(sheet: Sheet) -> tuple[Note, ...]:
    """Says of a file that was handed out masked that its patients are codes, and how many."""
    field = sheet.product.by_role(Role.PATIENT)
    labels = sheet.columns[field.key].labels if field is not None else None
    like_codes = labels.filter(pc.match_substring(labels, "P-")) if labels is not None else pa.array([], pa.string())
    count = sum(is_code(str(text)) for text in like_codes.to_pylist())
    return (note("checking.patient_codes", count=count),) if count else ()


def _left_out(checked: Checked, product: Product) -> tuple[tuple[str, int], ...]:
    counts = np.bincount(checked.blocker[checked.blocker >= 0], minlength=len(product.rules))
    named = [(rule.code, int(count)) for rule, count in zip(product.rules, counts, strict=True) if count]
    return tuple(sorted(named, key=lambda pair: -pair[1]))


def _missing(sheet: Sheet) -> tuple[MissingField, ...]:
    """Fields without a column, or with an empty one: either way the model does without."""
    return tuple(
        MissingField(key, column.field.label)
        for key, column in sheet.columns.items()
        if not (column.field.extra or column.filled.any())
    )


def _told(sheet: Sheet) -> list[Column]:
    """The columns that a report speaks of: fields that are asked for, and those others that the file has."""
    return [column for column in sheet.columns.values() if column.present or not column.field.extra]


def _usable(totals: Totals, sheet: Sheet) -> tuple[tuple[str, ...], tuple[Note, ...]]:
    """What the rows can be used for, and why not for the rest."""
    usable, why = [], []
    if totals.trainable:
        usable.append("training")
    else:
        why.append(_not_trainable(totals, sheet))
    if totals.rows:
        usable.append("scoring")
    else:
        why.append(note("checking.no_usable_row"))
    return tuple(usable), tuple(why)


def _not_trainable(totals: Totals, sheet: Sheet) -> Note:
    if totals.enough_outcomes:
        return note("checking.few_days", days=totals.outcome_days, least=MIN_OUTCOME_DAYS)
    asked = {"least": LEAST_LABELLED, "least_of_each": LEAST_OF_A_CLASS}
    target, words = sheet.product.target, sheet.product.words
    if not sheet.columns[target.key].filled.any():
        return note("checking.no_target", target=target.label, **asked)
    rest = totals.labelled - totals.events
    return note(
        "checking.few_outcomes",
        outcomes=totals.labelled,
        events=totals.events,
        rest=rest,
        event=words.event,
        non_event=words.non_event,
        **asked,
    )


def left_out_table(raw: pa.Table, numbers: np.ndarray, left_out: pd.DataFrame) -> pa.Table:
    """The rows that are not used, cells as they came, with "linha" and "motivo" before them.

    `raw`: all rows as they came; `numbers`: their spreadsheet rows, rising; `left_out`: `row` and `reason` in words.
    """
    left_out = left_out.sort_values("row", kind="stable")
    rows = left_out["row"].to_numpy()
    places = np.searchsorted(numbers, rows)
    table = pa.table([text_columns.taken(cells, places) for cells in raw.columns], schema=raw.schema)
    taken = set(table.column_names)
    for name, cells in (("motivo", left_out["reason"].astype("str").tolist()), ("linha", rows)):
        table = table.add_column(0, name if name not in taken else f"{name} (Presença)", pa.array(cells))
    return table
