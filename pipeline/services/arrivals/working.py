"""Who reads what was sent: one thread of one process at a time, whichever serves the workspace."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence

from pipeline.errors import PresencaError, WorkspaceError
from pipeline.records import Progress, note
from pipeline.records.integration import Arrival
from pipeline.services import leasing
from pipeline.services.arrivals import reading, score_jobs, waking
from pipeline.services.session import Actor, Session
from pipeline.services.workers import Worker
from pipeline.workspace.storage.ids import new_id
from pipeline.workspace.store import Workspace

_NAME = "arrivals"
_LOOKS_EVERY = 2.0  # seconds between looks
_MOST = 500  # arrivals that are read together
_TOLD_EVERY = 0.5


def read_waiting(workspace: Workspace, *, patience: float = leasing.SECONDS + 1) -> int:
    """Reads all that waits; how many arrivals. Waits for another process that reads, for so many seconds: 0 where it
    still does. WorkspaceError where nothing can be saved now.
    """
    lease = leasing.Lease(workspace, _NAME)
    if not lease.take(patience):
        return 0
    with lease.kept():
        return _read_all(workspace)


def _read_all(workspace: Workspace) -> int:
    session, done, to_score = Session(workspace, Actor.HOUSE), 0, False
    while batch := _claimed(workspace, to_score):
        if batch[0].scoring is None:
            _read(session, batch)
        else:
            score_jobs.score_arrival(session, batch[0], _teller(workspace, batch))
        done, to_score = done + len(batch), batch[0].scoring is None
    return done


def _claimed(workspace: Workspace, to_score: bool) -> tuple[Arrival, ...]:
    """What is to be read next: in turn what is to be kept and one that is to be scored, so that neither waits for all
    that there is of the other.
    """
    first = workspace.claim_arrivals(new_id(), _MOST, to_score=to_score)
    return first or workspace.claim_arrivals(new_id(), _MOST, to_score=not to_score)


def _read(session: Session, batch: Sequence[Arrival]) -> None:
    """One batch; where it fails in a way that nobody foresaw, its arrivals one by one, so that one can't stop all."""
    try:
        reading.read_batch(session, batch, _teller(session.workspace, batch))
    except WorkspaceError:
        raise
    except Exception as error:  # noqa: BLE001 - the last wall: the next arrivals must be read
        logging.getLogger("presenca").error("reading arrivals: %s", type(error).__name__)
        if len(batch) == 1:
            why = error.note if isinstance(error, PresencaError) else note("arrivals.fault")
            reading.refuse(session, batch[0], why)
        else:
            session.workspace.part_arrivals([one.id for one in batch], [new_id() for _ in batch])


def _teller(workspace: Workspace, batch: Sequence[Arrival]) -> Callable[[Progress], None]:
    last, ids = [0.0], [one.id for one in batch]

    def tell(progress: Progress) -> None:
        if time.monotonic() - last[0] >= _TOLD_EVERY:
            last[0] = time.monotonic()
            workspace.progress_arrivals(ids, progress)

    return tell


def start(workspace: Callable[[], Workspace]) -> Worker:
    """A worker that looks from now on."""
    worker = Worker(_NAME, workspace, _look, lambda: waking.wait(_LOOKS_EVERY), waking.wake)
    worker.begin()
    return worker


def _look(workspace: Workspace) -> None:
    if workspace.has_waiting():
        read_waiting(workspace, patience=0.0)
