"""Which attempt at a job a process makes. A job whose server is gone is taken up by another: should the first have been
cut off only, and come back, it has no more say in the job.
"""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa

from pipeline.workspace.engine.schema import JOBS

MOST = 3  # a job that takes its server down with it must not take down every one
_ATTEMPT, _BEGUN = "attempt", "begun"  # among the options
_mine: dict[str, int] = {}  # job -> the attempt that this process makes


def of(options: str) -> int:
    """The attempt that a job is at, counted from 0."""
    return int(json.loads(options).get(_ATTEMPT, 0))


def asked(options: str) -> dict[str, Any]:
    """The options without the moment at which an attempt began."""
    return {name: value for name, value in json.loads(options).items() if name != _BEGUN}


def next_options(options: str) -> str:
    """The options of a job with one more attempt, which has not begun."""
    return json.dumps({**asked(options), _ATTEMPT: of(options) + 1})


def begun(options: str) -> str:
    """When the attempt that a job is at began; "" where it has not."""
    return str(json.loads(options).get(_BEGUN, ""))


def begun_now(options: str, moment: str) -> str:
    """The options of a job whose attempt begins at a moment."""
    return json.dumps({**json.loads(options), _BEGUN: moment})


def begin(job_id: str, options: str) -> None:
    """From here on, this process makes the attempt that the job is at."""
    _mine[job_id] = of(options)


def is_over(row: Any, attempt: int | None = None) -> bool:
    """Whether another attempt than this process', or than `attempt`, is what counts; False for who only looks on."""
    now = of(row.options)
    return (_mine.get(row.id, now) if attempt is None else attempt) != now


def has_say(connection: sa.Connection, job_id: str, attempt: int | None = None) -> bool:
    """Within a write of the caller: whether it may still change the job."""
    row = connection.execute(sa.select(JOBS.c.id, JOBS.c.options).where(JOBS.c.id == job_id)).first()
    return row is None or not is_over(row, attempt)
