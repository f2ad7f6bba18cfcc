"""What a recipe did: each step as a note; what stood in a personal cell is not said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pipeline.contract import Product
from pipeline.ingestion.parsing.quoting import quotable
from pipeline.records import Note, Recipe, Step, StepKind, note


def told(recipe: Recipe, changed: tuple[int, ...], product: Product) -> tuple[tuple[Note, int], ...]:
    """(what was done, cells changed) per step; single cells are counted together, by field."""
    lines: dict[Note, int] = {}
    for step, cells in zip(recipe.steps, changed, strict=True):
        if step.kind is StepKind.ASIDE:  # changes no cell; told by its rows
            continue
        by_hand = step.kind is StepKind.CELL
        line = note("repair.by_hand", field=_label(product, step.field)) if by_hand else describe(step, product)
        lines[line] = lines.get(line, 0) + cells
    return tuple(lines.items())


def describe(step: Step, product: Product) -> Note:
    """A step as its line in the list of changes; what stood in a personal cell is not said."""
    if step.kind is StepKind.CELL and product.field(step.field).personal:
        return note("repair.personal_cell", field=_label(product, step.field), row=step.row)
    return note(f"repair.{step.kind}", **_VALUES[step.kind](step, product))


def _label(product: Product, key: str) -> str:
    return product.field(key).label


def _pair(step: Step, product: Product) -> dict[str, Any]:
    return {"field": _label(product, step.field), "other": _label(product, step.after)}


def _replaced(step: Step, product: Product) -> dict[str, Any]:
    texts = {"before": quotable(step.before), "after": quotable(step.after)}
    return {"field": _label(product, step.field), "row": step.row, **texts}


def _aside(step: Step, product: Product) -> dict[str, Any]:
    first, _, last = step.after.partition("/")
    days = {"first": first, "last": last} if last else {"first": "", "last": ""}
    return {"field": _label(product, step.field), "before": quotable(step.before), **days}


def _arrival(step: Step, product: Product) -> dict[str, Any]:
    target = product.target
    return {"field": target.label, "column": quotable(step.after), "yes": target.senses[0].yes}


def _field(step: Step, product: Product) -> dict[str, Any]:
    return {"field": _label(product, step.field)}


_VALUES: dict[StepKind, Callable[[Step, Product], dict[str, Any]]] = {
    StepKind.VALUE: _replaced,
    StepKind.CELL: _replaced,
    StepKind.SWAP: _pair,
    StepKind.EXCHANGE: _pair,
    StepKind.DATES: lambda step, product: {"field": _label(product, step.field), "order": step.after},
    StepKind.PAD: _field,
    StepKind.ARRIVAL: _arrival,
    StepKind.STARS: lambda step, product: {"field": product.target.label},
    StepKind.STAFF: lambda step, product: {"field": product.comment.label if product.comment else ""},
    StepKind.ASIDE: _aside,
    StepKind.USE: _field,
}
