"""Rules that look at several columns of a row, or at a row beside the others."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from pipeline import per_row
from pipeline.contract import Outcome, Role, Rule, RuleKind
from pipeline.ingestion.checking.finding import Finding, found, quoted
from pipeline.ingestion.parsing.parsed_file import OLDEST, OUTCOMES, YOUNGEST, Sheet

_LARGEST = 2**62
_PART = 2_000_000  # rows that are held against each other at once


def order(sheet: Sheet, rule: Rule) -> Finding | None:
    """fields[0] lies after fields[1]; only days count."""
    first, second = rule.fields[:2]
    return found(rule, sheet.over(lambda part: (part.days(first) > part.days(second)) & ~part.totals))


def future(sheet: Sheet, rule: Rule) -> Finding | None:
    """The day is later than today."""
    key, today = rule.fields[0], np.datetime64(sheet.today)
    return found(rule, sheet.over(lambda part: (part.days(key) > today) & ~part.totals))


def age_range(sheet: Sheet, rule: Rule) -> Finding | None:
    """Below 0 or above 120 years.

    A birth that a rule of order already accuses is accused here only if its very year is later: the day after the
    contact is a slip of dates, the year after is an impossible age.
    """
    birth, reference = rule.fields[0], rule.fields[1] if len(rule.fields) > 1 else None
    accused = [r.fields[1] for r in sheet.product.rules if r.kind is RuleKind.ORDER and r.fields[0] == birth]
    return found(rule, sheet.over(lambda part: _impossible(part, birth, reference, accused)))


def _impossible(sheet: Sheet, birth: str, reference: str | None, accused: list[str]) -> np.ndarray:
    ages = sheet.ages(reference)
    mask = ((ages < YOUNGEST) | (ages > OLDEST)) & ~sheet.totals
    for other in accused if mask.any() else ():
        born, at = sheet.days(birth), sheet.days(other)
        mask &= ~((born > at) & (born.astype("datetime64[Y]") <= at.astype("datetime64[Y]")))
    return mask


def outcome_in_future(sheet: Sheet, rule: Rule) -> Finding | None:
    """A result for a day that has not come: it is not used."""
    target = sheet.columns[rule.fields[0]]
    mask = sheet.over(lambda part: part.outcome_in_future(part.said()) & ~part.totals)
    return found(rule, mask, quoted(target, mask))


def outcome_missing(sheet: Sheet, rule: Rule) -> Finding | None:
    """The day has passed and the target is empty."""
    target = sheet.columns[rule.fields[0]]
    if not target.present:
        return None
    key, day, today = rule.fields[0], rule.fields[1], np.datetime64(sheet.today)
    return found(rule, sheet.over(lambda part: (part.days(day) < today) & ~part.columns[key].filled & ~part.totals))


def outcome_excluded(sheet: Sheet, rule: Rule) -> Finding | None:
    """Neither event nor non-event."""
    excluded = sheet.over(lambda part: part.states() == OUTCOMES.index(Outcome.EXCLUDED))
    return found(rule, excluded & ~sheet.totals, quoted(sheet.columns[rule.fields[0]], excluded))


def conflict(sheet: Sheet, rule: Rule) -> Finding | None:
    """One value of fields[0] with two values of fields[1]: all its rows that have both.

    The examples are the rows that differ from what most rows of that value say.
    """
    key, other = (sheet.canonical(name) for name in rule.fields[:2])
    mask = _torn(key, other, sheet.totals)
    if not mask.any():
        return None
    names = sheet.columns[rule.fields[0]]
    return found(rule, mask, quoted(names, _once_each(mask, key)), _in_minority(mask, key, other))


def _torn(key: np.ndarray, other: np.ndarray, left_out: np.ndarray) -> np.ndarray:
    """The rows with both values whose key has two of the other."""

    def both(rows: slice) -> np.ndarray:
        return (key[rows] >= 0) & (other[rows] >= 0) & ~left_out[rows]

    last = np.full(int(key.max(initial=-1)) + 1, -1, "int64")
    for rows in per_row.blocks(len(key)):  # the last one wins; whoever differs from it stands in a conflict
        has = both(rows)
        last[key[rows][has]] = other[rows][has]
    torn = np.zeros(len(last) + 1, bool)  # the last is of no key
    for rows in per_row.blocks(len(key)):
        has = np.flatnonzero(both(rows))
        own = key[rows][has]
        torn[own[last[own] != other[rows][has]]] = True
    if not torn.any():
        return np.zeros(len(key), bool)
    return per_row.made(len(key), bool, lambda rows: both(rows) & torn[key[rows]])


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
    first = patient.key if patient is not None and patient.key in present else time.key if needed else present[0]
    mask = np.zeros(sheet.size, bool)
    for rows in _apart(sheet, first):
        combined, known = np.zeros(len(rows), "int64"), ~sheet.totals[rows]
        for name in present:
            codes = sheet.canonical(name, rows)
            if name in needed:
                known &= codes >= 0
            combined = _combine(combined, codes)
        mask[rows[known]] = pd.Series(combined[known]).duplicated().to_numpy()
    return found(rule, mask)


def _apart(sheet: Sheet, key: str) -> Iterator[np.ndarray]:
    """The positions of all rows, in parts of some `_PART`: rows that are alike in a field stand in the same one."""
    parts = -(-sheet.size // _PART)
    if parts < 2:
        yield np.arange(sheet.size)
        return
    meaning = sheet.canonical(key)
    of_row = per_row.made(sheet.size, "int16", lambda rows: meaning[rows] % parts)
    for part in range(parts):
        yield np.flatnonzero(of_row == part)


def _combine(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """One integer per pair; made dense first where the product would not fit."""
    width = int(right.max(initial=0)) + 2
    if (int(left.max(initial=0)) + 1) * width > _LARGEST:
        left = pd.factorize(left)[0].astype("int64")
    return left * width + right + 1
