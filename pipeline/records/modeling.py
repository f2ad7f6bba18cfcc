"""What is said of a model: how good it is, what weighs, on what it was trained."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from pipeline.records.note import Note
from pipeline.records.numbers import Interval

MODEL = "model"  # key of what was trained, beside those of its references


@dataclass(frozen=True)
class MetricSet:
    """Quality of predictions on rows that the model had not seen; intervals resample patients."""

    key: str  # MODEL, or the key of a reference
    auc: Interval
    average_precision: Interval
    brier: Interval
    ece: Interval
    recall_at_10pct: Interval


@dataclass(frozen=True)
class Difference:
    """Model minus reference on the same rows and resamples."""

    reference: str  # its key
    auc: Interval
    brier: Interval
    recall_at_10pct: Interval | None = None  # models of older versions lack it


@dataclass(frozen=True)
class CalibrationBin:
    """Rows of like risk: the mean that was predicted (0 to 1) and the rate that came."""

    predicted: float
    observed: Interval
    rows: int


@dataclass(frozen=True)
class ReachPoint:
    """A point of the curve: which share of the events lies in the riskiest share of rows (both 0 to 1)."""

    share_called: float
    share_reached: float


@dataclass(frozen=True)
class StarMetrics:
    """How well stars are told: `auc_poles` of 1–2 against 4–5 stars, accuracy over five, quadratic kappa, log-loss."""

    key: str
    auc_poles: Interval
    accuracy: Interval
    kappa: Interval
    log_loss: Interval


@dataclass(frozen=True)
class StarEvaluation:
    """The same rows and resamples for all; `differences` are model minus reference."""

    model: StarMetrics
    references: tuple[StarMetrics, ...]
    differences: tuple[StarMetrics, ...]


@dataclass(frozen=True)
class Evaluation:
    """The test on one set of rows (all, or those not booked on the day); `period`: None for rows drawn at random."""

    period: tuple[dt.date, dt.date] | None
    rows: int
    events: int
    model: MetricSet
    references: tuple[MetricSet, ...]
    differences: tuple[Difference, ...]
    calibration: tuple[CalibrationBin, ...]
    reach: tuple[ReachPoint, ...]
    stars: StarEvaluation | None = None


@dataclass(frozen=True)
class Tier:
    """A band of risk: rows with low <= risk < high; `observed` on rows that the model had not seen."""

    key: str  # low | medium | high | very_high
    low: float
    high: float
    rows: int
    observed: Interval | None


@dataclass(frozen=True)
class Importance:
    """Mean absolute points of a factor over rows that the model had not seen."""

    factor: str
    mean_abs_points: float


@dataclass(frozen=True)
class WordWeight:
    """A word of many comments: the event's rate among them, and the mean points of risk that the word gave there.

    `kind`: "raises" or "lowers" where the word itself moves the risk; "topic" where its comments differ from the
    others, but other words of theirs explain it.
    """

    word: str
    comments: int
    rate: Interval
    points: float
    kind: str


@dataclass(frozen=True)
class ModelCard:
    """All that is said of a model; it travels in the bundle and holds no patient.

    `timed`: whether a later period tested it; else texts and people that it had not seen did, and days may be unknown.
    """

    product: str
    created: str  # ISO date-time
    effort: str
    seed: int
    data_name: str
    data_sha256: str
    rows_trained: int
    events_trained: int
    trained_from: dt.date | None
    trained_until: dt.date | None
    absent_fields: tuple[str, ...]
    test: Evaluation
    test_ahead: Evaluation | None
    tiers: tuple[Tier, ...]
    importance: tuple[Importance, ...]
    notes: tuple[Note, ...]  # refit, fields absent, first block without risk, …
    words: tuple[WordWeight, ...] = ()  # where comments are read
    timed: bool = True
    test_frozen: Evaluation | None = None  # the test's first week by one list, beside lists made day by day
    levelled_on: str = ""  # the data whose rate it was brought to, where that is not what it learnt from
