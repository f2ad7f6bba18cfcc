"""Issues in words: the sentence that a product declares for a rule, filled with what a check found.

A declared sentence may hold "[tem|têm]": the first form where one row is meant, the second otherwise. What an earlier
version kept in sentences reads as it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from pipeline.contract import Product, Rule
from pipeline.presentation.locale.messages import say
from pipeline.presentation.locale.numbers import listed, number, percent
from pipeline.records import Issue, Note, note
from pipeline.records.ingestion import FaultyRow

if TYPE_CHECKING:
    import pandas as pd

_FORMS = re.compile(r"\[([^|\]]*)\|([^|\]]*)\]")
_LIKE_VALUES = re.compile(r",? como \{values\}")
_OF_ALL = re.compile(r"\b(de|entre) \{total\} linhas\b")
_EFFECTS = {
    "left_out": "checking.rows_left_out",
    "untaught": "checking.rows_untaught",
    "without_field": "checking.rows_without_field",
    "scrubbed": "checking.rows_scrubbed",
    "as_they_are": "checking.rows_as_they_are",
}


def title(issue: Issue, product: Product) -> str:
    """What is wrong, in a few words."""
    return say(issue.kept.title) if issue.kept else reason(issue.rule, product)


def message(issue: Issue, product: Product) -> str:
    """The whole sentence: the field, what is wrong and where, and how to mend it."""
    lead, rest = message_parts(issue, product)
    return f"{lead} {rest}" if lead else rest


def message_parts(issue: Issue, product: Product) -> tuple[str, str]:
    """The field that a sentence begins with ("Filial:"; "" where it is of none), and the sentence."""
    label = product.field(issue.field).label if issue.field else ""
    lead = f"{label}:" if label else ""
    if issue.kept:
        whole = say(issue.kept.message)
        return (lead, whole.removeprefix(lead).lstrip()) if lead and whole.startswith(lead) else ("", whole)
    rule = _rules(product)[issue.rule]
    return lead, f"{_filled(issue, rule, product)} {rule.remedy}"


def _filled(issue: Issue, rule: Rule, product: Product) -> str:
    """The declared sentence with its numbers and names."""
    count = issue.rows if issue.examples else len(issue.values)  # a rule over the file counts what it names
    template = rule.message if issue.values else _LIKE_VALUES.sub("", rule.message)
    template = _FORMS.sub(lambda m: m[1] if count == 1 else m[2], template)
    if issue.total == 1:
        template = _OF_ALL.sub(r"\1 {total} linha", template)
    labels = [product.field(key).label for key in rule.fields] + ["", ""]
    return template.format(
        rows=number(issue.rows),
        total=number(issue.total),
        share=percent(issue.rows / max(1, issue.total)),
        examples=example_rows(issue.examples, issue.rows),
        values=listed([_quoted(value) for value in issue.values]),
        field=labels[0],
        other=labels[1],
    )


def _quoted(value: Note | str) -> str:
    """A cell in quotation marks; anything else as it is said."""
    return f"“{value}”" if isinstance(value, str) else say(value)


def example_rows(examples: Sequence[int], rows: int) -> str:
    """(14, 88, 231) of 37 → "ex.: linhas 14, 88, 231"; all of them where they are few."""
    if not examples:
        return ""
    if len(examples) < rows:
        return f"ex.: {'linha' if len(examples) == 1 else 'linhas'} {', '.join(map(str, examples))}"
    return f"linha {examples[0]}" if rows == 1 else f"linhas {listed([str(e) for e in examples])}"


def effect(issue: Issue) -> str:
    """What became of the rows; "" for what is said of the whole file."""
    if issue.kept:
        return say(issue.kept.effect)
    return say(note(_EFFECTS[issue.effect], rows=issue.rows, again=issue.again)) if issue.effect else ""


# ---------------------------------------------------------------- rules by their code


def _rules(product: Product) -> dict[str, Rule]:
    return {rule.code: rule for rule in product.rules}


def reason(code: str, product: Product) -> str:
    """The title of a rule; a title that an earlier version kept in place of the code stays as it is."""
    rule = _rules(product).get(code)
    return rule.title if rule else code


def reasons(counted: Iterable[tuple[str, int]], product: Product) -> tuple[tuple[str, int], ...]:
    """Rules with a count each, in words, the commonest first: those of one title together."""
    found: dict[str, int] = {}
    for code, count in counted:
        name = reason(code, product)
        found[name] = found.get(name, 0) + count
    return tuple(sorted(found.items(), key=lambda pair: -pair[1]))


def with_reasons(left_out: pd.DataFrame, product: Product) -> pd.DataFrame:
    """Rows left out, each with its reason in words."""
    codes = left_out["reason"].astype("str")
    return left_out.assign(reason=codes.map({code: reason(code, product) for code in codes.unique()}).astype("str"))


def faults(row: FaultyRow, product: Product) -> str:
    """What is wrong with a row of a file, each thing once."""
    codes = [*(fault.rule for fault in row.faults), *row.others]
    return "; ".join(dict.fromkeys(reason(code, product) for code in codes))


def fault_and_remedy(code: str, product: Product) -> str:
    """What is wrong with a cell, and what to do."""
    return f"{reason(code, product)}. {_rules(product)[code].remedy}"
