"""What takes minutes as a job: one of a kind at a time, in a process of its own that runs the command line.

A job trains a model, reads the sense of a data set's comments, reads large files, or makes a long list. Its process
survives a rerun, a reload and a closed tab, since all that the page knows of it is in the workspace: state, progress
and a heartbeat (see `job_worker`). Here is what a page asks: that one starts, how it stands, that it stops.
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
import time
from typing import Any

from sqlalchemy.exc import IntegrityError

from pipeline.errors import WorkspaceError
from pipeline.records import JobInfo, Progress, note, to_plain
from pipeline.workspace.engine.database import now
from pipeline.workspace.engine.schema import JOBS
from pipeline.workspace.jobs import (
    job_launch,
    job_owners,
    job_records,
    job_recovery,
    job_work,
    job_worker,
    kinds,
    processes,
)
from pipeline.workspace.jobs.job_records import ACTIVE
from pipeline.workspace.storage.ids import new_id
from pipeline.workspace.store import Workspace

GRACE_SECONDS = 8.0  # between asking a training to stop and ending its process


def start(workspace: Workspace, dataset_id: str, kind: str, **options: Any) -> JobInfo:
    """Starts a job of a kind on a data set, in a process of its own. WorkspaceError while another one runs."""
    dataset = workspace.dataset(dataset_id)
    return _start(workspace, dataset.product, dataset.id, kind, options)


def start_of(workspace: Workspace, product_key: str, kind: str, **options: Any) -> JobInfo:
    """The same of a job that is on no data set yet: it may make one."""
    return _start(workspace, product_key, None, kind, options)


def _start(workspace: Workspace, product: str, dataset_id: str | None, kind: str, options: dict[str, Any]) -> JobInfo:
    job_recovery.mark_orphans(workspace)
    job_id = new_id()
    record = {
        "id": job_id, "kind": kind, "product": product, "dataset_id": dataset_id,
        "options": json.dumps(options), "state": "queued", "created": now(),
        "heartbeat": workspace.database.moment(), "pid": None, "cancel_requested": False,
        "progress": json.dumps(to_plain(Progress())), "model_id": None, "message": "",
    }  # fmt: skip
    job_owners.note_starter(workspace, job_id)
    try:
        with workspace.database.write() as connection:
            connection.execute(JOBS.insert().values(**record))
    except IntegrityError as error:
        raise WorkspaceError(kinds.KINDS[kind].busy) from error
    job_launch.launch(workspace, job_id, 0)
    return job(workspace, job_id)


def job(workspace: Workspace, job_id: str) -> JobInfo:
    """WorkspaceError if there is none with this id."""
    return job_records.info(job_records.get(workspace, job_id))


def current(workspace: Workspace, product_key: str | None = None, kind: str = kinds.TRAIN) -> JobInfo | None:
    """The job of a kind that waits or runs (of a product), or None; one whose process is gone does neither."""
    active = JOBS.c.kind == kind, JOBS.c.state.in_(ACTIVE)
    found = job_records.newest(workspace, product_key, *active)
    if found is not None and found.id in job_recovery.mark_orphans(workspace):
        return job_records.newest(workspace, product_key, *active)
    return found


def last(workspace: Workspace, product_key: str | None = None, kind: str = kinds.TRAIN) -> JobInfo | None:
    """The job of a kind that was started last (of a product), whatever became of it, or None."""
    return job_records.newest(workspace, product_key, JOBS.c.kind == kind)


def last_of(workspace: Workspace, dataset_id: str, kind: str) -> JobInfo | None:
    """The job of a kind that was started last on a data set, whatever became of it, or None."""
    return job_records.newest(workspace, None, JOBS.c.kind == kind, JOBS.c.dataset_id == dataset_id)


def cancel(workspace: Workspace, job_id: str, grace: float = GRACE_SECONDS) -> None:
    """Asks a job to stop, and ends its process if it has not after `grace` seconds. Returns at once."""
    row = job_records.get(workspace, job_id)
    if row.state not in ACTIVE:
        return
    with workspace.database.write() as connection:
        chosen = JOBS.update().where(JOBS.c.id == job_id, JOBS.c.state.in_(ACTIVE))
        connection.execute(chosen.values(cancel_requested=True, message=job_records.written(note("job.cancelling"))))
    threading.Thread(target=_insist, args=(workspace, job_id, grace), name=f"cancel-{job_id}", daemon=True).start()


def settle(workspace: Workspace, job_id: str) -> None:
    """Asks a job that looks for something better to go on with the best it has; one that is not looking goes on."""
    row = job_records.get(workspace, job_id)
    if row.state in ACTIVE:
        job_records.update(workspace, job_id, options=json.dumps({**json.loads(row.options), job_worker.SETTLED: True}))


def _insist(workspace: Workspace, job_id: str, grace: float) -> None:
    with contextlib.suppress(WorkspaceError):  # deleted with its data set meanwhile: there is nothing to end
        _end_at_last(workspace, job_id, grace)


def _end_at_last(workspace: Workspace, job_id: str, grace: float) -> None:
    if _ends_within(workspace, job_id, grace):
        return
    row = job_records.get(workspace, job_id)
    # A process that has given no sign for long may not be ours any more: leave it alone.
    silence = workspace.database.moment() - row.heartbeat
    ours = row.pid not in (None, os.getpid()) and silence < job_owners.STALE_SECONDS
    ours = ours and job_owners.is_here(workspace, row)
    job_records.end(workspace, job_id, "cancelled", note("job.cancelled"))
    if ours:
        processes.end(row.pid)
        time.sleep(min(grace, 2.0))
        processes.end(row.pid, at_once=True)
    job_work.drop(workspace, job_id)


def _ends_within(workspace: Workspace, job_id: str, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if job_records.get(workspace, job_id).state not in ACTIVE:
            return True
        time.sleep(min(0.2, seconds / 4))
    return False
