"""Runs the rules that a product declares over a parsed sheet; each kind of rule is implemented once.

Three passes: rules over a column or a row, which may empty cells; rules that hold rows against each other, which
look at what is left; rules over the file, which look at the rows that stay.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from pipeline import side_by_side
from pipeline.contract import ContractError, Rule
from pipeline.ingestion.checking.finding import Finding
from pipeline.ingestion.checking.outcome_counts import Totals, totals_of
from pipeline.ingestion.checking.rule_types import TYPES, Pass, type_of
from pipeline.ingestion.parsing.parsed_file import Sheet
from pipeline.side_by_side import WORTH_IT


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
    unknown = {rule.kind for rule in rules} - TYPES.keys()
    if unknown:
        raise ContractError(f"{sheet.product.key}: no check for rule kinds {sorted(unknown)}")
    findings = _run(sheet, rules, Pass.ROWS) + _run(sheet, rules, Pass.COMPARING)
    blocker = _first_blockers(sheet, findings)
    states = sheet.states()
    totals = totals_of(sheet, blocker < 0, states)
    for rule in rules:
        look = type_of(rule).find_in_file
        finding = look(totals, rule, sheet.product.words) if look else None
        findings += [finding] if finding else []
    return Checked(tuple(findings), blocker, states, totals)


def _run(sheet: Sheet, rules: tuple[Rule, ...], when: Pass) -> list[Finding]:
    """The findings of a pass; cells are emptied at its end, so that no check hides what another would find."""
    looks = [(type_of(rule).find, rule) for rule in rules if type_of(rule).runs is when]
    tasks = [partial(look, sheet, rule) for look, rule in looks if look is not None]
    tried = side_by_side.each(tasks, worth_it=sheet.size >= WORTH_IT)
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
