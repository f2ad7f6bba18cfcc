"""Rows that somebody asked to leave out: those of a value, perhaps of some days only; nothing is left out unasked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np

from pipeline.contract import FieldKind, Product, RuleKind
from pipeline.folding import fold
from pipeline.ingestion.parsing.column import Column
from pipeline.ingestion.parsing.parsed_file import Sheet
from pipeline.records import Recipe, SetAside, Step, StepKind

_KINDS = (FieldKind.OPEN, FieldKind.CLOSED, FieldKind.UF)


def can_be_set_aside(product: Product, key: str) -> bool:
    """Whether rows of a value of this field can be left out: names and closed sets, never what identifies a person."""
    item = product.field(key)
    declared = any(rule.kind is RuleKind.SET_ASIDE for rule in product.rules)
    return declared and item.kind in _KINDS and not item.personal and key != product.target.key


def wrong_steps(recipe: Recipe, product: Product) -> bool:
    """Whether a recipe asks to leave out what can't be, or days that do not exist."""
    return any(
        not step.before or not can_be_set_aside(product, step.field) or (step.after and days_of(step.after) is None)
        for step in recipe.steps
        if step.kind is StepKind.ASIDE
    )


def days_of(period: str) -> tuple[dt.date, dt.date] | None:
    """ "2026-03-01/2026-04-15" as its first and last day; None where it is no period."""
    try:
        first, last = (dt.date.fromisoformat(day) for day in period.split("/"))
    except ValueError:
        return None
    return (first, last) if first <= last else None


def set_aside(sheet: Sheet, recipe: Recipe) -> tuple[np.ndarray | None, tuple[SetAside, ...]]:
    """The rows that the recipe leaves out (None: none is asked for), and how many each of its steps does."""
    steps = [step for step in recipe.steps if step.kind is StepKind.ASIDE]
    if not steps:
        return None, ()
    out, told = sheet.none(), []
    for step in steps:
        rows = _rows(sheet, step) & ~sheet.totals & ~out
        out |= rows
        told.append(
            SetAside(step.field, sheet.product.field(step.field).label, step.before, step.after, int(rows.sum()))
        )
    return out, tuple(told)


def _rows(sheet: Sheet, step: Step) -> np.ndarray:
    rows = sheet.columns[step.field].where(_same(sheet.columns[step.field], step.before))
    period = days_of(step.after) if step.after else None
    if period is not None:
        days = sheet.days(sheet.product.time.key)
        rows &= (days >= np.datetime64(period[0])) & (days <= np.datetime64(period[1]))
    return rows


def _same(column: Column, value: str) -> np.ndarray:
    """Per distinct text: it says this value, however it is written."""
    wanted = fold(value)
    said = np.array([fold(text) == wanted for text in column.texts.to_pylist()], bool)
    if column.index is None or column.labels is None or column.field.kind is FieldKind.OPEN:
        return said
    labels = np.append([fold(label) == wanted for label in column.labels.to_pylist()], False).astype(bool)
    return said | labels[column.index]


def names(column: Column) -> Mapping[int, str]:
    """Per meaning of a column (see Sheet.canonical), the commonest text or the label."""
    found: dict[int, str] = {}
    if column.field.kind is not FieldKind.OPEN and column.labels is not None:
        return dict(enumerate(column.labels.to_pylist()))
    counts = column.counts()
    places: dict[str, int] = {}
    texts = column.texts.to_pylist()
    meaning = [places.setdefault(fold(text), len(places)) for text in texts]
    for code in np.argsort(-counts, kind="stable"):
        found.setdefault(meaning[int(code)], texts[int(code)])
    return found
