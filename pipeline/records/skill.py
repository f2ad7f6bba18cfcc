"""How good a model is on rows that it did not learn from: whole, by group, before outcomes, and beside another."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from pipeline.records.modeling import CalibrationBin
from pipeline.records.note import Note
from pipeline.records.numbers import Interval

MONTH = "month"  # column of a split by month; the others are columns of typed rows
RATIO_WANTED = (0.95, 1.05)  # observed over expected of a model that carries over
SLOPE_WANTED = (0.9, 1.1)
HOLDS, DOUBTFUL, FAILS, UNKNOWN = "holds", "doubtful", "fails", "unknown"


@dataclass(frozen=True)
class Skill:
    """The measures of n rows; all intervals are of 95 % and take rows of one patient together.

    `predicted`: mean risk; `ratio`: observed over expected events; `slope`: of the logistic regression of the outcome
    on the log-odds of the risk; `recall_at_10pct`: share of the events in the riskiest tenth; `lift` the same over
    what chance reaches.
    """

    rows: int
    events: int
    predicted: float
    auc: Interval
    brier: Interval
    log_loss: Interval
    ece: Interval
    ratio: Interval
    slope: Interval
    recall_at_10pct: Interval
    lift: Interval


@dataclass(frozen=True)
class SkillReference:
    """A simpler way on the same rows; the gaps are model minus reference, on the same resamples."""

    key: str
    auc: Interval
    brier: Interval
    recall_at_10pct: Interval
    auc_gap: Interval
    brier_gap: Interval
    recall_gap: Interval


@dataclass(frozen=True)
class GroupSkill:
    """The model on the rows of one value; `value` is "" for the small groups taken together.

    `recall_at_10pct`: the share of the group's events that lie in the riskiest tenth of all rows; `told`: "less" or
    "more" where the model tells clearly less or more than came here, beside all rows; else "".
    """

    value: str
    rows: int
    events: int
    predicted: float
    observed: Interval
    ratio: Interval
    auc: Interval | None
    recall_at_10pct: Interval | None
    told: str = ""


@dataclass(frozen=True)
class SkillSplit:
    """All rows by the values of a column, commonest first; `folded`: how many values are too small to stand alone."""

    column: str
    groups: tuple[GroupSkill, ...]
    folded: int = 0


@dataclass(frozen=True)
class ExpectedSkill:
    """What the measures will be if the risks are right; the intervals hold what chance alone may bring."""

    rows: int
    events: Interval
    auc: Interval
    brier: Interval
    recall_at_10pct: Interval


@dataclass(frozen=True)
class SkillReport:
    """The honest test. `ahead`: without rows booked on the day, None where it can't be told or all are.

    `left_out`: rows that were not judged, with the reason.
    """

    period: tuple[dt.date, dt.date] | None
    all: Skill
    ahead: Skill | None
    calibration: tuple[CalibrationBin, ...]
    references: tuple[SkillReference, ...]
    splits: tuple[SkillSplit, ...]
    expected: ExpectedSkill | None
    left_out: tuple[tuple[Note, int], ...] = ()

    @property
    def headline(self) -> Skill:
        """What is spoken of first: without rows booked on the day, where those can be told."""
        return self.ahead or self.all


@dataclass(frozen=True)
class CarryOver:
    """Whether a model carries over to rows that it did not learn from: the verdict of each measure and of all.

    Each is HOLDS, DOUBTFUL (what was seen allows both), FAILS or UNKNOWN (too few outcomes).
    """

    level: str
    slope: str
    order: str

    @property
    def verdict(self) -> str:
        """The worst of the three; unknown where nothing can be said."""
        parts = (self.level, self.slope, self.order)
        return next((v for v in (FAILS, UNKNOWN, DOUBTFUL) if v in parts), HOLDS)


@dataclass(frozen=True)
class ModelComparison:
    """Two models on the same rows, of which neither learnt; the gaps are second minus first, on the same resamples.

    `tiers_changed`: rows that lie in another tier of risk; `raised`: of these, in a higher one; `ahead`: only rows that
    were not booked on the day.
    """

    period: tuple[dt.date, dt.date] | None
    first: Skill
    second: Skill
    auc_gap: Interval
    brier_gap: Interval
    log_loss_gap: Interval
    tiers_changed: int
    raised: int
    left_out: tuple[tuple[Note, int], ...] = ()
    calibration: tuple[tuple[CalibrationBin, ...], ...] = ()  # of the first and of the second
    ahead: bool = False
