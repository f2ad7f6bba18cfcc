"""How fast comments are answered, and how many of them in time: by unit, or by any other column."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from statistics import median

from pipeline.action.deadlines import is_open
from pipeline.records import AnswerMeasure, FollowUp, FollowUpState
from pipeline.statistics import wilson


def by_group(found: Iterable[FollowUp], groups: Iterable[str], now: dt.datetime) -> tuple[AnswerMeasure, ...]:
    """A measure of each group (`groups`: one name for each of `found`), the largest first."""
    parted: defaultdict[str, list[FollowUp]] = defaultdict(list)
    for one, group in zip(found, groups, strict=True):
        parted[group].append(one)
    measured = [measure(of, now, group) for group, of in parted.items()]
    return tuple(sorted(measured, key=lambda one: (-one.events, one.group)))


def measure(found: Sequence[FollowUp], now: dt.datetime, group: str = "") -> AnswerMeasure:
    """Time to the first answer (median) and share answered in time, with its interval after Wilson (1927)."""
    taken = [_hours(one.taken_in, one.answered) for one in found if one.answered is not None]
    asked = [one for one in found if one.due is not None]
    unreached = [one for one in asked if one.answered is None and one.state is FollowUpState.UNREACHED]
    waiting = [one for one in asked if one.answered is None and is_open(one) and not _late(one, now)]
    in_time = sum(one.answered is not None and one.due is not None and one.answered <= one.due for one in asked)
    judged = len(asked) - len(unreached) - len(waiting)
    return AnswerMeasure(
        group=group,
        events=len(found),
        answered=len(taken),
        hours=median(taken) if taken else None,
        judged=judged,
        in_time=wilson(in_time, judged),
        waiting=len(waiting),
        unreached=len(unreached),
    )


def _late(one: FollowUp, now: dt.datetime) -> bool:
    return one.due is not None and one.due < now


def _hours(begun: dt.datetime, done: dt.datetime) -> float:
    """Never negative: the clock of a computer may have been set back."""
    return max((done - begun).total_seconds() / 3600, 0.0)
