"""What a training has finished of its work, kept until it has ended well: who begins it again goes on from there.

A folder beside the jobs' logs, named after the data set and the revision of its rows; in it typed rows, with the
workspace's pseudonyms for those who are named. It goes with the end of the job, with a cancel, with the data set and
with that revision; what a job left that failed or was lost is kept for a day.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

import sqlalchemy as sa

from pipeline.errors import WorkspaceError
from pipeline.workspace.engine.schema import DATASETS, JOBS
from pipeline.workspace.jobs import job_records, kinds
from pipeline.workspace.jobs.job_records import ACTIVE
from pipeline.workspace.storage import atomic_files
from pipeline.workspace.store import Workspace

KEPT_SECONDS = 24 * 3600.0  # since the last sign of a job that came to no good end
_BEGUN_AGAIN = ("failed", "orphaned")  # what somebody may begin again, to go on


def place(workspace: Workspace, dataset_id: str) -> Path:
    """Where the work on the present rows of a data set lies, there or not."""
    return workspace.work_place(dataset_id, workspace.revision(dataset_id))


def drop(workspace: Workspace, job_id: str) -> None:
    """Nobody will go on from what a job kept that is done or was cancelled."""
    with contextlib.suppress(OSError, WorkspaceError):  # it is swept later
        ended = job_records.get(workspace, job_id)
        if ended.kind == kinds.TRAIN:  # the others keep nothing
            atomic_files.remove(place(workspace, ended.dataset_id))


def sweep(workspace: Workspace) -> int:
    """Removes what nobody will go on from; how many folders there were."""
    gone = [folder for folder in workspace.work_places() if not _is_wanted(workspace, folder)]
    for folder in gone:
        atomic_files.remove(folder)
    return len(gone)


def _is_wanted(workspace: Workspace, folder: Path) -> bool:
    dataset_id, _, revision = folder.stem.partition("-")
    with workspace.database.read() as connection:
        now = connection.execute(sa.select(DATASETS.c.revision).where(DATASETS.c.id == dataset_id)).scalar()
        trainings = JOBS.c.dataset_id == dataset_id, JOBS.c.kind == kinds.TRAIN
        jobs = connection.execute(sa.select(JOBS.c.state, JOBS.c.heartbeat).where(*trainings)).all()
    if now is None or revision != str(now):
        return False
    since = workspace.database.moment() - KEPT_SECONDS
    return any(job.state in ACTIVE or (job.state in _BEGUN_AGAIN and job.heartbeat > since) for job in jobs)
