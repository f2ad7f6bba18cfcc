"""Opening the clinic's workspace: what is put in order before anybody sees it, and once a day while it is open."""

from __future__ import annotations

import datetime as dt
import logging
import threading
import weakref
from collections.abc import Callable
from pathlib import Path

from pipeline import sandbox, scratch
from pipeline.records.privacy import RetentionKind
from pipeline.services import clock
from pipeline.services.data import placing, retention
from pipeline.services.people import entering
from pipeline.services.session import Actor, Session
from pipeline.workspace.audit import audit
from pipeline.workspace.jobs import job_recovery, job_work
from pipeline.workspace.store import Workspace

LOOKS_EVERY = 900.0  # seconds: a machine that slept over midnight is late by no more


SHARED_BYTES = 512 * 1024**2  # of one frame that a server reads, whose memory many share


def open_workspace(home: Path | None = None, *, shared: bool = False) -> Workspace:
    """Opens the workspace; marks orphaned jobs, erases vaults whose time has come, ends erasures of patients that were
    cut short, sorts what an earlier version kept into series.

    `shared`: for a server, where what takes more memory than one may have is refused with a sentence.
    """
    sandbox.prepare()
    workspace = Workspace(home)
    workspace.most_bytes = SHARED_BYTES if shared else None
    _end_what_is_over(workspace)
    placing.adopt(Session(workspace, Actor.HOUSE))
    workspace.adopt_series_settings()
    workspace.keep_records()
    _note_repairs(workspace)
    return workspace


def open_session(actor: Actor = Actor.PERSON, home: Path | None = None) -> Session:
    """The opened workspace as somebody uses it for long: what is over goes day by day, not only at a start."""
    workspace = open_workspace(home)
    tend_daily(workspace)
    return Session(workspace, actor)


def tend(workspace: Workspace) -> None:
    """What is done at each start, for a workspace that stays open: retention, the sweep, what crashes left."""
    workspace.repairs = ()
    workspace.tidy()
    _end_what_is_over(workspace)
    _note_repairs(workspace)


def _end_what_is_over(workspace: Workspace) -> None:
    """Jobs whose process is gone, erasures cut short, originals after their last day, logins that are over."""
    workspace.repaired("repair.orphans", len(job_recovery.mark_orphans(workspace)))
    workspace.repaired("repair.swept", job_work.sweep(workspace) + workspace.drop_old_columns())
    workspace.repaired("repair.erasures_ended", len(workspace.end_erasures()))
    over = retention.retain(Session(workspace, Actor.HOUSE))
    expired = (RetentionKind.SHEET, RetentionKind.WAITING)
    workspace.repaired("repair.expired", sum(one.count for one in over if one.kind in expired))
    entering.sweep(workspace)


def _note_repairs(workspace: Workspace) -> None:
    """The audit log hears of each thing that was put in order."""
    for done in workspace.repairs:
        audit(workspace, done.code.replace("repair.", "repaired_"), **dict(done.params))


def tend_daily(
    workspace: Workspace, every: float = LOOKS_EVERY, today: Callable[[], dt.date] = clock.today
) -> threading.Thread:
    """Tends the workspace once on each new day, in a thread that ends with the workspace or the process."""
    over = threading.Event()
    weakref.finalize(workspace, over.set)
    alive = weakref.ref(workspace)
    thread = threading.Thread(target=_watch, args=(alive, over, every, today), name="tend-daily", daemon=True)
    thread.start()
    return thread


def _watch(
    alive: Callable[[], Workspace | None], over: threading.Event, every: float, today: Callable[[], dt.date]
) -> None:
    done = today()
    while not over.wait(every):
        workspace = alive()
        if workspace is None:
            return
        try:
            scratch.sweep(workspace.staging)  # what a killed reading left holds somebody's sheet: not until tomorrow
            if today() != done:
                tend(workspace)
                done = today()
        except Exception as error:  # noqa: BLE001 - a full disk today must not end retention for good
            logging.getLogger("presenca").error("tending the workspace: %s", type(error).__name__)
        del workspace
