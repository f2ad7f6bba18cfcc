"""Starts the process of a job: one of its own, which runs the command line and survives whoever started it."""

from __future__ import annotations

import contextlib
import os
import sys

from pipeline.errors import WorkspaceError
from pipeline.paths import PROJECT
from pipeline.records import note
from pipeline.workspace.engine.address import DATABASE_VARIABLE
from pipeline.workspace.engine.schema import JOBS
from pipeline.workspace.jobs import job_owners, job_records, job_worker, processes
from pipeline.workspace.secrets import keys
from pipeline.workspace.storage import atomic_files
from pipeline.workspace.storage.object_store import STORE_VARIABLE
from pipeline.workspace.store import Workspace


def launch(workspace: Workspace, job_id: str, attempt: int) -> None:
    """Starts the process of a job that waits, for this attempt at it. WorkspaceError where the system refuses; the job
    has failed then.
    """
    try:
        with atomic_files.explained("doing.start_training"):
            pid = processes.start(
                _command(job_id),
                folder=PROJECT,
                environment=_environment(workspace),
                log=workspace.job_log(job_id),
                ended=lambda _code: _process_ended(workspace, job_id, attempt),
            )
    except WorkspaceError as error:
        job_records.end(workspace, job_id, "failed", error.note, attempt=attempt)
        raise
    job_owners.note_process(workspace, job_id, pid, attempt)
    with workspace.database.write() as connection:  # unless the process was faster and has written its own
        connection.execute(JOBS.update().where(JOBS.c.id == job_id, JOBS.c.pid.is_(None)).values(pid=pid))


def _process_ended(workspace: Workspace, job_id: str, attempt: int) -> None:
    """A process that ended without a word has failed; one that had its say has ended its job already."""
    with contextlib.suppress(WorkspaceError):  # deleted with its data set, or the workspace is gone: nothing to note
        job_worker.fail(workspace, job_id, note("job.stopped"), attempt)


def _command(job_id: str) -> list[str]:
    return [sys.executable, "-m", "pipeline", "run-job", job_id]


def _environment(workspace: Workspace) -> dict[str, str]:
    environment = {**os.environ, keys.HOME_VARIABLE: str(workspace.home), "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1"}
    if workspace.key_was_given:
        environment[keys.KEY_VARIABLE] = workspace.key.hex()
    if workspace.database.address:
        environment[DATABASE_VARIABLE] = workspace.database.address
    if workspace.blobs.address:
        environment[STORE_VARIABLE] = workspace.blobs.address
    return environment
