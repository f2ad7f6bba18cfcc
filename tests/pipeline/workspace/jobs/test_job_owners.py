"""A dead job is missed at once, by the identity of its process; one that can't be asked after, by its silence."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.records import note
from pipeline.workspace.jobs import job_owners, job_queue, job_records, job_recovery, job_worker, kinds, processes
from pipeline.workspace.jobs.processes import Identity
from pipeline.workspace.store import Workspace
from tests.pipeline.workspace import made

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="the system tells no process' start")


def ended_process() -> Identity:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        found = Identity.of(process.pid)
        assert found is not None and not found.is_over()
        process.kill()
    return found


@pytest.fixture
def waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Workspace, str]:
    """A job whose process never comes."""
    monkeypatch.setattr(processes, "start", lambda *_a, **_k: 2**22 + 1)
    space = made.workspace(tmp_path)
    return space, job_queue.start(space, made.add(space).id, kinds.TRAIN).id


def test_a_process_is_told_from_a_later_one_with_its_id() -> None:
    mine = Identity.of(os.getpid())
    assert mine is not None and not mine.is_over()
    assert dataclasses.replace(mine, started="1").is_over()
    host, boot, space = mine.machine.split()
    assert dataclasses.replace(mine, machine=f"{host} another {space}").is_over()
    assert not dataclasses.replace(mine, machine=f"elsewhere {boot} {space}", pid=1).is_over()
    assert ended_process().is_over()
    assert Identity.of(2**22 + 1) is None


@made.ON_ONE_SERVER
def test_a_job_whose_process_is_dead_blocks_no_other(
    waiting: tuple[Workspace, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Server and job killed together: the next start sees it at once, in spite of a sign of life just now."""
    space, job_id = waiting
    dead = ended_process()
    with monkeypatch.context() as patched:
        patched.setattr(Identity, "of", classmethod(lambda cls, pid: dead))
        job_owners.note_process(space, job_id, dead.pid)
    job_records.update(space, job_id, heartbeat=time.time())
    assert job_queue.current(space) is None and job_queue.job(space, job_id).state == "orphaned"
    (told,) = (space.home / "jobs").glob("*.owner")
    os.utime(told, (0, 0))
    assert job_recovery.mark_orphans(space) == () and not told.exists()
    job_queue.start(space, space.datasets()[0].id, kinds.TRAIN)


@made.ON_ONE_SERVER
@pytest.mark.parametrize(("silence", "orphaned"), [(1.0, False), (job_owners.STARTING_SECONDS + 1, True)])
def test_a_job_that_died_with_its_starter(
    waiting: tuple[Workspace, str], monkeypatch: pytest.MonkeyPatch, silence: float, orphaned: bool
) -> None:
    space, job_id = waiting
    dead = ended_process()
    with monkeypatch.context() as patched:
        patched.setattr(Identity, "of", classmethod(lambda cls, pid: dead))
        job_owners.note_starter(space, job_id)
    job_records.update(space, job_id, heartbeat=time.time() - silence, pid=None)
    assert job_recovery.mark_orphans(space) == ((job_id,) if orphaned else ())


@made.ON_ONE_SERVER
@pytest.mark.parametrize(
    ("silence", "process", "orphaned"),
    [
        (10.0, "gone", False),  # a sign of life just now
        (job_owners.STALE_SECONDS + 5, "gone", True),  # silent, and there is no such process
        (job_owners.STALE_SECONDS + 5, "never", True),
        (job_owners.STALE_SECONDS + 5, "alive", False),  # silent but there: a long step
        (job_owners.LOST_SECONDS + 5, "alive", True),  # the id belongs to another process by now
    ],
)
def test_orphans(waiting: tuple[Workspace, str], silence: float, process: str, orphaned: bool) -> None:
    space, job_id = waiting
    pid = {"gone": 2**22 + 1, "never": None, "alive": os.getpid()}[process]
    job_records.update(space, job_id, heartbeat=time.time() - silence, pid=pid)
    assert job_recovery.mark_orphans(space) == ((job_id,) if orphaned else ())
    info = job_queue.job(space, job_id)
    assert info.state == ("orphaned" if orphaned else "queued")
    assert job_worker.is_cancelled(space, job_id) is orphaned  # if it wakes up again, it stops
    if orphaned:
        assert info.message == note("job.orphaned") and job_worker.finish(space, job_id, "0" * 12) is False


def test_a_living_job_is_left_alone_and_its_note_goes_with_it(waiting: tuple[Workspace, str]) -> None:
    space, job_id = waiting
    with job_worker.running(space, job_id):
        assert list((space.home / "jobs").glob("*.owner")) and job_recovery.mark_orphans(space) == ()
    assert not list((space.home / "jobs").glob("*.owner"))


def test_a_damaged_note_says_nothing(waiting: tuple[Workspace, str]) -> None:
    space, job_id = waiting
    (space.home / "jobs" / f"{job_id}.owner").write_bytes(b'{"process": 3')
    row = job_records.get(space, job_id)
    assert not job_owners.is_gone(space.home, row, row.heartbeat + 30)
