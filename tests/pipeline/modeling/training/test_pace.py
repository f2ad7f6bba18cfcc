"""The share that a training of many rows says is that of its time: it rises with its marks, to the end."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pipeline.modeling.training import pace
from pipeline.modeling.training.boosting import EFFORTS
from pipeline.modeling.training_set import Rest

REST = Rest(np.arange(3), np.arange(3), np.arange(3), 1)


@pytest.mark.parametrize("effort", EFFORTS)
@pytest.mark.parametrize("tells_past", [True, False])
def test_time_goes_on_with_the_marks(effort: str, tells_past: bool) -> None:
    known = pace.points(EFFORTS[effort], REST, tells_past=tells_past)
    told = [pace.behind(share, known) for share in np.linspace(0, 1, 101)]
    assert told == sorted(told) and told[0] == 0.0 and told[-1] == 1.0


def test_the_longest_part_takes_the_most() -> None:
    thorough = pace.points(EFFORTS["thorough"], REST, tells_past=False)
    assert pace.behind(0.7, thorough) - pace.behind(0.66, thorough) > 0.8, "the boosters of all rows"
    told = pace.points(EFFORTS["fast"], REST, tells_past=True)
    assert pace.behind(0.99, told) < 0.5, "the risks of all others are yet to come"
    assert pace.behind(0.99, pace.points(EFFORTS["fast"], REST, tells_past=False)) == 0.99


def test_of_rows_in_hand_the_marks_are_told_as_they_are() -> None:
    assert pace.points(replace(EFFORTS["fast"]), None, tells_past=True) == () and pace.behind(0.37, ()) == 0.37
