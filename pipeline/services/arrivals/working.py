"""Who reads what was sent: one thread of one process at a time, whichever serves the workspace."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from pipeline.errors import PresencaError, WorkspaceError
from pipeline.records import Progress, note
from pipeline.records.integration import Arrival
from pipeline.services.arrivals import reading, turns, waking
from pipeline.services.session import Actor, Session
from pipeline.workspace.storage.ids import new_id
from pipeline.workspace.store import Workspace

_NAME = "arrivals"
_LOOKS_EVERY, _LATER = 2.0, 10.0  # seconds between looks, and after something that could not be done
_MOST = 500  # arrivals that are read together
_TOLD_EVERY = 0.5


def read_waiting(workspace: Workspace, *, patience: float = turns.SECONDS + 1) -> int:
    """Reads all that waits; how many arrivals. Waits for another process that reads, for so many seconds: 0 where it
    still does. WorkspaceError where nothing can be saved now.
    """
    with turns.turn(workspace, _NAME, patience) as has_turn:
        return _read_all(workspace) if has_turn else 0


def _read_all(workspace: Workspace) -> int:
    session, done = Session(workspace, Actor.HOUSE), 0
    while batch := workspace.claim_arrivals(new_id(), _MOST):
        _read(session, batch)
        done += len(batch)
    return done


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


@dataclass
class Worker:
    """The thread of a server that reads what was sent."""

    workspace: Callable[[], Workspace]
    _over: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def begin(self) -> None:
        """Starts looking."""
        self._thread = threading.Thread(target=self._work, name="arrivals", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends after the batch that is being read."""
        self._over.set()
        waking.wake()
        if self._thread is not None:
            self._thread.join(turns.SECONDS)

    def _work(self) -> None:
        while not self._over.is_set():
            waking.wait(_LOOKS_EVERY)
            try:
                self._look()
            except Exception as error:  # noqa: BLE001 - a full disk now must not end the reading for good
                logging.getLogger("presenca").error("arrivals: %s", type(error).__name__)
                self._over.wait(_LATER)

    def _look(self) -> None:
        workspace = self.workspace()
        if not self._over.is_set() and workspace.has_waiting():
            read_waiting(workspace, patience=0.0)


def start(workspace: Callable[[], Workspace]) -> Worker:
    """A worker that looks from now on."""
    worker = Worker(workspace)
    worker.begin()
    return worker
