"""Rules that look at several columns of a row, or at a row beside the others."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.contract import Outcome, Role, Rule, RuleKind
from pipeline.ingestion.checking.finding import Finding, found, quoted
from pipeline.ingestion.parsing.parsed_file import OLDEST, OUTCOMES, YOUNGEST, Sheet

_LARGEST = 2**62


def order(sheet: Sheet, rule: Rule) -> Finding | None:
    """fields[0] lies after fields[1]; only days count."""
    return found(rule, (sheet.days(rule.fields[0]) > sheet.days(rule.fields[1])) & ~sheet.totals)


def future(sheet: Sheet, rule: Rule) -> Finding | None:
    """The day is later than today."""
    return found(rule, (sheet.days(rule.fields[0]) > np.datetime64(sheet.today)) & ~sheet.totals)


def age_range(sheet: Sheet, rule: Rule) -> Finding | None:
    """Below 0 or above 120 years.

    A birth that a rule of order already accuses is accused here only if its very year is later: the day after the
    contact is a slip of dates, the year after is an impossible age.
    """
    birth, reference = rule.fields[0], rule.fields[1] if len(rule.fields) > 1 else None
    ages = sheet.ages(reference)
    mask = ((ages < YOUNGEST) | (ages > OLDEST)) & ~sheet.totals
    for other in sheet.product.rules:
        if other.kind is RuleKind.ORDER and other.fields[0] == birth:
            born, at = sheet.days(birth), sheet.days(other.fields[1])
            mask &= ~((born > at) & (born.astype("datetime64[Y]") <= at.astype("datetime64[Y]")))
    return found(rule, mask)


def outcome_in_future(sheet: Sheet, rule: Rule) -> Finding | None:
    """A result for a day that has not come: it is not used."""
    target = sheet.columns[rule.fields[0]]
    said = sheet.said()
    mask = sheet.outcome_in_future(said) & ~sheet.totals
    return found(rule, mask, quoted(target, mask))


def outcome_missing(sheet: Sheet, rule: Rule) -> Finding | None:
    """The day has passed and the target is empty."""
    target = sheet.columns[rule.fields[0]]
    past = sheet.days(rule.fields[1]) < np.datetime64(sheet.today)
    return found(rule, past & ~target.filled & ~sheet.totals) if target.present else None


def outcome_excluded(sheet: Sheet, rule: Rule) -> Finding | None:
    """Neither event nor non-event."""
    excluded = sheet.states() == OUTCOMES.index(Outcome.EXCLUDED)
    return found(rule, excluded & ~sheet.totals, quoted(sheet.columns[rule.fields[0]], excluded))


def conflict(sheet: Sheet, rule: Rule) -> Finding | None:
    """One value of fields[0] with two values of fields[1]: all its rows that have both.

    The examples are the rows that differ from what most rows of that value say.
    """
    key, other = (sheet.canonical(name) for name in rule.fields[:2])
    both = (key >= 0) & (other >= 0) & ~sheet.totals
    if not both.any():
        return None
    last = np.full(int(key.max()) + 1, -1, "int64")
    last[key[both]] = other[both]  # the last one wins; whoever differs from it stands in a conflict
    torn = np.zeros(len(last), bool)
    torn[key[both & (last[key] != other)]] = True
    mask = both & torn[key]
    names = sheet.columns[rule.fields[0]]
    return found(rule, mask, quoted(names, _once_each(mask, key)), _in_minority(mask, key, other))


def _in_minority(mask: np.ndarray, key: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Rows of `mask` whose pair is rarer than the commonest of the same key; all of them where none is commoner."""
    pairs = pd.DataFrame({"key": key[mask], "other": other[mask]})
    rows = pairs.groupby(["key", "other"])["key"].transform("size")
    rarer = (rows < rows.groupby(pairs["key"]).transform("max")).to_numpy()
    telling = np.zeros(len(mask), bool)
    telling[mask] = rarer if rarer.any() else True
    return telling


def _once_each(mask: np.ndarray, key: np.ndarray) -> np.ndarray:
    """The first row of each key, so that one name is not quoted in all its spellings."""
    first = np.zeros(len(mask), bool)
    places = np.flatnonzero(mask)
    first[places[np.unique(key[places], return_index=True)[1]]] = True
    return first


def repeated(sheet: Sheet, rule: Rule) -> Finding | None:
    """Alike in all fields that the file has: each row after the first. Without a patient or a day, nothing is alike."""
    present = [name for name in rule.fields if sheet.columns[name].present]
    patient, time = sheet.product.by_role(Role.PATIENT), sheet.product.time
    needed = {field.key for field in (patient, time) if field is not None and field.key in rule.fields}
    if not present or not needed <= set(present):
        return None
    combined, known = np.zeros(sheet.size, "int64"), ~sheet.totals
    for name in present:
        codes = sheet.canonical(name)
        if patient is not None and name == patient.key or name == time.key:
            known = known & (codes >= 0)
        combined = _combine(combined, codes)
    mask = known.copy()
    mask[known] = pd.Series(combined[known]).duplicated().to_numpy()
    return found(rule, mask)


def _combine(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """One integer per pair; made dense first where the product would not fit."""
    width = int(right.max(initial=0)) + 2
    if (int(left.max(initial=0)) + 1) * width > _LARGEST:
        left = pd.factorize(left)[0].astype("int64")
    return left * width + right + 1
