"""What takes minutes as a job: one of a kind at a time, in a process of its own that runs the command line.

A job trains a model, reads the sense of a data set's comments, reads large files, or makes a long list. Its process
survives a rerun, a reload and a closed tab, since all that the page knows of it is in the workspace: state, progress
and a heartbeat. It works within `running` and ends with `finish`, `fail` or `mark_cancelled`; the page calls `start`,
`current`, `job` and `cancel`.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from pipeline.errors import WorkspaceError
from pipeline.paths import PROJECT
from pipeline.records import JobInfo, Note, Progress, note, to_plain
from pipeline.workspace import audit
from pipeline.workspace.engine.address import DATABASE_VARIABLE
from pipeline.workspace.engine.database import now
from pipeline.workspace.engine.schema import JOBS
from pipeline.workspace.jobs import attempts, heartbeat, job_owners, job_records, job_work, kinds, processes
from pipeline.workspace.jobs.job_records import ACTIVE
from pipeline.workspace.secrets import keys
from pipeline.workspace.storage import atomic_files
from pipeline.workspace.storage.ids import checked, new_id
from pipeline.workspace.storage.object_store import STORE_VARIABLE
from pipeline.workspace.store import Workspace

BEAT_SECONDS = 5.0
PROGRESS_SECONDS = 0.5
GRACE_SECONDS = 8.0  # between asking a training to stop and ending its process


# ---------------------------------------------------------------- for the page


TRAIN, SENSE, READ, LIST = kinds.TRAIN, kinds.SENSE, kinds.READ, kinds.LIST
_SETTLED = "settled"  # among the options: what was found so far shall do


def start(workspace: Workspace, dataset_id: str, kind: str, **options: Any) -> JobInfo:
    """Starts a job of a kind on a data set, in a process of its own. WorkspaceError while another one runs."""
    dataset = workspace.dataset(dataset_id)
    return _start(workspace, dataset.product, dataset.id, kind, options)


def start_of(workspace: Workspace, product_key: str, kind: str, **options: Any) -> JobInfo:
    """The same of a job that is on no data set yet: it may make one."""
    return _start(workspace, product_key, None, kind, options)


def _start(workspace: Workspace, product: str, dataset_id: str | None, kind: str, options: dict[str, Any]) -> JobInfo:
    mark_orphans(workspace)
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
    _start_process(workspace, job_id, 0)
    return job(workspace, job_id)


def _start_process(workspace: Workspace, job_id: str, attempt: int) -> None:
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
        fail(workspace, job_id, note("job.stopped"), attempt)


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


def job(workspace: Workspace, job_id: str) -> JobInfo:
    """WorkspaceError if there is none with this id."""
    return job_records.info(job_records.get(workspace, job_id))


def current(workspace: Workspace, product_key: str | None = None, kind: str = TRAIN) -> JobInfo | None:
    """The job of a kind that waits or runs (of a product), or None; one whose process is gone does neither."""
    active = JOBS.c.kind == kind, JOBS.c.state.in_(ACTIVE)
    found = job_records.newest(workspace, product_key, *active)
    if found is not None and found.id in mark_orphans(workspace):
        return job_records.newest(workspace, product_key, *active)
    return found


def last(workspace: Workspace, product_key: str | None = None, kind: str = TRAIN) -> JobInfo | None:
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
        job_records.update(workspace, job_id, options=json.dumps({**json.loads(row.options), _SETTLED: True}))


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
    _drop_work(workspace, job_id)


def _ends_within(workspace: Workspace, job_id: str, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if job_records.get(workspace, job_id).state not in ACTIVE:
            return True
        time.sleep(min(0.2, seconds / 4))
    return False


def mark_orphans(workspace: Workspace) -> tuple[str, ...]:
    """Marks jobs whose process is gone; gives their ids. Call at start. Where several servers share the records,
    one of them takes such a job up (`take_up`), and only one that was begun too often is marked.

    A process that is known by its id and its start is missed at once; another by its silence.
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
        _start_process(workspace, row.id, attempt)
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


# ---------------------------------------------------------------- for the job's own process


def settings(workspace: Workspace, job_id: str) -> dict[str, Any]:
    """The options that a job was started with."""
    return attempts.asked(job_records.get(workspace, job_id).options)


def is_settled(workspace: Workspace, job_id: str) -> bool:
    """Whether somebody is content with the best so far."""
    return bool(settings(workspace, job_id).get(_SETTLED))


@contextlib.contextmanager
def running(workspace: Workspace, job_id: str) -> Iterator[JobInfo]:
    """The frame of a job's process: takes the job and gives signs of life as long as the block runs.

    WorkspaceError if the job isn't waiting (any more).
    """
    attempt = _begin(workspace, job_id)
    job_owners.note_process(workspace, job_id, os.getpid(), attempt)
    try:
        with beating(workspace, job_id):
            yield job(workspace, job_id)
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
        _drop_work(workspace, job_id)
    return ended


def mark_cancelled(workspace: Workspace, job_id: str) -> bool:
    """The job has stopped because it was asked to."""
    ended = job_records.end(workspace, job_id, "cancelled", note("job.cancelled"))
    if ended:
        _drop_work(workspace, job_id)
    return ended


def _drop_work(workspace: Workspace, job_id: str) -> None:
    """Nobody will go on from what a job kept that is done or was cancelled."""
    with contextlib.suppress(OSError, WorkspaceError):  # it is swept later
        ended = job(workspace, job_id)
        if ended.kind == TRAIN:  # the others keep nothing
            atomic_files.remove(job_work.place(workspace, ended.dataset_id))


def fail(workspace: Workspace, job_id: str, message: Note, attempt: int | None = None) -> bool:
    """The job is over without a model: cancelled if that was asked, else failed; `message` says why, `attempt` as
    `job_records.end` takes it.
    """
    if job_records.get(workspace, job_id).cancel_requested:
        return mark_cancelled(workspace, job_id)
    return job_records.end(workspace, job_id, "failed", message, attempt=attempt)
