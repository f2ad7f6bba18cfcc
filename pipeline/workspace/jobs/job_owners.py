"""Which process a job belongs to, kept beside its log: a process that is dead is missed at once.

A heartbeat alone tells after a minute, in which nobody could start another training.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from pipeline.records import from_plain, to_plain
from pipeline.workspace.jobs import attempts, processes
from pipeline.workspace.jobs.processes import Identity
from pipeline.workspace.storage import atomic_files
from pipeline.workspace.storage.ids import checked, is_id
from pipeline.workspace.store import Workspace

STARTING_SECONDS = 10.0  # from its start until a process says itself who it is
STALE_SECONDS = 60.0  # no sign for so long, and no such process: gone
LOST_SECONDS = 900.0  # no sign for so long: gone, even if another process has the id by now
_STARTER, _PROCESS, _ATTEMPT = "starter", "process", "attempt"


def note_starter(workspace: Workspace, job_id: str, attempt: int = 0) -> None:
    """Says who is about to start the job's process: if both die at once, nobody is left to say more."""
    _note(workspace, job_id, _STARTER, os.getpid(), attempt)


def note_process(workspace: Workspace, job_id: str, pid: int, attempt: int = 0) -> None:
    """Says which process works at the job."""
    _note(workspace, job_id, _PROCESS, pid, attempt)


def _note(workspace: Workspace, job_id: str, role: str, pid: int, attempt: int) -> None:
    """A full disk does not stop a job: it is then missed by its silence."""
    found = Identity.of(pid)
    if found is not None:
        known = _known(workspace.home, job_id, attempt) | {role: found}
        told = {name: to_plain(one) for name, one in known.items()} | {_ATTEMPT: attempt}
        with contextlib.suppress(OSError):
            atomic_files.put(json.dumps(told).encode(), _path(workspace.home, job_id), workspace.staging)


def _are_over(known: Mapping[str, Identity], silence: float) -> bool:
    """Whether the job's process has certainly ended, or died with its starter before it could say who it is."""
    if _PROCESS in known:
        return known[_PROCESS].is_over()
    return _STARTER in known and silence > STARTING_SECONDS and known[_STARTER].is_over()


def is_gone(home: Path, job: Any, moment: float, *, alone: bool = True) -> bool:
    """Whether the process of an active job is gone: known to have ended, or silent and not there, or silent for long.
    On another server it can't be asked after: there, silence is all that tells.

    `job`: a row of its table with id, pid, heartbeat (when it gave its last sign of life) and options; `moment`: now,
    by the same clock, in seconds since 1970. `alone`: no other server has a folder of its own, whose jobs are not told
    of here.
    """
    silence, known = moment - job.heartbeat, _known(home, job.id, attempts.of(job.options))
    if silence > LOST_SECONDS or _are_over(known, silence):
        return True
    elsewhere = any(not one.is_here() for one in known.values()) or not (known or alone)
    return silence > STALE_SECONDS and (elsewhere or job.pid is None or not processes.is_alive(job.pid))


def is_here(workspace: Workspace, job: Any) -> bool:
    """Whether a job's process runs on this server, or nothing says that it runs on another. Where each server has a
    folder of its own, what is not told of here runs elsewhere.
    """
    known = _known(workspace.home, job.id, attempts.of(job.options))
    return all(one.is_here() for one in known.values()) and bool(known or not workspace.is_cache)


def forget(workspace: Workspace, job_id: str) -> None:
    """Removes what was kept of a job that is over."""
    with contextlib.suppress(OSError):
        atomic_files.remove(_path(workspace.home, job_id))


def _known(home: Path, job_id: str, attempt: int) -> dict[str, Identity]:
    """By role; nothing where nothing makes sense, or where another attempt is spoken of."""
    try:
        plain = json.loads(_path(home, job_id).read_text("utf-8"))
        if plain.get(_ATTEMPT, 0) != attempt:
            return {}
        return {role: from_plain(Identity, plain[role]) for role in (_STARTER, _PROCESS) if role in plain}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def keep_only(workspace: Workspace, active: Collection[str]) -> None:
    """Removes what was kept of jobs that are over by now; not of one that is just being begun."""
    for path in list((workspace.home / "jobs").glob("*.owner")):
        with contextlib.suppress(FileNotFoundError):
            is_new = time.time() - path.stat().st_mtime < STALE_SECONDS
            if path.stem not in active and is_id(path.stem) and not is_new:
                forget(workspace, path.stem)


def _path(home: Path, job_id: str) -> Path:
    return home / "jobs" / f"{checked(job_id)}.owner"
