"""How many follow-ups there are of each kind, and which of them are looked at."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable

from pipeline.action.deadlines import is_open, is_overdue
from pipeline.records import FollowUp, FollowUpCounts, FollowUpFilter, FollowUpState


def counts(found: Iterable[FollowUp], now: dt.datetime) -> FollowUpCounts:
    """By state, by owner (most first, then by name), open and overdue."""
    every = tuple(found)
    states, owners = Counter(one.state for one in every), Counter(one.owner for one in every)
    return FollowUpCounts(
        total=len(every),
        states=tuple((state, states[state]) for state in FollowUpState),
        owners=tuple(sorted(owners.items(), key=lambda pair: (-pair[1], pair[0]))),
        open=sum(map(is_open, every)),
        overdue=sum(is_overdue(one, now) for one in every),
        undue=sum(is_open(one) and one.due is None for one in every),
    )


def passes(found: FollowUp, filters: FollowUpFilter, now: dt.datetime) -> bool:
    """Whether a follow-up is among those that are looked at."""
    return (
        (not filters.states or found.state in filters.states)
        and filters.owner in (None, found.owner)
        and (not filters.overdue or is_overdue(found, now))
    )
