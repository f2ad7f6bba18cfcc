"""What a report adds up to: a score whose parts are visible, and the few things to do that win back most rows."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from pipeline.contract import FieldKind, Product, Role, RuleKind
from pipeline.ingestion.checking import Checked
from pipeline.ingestion.columns import fold
from pipeline.ingestion.cpf import with_zeros
from pipeline.ingestion.dates import parse_dates
from pipeline.ingestion.finding import shown_header
from pipeline.ingestion.parsing import ORDERS, Column
from pipeline.ingestion.sheet import OUTCOMES, Sheet
from pipeline.ingestion.wording import number, percent, plural
from pipeline.records import Action, Issue, Proposal, Quality, QualityPart, Step, StepKind

_WEIGHTS = (50, 30, 20)
_UNTIDY = frozenset({RuleKind.REWRITTEN, RuleKind.VARIANTS})
_ASIDE = frozenset({RuleKind.TOTALS_ROW, RuleKind.SUPERSEDED})  # no row is lost: there is nothing to mend
_BAD = frozenset({RuleKind.UNREADABLE, RuleKind.OUTSIDE_DOMAIN, RuleKind.DESTROYED_ID, RuleKind.CPF_CHECK})
_MOST_ACTIONS = 6
_SWAPPED = 0.5  # of the rows with both dates: from here on two columns are suspected, else two cells


def quality(sheet: Sheet, checked: Checked) -> Quality:
    """The score: rows that can be used, fields that are filled, cells written as they should be."""
    counted = int((~sheet.totals).sum())  # a total, or what a newer file tells again, is no row of its own
    used = int(checked.usable.sum()) / counted if counted else 0.0
    shares = {key: _filled(sheet, checked, column) for key, column in sheet.columns.items()}
    known = [share for share in shares.values() if share is not None]
    full = float(np.mean(known)) if known else 0.0
    absent = sum(1 for column in sheet.columns.values() if not column.present)
    cells = sum(int(column.filled.sum()) for column in sheet.columns.values())
    odd = sum(f.rows for f in checked.findings if f.mask is not None and f.rule.kind in _UNTIDY | _BAD)
    tidy = 1.0 - min(1.0, odd / cells) if cells else 0.0
    parts = (
        QualityPart("Linhas aproveitadas", used, _WEIGHTS[0], f"{number(int(checked.usable.sum()))} de {number(counted)} linhas podem ser usadas"),
        QualityPart("Campos preenchidos", full, _WEIGHTS[1],
                    f"em média {percent(full)} de cada campo está preenchido" +
                    (f"; {plural(absent, 'campo não veio', 'campos não vieram')}" if absent else "")),
        QualityPart("Valores como se espera", tidy, _WEIGHTS[2], f"{number(odd)} de {number(cells)} células escritas de outro modo ou ilegíveis"),
    )
    return Quality(round(sum(p.share * p.weight for p in parts)), parts)


def _filled(sheet: Sheet, checked: Checked, column: Column) -> float | None:
    """Share of usable cells among the rows where the field is asked for; None where it is nowhere."""
    asked = ~sheet.totals
    item = column.field
    if item.role is Role.TARGET:
        pending = [i for i, outcome in enumerate(OUTCOMES) if outcome.value == "pending"]
        asked &= ~np.isin(checked.states, pending)
    if item.asked_when is not None:
        other = sheet.columns[item.asked_when[0]]
        asked &= other.where(np.array([fold(t) == fold(item.asked_when[1]) for t in other.texts.to_pylist()], bool))
    return float(sheet.usable_cells(item.key)[asked].mean()) if asked.any() else None


def actions(sheet: Sheet, checked: Checked, found: tuple[Issue, ...], proposed: tuple[Proposal, ...]) -> tuple[Action, ...]:
    """What to do first: what a click can mend, then what must be mended by hand; by the rows it wins."""
    aside = {rule.code for rule in sheet.product.rules if rule.kind in _ASIDE}
    by_click: list[Action] = [*_orders(sheet), *_swaps(sheet), *_zeros(sheet, checked), *_values(sheet.product, proposed)]
    by_hand = [Action(_by_hand(issue), issue.rows, (), issue.rule) for issue in found
               if issue.cost == "loses" and issue.examples and issue.rule not in aside and not _clicked(issue, by_click)]
    return tuple(sorted([*by_click, *by_hand], key=lambda a: -a.rows)[:_MOST_ACTIONS])


def _clicked(issue: Issue, known: list[Action]) -> bool:
    """Whether a click already mends (nearly) all of an issue's rows."""
    return any(a.steps and issue.field in (a.steps[0].field, a.steps[0].after) and a.rows >= 0.9 * issue.rows for a in known)


def _by_hand(issue: Issue) -> str:
    verb = "recupera" if issue.loses_rows else "leva ao treino"
    return f"Corrigir “{issue.title}” {verb} {plural(issue.rows, 'linha', 'linhas')}"


def _orders(sheet: Sheet) -> list[Action]:
    """Reading a column of dates in another order makes more of them readable."""
    found = []
    for key, column in sheet.columns.items():
        if column.field.kind is not FieldKind.DATE or not column.present or column.ages is not None or column.readable.all():
            continue
        for order in ORDERS:
            other = parse_dates(column.texts, last_year=sheet.today.year + 20, order=order)
            gain = int(column.where(other.readable & ~column.readable).sum()) - int(column.where(column.readable & ~other.readable).sum())
            if gain > 0:
                label = f"Ler as datas de “{shown_header(column.header or '')}” como {ORDERS[order]} recupera {plural(gain, 'linha', 'linhas')}"
                found.append(Action(label, gain, (Step(StepKind.DATES, key, after=order),)))
    return found


def _swaps(sheet: Sheet) -> list[Action]:
    """Two dates in the wrong order: columns that changed places where that is the rule, cells where it is the exception."""
    found = []
    for rule in sheet.product.rules:
        if rule.kind is not RuleKind.ORDER or not rule.loses_row:
            continue
        first, second = rule.fields[:2]
        one, two = sheet.days(first), sheet.days(second)
        later, both = int((one > two).sum()), int((~np.isnat(one) & ~np.isnat(two)).sum())
        if not later:
            continue
        labels = [f"“{shown_header(sheet.columns[key].header or '')}”" for key in (first, second)]
        whole = later >= _SWAPPED * both
        what = f"Trocar as colunas {labels[0]} e {labels[1]}, que parecem invertidas," if whole else (
            f"Trocar {labels[0]} e {labels[1]} nas linhas em que vêm invertidas")
        gain = later - int((one < two).sum()) if whole else later
        if gain > 0:
            kind = StepKind.EXCHANGE if whole else StepKind.SWAP
            found.append(Action(f"{what} recupera {plural(gain, 'linha', 'linhas')}", gain, (Step(kind, first, after=second),), rule.code))
    return found


def _zeros(sheet: Sheet, checked: Checked) -> list[Action]:
    for finding in checked.findings:
        if finding.rule.kind is RuleKind.CPF_CHECK:
            column = sheet.columns[finding.rule.fields[0]]
            gain = int(column.where(np.array([a != b for a, b in zip(column.texts.to_pylist(), with_zeros(column.texts).to_pylist(),
                                                                      strict=True)], bool)).sum())
            if gain:
                label = f"Repor os zeros à esquerda do CPF corrige {plural(gain, 'linha', 'linhas')}"
                return [Action(label, gain, (Step(StepKind.PAD, column.field.key),), finding.rule.code)]
    return []


def _values(product: Product, proposed: tuple[Proposal, ...]) -> list[Action]:
    """Accepting what is proposed for the values of a field, all at once."""
    found = []
    fields: Mapping[str, list[Proposal]] = {p.field: [] for p in proposed if p.meant and not p.merge}
    for proposal in proposed:
        if proposal.meant and not proposal.merge:
            fields[proposal.field].append(proposal)
    for key, own in fields.items():
        rows = sum(p.rows for p in own)
        one = f"“{own[0].text}” é {own[0].meant}" + (f" e mais {len(own) - 1}" if len(own) > 1 else "")
        verb = "leva ao treino" if key == product.target.key else "preenche o campo em"
        label = f"{product.field(key).label}: aceitar que {one} {verb} {plural(rows, 'linha', 'linhas')}"
        found.append(Action(label, rows, tuple(Step(StepKind.VALUE, key, p.text, p.meant) for p in own)))
    return found
