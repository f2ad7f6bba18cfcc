"""Findings → issues: the declared sentence filled with numbers, and what the fault costs.

A sentence may hold "[tem|têm]": the first form where one row is meant, the second otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from pipeline.contract import Product, Rule, RuleKind, Severity
from pipeline.ingestion.checking.finding import Finding
from pipeline.ingestion.checking.run import Checked
from pipeline.ingestion.wording import listed, number, percent, plural
from pipeline.records import Issue

_EXAMPLES = 5
_FORMS = re.compile(r"\[([^|\]]*)\|([^|\]]*)\]")
_LIKE_VALUES = re.compile(r",? como \{values\}")
_ONE_OF_ONE = re.compile(r"\b(de|entre) 1 linhas\b")
_RANK = {Severity.BLOCKER: 0, Severity.WARNING: 1, Severity.NOTE: 2}
_WITHOUT_FIELD = frozenset(
    {RuleKind.UNREADABLE, RuleKind.OUTSIDE_DOMAIN, RuleKind.EMPTY, RuleKind.ASKED_FOR, RuleKind.DESTROYED_ID}
)
_COSTS = ("loses", "blurs", "looks", "aside")
_MISLEADS = frozenset(
    {RuleKind.CONFLICT, RuleKind.CPF_CHECK, RuleKind.VARIANTS, RuleKind.REPEATED, RuleKind.ORDER, RuleKind.RATE_JUMP}
)
ASIDE = frozenset({RuleKind.TOTALS_ROW, RuleKind.SUPERSEDED, RuleKind.SET_ASIDE})  # left out, with nothing to mend
_NOT_TRAINED_ON = frozenset({RuleKind.OUTCOME_IN_FUTURE, RuleKind.OUTCOME_MISSING, RuleKind.OUTCOME_EXCLUDED})


def issues(checked: Checked, product: Product, rows: np.ndarray) -> tuple[Issue, ...]:
    """The issues of a report, costliest first; `rows` are the spreadsheet numbers of all rows read."""
    order = {rule.code: place for place, rule in enumerate(product.rules)}
    ranked = sorted(
        checked.findings,
        key=lambda f: (_RANK[_severity(f.rule)], _COSTS.index(cost_of(f.rule, product)), -f.rows, order[f.rule.code]),
    )
    return tuple(_issue(f, product, rows, int((checked.blocker == order[f.rule.code]).sum())) for f in ranked)


def _issue(finding: Finding, product: Product, rows: np.ndarray, lost: int) -> Issue:
    rule = finding.rule
    examples = _examples(finding, rows)
    key = rule.fields[0] if rule.fields else None
    return Issue(
        rule=rule.code,
        severity=_severity(rule).value,
        field=key,
        title=rule.title,
        rows=finding.rows,
        examples=examples,
        message=_message(finding, product, len(rows), examples),
        effect=_effect(finding, product, lost),
        loses_rows=rule.loses_row,
        cost=cost_of(rule, product),
    )


def _severity(rule: Rule) -> Severity:
    """What there is nothing to mend in stops nobody."""
    return Severity.NOTE if rule.kind in ASIDE else rule.severity


def _examples(finding: Finding, rows: np.ndarray) -> tuple[int, ...]:
    if finding.mask is None:
        return ()
    telling = finding.mask if finding.telling is None else finding.telling
    return tuple(int(row) for row in rows[np.flatnonzero(telling)[:_EXAMPLES]])


def _message(finding: Finding, product: Product, size: int, examples: Sequence[int]) -> str:
    rule = finding.rule
    total = finding.total or size
    count = len(finding.values) if finding.mask is None else finding.rows
    template = rule.message if finding.values else _LIKE_VALUES.sub("", rule.message)
    template = _FORMS.sub(lambda m: m[1] if count == 1 else m[2], template)
    labels = [product.field(key).label for key in rule.fields] + ["", ""]
    sentence = template.format(
        rows=number(finding.rows),
        total=number(total),
        share=percent(finding.rows / max(1, total)),
        examples=example_rows(examples, finding.rows),
        values=listed(finding.values),
        field=labels[0],
        other=labels[1],
    )
    lead = f"{labels[0]}: " if labels[0] else ""
    sentence = _ONE_OF_ONE.sub(r"\1 1 linha", sentence)
    return f"{lead}{sentence} {rule.remedy}"


def example_rows(examples: Sequence[int], rows: int) -> str:
    """(14, 88, 231) of 37 → "ex.: linhas 14, 88, 231"; all of them where they are few."""
    if not examples:
        return ""
    if len(examples) < rows:
        return f"ex.: {'linha' if len(examples) == 1 else 'linhas'} {', '.join(map(str, examples))}"
    return f"linha {examples[0]}" if rows == 1 else f"linhas {listed([str(e) for e in examples])}"


def cost_of(rule: Rule, product: Product) -> str:
    """What a fault costs: rows (or what they teach), a field of theirs, only looks, or nothing that could be mended."""
    if rule.kind in ASIDE:
        return "aside"
    if rule.loses_row or (_untaught(rule, product) and rule.severity is not Severity.NOTE):
        return "loses"
    if rule.blanks or rule.kind in _WITHOUT_FIELD or rule.kind in _MISLEADS:
        return "blurs"
    return "looks"


def _untaught(rule: Rule, product: Product) -> bool:
    of_target = rule.fields and rule.kind is not RuleKind.REWRITTEN and product.target.key == rule.fields[0]
    return rule.kind in _NOT_TRAINED_ON or bool(of_target)


def _effect(finding: Finding, product: Product, lost: int) -> str:
    rule = finding.rule
    if finding.mask is None:
        return ""
    if rule.loses_row:
        again = finding.rows - lost
        counted = f" ({plural(again, 'já contada', 'já contadas')} em outro impeditivo)" if again else ""
        return plural(lost, "linha fica de fora", "linhas ficam de fora") + counted
    if _untaught(rule, product):
        return plural(finding.rows, "linha fora do treino", "linhas fora do treino")
    if rule.blanks or rule.kind in _WITHOUT_FIELD:
        return plural(finding.rows, "linha usada sem o campo", "linhas usadas sem o campo")
    return plural(finding.rows, "linha usada como está", "linhas usadas como estão")
