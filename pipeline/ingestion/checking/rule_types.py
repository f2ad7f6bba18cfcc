"""The kinds of rule, each one class: how a fault of the kind is found, and what follows from it for the row.

A new kind of rule is a member of `RuleKind`, a class here, and its place in `TYPES`; reports, costs and the page that
mends ask the class and no list of kinds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from pipeline.contract import Rule, RuleKind, Words
from pipeline.ingestion.checking import cell_rules, file_rules, row_rules
from pipeline.ingestion.checking.finding import Finding
from pipeline.ingestion.checking.outcome_counts import Totals
from pipeline.ingestion.parsing.parsed_file import Sheet


class Pass(Enum):
    """When a rule runs: over a column or a row; over rows held against each other, of what is left; over the file."""

    ROWS = "rows"
    COMPARING = "comparing"
    FILE = "file"


@dataclass(frozen=True)
class RuleType:
    """One kind of rule. `find` looks at a sheet, or, where `runs` is over the file, at its totals (`find_in_file`)."""

    kind: RuleKind
    runs: Pass = Pass.ROWS
    find: Callable[[Sheet, Rule], Finding | None] | None = None
    find_in_file: Callable[[Totals, Rule, Words], Finding | None] | None = None
    aside: bool = False  # the row is left out, with nothing to mend
    without_field: bool = False  # the row is used as if its cell were empty
    misleads: bool = False  # what is used may be wrong, though each cell can be read
    untaught: bool = False  # the row has no outcome to learn from
    no_outcome: bool = False  # of a target: what stands there is no outcome
    private: bool = False  # what stood there was somebody's own, and is not kept
    understood: bool = False  # read otherwise than it was written: it is told, there is nothing to mend


def _of_cells(kind: RuleKind, find: Callable[[Sheet, Rule], Finding | None], **what: bool) -> RuleType:
    return RuleType(kind, Pass.ROWS, find, **what)  # type: ignore[arg-type]


TYPES: Mapping[RuleKind, RuleType] = {
    made.kind: made
    for made in (
        _of_cells(RuleKind.TOTALS_ROW, cell_rules.totals_row, aside=True),
        _of_cells(RuleKind.SUPERSEDED, cell_rules.superseded, aside=True),
        _of_cells(RuleKind.RESOURCE, cell_rules.resource, aside=True),
        _of_cells(RuleKind.SET_ASIDE, cell_rules.set_aside, aside=True),
        _of_cells(RuleKind.UNREADABLE, cell_rules.unreadable, without_field=True, no_outcome=True),
        _of_cells(RuleKind.OUTSIDE_DOMAIN, cell_rules.unreadable, without_field=True, no_outcome=True),
        _of_cells(RuleKind.MISSING, cell_rules.empty),
        _of_cells(RuleKind.EMPTY, cell_rules.empty, without_field=True),
        _of_cells(RuleKind.REWRITTEN, cell_rules.rewritten, understood=True),
        _of_cells(RuleKind.VARIANTS, cell_rules.variants, misleads=True),
        _of_cells(RuleKind.DESTROYED_ID, cell_rules.destroyed, without_field=True),
        _of_cells(RuleKind.CPF_CHECK, cell_rules.cpf_digits, misleads=True),
        _of_cells(RuleKind.ASKED_FOR, cell_rules.asked_for, without_field=True),
        _of_cells(RuleKind.SCRUBBED, cell_rules.scrubbed, understood=True, private=True),
        _of_cells(RuleKind.NPS_SCALE, cell_rules.nps_scale, no_outcome=True),
        _of_cells(RuleKind.ORDER, row_rules.order, misleads=True),
        _of_cells(RuleKind.FUTURE, row_rules.future),
        _of_cells(RuleKind.AGE_RANGE, row_rules.age_range),
        _of_cells(RuleKind.OUTCOME_IN_FUTURE, row_rules.outcome_in_future, untaught=True, no_outcome=True),
        _of_cells(RuleKind.OUTCOME_MISSING, row_rules.outcome_missing, untaught=True),
        _of_cells(RuleKind.OUTCOME_EXCLUDED, row_rules.outcome_excluded, untaught=True, understood=True),
        RuleType(RuleKind.CONFLICT, Pass.COMPARING, row_rules.conflict, misleads=True),
        RuleType(RuleKind.REPEATED, Pass.COMPARING, row_rules.repeated, misleads=True),
        RuleType(RuleKind.ONE_CLASS, Pass.FILE, find_in_file=file_rules.one_class),
        RuleType(RuleKind.SHORT_PERIOD, Pass.FILE, find_in_file=file_rules.short_period),
        RuleType(RuleKind.RATE_JUMP, Pass.FILE, find_in_file=file_rules.rate_jump, misleads=True),
    )
}


def type_of(rule: Rule) -> RuleType:
    """The class of a rule's kind. KeyError for a kind without one."""
    return TYPES[rule.kind]
