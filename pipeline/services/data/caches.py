"""The folder of a server whose files rest in a store: what was erased elsewhere goes from it, too, within seconds."""

from __future__ import annotations

from collections.abc import Callable

from pipeline.services.workers import Worker
from pipeline.workspace.jobs import job_work
from pipeline.workspace.store import Workspace

_NAME = "caches"
_LOOKS_EVERY = 20.0  # seconds


def look(workspace: Workspace) -> None:
    """Drops what is kept no more."""
    workspace.drop_stale()
    job_work.sweep(workspace)


def start(workspace: Callable[[], Workspace]) -> Worker:
    """A worker that looks from now on."""
    return Worker.every(_LOOKS_EVERY, _NAME, workspace, look)
