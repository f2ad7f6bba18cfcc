"""What the usable rows of a file amount to: outcomes, period, rate by month."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from pipeline import per_row
from pipeline.contract import LEAST_LABELLED, LEAST_OF_A_CLASS, Outcome
from pipeline.ingestion.parsing.parsed_file import OUTCOMES, Sheet
from pipeline.ingestion.parsing.periods import far_years, own_of
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
    event, rest = OUTCOMES.index(Outcome.EVENT), OUTCOMES.index(Outcome.NON_EVENT)
    counts = per_row.counted(states, len(OUTCOMES), ~usable)
    days, rows = sheet.day_counts(sheet.product.time.key, ~usable)
    events, others = (_on(days, sheet, usable & (states == state)) for state in (event, rest))
    labelled, own = events + others, own_of(days, rows)
    return Totals(
        rows=int(counts.sum()),
        labelled=int(counts[event] + counts[rest]),
        events=int(counts[event]),
        by_state=tuple((outcome.value, int(counts[i])) for i, outcome in enumerate(OUTCOMES)),
        first=_edge(days[own], 0),
        last=_edge(days[own], -1),
        last_outcome=_edge(days[own & (labelled > 0)], -1),
        outcome_days=int((labelled > 0).sum()),
        months=_months(days[own], rows[own], labelled[own], events[own]),
        far=far_years(days, rows),
        needs_days=not sheet.product.learns_without_dates,
    )


def _on(days: np.ndarray, sheet: Sheet, rows: np.ndarray) -> np.ndarray:
    """int64 per day: the rows of a mask that are of that day; none of them is of another."""
    found, counts = sheet.day_counts(sheet.product.time.key, ~rows)
    on = np.zeros(len(days), "int64")
    on[np.searchsorted(days, found)] = counts
    return on


def _edge(days: np.ndarray, place: int) -> dt.date | None:
    """The first day of rising ones, or (-1) the last."""
    return days[place].item() if len(days) else None


def _months(days: np.ndarray, rows: np.ndarray, outcomes: np.ndarray, events: np.ndarray) -> tuple[PeriodRate, ...]:
    """The months of some days, with what each day has of rows, outcomes and events."""
    if not len(days):
        return ()
    months = days.astype("datetime64[M]").astype("int64")
    first = int(months.min())
    by_month = [np.bincount(months - first, counts).astype(int) for counts in (rows, outcomes, events)]
    return tuple(
        PeriodRate(str(np.datetime64(first + i, "M")), int(n), int(told), int(event), wilson(int(event), int(told)))
        for i, (n, told, event) in enumerate(zip(*by_month, strict=True))
        if n
    )
