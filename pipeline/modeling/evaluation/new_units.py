"""Risks of rows whose unit a model had not learnt from, beside those of one that had → how the next unit will fare.

Over many units levels that are too high and too low cancel out, so that observed over expected of all says little of
one. What the next unit will have is a prediction interval over the units (see `statistics.prediction_interval`), as
is usual where models are tested on centres left out in turn (Debray et al. 2013, Statistics in Medicine 32: 3158).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from pipeline.modeling.evaluation import skill, splits
from pipeline.modeling.evaluation.skill import Judged
from pipeline.modeling.evaluation.splits import Column
from pipeline.records import LEAST_UNITS, Interval, NewUnitTest
from pipeline.statistics import prediction_interval

_UNIT_RESAMPLES = 100  # there are many units, and their intervals are wide


@dataclass(frozen=True)
class LeftOut:
    """n judged rows: the unit of each, the risks by models that had not seen it, by one that had; `ahead` as in a
    report's context; in how many groups units were left out.
    """

    unseen: Judged
    known: np.ndarray
    units: Column
    ahead: np.ndarray | None
    period: tuple[dt.date, dt.date] | None
    groups: int


def new_unit_test(rows: LeftOut, *, seed: int) -> NewUnitTest:
    """The measures of the rows, booked ahead where these can be told. Both outcomes must be among them."""
    inside = np.ones(len(rows.known), dtype=bool) if rows.ahead is None else rows.ahead
    unseen, units = rows.unseen.taken(inside), rows.units.taken(inside)
    known = Judged(rows.known[inside], unseen.outcome, unseen.patients)
    weights = unseen.resamples(seed, splits.GROUP_RESAMPLES)
    fewer = weights[: _UNIT_RESAMPLES + 1]
    return NewUnitTest(
        len(np.unique(units.codes)),
        rows.groups,
        rows.period,
        rows.ahead is not None,
        skill.skill(unseen, weights),
        skill.skill(known, weights),
        *skill.gaps(known, unseen, weights),
        level=next_level(unseen, units),
        level_known=next_level(known, units),
        by_unit=splits.split(unseen, units, fewer),
        by_unit_known=splits.split(known, units, fewer),
    )


def next_level(rows: Judged, units: Column) -> Interval | None:
    """Observed over expected of a typical unit, and the span in which another one will lie 19 times in 20; None under
    five units that have the rows to stand alone.
    """
    found = [_log_ratio(rows.taken(units.codes == code)) for code in splits.standing_alone(rows, units)]
    if len(found) < LEAST_UNITS:
        return None
    values, variances = np.array(found).T
    middle = prediction_interval(values, variances)
    assert middle.low is not None and middle.high is not None
    return Interval(float(np.exp(middle.value)), float(np.exp(middle.low)), float(np.exp(middle.high)))


def _log_ratio(rows: Judged) -> tuple[float, float]:
    """log(observed / expected) and its variance by the delta method, rows of one patient together."""
    ratio = rows.outcome.sum() / rows.risk.sum()
    sums = rows.by_patient(rows.outcome - ratio * rows.risk)
    return float(np.log(ratio)), float((sums**2).sum() / rows.outcome.sum() ** 2)
