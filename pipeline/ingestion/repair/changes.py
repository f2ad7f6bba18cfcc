"""What a recipe did, in words, and what differs between the cells that came and the cells that go."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from pipeline.contract import Field, Product
from pipeline.ingestion.parsing.column import ORDERS
from pipeline.ingestion.parsing.quoting import quotable
from pipeline.ingestion.wording import date
from pipeline.records import Recipe, Step, StepKind

Words = Callable[[Step, Product], str]


def told(recipe: Recipe, changed: tuple[int, ...], product: Product) -> tuple[tuple[str, int], ...]:
    """(what was done, cells changed) per step; single cells are counted together, by field."""
    lines: dict[str, int] = {}
    for step, cells in zip(recipe.steps, changed, strict=True):
        if step.kind is StepKind.ASIDE:  # changes no cell; told by its rows
            continue
        line = (
            f"{product.field(step.field).label}: células corrigidas à mão"
            if step.kind is StepKind.CELL
            else describe(step, product)
        )
        lines[line] = lines.get(line, 0) + cells
    return tuple(lines.items())


def describe(step: Step, product: Product) -> str:
    """A step as its line in the list of changes; what stood in a personal cell is not said."""
    return _WORDS[step.kind](step, product)


def _label(product: Product, key: str) -> str:
    return product.field(key).label


def _value(step: Step, product: Product) -> str:
    after = f"“{quotable(step.after)}”" if step.after else "vazio"
    return f"{_label(product, step.field)}: “{quotable(step.before)}” virou {after}"


def _cell(step: Step, product: Product) -> str:
    item: Field = product.field(step.field)
    if item.personal:
        return f"{item.label}, linha {step.row}: célula corrigida"
    before = f"“{quotable(step.before)}”" if step.before else "vazio"
    after = f"“{quotable(step.after)}”" if step.after else "vazio"
    return f"{item.label}, linha {step.row}: {before} virou {after}"


def _days(period: str) -> str:
    first, _, last = period.partition("/")
    return f", de {date(dt.date.fromisoformat(first))} a {date(dt.date.fromisoformat(last))}" if last else ""


_WORDS: dict[StepKind, Words] = {
    StepKind.VALUE: _value,
    StepKind.CELL: _cell,
    StepKind.SWAP: lambda s, p: f"{_label(p, s.field)} e {_label(p, s.after)}: trocadas onde vinham invertidas",
    StepKind.EXCHANGE: lambda s, p: f"{_label(p, s.field)} e {_label(p, s.after)}: colunas trocadas uma pela outra",
    StepKind.DATES: lambda s, p: f"{_label(p, s.field)}: datas lidas como {ORDERS[s.after]}",
    StepKind.PAD: lambda s, p: f"{_label(p, s.field)}: zeros à esquerda do CPF repostos",
    StepKind.ARRIVAL: lambda s, p: (
        f"{p.target.label}: lido de “{quotable(s.after)}”, que preenchida quer dizer {p.target.senses[0].yes}"
    ),
    StepKind.STARS: lambda s, p: f"{p.target.label}: notas de 0 a 10 lidas como estrelas",
    StepKind.ASIDE: lambda s, p: (
        f"{_label(p, s.field)}: linhas de “{quotable(s.before)}” deixadas de fora{_days(s.after)}"
    ),
    StepKind.USE: lambda s, p: f"{_label(p, s.field)}: usada, embora pareça conhecer o futuro",
}
