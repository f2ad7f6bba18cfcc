"""What more rows bring: how well the same recipe orders later rows, learnt from an eighth of the past to all of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from pipeline.records.numbers import Interval

ENOUGH, RISING, UNCLEAR = "enough", "rising", "unclear"
HARDLY = 0.005  # of AUC: less is nothing that anybody would notice


@dataclass(frozen=True)
class LearningPoint:
    """The area under the curve of what was learnt from so many rows, on the same later ones."""

    rows: int
    auc: Interval


@dataclass(frozen=True)
class LearningCurve:
    """The last fold of the past: what was learnt from ever more of its rows, judged on those that came after.

    `rows` and `events` are those judged, within `period`; `ahead`: only rows that were not booked on the day. `points`
    come from the fewest rows to all; `gain`: AUC of the last less that of half as many rows, on the same resamples.
    The tested period has no part in it.
    """

    period: tuple[dt.date, dt.date]
    rows: int
    events: int
    ahead: bool
    points: tuple[LearningPoint, ...]
    gain: Interval

    @property
    def verdict(self) -> str:
        """ENOUGH where the last doubling brought nothing that one would notice, RISING where it brought something for
        certain, else UNCLEAR.
        """
        if self.gain.low is None or self.gain.high is None:
            return UNCLEAR
        if self.gain.high < HARDLY:
            return ENOUGH
        return RISING if self.gain.low > 0 else UNCLEAR
