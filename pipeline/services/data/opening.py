"""Opening the clinic's workspace: what is put in order before anybody sees it."""

from __future__ import annotations

from pathlib import Path

from pipeline.services.data import placing, retention
from pipeline.services.session import Actor, Session
from pipeline.workspace.jobs import job_queue
from pipeline.workspace.store import Workspace


def open_workspace(home: Path | None = None) -> Workspace:
    """Opens the workspace; marks orphaned jobs, erases vaults whose time has come, ends erasures of patients that were
    cut short, sorts what an earlier version kept into series.
    """
    workspace = Workspace(home)
    job_queue.mark_orphans(workspace)
    placing.adopt(Session(workspace))
    retention.retain(Session(workspace, Actor.MAINTENANCE))
    workspace.keep_records()
    return workspace


def open_session(actor: Actor = Actor.PERSON, home: Path | None = None) -> Session:
    """The opened workspace as somebody uses it."""
    return Session(open_workspace(home), actor)
