"""What is large of the server's folder, kept by a job in a process of its own: the page may be left and come back to.

What was chosen rests sealed in the job's record until it ends: names of files, headers and repairs may name somebody.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipeline.errors import Cancelled
from pipeline.ingestion.intake import NOTHING
from pipeline.privacy import open_sealed, seal
from pipeline.records import JobInfo, Progress, Recipe, from_plain, to_plain
from pipeline.records.server_files import ServerFile
from pipeline.services.data import server_folder
from pipeline.services.data.datasets import RECOGNISED
from pipeline.services.data.placing import Into
from pipeline.services.session import Actor, Permission, Session, needs
from pipeline.workspace.jobs import job_queue, job_records, job_worker, kinds

_SEALED_FOR = "server-reading"


@dataclass(frozen=True)
class Order:
    """What a job is to keep, and for whom: `user` is the id of a person, "" where the workspace has none."""

    product: str
    files: tuple[ServerFile, ...]
    recipe: Recipe
    into: Into
    actor: str
    user: str = ""


@needs(Permission.CHANGE_DATA)
def start(
    session: Session,
    product_key: str,
    files: Sequence[ServerFile],
    *,
    recipe: Recipe = NOTHING,
    into: Into = RECOGNISED,
) -> JobInfo:
    """Starts the job that keeps files as one data set. PresencaError while another one reads, or for files that can't
    be taken.
    """
    server_folder.checked(files)
    server_folder.root(session.workspace)
    who = session.user.id if session.user is not None else ""
    order = Order(product_key, tuple(files), recipe, into, str(session.actor), who)
    plain = json.dumps(to_plain(order)).encode()
    sealed = base64.b64encode(seal(plain, session.workspace.key, _SEALED_FOR)).decode()
    job = job_queue.start_of(session.workspace, product_key, kinds.READ, order=sealed)
    session.audit("server_reading_started", job=job.id, files=len(files))
    return job


@needs(Permission.CHANGE_DATA)
def current(session: Session) -> JobInfo | None:
    """The reading that runs or waits, of whatever product; None where there is none."""
    return job_queue.current(session.workspace, None, kinds.READ)


@needs(Permission.CHANGE_DATA)
def job(session: Session, job_id: str) -> JobInfo:
    """A reading as it stands now."""
    return job_queue.job(session.workspace, job_id)


@needs(Permission.CHANGE_DATA)
def cancel(session: Session, job_id: str) -> None:
    """Asks a reading to stop; nothing of it stays."""
    job_queue.cancel(session.workspace, job_id)
    session.audit("server_reading_cancelled", job=job_id)


@needs(Permission.CHANGE_DATA)
def run(session: Session, job_: JobInfo, tell: Callable[[Progress], None], stopped: Callable[[], bool]) -> None:
    """What the job does, with the rights of whoever began it. PresencaError as `server_folder.keep`, Cancelled."""
    workspace = session.workspace
    sealed = base64.b64decode(job_worker.settings(workspace, job_.id)["order"])
    order: Order = from_plain(Order, json.loads(open_sealed(sealed, workspace.key, _SEALED_FOR)))

    def heard(told: Progress) -> None:
        if stopped():
            raise Cancelled
        tell(told)

    user = workspace.user(order.user) if order.user else None
    asked = Session(workspace, Actor(order.actor), user=user)
    info = server_folder.keep(asked, order.product, order.files, recipe=order.recipe, into=order.into, progress=heard)
    job_records.update(workspace, job_.id, dataset_id=info.id)
