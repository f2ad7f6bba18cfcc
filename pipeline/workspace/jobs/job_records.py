"""The records of jobs: read, updated, ended."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa

from pipeline.errors import WorkspaceError
from pipeline.records import JobInfo, Note, Progress, from_plain, said, to_plain
from pipeline.records.webhooks import WebhookEvent
from pipeline.workspace import audit
from pipeline.workspace.engine import statements
from pipeline.workspace.engine.schema import JOBS
from pipeline.workspace.jobs import attempts
from pipeline.workspace.jobs.kinds import KINDS
from pipeline.workspace.repositories import outbox
from pipeline.workspace.storage.ids import checked
from pipeline.workspace.store import Workspace

ACTIVE = ("queued", "running")
_FORGETFUL = [name for name, kind in KINDS.items() if kind.forgets]


def end(
    workspace: Workspace,
    job_id: str,
    state: str,
    message: Note | None,
    *,
    model_id: str | None = None,
    attempt: int | None = None,
) -> bool:
    """Ends a job that is still active; the first end counts. `attempt`: the one that ended, where it is not that of
    this process; one that another took the place of changes nothing.
    """
    moment = workspace.database.moment()
    with workspace.database.write() as connection:
        if not attempts.has_say(connection, job_id, attempt):
            return False
        chosen = JOBS.update().where(JOBS.c.id == job_id, JOBS.c.state.in_(ACTIVE))
        values = {"state": state, "message": written(message), "model_id": model_id, "heartbeat": moment}
        told = sa.case((JOBS.c.kind.in_(_FORGETFUL), "{}"), else_=JOBS.c.options)
        ended = connection.execute(chosen.values(options=told, **values)).rowcount
        if ended:
            job = get(workspace, job_id)
            audit.record(workspace, connection, KINDS[job.kind].ended, job=job_id, state=state, model=model_id)
            about = {"job": job_id, "kind": job.kind, "product": job.product, "dataset": job.dataset_id}
            outbox.tell(connection, WebhookEvent.JOB_ENDED, {**about, "state": state, "model": model_id})
    return bool(ended)


def update(workspace: Workspace, job_id: str, **values: Any) -> None:
    """Changes columns of a job; nothing where another attempt took the place of this process'."""
    with workspace.database.write() as connection:
        if attempts.has_say(connection, job_id):
            connection.execute(JOBS.update().where(JOBS.c.id == job_id).values(**values))


def get(workspace: Workspace, job_id: str) -> Any:
    """The row of a job; WorkspaceError if there is none."""
    with workspace.database.read() as connection:
        row = connection.execute(sa.select(JOBS).where(JOBS.c.id == checked(job_id))).first()
    if row is None:
        raise WorkspaceError("job.gone")
    return row


def newest(workspace: Workspace, product_key: str | None, *conditions: Any) -> JobInfo | None:
    """The job that was started last (of a product) and meets the conditions."""
    query = sa.select(JOBS).where(*conditions).order_by(statements.ARRIVAL.desc()).limit(1)
    if product_key:
        query = query.where(JOBS.c.product == product_key)
    with workspace.database.read() as connection:
        row = connection.execute(query).first()
    return None if row is None else info(row)


def info(row: Any) -> JobInfo:
    """The record of a row of the table."""
    return JobInfo(
        id=row.id,
        kind=row.kind,
        product=row.product,
        dataset_id=row.dataset_id or "",
        state=row.state,
        created=row.created,
        progress=from_plain(Progress, json.loads(row.progress)),
        model_id=row.model_id,
        message=_read(row.message),
        begun=attempts.begun(row.options),
    )


def written(message: Note | None) -> str:
    """What is to be said of a job, as its column keeps it; "" for nothing."""
    return "" if message is None else json.dumps(to_plain(message), ensure_ascii=False)


def _read(column: str) -> Note | None:
    """What `written` wrote, or the sentence that an earlier version kept."""
    try:
        return from_plain(Note, json.loads(column)) if column else None
    except ValueError:
        return said(column)
