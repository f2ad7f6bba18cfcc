"""A list of many rows made by a job, in a process of its own: the page may be left and come back to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from pipeline.errors import Cancelled, PresencaError
from pipeline.records import JobInfo, Progress, TodayList
from pipeline.services.data import series
from pipeline.services.pages import agenda, list_making
from pipeline.services.pages.agenda import Agenda
from pipeline.services.session import Permission, Session, needs
from pipeline.workspace.jobs import job_queue, job_worker, kinds
from pipeline.workspace.storage import atomic_files

_CAME_TO_NOTHING = ("failed", "cancelled", "orphaned")  # begun again by hand alone, not by each who asks


@needs(Permission.SEE_RISK)
def start(session: Session, dataset_id: str, model_id: str, as_of: dt.date | None = None) -> JobInfo:
    """Starts the job that makes a list as known on `as_of` (None: the default day). PresencaError while another list is
    made.
    """
    day = None if as_of is None else as_of.isoformat()
    job_ = job_queue.start(session.workspace, dataset_id, kinds.LIST, model=model_id, as_of=day)
    session.audit("list_making_started", job=job_.id, dataset=dataset_id, model=model_id)
    return job_


@needs(Permission.SEE_RISK)
def made_or_begun(session: Session, dataset_id: str, model_id: str, as_of: dt.date | None = None) -> Agenda:
    """The list as `agenda.score`, for whoever has no page on which to ask for it: where a job is to make it, that
    begins now. PresencaError, which names the job, until the list is made; and where its last try came to nothing.
    """
    found = agenda.made(session, dataset_id, model_id, as_of)
    if found is not None:
        return found
    rows, tried = session.workspace.dataset(dataset_id).rows, last(session, dataset_id)
    if tried is not None and tried.state in _CAME_TO_NOTHING:
        raise PresencaError("agenda.by_job", rows=rows)
    job_ = tried if tried is not None and tried.is_active else start(session, dataset_id, model_id, as_of)
    raise PresencaError("agenda.begun", rows=rows, job=job_.id)


@needs(Permission.READ_LISTS)
def standing(session: Session, dataset_id: str, model_id: str) -> TodayList:
    """Whether the usual list of a data set is made, is being made, or takes a job to be; nothing is made for it."""
    info, job_ = session.workspace.dataset(dataset_id), current(session)
    return TodayList(
        agenda.made_on(session, dataset_id, model_id),
        list_making.is_by_job(info, series.others(session, dataset_id)),
        job_ is not None and job_.dataset_id == dataset_id,
        session.may(Permission.PLAN_CALLS),
    )


@needs(Permission.READ_LISTS)
def current(session: Session) -> JobInfo | None:
    """The job that makes a list, or waits to; None where there is none."""
    return job_queue.current(session.workspace, None, kinds.LIST)


@needs(Permission.READ_LISTS)
def last(session: Session, dataset_id: str) -> JobInfo | None:
    """The job that was started last for a list of a data set, whatever became of it, or None."""
    return job_queue.last_of(session.workspace, dataset_id, kinds.LIST)


@needs(Permission.READ_LISTS)
def job(session: Session, job_id: str) -> JobInfo:
    """A job as it stands now."""
    return job_queue.job(session.workspace, job_id)


@needs(Permission.SEE_RISK)
def cancel(session: Session, job_id: str) -> None:
    """Asks a job to stop; nothing of its list stays."""
    job_queue.cancel(session.workspace, job_id)
    session.audit("list_making_cancelled", job=job_id)


@needs(Permission.SEE_RISK)
def run(session: Session, job_: JobInfo, tell: Callable[[Progress], None], stopped: Callable[[], bool]) -> None:
    """What the job does. Cancelled; WorkspaceError where the disk has no room for it."""
    told = job_worker.settings(session.workspace, job_.id)
    as_of = None if told["as_of"] is None else dt.date.fromisoformat(told["as_of"])

    def heard(progress: Progress) -> None:
        if stopped():
            raise Cancelled
        tell(progress)

    with atomic_files.explained("doing.save_risks"):
        asked = list_making.by_shards(session, job_.dataset_id, told["model"], as_of, heard, stopped)
    rows = session.workspace.dataset(asked.dataset_id).rows
    session.audit("agenda_scored", dataset=asked.dataset_id, model=asked.model_id, rows=rows)
