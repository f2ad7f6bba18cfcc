"""Findings → issues: which rule, where, what its sentence names, and what the fault costs."""

from __future__ import annotations

import numpy as np

from pipeline.contract import Product, Rule, RuleKind, Severity
from pipeline.ingestion.checking.finding import Finding
from pipeline.ingestion.checking.rule_types import type_of
from pipeline.ingestion.checking.run import Checked
from pipeline.records import Issue

_EXAMPLES = 5
_RANK = {Severity.BLOCKER: 0, Severity.WARNING: 1, Severity.NOTE: 2}
COSTS = ("loses", "blurs", "private", "looks", "aside")


def issues(checked: Checked, product: Product, rows: np.ndarray) -> tuple[Issue, ...]:
    """The issues of a report, costliest first; `rows` are the spreadsheet numbers of all rows read."""
    order = {rule.code: place for place, rule in enumerate(product.rules)}
    ranked = sorted(
        checked.findings,
        key=lambda f: (_RANK[_severity(f.rule)], COSTS.index(cost_of(f.rule, product)), -f.rows, order[f.rule.code]),
    )
    return tuple(_issue(f, product, rows, int((checked.blocker == order[f.rule.code]).sum())) for f in ranked)


def _issue(finding: Finding, product: Product, rows: np.ndarray, lost: int) -> Issue:
    rule = finding.rule
    key = rule.fields[0] if rule.fields else None
    return Issue(
        rule=rule.code,
        severity=_severity(rule).value,
        field=key,
        rows=finding.rows,
        examples=_examples(finding, rows),
        loses_rows=rule.loses_row,
        cost=cost_of(rule, product),
        effect=_effect(finding, product),
        again=finding.rows - lost if rule.loses_row and finding.mask is not None else 0,
        total=finding.total or len(rows),
        values=finding.values,
    )


def _severity(rule: Rule) -> Severity:
    """What there is nothing to mend in stops nobody."""
    return Severity.NOTE if type_of(rule).aside else rule.severity


def _examples(finding: Finding, rows: np.ndarray) -> tuple[int, ...]:
    if finding.mask is None:
        return ()
    telling = finding.mask if finding.telling is None else finding.telling
    return tuple(int(row) for row in rows[np.flatnonzero(telling)[:_EXAMPLES]])


def cost_of(rule: Rule, product: Product) -> str:
    """What a fault costs: rows (or what they teach), a field of theirs, what was somebody's own and is taken out, only
    looks, or nothing that could be mended."""
    if type_of(rule).aside:
        return "aside"
    if rule.loses_row or (_untaught(rule, product) and rule.severity is not Severity.NOTE):
        return "loses"
    if rule.blanks or type_of(rule).without_field or type_of(rule).misleads:
        return "blurs"
    return "private" if type_of(rule).private else "looks"


def _untaught(rule: Rule, product: Product) -> bool:
    of_target = rule.fields and rule.kind is not RuleKind.REWRITTEN and product.target.key == rule.fields[0]
    return type_of(rule).untaught or bool(of_target)


def _effect(finding: Finding, product: Product) -> str:
    """What becomes of the rows."""
    rule = finding.rule
    if finding.mask is None:
        return ""
    if rule.loses_row:
        return "left_out"
    if _untaught(rule, product):
        return "untaught"
    if type_of(rule).private:
        return "scrubbed"
    return "without_field" if rule.blanks or type_of(rule).without_field else "as_they_are"
