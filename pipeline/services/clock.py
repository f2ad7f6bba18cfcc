"""Today in Brazil. The one place that reads the clock; it serves only rules such as "status in the future"."""

from __future__ import annotations

import datetime as dt
import os
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("America/Sao_Paulo")


def now() -> dt.datetime:
    """The time in São Paulo; PRESENCA_TODAY=AAAA-MM-DD fixes the day, so that a run can be repeated."""
    moment = dt.datetime.now(ZONE)
    fixed = os.environ.get("PRESENCA_TODAY")
    return dt.datetime.combine(dt.date.fromisoformat(fixed), moment.timetz()) if fixed else moment


def today() -> dt.date:
    """The day in São Paulo."""
    return now().date()
