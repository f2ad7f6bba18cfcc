"""Jobs of a server that is gone go on here: a thread of each server looks for them, where several share a workspace."""

from __future__ import annotations

from collections.abc import Callable

from pipeline.services.workers import Worker
from pipeline.workspace.jobs import job_recovery
from pipeline.workspace.store import Workspace

_NAME = "taking-up"
_LOOKS_EVERY = 10.0  # seconds


def look(workspace: Workspace) -> None:
    """Takes up what is to be taken up now."""
    job_recovery.take_up(workspace)


def start(workspace: Callable[[], Workspace]) -> Worker:
    """A worker that looks from now on."""
    return Worker.every(_LOOKS_EVERY, _NAME, workspace, look)
