"""What one process alone may do at a time: a lease that is renewed while it does it, and the thread that looks."""

from __future__ import annotations

import json
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from pipeline.errors import WorkspaceError
from pipeline.records import from_plain, to_plain
from pipeline.workspace.jobs.processes import Identity
from pipeline.workspace.storage.ids import new_id
from pipeline.workspace.store import Workspace

SECONDS = 20.0  # that a lease holds without being renewed
_RENEWED = 5.0
_LATER = 10.0  # seconds after something that could not be done


@contextmanager
def held(workspace: Workspace, name: str, patience: float) -> Iterator[bool]:
    """While it lasts nobody else does what the name stands for; False where another still does after `patience`
    seconds. It is renewed, so that nobody takes a long work for a dead process. WorkspaceError where nothing can be
    saved now.
    """
    own = holder()
    if not _taken(workspace, name, own, patience):
        yield False
        return
    over = threading.Event()

    def renew() -> None:
        while not over.wait(_RENEWED):
            try:
                workspace.hold_lease(name, own, time.time(), SECONDS)
            except WorkspaceError as error:  # a full disk: the work will say so itself
                logging.getLogger("presenca").error("renewing the lease: %s", error.note.code)

    thread = threading.Thread(target=renew, name=f"{name}-lease", daemon=True)
    thread.start()
    try:
        yield True
    finally:
        over.set()
        thread.join()
        workspace.end_lease(name, own)


def _taken(workspace: Workspace, name: str, own: str, patience: float) -> bool:
    until = time.monotonic() + patience
    while not workspace.hold_lease(name, own, time.time(), SECONDS):
        other = workspace.lease_holder(name)
        if _is_dead(other):
            workspace.end_lease(name, other)
            continue
        if time.monotonic() >= until:
            return False
        time.sleep(0.2)
    return True


def holder() -> str:
    """Names this work, and the process that does it."""
    return json.dumps({"reading": new_id(), "process": to_plain(Identity.of(os.getpid()))})


def _is_dead(other: str) -> bool:
    """Whether the process of a holder has certainly ended: its lease need not run out then."""
    try:
        process: Identity = from_plain(Identity, json.loads(other)["process"])
    except (ValueError, KeyError, TypeError):
        return False
    return process.is_over()


@dataclass
class Worker:
    """The thread of a server that looks, time and again, for what is to be done. `wait`: until the next look; `wake`:
    ends a wait.
    """

    name: str
    workspace: Callable[[], Workspace]
    look: Callable[[Workspace], None]
    wait: Callable[[], None]
    wake: Callable[[], None]
    _over: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def begin(self) -> None:
        """Starts looking."""
        self._thread = threading.Thread(target=self._work, name=self.name, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends after what is being done."""
        self._over.set()
        self.wake()
        if self._thread is not None:
            self._thread.join(SECONDS)

    def _work(self) -> None:
        while not self._over.is_set():
            self.wait()
            try:
                workspace = self.workspace()
                if not self._over.is_set():
                    self.look(workspace)
            except Exception as error:  # noqa: BLE001 - a full disk now must not end the looking for good
                logging.getLogger("presenca").error("%s: %s", self.name, type(error).__name__)
                self._over.wait(_LATER)
