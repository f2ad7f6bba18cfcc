"""Until when an answer is due: hours since the clinic first sent the comment, nights and weekends included; never for
what was history already when it came.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from pipeline.contract import Product
from pipeline.records import FollowUp, FollowUpState

OPEN = (FollowUpState.NEW, FollowUpState.ANSWERING)
DETRACTOR_HOURS = 72
BACKLOG_DAYS = 90  # older than that when it was sent: history, which nobody waits for since the day it was uploaded
_DETRACTOR = "detractor"


def answer_hours(product: Product, group: str, alerts: Collection[str] = ()) -> int | None:
    """Within how many hours a comment asks for an answer: the most pressing of its alerts (keys or codes), or else, of
    a detractor, DETRACTOR_HOURS; None where nobody waits for one.
    """
    pressing = [alert.answer_hours for alert in product.alerts if {alert.key, alert.code} & set(alerts)]
    return min(pressing, default=DETRACTOR_HOURS if group == _DETRACTOR else None)


def due(taken_in: dt.datetime, hours: int | None, happened: dt.date | None = None) -> dt.datetime | None:
    """The moment until which an answer is due; None where none is, or where the event was a matter of the past when the
    clinic first sent it (`happened`: its day, None where it isn't known).
    """
    old = happened is not None and (taken_in.date() - happened).days > BACKLOG_DAYS
    return None if hours is None or old else taken_in + dt.timedelta(hours=hours)


def is_open(found: FollowUp) -> bool:
    """Whether somebody still has to do something."""
    return found.state in OPEN


def is_overdue(found: FollowUp, now: dt.datetime) -> bool:
    """Whether it is open, was never answered, and the moment has passed."""
    return is_open(found) and found.answered is None and found.due is not None and found.due < now
