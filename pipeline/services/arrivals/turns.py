"""Whose turn it is: of the processes that serve a workspace, one at a time does what one alone may do."""

from __future__ import annotations

import json
import logging
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.errors import WorkspaceError
from pipeline.records import from_plain, to_plain
from pipeline.workspace.jobs.processes import Identity
from pipeline.workspace.storage.ids import new_id
from pipeline.workspace.store import Workspace

SECONDS, _RENEWED = 20.0, 5.0


@contextmanager
def turn(workspace: Workspace, name: str, patience: float = 0.0) -> Iterator[bool]:
    """Whether this process has its turn at what is named, while it lasts: False where another still has it after so
    many seconds. The lease is renewed, so that nobody takes long work for a dead process.
    """
    holder = _holder()
    if not _taken(workspace, name, holder, patience):
        yield False
        return
    with _held(workspace, name, holder):
        yield True


def _taken(workspace: Workspace, name: str, holder: str, patience: float) -> bool:
    until = time.monotonic() + patience
    while not workspace.hold_lease(name, holder, time.time(), SECONDS):
        other = workspace.lease_holder(name)
        if _is_dead(other):
            workspace.end_lease(name, other)
            continue
        if time.monotonic() >= until:
            return False
        time.sleep(0.2)
    return True


def _holder() -> str:
    """Names this turn, and the process that has it."""
    return json.dumps({"work": new_id(), "process": to_plain(Identity.of(os.getpid()))})


def _is_dead(holder: str) -> bool:
    """Whether the process of a holder has certainly ended: its lease need not run out then."""
    try:
        process: Identity = from_plain(Identity, json.loads(holder)["process"])
    except (ValueError, KeyError, TypeError):
        return False
    return process.is_over()


@contextmanager
def _held(workspace: Workspace, name: str, holder: str) -> Iterator[None]:
    over = threading.Event()

    def renew() -> None:
        while not over.wait(_RENEWED):
            try:
                workspace.hold_lease(name, holder, time.time(), SECONDS)
            except WorkspaceError as error:  # a full disk: the reading will say so itself
                logging.getLogger("presenca").error("renewing the lease: %s", error.note.code)

    thread = threading.Thread(target=renew, name=f"{name}-lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        workspace.end_lease(name, holder)
