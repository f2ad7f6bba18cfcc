"""Rules that look at one column: empty, unreadable, outside its set, written otherwise, destroyed."""

from __future__ import annotations

import numpy as np

from pipeline.contract import Rule
from pipeline.folding import fold
from pipeline.ingestion.checking.finding import Finding, found, most_frequent, quoted
from pipeline.ingestion.parsing.column import Column
from pipeline.ingestion.parsing.cpf import header_says_cpf, looks_like_cpfs, wrong_cpfs
from pipeline.ingestion.parsing.parsed_file import Sheet
from pipeline.ingestion.parsing.quoting import may_be_quoted, quotable, quotable_cell
from pipeline.ingestion.parsing.ratings import NPS
from pipeline.records import Note, note
from pipeline.scrubbing.told import taken_out


def unreadable(sheet: Sheet, rule: Rule) -> Finding | None:
    """Filled, but not readable as the field's kind. A destroyed id has its own rule."""
    column = sheet.columns[rule.fields[0]]
    if column.scale == NPS:  # another scale, which has a rule of its own
        return None
    mask = column.where(~column.readable & ~column.destroyed) & ~sheet.totals
    return found(rule, mask, quoted(column, mask))


def empty(sheet: Sheet, rule: Rule) -> Finding | None:
    """The cell is empty; a field that has no column is reported as missing, not here."""
    column = sheet.columns[rule.fields[0]]
    return found(rule, ~column.filled & ~sheet.totals) if column.present else None


def rewritten(sheet: Sheet, rule: Rule) -> Finding | None:
    """Understood, though written otherwise: says how each was read."""
    column = sheet.columns[rule.fields[0]]
    mask = column.where(column.rewritten) & ~sheet.totals
    return found(rule, mask, _readings(column, mask) if may_be_quoted(column) else ())


def _readings(column: Column, mask: np.ndarray) -> tuple[Note, ...]:
    if column.index is None or column.labels is None:
        return ()
    pairs = [
        (column.texts[code].as_py(), column.labels[int(column.index[code])].as_py())
        for code, _ in most_frequent(column, mask, top=5)
    ]
    return tuple(note("checking.read_as", text=quotable_cell(column, text), meant=label) for text, label in pairs)


def variants(sheet: Sheet, rule: Rule) -> Finding | None:
    """Open names that differ in case, accents or punctuation only: the rows that don't use the commonest spelling."""
    column = sheet.columns[rule.fields[0]]
    texts = column.texts.to_pylist()
    counts = column.counts()
    best: dict[str, int] = {}
    for code in np.argsort(-counts, kind="stable"):
        best.setdefault(fold(texts[code]), int(code))
    others = np.array([best[fold(text)] != code for code, text in enumerate(texts)], bool)
    mask = column.where(others) & ~sheet.totals
    pairs = [
        note("checking.spellings", usual=quotable(texts[best[fold(texts[code])]]), other=quotable(texts[code]))
        for code, _ in most_frequent(column, mask)
    ]
    return found(rule, mask, tuple(pairs) if may_be_quoted(column) else ())


def destroyed(sheet: Sheet, rule: Rule) -> Finding | None:
    """An id in scientific notation: what it stood for is lost, and different patients may share it."""
    column = sheet.columns[rule.fields[0]]
    return found(rule, column.where(column.destroyed) & ~sheet.totals)


def cpf_digits(sheet: Sheet, rule: Rule) -> Finding | None:
    """Where the column is CPFs (its header or its cells say so), those whose check digits fail."""
    column = sheet.columns[rule.fields[0]]
    wrong = wrong_cpfs(column.texts) & column.readable
    if not looks_like_cpfs(column.texts, header_says_cpf(column.header or "")):
        return None
    return found(rule, column.where(wrong) & ~sheet.totals)


def asked_for(sheet: Sheet, rule: Rule) -> Finding | None:
    """Empty, though another field has the value for which it is asked."""
    column = sheet.columns[rule.fields[0]]
    if not column.present or column.field.asked_when is None:
        return None
    key, value = column.field.asked_when
    other = sheet.columns[key]
    wanted = np.array([fold(text) == fold(value) for text in other.texts.to_pylist()], bool)
    return found(rule, other.where(wanted) & ~column.filled & ~sheet.totals)


def scrubbed(sheet: Sheet, rule: Rule) -> Finding | None:
    """Comments from which personal numbers or names were taken out: how many of each kind."""
    column = sheet.columns[rule.fields[0]]
    per_text = column.counts()
    counts = {kind: int((times * per_text).sum()) for kind, times in column.scrubs.items()}
    return found(rule, column.where(column.rewritten) & ~sheet.totals, taken_out(counts))


def nps_scale(sheet: Sheet, rule: Rule) -> Finding | None:
    """Notes of 0 to 10 where stars are expected, not converted: nobody has said that they may be."""
    column = sheet.columns[rule.fields[0]]
    unused = column.scale == NPS and not column.readable.any()
    return found(rule, column.filled & ~sheet.totals) if unused else None


def totals_row(sheet: Sheet, rule: Rule) -> Finding | None:
    """The last row sums up the others."""
    others = [mask for mask in (sheet.superseded, sheet.aside, *sheet.resources.values()) if mask is not None]
    return found(rule, np.logical_and.reduce([sheet.totals, *(~mask for mask in others)]))


def superseded(sheet: Sheet, rule: Rule) -> Finding | None:
    """A file that was joined later tells of the same event."""
    return None if sheet.superseded is None else found(rule, sheet.superseded)


def resource(sheet: Sheet, rule: Rule) -> Finding | None:
    """The reading of a resource says that it is no row: the rule's own reason."""
    mask = sheet.resources.get(rule.code)
    return None if mask is None else found(rule, mask)


def set_aside(sheet: Sheet, rule: Rule) -> Finding | None:
    """Somebody asked to leave these rows out."""
    return None if sheet.aside is None else found(rule, sheet.aside)
