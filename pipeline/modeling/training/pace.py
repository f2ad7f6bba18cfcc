"""How much of a training's time lies behind it at its own marks: what is said of the time that is left comes of it.

The marks are shares that a training says of itself, alike for all: where folds, test, the boosters of all rows,
measures and the risks of the past begin and end. How long each step takes depends on how many rows there are, how
many boosters are grown, and how many rows are not learnt from but get a risk of the past.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.modeling.training.boosting import Effort
from pipeline.modeling.training_set import Labelled

Points = Sequence[tuple[float, float]]  # (share that is said, share of the time), rising


@dataclass(frozen=True)
class _Step:
    """What leads to a mark: the time it takes whatever the seeds (`once`), and for each of them. The unit is a training
    of one seed.
    """

    mark: float
    once: float
    a_seed: float = 0.0


# shares of an answer at which the folds' first seeds, their others and the boosters of the test are grown
FIRST_SEEDS, ALL_SEEDS, TESTED = 0.35, 0.6, 0.8

# Measured on invented networks of 125,000 and 500,000 rows.
_PREPARING = _Step(0.3, 0.04)
_ANSWER = (  # of the span between the search, if there is one, and 0.7: see fit_task
    _Step(FIRST_SEEDS, 0.27),
    _Step(ALL_SEEDS, -0.22, 0.25),
    _Step(TESTED, 0.0, 0.1),
    _Step(1.0, 0.0, 0.1),
)
_MEASURES = (_Step(0.92, 0.04), _Step(0.94, 0.01, 0.18), _Step(0.96, 0.07), _Step(0.97, 0.02))
_UNITS_LEFT_OUT = 0.1
_CURVE = 0.16
_REST = 0.2  # the risks of as many rows more as are learnt from, by one seed
_ROUND_OF_A_ROW = 1.2e-6  # seconds of the unit by rows and rounds: what a search of some minutes stands beside
# of the boosters of all rows of a network of 10 million, from disk
_OF_ALL: Points = ((0.3, 0.02), (0.5, 0.04), (0.62, 0.07), (0.66, 0.09), (0.7, 0.92), (0.98, 0.96), (0.99, 0.99))


def points(effort: Effort, data: Labelled, *, tells_past: bool) -> Points:
    """The points between which the share of the time is told; none where comments are read, which takes most of it.

    `data`: the rows to learn from; `tells_past`: whether those that were not drawn get a risk of the past at the end.
    """
    if data.comments is not None:
        return ()
    if data.rest is not None and effort.learns_all:
        return ((0.0, 0.0), *_OF_ALL, (1.0, 1.0))
    steps = _steps(effort, len(data.outcome), len(data.rest.row) if data.rest is not None and tells_past else 0)
    taken = np.cumsum([step.once + step.a_seed * effort.seeds for step in steps])
    return ((0.0, 0.0), *((step.mark, float(t)) for step, t in zip(steps, taken / taken[-1], strict=True)))


def _steps(effort: Effort, rows: int, rest: int) -> list[_Step]:
    """All steps, in their order."""
    begun, searching = _PREPARING.mark, []
    if effort.search_seconds:
        begun = 0.5
        searching = [_Step(begun, effort.search_seconds / (_ROUND_OF_A_ROW * rows * effort.rounds))]
    return [
        _PREPARING,
        *searching,
        *(_Step(begun + (0.7 - begun) * one.mark, one.once, one.a_seed) for one in _ANSWER),
        *_MEASURES,
        _Step(0.98, _UNITS_LEFT_OUT if effort.leaves_units_out else 0.0),
        _Step(0.99, _CURVE),
        _Step(1.0, 0.0, _REST * rest / rows),
    ]


def behind(share: float, known: Points) -> float:
    """The share of the time that is behind a training which says that `share` is done."""
    if not known:
        return share
    said, told = zip(*known, strict=True)
    return float(np.interp(share, said, told))
