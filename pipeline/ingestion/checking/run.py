"""Runs the rules that a product declares over a parsed sheet; each kind of rule is implemented once.

Three passes: rules over a column or a row, which may empty cells; rules that hold rows against each other, which
look at what is left; rules over the file, which look at the rows that stay.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from pipeline.contract import ContractError, Rule, RuleKind
from pipeline.ingestion.checking import cell_rules, file_rules, row_rules
from pipeline.ingestion.checking.finding import Finding
from pipeline.ingestion.checking.outcome_counts import Totals, totals_of
from pipeline.ingestion.parsing.parsed_file import Sheet

RowCheck = Callable[[Sheet, Rule], Finding | None]

_ROW_CHECKS: dict[RuleKind, RowCheck] = {
    RuleKind.TOTALS_ROW: cell_rules.totals_row,
    RuleKind.SUPERSEDED: cell_rules.superseded,
    RuleKind.SET_ASIDE: cell_rules.set_aside,
    RuleKind.UNREADABLE: cell_rules.unreadable,
    RuleKind.OUTSIDE_DOMAIN: cell_rules.unreadable,
    RuleKind.MISSING: cell_rules.empty,
    RuleKind.EMPTY: cell_rules.empty,
    RuleKind.REWRITTEN: cell_rules.rewritten,
    RuleKind.VARIANTS: cell_rules.variants,
    RuleKind.DESTROYED_ID: cell_rules.destroyed,
    RuleKind.CPF_CHECK: cell_rules.cpf_digits,
    RuleKind.ASKED_FOR: cell_rules.asked_for,
    RuleKind.SCRUBBED: cell_rules.scrubbed,
    RuleKind.NPS_SCALE: cell_rules.nps_scale,
    RuleKind.ORDER: row_rules.order,
    RuleKind.FUTURE: row_rules.future,
    RuleKind.AGE_RANGE: row_rules.age_range,
    RuleKind.OUTCOME_IN_FUTURE: row_rules.outcome_in_future,
    RuleKind.OUTCOME_MISSING: row_rules.outcome_missing,
    RuleKind.OUTCOME_EXCLUDED: row_rules.outcome_excluded,
}
_COMPARING_CHECKS: dict[RuleKind, RowCheck] = {
    RuleKind.CONFLICT: row_rules.conflict,
    RuleKind.REPEATED: row_rules.repeated,
}
_FILE_CHECKS = {
    RuleKind.ONE_CLASS: file_rules.one_class,
    RuleKind.SHORT_PERIOD: file_rules.short_period,
    RuleKind.RATE_JUMP: file_rules.rate_jump,
}
KINDS = frozenset(_ROW_CHECKS) | frozenset(_COMPARING_CHECKS) | frozenset(_FILE_CHECKS)


@dataclass(frozen=True)
class Checked:
    """`findings` in the order of the rules; `blocker` int16 per row: place in the product's rules of the first
    blocker that the row fails, -1 where it stays; `states` int8 per row, places in OUTCOMES."""

    findings: tuple[Finding, ...]
    blocker: np.ndarray
    states: np.ndarray
    totals: Totals

    @property
    def usable(self) -> np.ndarray:
        return self.blocker < 0


def check(sheet: Sheet) -> Checked:
    """All findings. ContractError if the product declares a kind of rule that has no implementation."""
    rules = sheet.product.rules
    unknown = {rule.kind for rule in rules} - KINDS
    if unknown:
        raise ContractError(f"{sheet.product.key}: no check for rule kinds {sorted(unknown)}")
    findings = _run(sheet, rules, _ROW_CHECKS) + _run(sheet, rules, _COMPARING_CHECKS)
    blocker = _first_blockers(sheet, findings)
    states = sheet.states()
    totals = totals_of(sheet, blocker < 0, states)
    for rule in rules:
        if rule.kind in _FILE_CHECKS:
            finding = _FILE_CHECKS[rule.kind](totals, rule, sheet.product.words)
            findings += [finding] if finding else []
    return Checked(tuple(findings), blocker, states, totals)


def _run(sheet: Sheet, rules: tuple[Rule, ...], checks: dict[RuleKind, RowCheck]) -> list[Finding]:
    """The findings of a pass; cells are emptied at its end, so that no check hides what another would find."""
    tried = [checks[rule.kind](sheet, rule) for rule in rules if rule.kind in checks]
    findings = [finding for finding in tried if finding is not None]
    for finding in findings:
        if finding.rule.blanks and finding.mask is not None:
            sheet.empty(finding.rule.fields[0], finding.mask)
    return findings


def _first_blockers(sheet: Sheet, findings: list[Finding]) -> np.ndarray:
    places = {rule.code: place for place, rule in enumerate(sheet.product.rules)}
    blocker = np.full(sheet.size, -1, "int16")
    for finding in sorted(findings, key=lambda f: places[f.rule.code], reverse=True):
        if finding.rule.loses_row and finding.mask is not None:
            blocker[finding.mask] = places[finding.rule.code]
    return blocker
