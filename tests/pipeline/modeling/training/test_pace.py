"""The share that a training says is that of its time: it rises with its marks, to the end."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from pipeline.modeling.training import pace
from pipeline.modeling.training.boosting import EFFORTS
from pipeline.modeling.training_set import Rest

LEARNT, MANY = 1000, Rest(np.arange(24_000), np.arange(24_000), np.arange(24_000), 1)


def rows(rest: Rest | None = None, comments: Any = None) -> Any:
    """What is asked of the rows to learn from."""
    return SimpleNamespace(outcome=np.zeros(LEARNT), rest=rest, comments=comments)


@pytest.mark.parametrize("effort", EFFORTS)
@pytest.mark.parametrize("rest", [None, MANY])
@pytest.mark.parametrize("tells_past", [True, False])
def test_time_goes_on_with_the_marks(effort: str, rest: Rest | None, tells_past: bool) -> None:
    known = pace.points(EFFORTS[effort], rows(rest), tells_past=tells_past)
    told = [pace.behind(share, known) for share in np.linspace(0, 1, 101)]
    assert told == sorted(told) and told[0] == 0.0 and told[-1] == 1.0


def test_the_longest_part_takes_the_most() -> None:
    thorough = pace.points(EFFORTS["thorough"], rows(MANY), tells_past=False)
    assert pace.behind(0.7, thorough) - pace.behind(0.66, thorough) > 0.8, "the boosters of all rows"
    told = pace.points(EFFORTS["fast"], rows(MANY), tells_past=True)
    assert pace.behind(0.99, told) < 0.5, "the risks of all others are yet to come"
    assert pace.behind(0.99, pace.points(EFFORTS["fast"], rows(MANY), tells_past=False)) == 1.0


def test_whether_more_rows_would_help_takes_its_share_and_less_the_more_seeds_there_are() -> None:
    curve = {}
    for effort in ("fast", "standard"):
        known = pace.points(EFFORTS[effort], rows(), tells_past=True)
        assert pace.behind(0.98, known) < 0.95 and pace.behind(0.99, known) == 1.0
        curve[effort] = 1 - pace.behind(0.98, known)
    assert 0.1 < curve["fast"] < 0.2 and 0.03 < curve["standard"] < curve["fast"]


def test_a_search_of_minutes_is_most_of_a_training_of_few_rows() -> None:
    known = pace.points(EFFORTS["thorough"], rows(), tells_past=True)
    assert pace.behind(0.5, known) - pace.behind(0.3, known) > 0.9


def test_where_comments_are_read_the_marks_are_told_as_they_are() -> None:
    known = pace.points(EFFORTS["fast"], rows(comments=object()), tells_past=True)
    assert known == () and pace.behind(0.37, ()) == 0.37
