"""What the usable rows of a file amount to: outcomes, period, rate by month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.contract import LEAST_LABELLED, LEAST_OF_A_CLASS, Outcome
from pipeline.ingestion.parsing.parsed_file import OUTCOMES, Sheet
from pipeline.ingestion.parsing.periods import far_years, own_days
from pipeline.records import PeriodRate
from pipeline.statistics import wilson

MIN_OUTCOME_DAYS = 7  # a model is learnt and tested in time: as many days as the training asks for


@dataclass(frozen=True)
class Totals:
    """Counts over the usable rows; `labelled` have an outcome, on `outcome_days` days; `events` of them are the event.

    `first`, `last`, `last_outcome` and `months` are of the file's own period; `far` tells the rows beyond it, by year.
    """

    rows: int
    labelled: int
    events: int
    by_state: tuple[tuple[str, int], ...]
    first: dt.date | None
    last: dt.date | None
    last_outcome: dt.date | None
    outcome_days: int
    months: tuple[PeriodRate, ...]
    far: tuple[tuple[int, int], ...] = ()
    needs_days: bool = True  # whether only what can be tested on a later period is learnt from

    @property
    def enough_outcomes(self) -> bool:
        """Whether enough rows have an outcome, and enough of them each of the two, to learn from."""
        return self.labelled >= LEAST_LABELLED and min(self.events, self.labelled - self.events) >= LEAST_OF_A_CLASS

    @property
    def trainable(self) -> bool:
        """Whether a model can learn from them: enough outcomes, on enough days where they must be split in time."""
        return self.enough_outcomes and (not self.needs_days or self.outcome_days >= MIN_OUTCOME_DAYS)


def totals_of(sheet: Sheet, usable: np.ndarray, states: np.ndarray) -> Totals:
    """Sums up the rows of the mask `usable`; `states` are places in OUTCOMES."""
    states, days = states[usable], sheet.days(sheet.product.time.key)[usable]
    event = states == OUTCOMES.index(Outcome.EVENT)
    labelled = event | (states == OUTCOMES.index(Outcome.NON_EVENT))
    counts = np.bincount(states, minlength=len(OUTCOMES))
    own = own_days(days)
    return Totals(
        rows=len(states),
        labelled=int(labelled.sum()),
        events=int(event.sum()),
        by_state=tuple((outcome.value, int(counts[i])) for i, outcome in enumerate(OUTCOMES)),
        first=_edge(days[own], np.min),
        last=_edge(days[own], np.max),
        last_outcome=_edge(days[own & labelled], np.max),
        outcome_days=len(np.unique(days[labelled & ~np.isnat(days)])),
        months=_months(days[own], labelled[own], event[own]),
        far=far_years(days),
        needs_days=not sheet.product.learns_without_dates,
    )


def _edge(days: np.ndarray, pick: Callable[..., Any]) -> dt.date | None:
    days = days[~np.isnat(days)]
    return pick(days).item() if len(days) else None


def _months(days: np.ndarray, labelled: np.ndarray, event: np.ndarray) -> tuple[PeriodRate, ...]:
    known = ~np.isnat(days)
    if not known.any():
        return ()
    months = days[known].astype("datetime64[M]").astype("int64")
    first = int(months.min())
    places = months - first
    rows = np.bincount(places)
    outcomes = np.bincount(places, labelled[known]).astype(int)
    events = np.bincount(places, event[known]).astype(int)
    return tuple(
        PeriodRate(
            str(np.datetime64(first + i, "M")),
            int(rows[i]),
            int(outcomes[i]),
            int(events[i]),
            wilson(int(events[i]), int(outcomes[i])),
        )
        for i in range(len(rows))
        if rows[i]
    )
