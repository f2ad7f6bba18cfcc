"""What a report adds up to: what the faults cost, and the few things to do that win back most rows."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from pipeline.contract import FieldKind, Outcome, Product, RuleKind
from pipeline.folding import fold
from pipeline.ingestion.checking.rule_types import type_of
from pipeline.ingestion.checking.run import Checked
from pipeline.ingestion.parsing.column import Column
from pipeline.ingestion.parsing.cpf import with_zeros
from pipeline.ingestion.parsing.dates import parse_dates
from pipeline.ingestion.parsing.parsed_file import OUTCOMES, Sheet
from pipeline.ingestion.parsing.quoting import shown_header
from pipeline.records import (
    DATE_ORDERS,
    Action,
    Issue,
    Note,
    Proposal,
    Quality,
    QualityPart,
    Step,
    StepKind,
    note,
)

_MOST_ACTIONS = 6
_SWAPPED = 0.5  # of the rows with both dates: from here on two columns are suspected, else two cells


def quality(sheet: Sheet, checked: Checked) -> Quality:
    """What the faults cost: rows, rows to learn from, whole fields, fields in some rows;
    what is understood costs nothing.
    """
    usable, counted = checked.usable, int((~sheet.totals).sum())
    parts = [
        QualityPart("lost", counted - int(usable.sum()), counted),
        QualityPart("untaught", _untaught(sheet, checked), int(usable.sum())),
    ]
    absent, blurred = [], []
    for key, column in sheet.columns.items():
        if column.field.extra:
            continue
        asked = usable & (_asked(sheet, column) | (not column.filled.any()))
        lacking, of = int((asked & ~sheet.usable_cells(key)).sum()), int(asked.sum())
        target = key == sheet.product.target.key
        if (
            lacking and lacking == of and not (target and column.present and checked.totals.labelled == 0)
        ):  # a list to predict has no outcomes
            absent.append(QualityPart("absent", lacking, of, key, column.field.label))
        elif lacking and not target:  # the target's are told as rows that teach nothing
            blurred.append(QualityPart("blurred", lacking, of, key, column.field.label))
    parts += [
        *absent,
        *sorted(blurred, key=lambda part: -part.rows),
        QualityPart("aside", int(sheet.totals.sum()), sheet.size),
    ]
    return Quality(tuple(part for part in parts if part.rows))


def _untaught(sheet: Sheet, checked: Checked) -> int:
    """Usable rows that have happened and whose outcome is not known, in a file that has outcomes."""
    if checked.totals.labelled == 0:
        return 0
    unknown = checked.states == OUTCOMES.index(Outcome.UNKNOWN)
    for finding in checked.findings:
        of_target = finding.rule.fields and finding.rule.fields[0] == sheet.product.target.key
        if of_target and type_of(finding.rule).no_outcome and finding.mask is not None:
            unknown = unknown | finding.mask
    return int((unknown & checked.usable).sum())


def _asked(sheet: Sheet, column: Column) -> np.ndarray:
    """The rows where the field is asked for."""
    if column.field.asked_when is None:
        return ~sheet.none()
    other = sheet.columns[column.field.asked_when[0]]
    return other.where(np.array([fold(t) == fold(column.field.asked_when[1]) for t in other.texts.to_pylist()], bool))


def actions(
    sheet: Sheet, checked: Checked, found: tuple[Issue, ...], proposed: tuple[Proposal, ...]
) -> tuple[Action, ...]:
    """What to do first: what a click can mend, then what must be mended by hand; by the rows it wins."""
    by_click: list[Action] = [
        *_orders(sheet),
        *_swaps(sheet),
        *_zeros(sheet, checked),
        *_values(sheet.product, proposed),
    ]
    by_hand = [
        Action(_by_hand(issue, sheet.product), issue.rows, (), issue.rule)
        for issue in found
        if issue.cost == "loses" and issue.examples and not _clicked(issue, by_click)
    ]
    return tuple(sorted([*by_click, *by_hand], key=lambda a: -a.rows)[:_MOST_ACTIONS])


def _clicked(issue: Issue, known: list[Action]) -> bool:
    """Whether a click already mends (nearly) all of an issue's rows."""
    return any(
        a.steps and issue.field in (a.steps[0].field, a.steps[0].after) and a.rows >= 0.9 * issue.rows for a in known
    )


def _by_hand(issue: Issue, product: Product) -> Note:
    title = next(rule.title for rule in product.rules if rule.code == issue.rule)
    return note("checking.mend_by_hand", title=title, loses_rows=issue.loses_rows, rows=issue.rows)


def _orders(sheet: Sheet) -> list[Action]:
    """Reading a column of dates in another order makes more of them readable."""
    found = []
    for key, column in sheet.columns.items():
        if (
            column.field.kind is not FieldKind.DATE
            or not column.present
            or column.ages is not None
            or column.readable.all()
        ):
            continue
        for order in DATE_ORDERS:
            other = parse_dates(column.texts, last_year=sheet.today.year + 20, order=order)
            gain = int(column.where(other.readable & ~column.readable).sum()) - int(
                column.where(column.readable & ~other.readable).sum()
            )
            if gain > 0:
                told = note(
                    "checking.read_dates",
                    column=shown_header(column.header or ""),
                    order=note("parsing.order", order=order),
                    rows=gain,
                )
                found.append(Action(told, gain, (Step(StepKind.DATES, key, after=order),)))
    return found


def _swaps(sheet: Sheet) -> list[Action]:
    """Two dates in the wrong order:
    columns that changed places where that is the rule, cells where it is the exception.
    """
    found = []
    for rule in sheet.product.rules:
        if rule.kind is not RuleKind.ORDER or not rule.loses_row:
            continue
        first, second = rule.fields[:2]
        later, both, earlier = np.sum([_in_order(part, first, second) for part in sheet.parts()], axis=0).tolist()
        if not later:
            continue
        headers = [shown_header(sheet.columns[key].header or "") for key in (first, second)]
        whole = later >= _SWAPPED * both
        code = "checking.exchange_columns" if whole else "checking.swap_cells"
        gain = later - earlier if whole else later
        if gain > 0:
            kind = StepKind.EXCHANGE if whole else StepKind.SWAP
            found.append(
                Action(
                    note(code, first=headers[0], second=headers[1], rows=gain),
                    gain,
                    (Step(kind, first, after=second),),
                    rule.code,
                )
            )
    return found


def _in_order(sheet: Sheet, first: str, second: str) -> tuple[int, int, int]:
    """The rows whose first day is later than the second, that have both, whose first is earlier."""
    one, two = sheet.days(first), sheet.days(second)
    return int((one > two).sum()), int((~np.isnat(one) & ~np.isnat(two)).sum()), int((one < two).sum())


def _zeros(sheet: Sheet, checked: Checked) -> list[Action]:
    for finding in checked.findings:
        if finding.rule.kind is RuleKind.CPF_CHECK:
            column = sheet.columns[finding.rule.fields[0]]
            gain = int(
                column.where(
                    np.array(
                        [
                            a != b
                            for a, b in zip(column.texts.to_pylist(), with_zeros(column.texts).to_pylist(), strict=True)
                        ],
                        bool,
                    )
                ).sum()
            )
            if gain:
                told = note("checking.pad_cpf", rows=gain)
                return [Action(told, gain, (Step(StepKind.PAD, column.field.key),), finding.rule.code)]
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
        told = note(
            "checking.accept_values",
            field=product.field(key).label,
            text=own[0].text,
            meant=own[0].meant,
            more=len(own) - 1,
            target=key == product.target.key,
            rows=rows,
        )
        found.append(Action(told, rows, tuple(Step(StepKind.VALUE, key, p.text, p.meant) for p in own)))
    return found
