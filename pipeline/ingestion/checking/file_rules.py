"""Rules over the whole file: too few of one outcome, a short period, a month unlike the others."""

from __future__ import annotations

import math

from pipeline.contract import LEAST_LABELLED, LEAST_OF_A_CLASS, Rule, Words
from pipeline.ingestion.checking.finding import Finding
from pipeline.ingestion.checking.outcome_counts import Totals
from pipeline.records import note

MIN_DAYS = 60  # fewer, and there is hardly any history of a patient
_MIN_MONTH = 100  # outcomes of a month from which its rate can be held against the others
_JUMP = 0.10  # difference of rates
_SURE = 4.0  # standard errors


def one_class(totals: Totals, rule: Rule, words: Words) -> Finding | None:
    """Fewer outcomes than training asks for."""
    rest = totals.labelled - totals.events
    if totals.labelled == 0 or (totals.labelled >= LEAST_LABELLED and min(totals.events, rest) >= LEAST_OF_A_CLASS):
        return None
    value = note("checking.of_each", events=totals.events, rest=rest, event=words.event, non_event=words.non_event)
    return Finding(rule, None, min(totals.events, rest), (value,), totals.labelled)


def short_period(totals: Totals, rule: Rule, words: Words) -> Finding | None:
    """A past of fewer than MIN_DAYS days; a file without outcomes is an agenda, which may be short."""
    if totals.labelled == 0 or totals.first is None or totals.last is None:
        return None
    days = (totals.last - totals.first).days + 1
    if days >= MIN_DAYS:
        return None
    value = note("checking.days", days=days, first=totals.first, last=totals.last)
    return Finding(rule, None, totals.rows, (value,))


def rate_jump(totals: Totals, rule: Rule, words: Words) -> Finding | None:
    """Months whose rate differs from that of all others by more than chance and by at least 10 points."""
    odd = [m for m in totals.months if _jumps(m.events, m.outcomes, totals.events, totals.labelled)]
    if not odd:
        return None
    values = tuple(note("checking.month_rate", month=m.period, rate=m.events / m.outcomes) for m in odd[:3])
    return Finding(rule, None, sum(m.rows for m in odd), values)


def _jumps(events: int, n: int, all_events: int, all_n: int) -> bool:
    others = all_n - n
    if n < _MIN_MONTH or others < _MIN_MONTH:
        return False
    gap = abs(events / n - (all_events - events) / others)
    mean = all_events / all_n
    error = math.sqrt(mean * (1 - mean) * (1 / n + 1 / others))
    return gap >= _JUMP and gap > _SURE * error
