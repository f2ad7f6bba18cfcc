"""How many events a list will bring: a risk is of those who do not cancel, so cancelling is counted in.

The chance of cancelling comes from the clinic's own past by lead time, drawn towards its overall rate. A booking
that is still standing `d` days ahead is like one made `d` days ahead: what could have been cancelled before then
was not. The interval holds chance itself, how well the rates of cancelling are known, and how far the level of
risks was off between periods.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.contract import Outcome, Product
from pipeline.insight.groups import late
from pipeline.insight.groups.counts import NO_DATE, places
from pipeline.modeling.features.prediction_time import contact_days, day_number, event_days, known_outcomes
from pipeline.modeling.model import OutOfFoldPredictions
from pipeline.records import Cancelling, CancelRate, Evaluation, Expected, Interval, Level
from pipeline.records.slots import LateComing

CHANCE, BUCKET = "cancel_chance", "cancel_bucket"
LATE = "late_chance"  # that a booking is given up shortly before its day; absent where no file tells such days
EDGES = (0, 1, 4, 8, 15, 31, 61)  # days of lead at which a bucket begins
PRIOR_ROWS = 50.0  # rows at the overall rate that are mixed into each bucket
_LONGEST = 10_000
_Z95 = 1.959963984540054
_FEWEST = 200  # rows of a week whose level is compared
PRIOR_DRIFT, _PRIOR_WEEKS = (
    0.1,
    4.0,
)  # a level moves by a tenth until weeks have shown otherwise, as if these had been measured


@dataclass(frozen=True)
class Tally:
    """Bookings that are over and how many of them were given up, by bucket of lead (`EDGES`, the unknown last): what
    rates are made of. `tells`: whether a row says when it was given up. Tallies of parts add up to that of the whole.
    """

    rows: np.ndarray
    gone: np.ndarray
    tells: bool = False

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.rows + other.rows, self.gone + other.gone, self.tells or other.tells)


def tally(frame: pd.DataFrame, product: Product, as_of: dt.date, within: int | None = None) -> Tally:
    """Counts the bookings of before `as_of` among typed rows; `within`: those alone count as given up that were so few
    days before their day, and of what was given up on a day that nobody tells neither is known.
    """
    lead, gone = _past(frame, product, as_of, within)
    bucket, size = _bucket(lead), len(EDGES) + 1
    rows, given_up = (np.bincount(some, minlength=size) for some in (bucket, bucket[gone]))
    return Tally(rows, given_up, late.tells(frame, product))


def cancelling(frames: list[pd.DataFrame], product: Product, as_of: dt.date) -> Cancelling:
    """The rates of cancelling in bookings of before `as_of` (typed rows of the series)."""
    return cancelling_of([tally(frame, product, as_of) for frame in frames])


def late_cancelling(frames: list[pd.DataFrame], product: Product, as_of: dt.date, within: int) -> Cancelling | None:
    """The same of giving up at most `within` days before the day; None where no file tells when bookings were given up.

    Of what was given up on a day that a file doesn't tell nothing is known: it is left out of both.
    """
    return late_of([tally(frame, product, as_of, within) for frame in frames])


def late_of(files: Sequence[Tally]) -> Cancelling | None:
    """`late_cancelling` of the tallies of whole files, counted within the same days."""
    telling = [one for one in files if one.tells]
    return cancelling_of(telling) if telling else None


def cancelling_of(files: Sequence[Tally]) -> Cancelling:
    """The rates that tallies tell. ValueError without any."""
    first, *rest = files
    whole = sum(rest, first)
    rows, gone = int(whole.rows.sum()), int(whole.gone.sum())
    overall = gone / rows if rows else 0.0
    bounds = [*zip(EDGES, (*(e - 1 for e in EDGES[1:]), _LONGEST), strict=True), (-1, -1)]
    rates = tuple(_rate(*bounds[at], int(whole.rows[at]), int(whole.gone[at]), overall) for at in range(len(bounds)))
    return Cancelling(rows, gone, rates)


def _past(
    frame: pd.DataFrame, product: Product, as_of: dt.date, within: int | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """(lead in days, cancelled) of the rows that are over on `as_of`; `within`: cancelled so late, where it is told."""
    day = event_days(frame, product)
    gone = (frame["state"] == Outcome.EXCLUDED.value).to_numpy()
    over = (day > NO_DATE) & (day < day_number(as_of)) & (known_outcomes(frame) | gone)
    if within is not None:
        over &= ~gone | late.dated(frame, product)
        gone = late.late(frame, product, within)
    return _leads(day, contact_days(frame, product))[over], gone[over]


def _leads(day: np.ndarray, contact: np.ndarray) -> np.ndarray:
    """Days from contact to event; −1 where unknown."""
    return np.where((contact > NO_DATE) & (day > NO_DATE), np.maximum(day - contact, 0), -1)


def _bucket(lead: np.ndarray) -> np.ndarray:
    """Place in `Cancelling.rates`: the last where the lead is unknown."""
    return np.where(lead < 0, len(EDGES), np.searchsorted(EDGES, lead, side="right") - 1)


def _rate(low: int, high: int, n: int, gone: int, overall: float) -> CancelRate:
    chance = (gone + PRIOR_ROWS * overall) / (n + PRIOR_ROWS)
    return CancelRate(low, high, n, gone, chance, float(np.sqrt(chance * (1 - chance) / (n + PRIOR_ROWS))))


def with_chances(
    table: pd.DataFrame, found: Cancelling, product: Product, as_of: dt.date, *, standing: bool
) -> pd.DataFrame:
    """The list with the chance that each booking is cancelled.

    `standing`: the bookings are known to stand on `as_of`; in a list that looks back, some were cancelled before.
    """
    bucket = buckets(table, product, as_of, standing=standing)
    return table.assign(**{CHANCE: chances(found)[bucket], BUCKET: bucket})


def with_late_chances(
    table: pd.DataFrame, past: list[pd.DataFrame], product: Product, as_of: dt.date, *, standing: bool
) -> pd.DataFrame:
    """The list with the chance that each booking is given up late (see `late.USUAL`), beside its risk and never in it;
    as it is where no file of the series (`past`) tells when bookings were given up.
    """
    files = [tally(frame, product, as_of, late.USUAL) for frame in past]
    return with_late_rates(table, files, product, as_of, standing=standing)


def with_late_rates(
    table: pd.DataFrame, files: Sequence[Tally], product: Product, as_of: dt.date, *, standing: bool
) -> pd.DataFrame:
    """As `with_late_chances`, of the tallies of whole files, counted within `late.USUAL` days."""
    found = late_of(files)
    if found is None or not found.rows:
        return table
    return table.assign(**{LATE: chances(found)[buckets(table, product, as_of, standing=standing)]})


def buckets(table: pd.DataFrame, product: Product, as_of: dt.date, *, standing: bool) -> np.ndarray:
    """Each booking's place in the rates (int8): by its lead, or by what is left of it where it still stands."""
    day = event_days(table, product)
    lead = _leads(day, contact_days(table, product))
    if standing:
        ahead = np.maximum(day - day_number(as_of), 0)
        lead = np.where(lead >= 0, np.minimum(lead, ahead), lead)
    return _bucket(lead).astype(np.int8)


def chances(found: Cancelling) -> np.ndarray:
    """The chance of being given up of each place in the rates."""
    return np.array([rate.chance for rate in found.rates])


def events_of(table: pd.DataFrame) -> np.ndarray:
    """The chance of each line to bring an event: of not being cancelled, times its risk (0 where it has none)."""
    return np.nan_to_num(table["risk"].to_numpy() * (1 - table[CHANCE].to_numpy()))


def expected(table: pd.DataFrame, found: Cancelling, level: Level) -> Expected:
    """Events to expect of the lines, with the interval that the module speaks of."""
    risk = np.nan_to_num(table["risk"].to_numpy())
    chance = events_of(table)
    mean = float(chance.sum())
    by_bucket = np.bincount(table[BUCKET].to_numpy(), weights=risk, minlength=len(found.rates))
    errors = np.array([rate.error if found.excluded else 0.0 for rate in found.rates])
    variance = float((chance * (1 - chance)).sum() + ((by_bucket * errors) ** 2).sum()) + mean**2 * (
        level.error**2 + level.drift**2
    )
    half = _Z95 * np.sqrt(variance)
    scored = int(table["risk"].notna().sum())
    cancelled = float(table.loc[table["risk"].notna(), CHANCE].mean()) if scored else 0.0
    return Expected(
        scored, float(risk.sum()), Interval(mean, max(0.0, mean - half), min(float(scored), mean + half)), cancelled
    )


def expected_late(table: pd.DataFrame, found: Cancelling, within: int, days: int) -> LateComing:
    """Late cancellations to expect of the lines (as `with_chances` gives them), with chance itself and how well the
    rates are known in the interval: the normal approximation of a sum of Bernoulli draws whose rates share errors.
    """
    chance = table[CHANCE].to_numpy(dtype=float)
    in_bucket = np.bincount(table[BUCKET].to_numpy(), minlength=len(found.rates))
    errors = np.array([rate.error for rate in found.rates])
    mean = float(chance.sum())
    half = _Z95 * float(np.sqrt((chance * (1 - chance)).sum() + ((in_bucket * errors) ** 2).sum()))
    bounds = Interval(mean, max(0.0, mean - half), min(float(len(table)), mean + half))
    return LateComing(within, days, len(table), bounds, found.rows, found.excluded)


def level(
    test: Evaluation, risk: np.ndarray | None = None, event: np.ndarray | None = None, day: np.ndarray | None = None
) -> Level:
    """How far the level may be off, from the model's test and from past rows with a risk, outcome and day.

    Drift: what the ratio of observed to expected differs between weeks beyond chance, drawn towards `PRIOR_DRIFT`
    where weeks are few.
    """
    rows = np.array([b.rows for b in test.calibration], dtype=np.float64)
    predicted = float(sum(b.rows * b.predicted for b in test.calibration))
    seen = np.array([b.observed.value for b in test.calibration])
    error = float(np.sqrt((rows * seen * (1 - seen)).sum())) / predicted if predicted > 0 else 0.0
    measured, weeks = (
        _between_weeks(risk, event, day) if risk is not None and event is not None and day is not None else (0.0, 0)
    )
    free = max(weeks - 1, 0)
    drift = np.sqrt((_PRIOR_WEEKS * PRIOR_DRIFT**2 + free * measured**2) / (_PRIOR_WEEKS + free))
    return Level(error, float(drift), weeks if free else 0)


def past_levels(
    rows: pd.DataFrame, past: OutOfFoldPredictions, product: Product
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(risk, outcome, day) of the past rows that a model which had not seen them gave a risk."""
    at = places(rows, past)
    outcome = rows["outcome"].to_numpy(dtype=np.float64)
    usable = (at >= 0) & ~np.isnan(outcome)
    return past.risk[at[usable]], outcome[usable], event_days(rows, product)[usable]


def _between_weeks(risk: np.ndarray, event: np.ndarray, day: np.ndarray) -> tuple[float, int]:
    """(standard deviation of the level between weeks beyond chance, how many weeks)."""
    if not len(day):
        return 0.0, 0
    _, code = np.unique((day - 4) // 7, return_inverse=True)  # 1 January 1970 was a Thursday: weeks begin on Monday
    rows, events, sums, chance = (
        np.bincount(code, weights=w) for w in (np.ones(len(risk)), event, risk, risk * (1 - risk))
    )
    full = (rows >= _FEWEST) & (sums > 0)
    if full.sum() < 2:
        return 0.0, int(full.sum())
    ratio = events[full] / sums[full]
    by_chance = chance[full] / sums[full] ** 2
    return float(np.sqrt(max(0.0, ratio.var(ddof=1) - by_chance.mean()))), int(full.sum())
