"""A job as its own process sees it: taken, its progress and signs of life told, ended.

The process works within `running`, asks `is_cancelled` between its steps, and ends with `finish`, `fail` or
`mark_cancelled`. Whatever it says is kept in the workspace, where the page looks (see `job_queue`).
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from pipeline.errors import WorkspaceError
from pipeline.records import JobInfo, Note, Progress, note, to_plain
from pipeline.workspace.engine.database import now
from pipeline.workspace.engine.schema import JOBS
from pipeline.workspace.jobs import attempts, heartbeat, job_owners, job_records, job_work
from pipeline.workspace.jobs.job_records import ACTIVE
from pipeline.workspace.storage.ids import checked
from pipeline.workspace.store import Workspace

BEAT_SECONDS = 5.0
PROGRESS_SECONDS = 0.5
SETTLED = "settled"  # among the options: what was found so far shall do


def settings(workspace: Workspace, job_id: str) -> dict[str, Any]:
    """The options that a job was started with."""
    return attempts.asked(job_records.get(workspace, job_id).options)


def is_settled(workspace: Workspace, job_id: str) -> bool:
    """Whether somebody is content with the best so far."""
    return bool(settings(workspace, job_id).get(SETTLED))


@contextlib.contextmanager
def running(workspace: Workspace, job_id: str) -> Iterator[JobInfo]:
    """The frame of a job's process: takes the job and gives signs of life as long as the block runs.

    WorkspaceError if the job isn't waiting (any more).
    """
    attempt = _begin(workspace, job_id)
    job_owners.note_process(workspace, job_id, os.getpid(), attempt)
    try:
        with beating(workspace, job_id):
            yield job_records.info(job_records.get(workspace, job_id))
    finally:
        job_owners.forget(workspace, job_id)


def _begin(workspace: Workspace, job_id: str) -> int:
    """Takes the job; gives the attempt that this is."""
    values = {"state": "running", "pid": os.getpid(), "heartbeat": workspace.database.moment()}
    with workspace.database.write() as connection:
        waiting = JOBS.update().where(JOBS.c.id == job_id, JOBS.c.state == "queued")
        taken = connection.execute(waiting.values(**values)).rowcount
        options = connection.execute(sa.select(JOBS.c.options).where(JOBS.c.id == job_id)).scalar()
        if taken and options is not None:
            told = attempts.begun_now(options, now())
            connection.execute(JOBS.update().where(JOBS.c.id == job_id).values(options=told))
    if not taken or options is None:
        raise WorkspaceError("job.not_waiting")
    attempts.begin(job_id, options)
    return attempts.of(options)


@contextlib.contextmanager
def beating(workspace: Workspace, job_id: str, seconds: float = BEAT_SECONDS) -> Iterator[None]:
    """Gives a sign of life every few seconds while the block runs, however long its steps take."""

    def beat() -> None:
        job_records.update(workspace, job_id, heartbeat=workspace.database.moment())

    with heartbeat.beating(f"beat-{job_id}", beat, seconds):
        yield


def report_progress(workspace: Workspace, job_id: str, progress: Progress) -> None:
    """Keeps the progress and gives a sign of life; at most twice a second, since each write waits for the disk."""
    written, stage = _written.get(job_id, (float("-inf"), ""))
    if time.monotonic() - written < PROGRESS_SECONDS and progress.stage == stage and progress.share < 1.0:
        return
    _written[job_id] = (time.monotonic(), progress.stage)
    plain = json.dumps(to_plain(progress), ensure_ascii=False, default=lambda number: number.item())  # numpy's
    started = sa.case((JOBS.c.state == "queued", "running"), else_=JOBS.c.state)
    job_records.update(workspace, job_id, progress=plain, heartbeat=workspace.database.moment(), state=started)


_written: dict[str, tuple[float, Note | str]] = {}  # job -> when its progress was written last, and its stage


def is_cancelled(workspace: Workspace, job_id: str) -> bool:
    """Whether the job is to stop: it was cancelled, taken for lost or up by another server, or deleted."""
    with workspace.database.read() as connection:
        row = connection.execute(sa.select(JOBS).where(JOBS.c.id == checked(job_id))).first()
    return row is None or bool(row.cancel_requested) or row.state not in ACTIVE or attempts.is_over(row)


def finish(workspace: Workspace, job_id: str, model_id: str | None = None) -> bool:
    """The job is done, and where it was a training gave a model; False if it had been ended otherwise before."""
    ended = job_records.end(workspace, job_id, "done", None, model_id=checked(model_id) if model_id else None)
    if ended:
        job_work.drop(workspace, job_id)
    return ended


def mark_cancelled(workspace: Workspace, job_id: str) -> bool:
    """The job has stopped because it was asked to."""
    ended = job_records.end(workspace, job_id, "cancelled", note("job.cancelled"))
    if ended:
        job_work.drop(workspace, job_id)
    return ended


def fail(workspace: Workspace, job_id: str, message: Note, attempt: int | None = None) -> bool:
    """The job is over without a model: cancelled if that was asked, else failed; `message` says why, `attempt` as
    `job_records.end` takes it.
    """
    if job_records.get(workspace, job_id).cancel_requested:
        return mark_cancelled(workspace, job_id)
    return job_records.end(workspace, job_id, "failed", message, attempt=attempt)
