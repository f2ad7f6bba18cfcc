"""Jobs whose process is gone, with its server or without: told as lost, or started again by another server.

A process that is known by its id and its start is missed at once; another by its silence.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from pipeline.records import note
from pipeline.workspace import audit
from pipeline.workspace.engine.schema import JOBS
from pipeline.workspace.jobs import attempts, job_launch, job_owners, job_records
from pipeline.workspace.jobs.job_records import ACTIVE
from pipeline.workspace.store import Workspace


def mark_orphans(workspace: Workspace) -> tuple[str, ...]:
    """Marks jobs whose process is gone; gives their ids. Call at start. Where several servers share the records,
    one of them takes such a job up (`take_up`), and only one that was begun too often is marked.
    """
    active, lost = _active_and_lost(workspace)
    gone = tuple(row.id for row in lost if not _can_be_taken_up(workspace, row))
    for job_id in gone:
        job_records.end(workspace, job_id, "orphaned", note("job.orphaned"))
    job_owners.keep_only(workspace, {row.id for row in active} - set(gone))
    return gone


def take_up(workspace: Workspace) -> tuple[str, ...]:
    """Starts again, on this server, the jobs whose process is gone; gives their ids. Of servers that see it at once,
    one does.
    """
    if not workspace.database.is_shared:
        return ()
    _, lost = _active_and_lost(workspace)
    taken = [row for row in lost if _can_be_taken_up(workspace, row) and _claim(workspace, row)]
    for row in taken:
        attempt = attempts.of(row.options) + 1
        job_owners.note_starter(workspace, row.id, attempt)
        job_launch.launch(workspace, row.id, attempt)
    return tuple(row.id for row in taken)


def _active_and_lost(workspace: Workspace) -> tuple[Sequence[Any], list[Any]]:
    """The jobs that wait or run, and of these those whose process is gone."""
    moment = workspace.database.moment()
    with workspace.database.read() as connection:
        active = connection.execute(sa.select(JOBS).where(JOBS.c.state.in_(ACTIVE))).all()
    return active, [
        row for row in active if job_owners.is_gone(workspace.home, row, moment, alone=not workspace.is_cache)
    ]


def _can_be_taken_up(workspace: Workspace, row: Any) -> bool:
    wanted = not row.cancel_requested and attempts.of(row.options) + 1 < attempts.MOST
    return workspace.database.is_shared and wanted


def _claim(workspace: Workspace, row: Any) -> bool:
    """Queues a lost job again as its next attempt; False where another server has, or it gave a sign of life."""
    unchanged = JOBS.c.id == row.id, JOBS.c.state.in_(ACTIVE), JOBS.c.heartbeat == row.heartbeat
    values = {"state": "queued", "pid": None, "heartbeat": workspace.database.moment()}
    with workspace.database.write() as connection:
        chosen = JOBS.update().where(*unchanged, JOBS.c.options == row.options)
        done = connection.execute(chosen.values(**values, options=attempts.next_options(row.options))).rowcount
        if done:
            audit.record(workspace, connection, "job_taken_up", job=row.id, attempt=attempts.of(row.options) + 1)
    return bool(done)
