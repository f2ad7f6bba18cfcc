"""What one thread of one process alone may do at a time, whichever serves the workspace: taken, kept up, given back."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from pipeline.records import from_plain, to_plain
from pipeline.workspace.jobs import heartbeat
from pipeline.workspace.jobs.processes import Identity
from pipeline.workspace.storage.ids import new_id
from pipeline.workspace.store import Workspace

SECONDS = 20.0  # after which whoever no longer renews a lease has lost it
_RENEWED = 5.0


def holder() -> str:
    """Names one doing, and the process that does it."""
    return json.dumps({"doing": new_id(), "process": to_plain(Identity.of(os.getpid()))})


@dataclass(frozen=True)
class Lease:
    """The right to do what goes by a name."""

    workspace: Workspace
    name: str
    holder: str = field(default_factory=holder)

    def take(self, patience: float = 0.0) -> bool:
        """Waits for another for so many seconds; False where it still holds. A process that died is not waited for."""
        until = time.monotonic() + patience
        while not self._held():
            other = self.workspace.lease_holder(self.name)
            if _is_dead(other):
                self.workspace.end_lease(self.name, other)
                continue
            if time.monotonic() >= until:
                return False
            time.sleep(0.2)
        return True

    @contextmanager
    def kept(self) -> Iterator[None]:
        """While it lasts the lease is renewed, so that nobody takes a long doing for a dead process; then it ends."""
        try:
            with heartbeat.beating(f"lease-{self.name}", self._held, _RENEWED):
                yield
        finally:
            self.workspace.end_lease(self.name, self.holder)

    def _held(self) -> bool:
        """Takes or renews it; False while another holds it."""
        return self.workspace.hold_lease(self.name, self.holder, self.workspace.database.moment(), SECONDS)


def is_held(workspace: Workspace, name: str) -> bool:
    """Whether somebody who has not died holds a lease now."""
    other = workspace.lease_now(name, workspace.database.moment())
    return bool(other) and not _is_dead(other)


def _is_dead(holder: str) -> bool:
    """Whether the process of a holder has certainly ended: its lease need not run out then."""
    try:
        process: Identity = from_plain(Identity, json.loads(holder)["process"])
    except (ValueError, KeyError, TypeError):
        return False
    return process.is_over()
