"""What is said of comments: each as its page shows it, all of them in figures, one that is tried live."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from pipeline.records.alerts import AlertFound
from pipeline.records.insight import Contribution, RowExplanation
from pipeline.records.note import Note
from pipeline.records.numbers import Interval
from pipeline.records.themes import ThemeSaid


@dataclass(frozen=True)
class MarkedWord:
    """Words of a comment (`text[start:end]`) and the points of risk that they gave."""

    start: int
    end: int
    points: float


@dataclass(frozen=True)
class CommentItem:
    """One care event as its page shows it. `stars`: as given; `expected`, `risk` and `marks`: what the model reads.

    A rated event has no risk and no tier: its stars say what they would. `unsure`: why an unrated one has no group.
    """

    row: int
    day: dt.date | None
    comment: str
    stars: float | None
    expected: float | None
    group: str  # detractor | neutral | promoter, by the rating or else by the model; "" where neither says or is sure
    risk: float | None
    tier: str
    marks: tuple[MarkedWord, ...]
    reasons: tuple[Contribution, ...]
    divergence: Note | None
    details: tuple[str, ...]  # level, mode, UF, …
    observation: Note | None
    alerts: tuple[AlertFound, ...] = ()
    unsure: Note | None = None
    themes: tuple[ThemeSaid, ...] = ()  # what it speaks of, main themes only, blame first


@dataclass(frozen=True)
class CommentSummary:
    """Key figures of events: `balance` is promoters less detractors (−1 to 1);
    `by_text` of those `to_answer` gave no rating; `undated` of the events have no day.
    """

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
    undated: int = 0
    alarming: int = 0  # with an alert, whatever the stars


@dataclass(frozen=True)
class Reading:
    """What the model reads in one comment: five probabilities, the risk and what made it.

    `group` is "" where the reading isn't sure of it, and `unsure` says why.
    """

    comment: str
    probabilities: tuple[float, ...]
    expected: float
    group: str
    explanation: RowExplanation
    marks: tuple[MarkedWord, ...]
    scrubbed: bool
    unsure: Note | None = None
    alerts: tuple[AlertFound, ...] = ()  # what may not wait, whatever is read
