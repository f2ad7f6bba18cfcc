"""How a model of a network would do at a unit that it never saw: units left out of the learning, one group a time."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from pipeline.records.numbers import Interval
from pipeline.records.skill import Skill, SkillSplit

LEAST_UNITS = 5  # with enough rows, below which units are not left out
ENOUGH_ROWS = 100  # of a unit, with an outcome


@dataclass(frozen=True)
class NewUnitTest:
    """The tested period's rows by models that had not learnt from their unit, beside one that had, grown alike.

    `units`: how many were left out and judged, in how many `groups`; `ahead`: only rows that were not booked on the
    day; the gaps are unseen minus known, on the same resamples of patients. `level`: observed over expected, of all
    such units together and the span in which the next one will lie 19 times in 20; `level_known`: the same where the
    model knows the unit. None where too few units have the rows for it.
    """

    units: int
    groups: int
    period: tuple[dt.date, dt.date] | None
    ahead: bool
    unseen: Skill
    known: Skill
    auc_gap: Interval
    brier_gap: Interval
    log_loss_gap: Interval
    level: Interval | None
    level_known: Interval | None
    by_unit: SkillSplit
    by_unit_known: SkillSplit
