"""What the process of a job does, of whatever kind: its work, and to say how it ended."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping

from pipeline.errors import Cancelled, PresencaError
from pipeline.records import JobInfo, Progress, note
from pipeline.services.data import senses, server_reading
from pipeline.services.models import models
from pipeline.services.pages import list_job
from pipeline.services.session import Actor, Session
from pipeline.workspace.jobs import job_worker, kinds
from pipeline.workspace.store import Workspace

# what a kind of job does; it is told whom to tell how far it is, and whom to ask whether it is to stop, and gives the
# id of the model that it made, if it did
Work = Callable[[Session, JobInfo, Callable[[Progress], None], Callable[[], bool]], str | None]
_WORK: Mapping[str, Work] = {
    kinds.TRAIN: models.train_job,
    kinds.SENSE: senses.run,
    kinds.READ: server_reading.run,
    kinds.LIST: list_job.run,
}


def run_job(job_id: str) -> None:
    """The work of a job, from its beginning to saying how it ended."""
    workspace = Workspace()
    try:
        with job_worker.running(workspace, job_id) as job:
            model_id = _WORK[job.kind](
                Session(workspace, Actor.TRAINING),
                job,
                lambda progress: job_worker.report_progress(workspace, job_id, progress),
                lambda: job_worker.is_cancelled(workspace, job_id),
            )
        job_worker.finish(workspace, job_id, model_id)
    except Cancelled:
        job_worker.mark_cancelled(workspace, job_id)
    except PresencaError as error:
        job_worker.fail(workspace, job_id, error.note)
    except MemoryError:
        job_worker.fail(workspace, job_id, note("job.out_of_memory"))
    except Exception as error:  # noqa: BLE001 - the last wall: the page must learn that the job ended
        # frames only: the text of an exception may quote a patient's data
        print("".join(traceback.format_tb(error.__traceback__)), type(error).__name__)  # noqa: T201
        job_worker.fail(workspace, job_id, note("job.fault"))
