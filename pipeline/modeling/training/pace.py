"""How much of a training's time lies behind it at its own marks: what is said of the time that is left comes of it.

The marks are shares that a training says of itself, alike for all: where folds, test, the boosters of all rows,
measures and the risks of the past begin and end. How long each takes depends on how many rows each is of. Measured on
invented networks of 1.6 and 10 million rows, one thread.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.modeling.training.boosting import Effort
from pipeline.modeling.training_set import Rest

Points = Sequence[tuple[float, float]]  # (share that is said, share of the time), rising

_OF_PART: Points = ((0.3, 0.02), (0.54, 0.31), (0.62, 0.41), (0.7, 0.54), (0.92, 0.58), (0.96, 0.84), (0.98, 0.86))
_TOLD_BY = 0.4  # share of the time after which the risks of the rows that were not drawn begin
_OF_ALL: Points = ((0.3, 0.02), (0.5, 0.04), (0.62, 0.07), (0.66, 0.09), (0.7, 0.92), (0.98, 0.96))


def points(effort: Effort, rest: Rest | None, *, tells_past: bool) -> Points:
    """The points between which the share of the time is told; none where all rows are learnt from in hand.

    `rest`: the rows that were not drawn; `tells_past`: whether they get a risk of the past at the end.
    """
    if rest is None:
        return ()
    known = _OF_ALL if effort.learns_all else _OF_PART
    end = 1.0 if effort.learns_all or not tells_past else _TOLD_BY
    return ((0.0, 0.0), *((said, share * end) for said, share in known), (0.99, 0.99 * end), (1.0, 1.0))


def behind(share: float, known: Points) -> float:
    """The share of the time that is behind a training which says that `share` is done."""
    if not known:
        return share
    said, told = zip(*known, strict=True)
    return float(np.interp(share, said, told))
