"""What the steps hand to the screen: frozen records, no frames, ready to be shown or written as JSON.

A step computes a record; presentation renders it; page, HTML, XLSX and JSON are faces of the same record.
Rates are fractions 0..1, risks too; points are percentage points of risk (0.09 stands for +9 pontos).
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import types
import typing
from dataclasses import dataclass
from enum import Enum
from typing import Any


@dataclass(frozen=True)
class Interval:
    """A number with its 95 % interval; `low`/`high` are None where none can be given."""

    value: float
    low: float | None = None
    high: float | None = None


# ---------------------------------------------------------------- ingestion


@dataclass(frozen=True)
class ColumnMatch:
    """One column of the file and the field it was taken for (None: left over)."""

    header: str
    field: str | None
    confidence: float  # 0..1
    reason: str  # Portuguese: "cabeçalho igual", "cabeçalho parecido", "pelo conteúdo", "escolhido por você"
    preview: tuple[str, ...] = ()  # a few values; never shown for personal fields


@dataclass(frozen=True)
class FieldSummary:
    field: str
    label: str
    header: str | None
    confidence: float
    filled: int
    distinct: int
    top: tuple[tuple[str, int], ...]  # most frequent values; empty for personal fields


@dataclass(frozen=True)
class Issue:
    """One rule that failed: how often, where, what it costs, how to mend it."""

    rule: str
    severity: str  # blocker | warning | note
    field: str | None
    title: str
    rows: int
    examples: tuple[int, ...]  # up to five spreadsheet row numbers
    message: str  # the whole sentence with the remedy
    effect: str  # "637 linhas ficam de fora", "3.118 linhas usadas sem o campo"
    loses_rows: bool


@dataclass(frozen=True)
class PeriodRate:
    """A month: `rate` is None where no outcome is known."""

    period: str  # "2026-03"
    rows: int
    outcomes: int
    events: int
    rate: Interval | None


@dataclass(frozen=True)
class MissingField:
    field: str
    label: str
    cost: str  # Portuguese sentence


@dataclass(frozen=True)
class FileFacts:
    name: str
    sha256: str
    size: int
    format: str
    encoding: str | None
    delimiter: str | None
    sheet: str | None
    sheets: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class ValidationReport:
    product: str
    file: FileFacts
    rows_read: int
    rows_usable: int
    rows_left_out: int
    left_out: tuple[tuple[str, int], ...]  # (reason title, rows): each row counted once, sums to rows_left_out
    usable_for: tuple[str, ...]  # "training", "scoring"
    usable_why: tuple[str, ...]  # Portuguese: why it can't be used for the others
    columns: tuple[ColumnMatch, ...]
    fields: tuple[FieldSummary, ...]
    missing: tuple[MissingField, ...]
    issues: tuple[Issue, ...]  # costliest first
    outcomes: tuple[tuple[str, int], ...]  # outcome state -> usable rows (event, non_event, pending, excluded, unknown)
    event_rate: Interval | None
    first_date: dt.date | None
    last_date: dt.date | None
    last_outcome_date: dt.date | None
    months: tuple[PeriodRate, ...]


# ---------------------------------------------------------------- modeling


@dataclass(frozen=True)
class MetricSet:
    """Quality of predictions on rows that the model had not seen; intervals resample patients."""

    label: str  # "Modelo", "Antecedência apenas", "Regressão logística"
    auc: Interval
    average_precision: Interval
    brier: Interval
    ece: Interval
    reach_top_10: Interval


@dataclass(frozen=True)
class Difference:
    """Model minus reference on the same rows and resamples."""

    reference: str
    auc: Interval
    brier: Interval


@dataclass(frozen=True)
class CalibrationBin:
    predicted: float
    observed: Interval
    rows: int


@dataclass(frozen=True)
class ReachPoint:
    share_called: float
    share_reached: float


@dataclass(frozen=True)
class StarMetrics:
    """How well stars are told: `auc_poles` of 1–2 against 4–5 stars, accuracy over five, quadratic kappa, log-loss."""

    label: str
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
    """The test on one set of rows (all, or those not booked on the day)."""

    period: tuple[dt.date, dt.date]
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
    label: str  # "baixo", …
    low: float
    high: float
    rows: int
    observed: Interval | None


@dataclass(frozen=True)
class Importance:
    """Mean absolute points of a factor over rows that the model had not seen."""

    factor: str
    label: str
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
    """All that is said of a model; it travels in the bundle and holds no patient."""

    product: str
    created: str  # ISO date-time
    effort: str
    seed: int
    data_name: str
    data_sha256: str
    rows_trained: int
    events_trained: int
    trained_from: dt.date
    trained_until: dt.date
    absent_fields: tuple[str, ...]
    test: Evaluation
    test_ahead: Evaluation | None
    tiers: tuple[Tier, ...]
    importance: tuple[Importance, ...]
    notes: tuple[str, ...]  # Portuguese sentences: refit, fields absent, first block without risk, …
    words: tuple[WordWeight, ...] = ()  # where comments are read


# ---------------------------------------------------------------- insight


@dataclass(frozen=True)
class Contribution:
    """One line of an explanation: `points` in fractions of risk (0.09 = +9 pontos)."""

    factor: str
    text: str  # "Antecedência de 42 dias"
    points: float


@dataclass(frozen=True)
class RowExplanation:
    """reference + sum of points == risk, exactly."""

    reference: float
    risk: float
    contributions: tuple[Contribution, ...]  # strongest first; protected ones summed under "outros fatores"


@dataclass(frozen=True)
class GroupRow:
    """One value of a dimension; `predicted` is the mean out-of-fold risk (None: no row has one)."""

    value: str
    detail: str  # UF of a unit, else ""
    rows: int
    outcomes: int
    events: int
    observed: Interval | None
    predicted: float | None
    against: str  # "above" | "below" | "unclear": interval against the rest's rate
    stars: Interval | None = None  # mean rating, where the target is one
    balance: Interval | None = None  # promoters less detractors, -1 to 1


@dataclass(frozen=True)
class GroupExplanation:
    """Why a group's predicted risk differs from all rows': contributions sum to predicted − overall."""

    value: str
    rows: int
    observed: Interval | None
    observed_overall: Interval | None
    predicted: float
    predicted_overall: float
    contributions: tuple[Contribution, ...]  # last one: difference of the models' references


@dataclass(frozen=True)
class HeatCell:
    row: str  # "seg"
    column: str  # "8–15"
    rows: int
    observed: Interval | None


@dataclass(frozen=True)
class RiskOverview:
    """The risk page under one choice of filters."""

    rows: int
    outcomes: int
    events: int
    rate: Interval | None
    predicted: float | None
    predicted_rows: int
    first_date: dt.date | None
    last_date: dt.date | None
    groups: tuple[tuple[str, tuple[GroupRow, ...]], ...]  # field -> rows
    months: tuple[PeriodRate, ...]
    predicted_by_month: tuple[tuple[str, float], ...]
    heat: tuple[HeatCell, ...]
    absent: tuple[str, ...]  # columns that are not in the data: their charts say so
    stars: Interval | None = None
    balance: Interval | None = None


@dataclass(frozen=True)
class AgendaSummary:
    """A scored list: `expected` events are the sum of risks."""

    as_of: dt.date
    rows: int
    scored: int
    expected: float
    not_scored: tuple[tuple[str, int], ...]  # (why, rows)


@dataclass(frozen=True)
class MarkedWord:
    """Words of a comment (`text[start:end]`) and the points of risk that they gave."""

    start: int
    end: int
    points: float


@dataclass(frozen=True)
class VoiceItem:
    """One care event as its page shows it. `stars`: as given; `expected`, `risk` and `marks`: what the model reads."""

    row: int
    day: dt.date | None
    comment: str
    stars: float | None
    expected: float | None
    group: str  # detrator | neutro | promotor, by the rating or else by the model; "" where neither says
    risk: float | None
    tier: str
    tier_label: str
    marks: tuple[MarkedWord, ...]
    reasons: tuple[str, ...]
    divergence: str
    details: tuple[str, ...]  # level, mode, UF, …
    observation: str


@dataclass(frozen=True)
class VoiceSummary:
    """Key figures of events: `balance` is promoters less detractors (−1 to 1); `by_text` of those `to_answer` gave no rating."""

    events: int
    comments: int
    rated: int
    stars: Interval | None
    balance: Interval | None
    detractors: Interval | None
    to_answer: int
    by_text: int
    contradictions: int
    first_date: dt.date | None
    last_date: dt.date | None


@dataclass(frozen=True)
class Reading:
    """What the model reads in one comment: five probabilities, the risk and what made it."""

    comment: str
    probabilities: tuple[float, ...]
    expected: float
    group: str
    explanation: RowExplanation
    marks: tuple[MarkedWord, ...]
    scrubbed: bool


@dataclass(frozen=True)
class AspectRow:
    """A theme of comments. `share`: of all comments; `stars`: mean rating of those that speak of it and have one;
    `effect`: stars more or less than comments that speak of the same other themes but not of this one."""

    key: str
    label: str
    comments: int
    share: Interval
    rated: int
    stars: Interval | None
    effect: Interval | None
    stance: str  # "improve" | "watch" | "celebrate"


@dataclass(frozen=True)
class Expression:
    """Words that come often and belong to no theme; `earlier` counts comments before `AspectOverview.since`."""

    text: str
    comments: int
    earlier: int
    stars: Interval | None


@dataclass(frozen=True)
class AspectOverview:
    """What patients talk about: `covered` of the `comments` speak of at least one theme."""

    comments: int
    rated: int
    covered: int
    stars: Interval | None
    aspects: tuple[AspectRow, ...]  # most frequent first
    expressions: tuple[Expression, ...]
    since: dt.date | None  # expressions are new from here on; None: the period is too short to tell new from old


# ---------------------------------------------------------------- workspace


@dataclass(frozen=True)
class DatasetInfo:
    id: str
    product: str
    name: str
    created: str
    rows: int
    is_sample: bool
    purpose: str  # "past" | "future" | "mixed"
    first_date: dt.date | None
    last_date: dt.date | None
    usable_for: tuple[str, ...]
    vault_until: dt.date | None
    sha256: str


@dataclass(frozen=True)
class ModelInfo:
    id: str
    product: str
    created: str
    dataset_id: str | None  # None: loaded from a file
    dataset_name: str
    trained_until: dt.date
    auc_ahead: float | None
    sha256: str
    dataset_deleted: bool = False  # the data set it learnt from is no more; dataset_id is None then too


@dataclass(frozen=True)
class JobInfo:
    id: str
    kind: str  # "train"
    product: str
    dataset_id: str
    state: str  # queued | running | done | failed | cancelled | orphaned
    created: str
    progress: Progress
    model_id: str | None
    message: str  # Portuguese, for the failed


@dataclass(frozen=True)
class Progress:
    """What is being done now; `share` 0..1."""

    share: float = 0.0
    stage: str = ""  # Portuguese: "Dobra 2 de 4"
    rows: int = 0
    rounds: int = 0
    best: float | None = None  # AUC so far


def to_plain(record: Any) -> Any:
    """A record as dicts, lists, strings and numbers; dates as ISO text. Inverse of `from_plain`."""
    if dataclasses.is_dataclass(record) and not isinstance(record, type):
        return {f.name: to_plain(getattr(record, f.name)) for f in dataclasses.fields(record)}
    if isinstance(record, Enum):
        return record.value
    if isinstance(record, dt.date | dt.datetime):
        return record.isoformat()
    if isinstance(record, dict):
        return {str(k): to_plain(v) for k, v in record.items()}
    if isinstance(record, list | tuple):
        return [to_plain(item) for item in record]
    return record


def from_plain(kind: Any, plain: Any) -> Any:
    """Builds a record of type `kind` from what `to_plain` gave; TypeError/KeyError/ValueError if it doesn't fit."""
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        if plain is None:
            return None
        return from_plain(next(a for a in typing.get_args(kind) if a is not type(None)), plain)
    if origin is tuple:
        inner = typing.get_args(kind)
        if len(inner) == 2 and inner[1] is Ellipsis:
            return tuple(from_plain(inner[0], item) for item in plain)
        return tuple(from_plain(k, item) for k, item in zip(inner, plain, strict=True))
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        return kind(**{name: from_plain(hints[name], value) for name, value in plain.items()})  # type: ignore[operator]
    if kind is dt.date:
        return dt.date.fromisoformat(plain)
    if kind is float:
        return float(plain)
    if not isinstance(plain, kind) or (kind is int and isinstance(plain, bool)):
        raise TypeError(f"{plain!r} is not {kind.__name__}")
    return plain
