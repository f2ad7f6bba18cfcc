"""Two servers on one PostgreSQL and one folder: a job of the one that dies goes on at the other, once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pipeline.records import note
from pipeline.workspace.audit import entries
from pipeline.workspace.jobs import (
    attempts,
    job_launch,
    job_owners,
    job_queue,
    job_records,
    job_recovery,
    job_worker,
    kinds,
    processes,
)
from pipeline.workspace.jobs.processes import Identity
from pipeline.workspace.store import Workspace
from tests import stores
from tests.conftest import ROOT
from tests.pipeline.workspace import made

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="the system tells no process' start"),
]
JOB = """
import sys, time
from pathlib import Path
from pipeline import servers
from pipeline.workspace.jobs import job_worker
from pipeline.workspace.repositories.models import Origin
from pipeline.workspace.store import Workspace

job_worker.beating.__wrapped__.__defaults__ = (0.2,)  # it is a context manager
space, job_id = Workspace(), sys.argv[1]
with job_worker.running(space, job_id) as job:
    with Path(sys.argv[2]).open("a") as file:
        print(servers.name(), job_worker.settings(space, job_id).get("attempt", 0), file=file, flush=True)
    while servers.name() == "first" and not job_worker.is_cancelled(space, job_id):
        time.sleep(0.1)
    origin = Origin(job.product, job.dataset_id, "x", "{}", None, auc_ahead=0.7)
    job_worker.finish(space, job_id, space.add_model(b"m", origin).id)
"""
SERVER = """
import sys, time
from pipeline.workspace.jobs import job_launch, job_queue, kinds
from pipeline.workspace.store import Workspace

space = Workspace()
job_launch._command = lambda job_id: [sys.executable, sys.argv[1], job_id, sys.argv[2]]
print(job_queue.start(space, sys.argv[3], kinds.TRAIN, effort="fast", seed=7).id, flush=True)
time.sleep(300)
"""


@pytest.fixture
def space(on_postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("PRESENCA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("PRESENCA_SERVER", "second")
    return Workspace(tmp_path / "home")


@pytest.fixture
def waiting(space: Workspace, monkeypatch: pytest.MonkeyPatch) -> str:
    """A job of this server whose process never comes."""
    monkeypatch.setattr(processes, "start", lambda *_a, **_k: 2**22 + 1)
    return job_queue.start(space, made.add(space).id, kinds.TRAIN).id


def until(done: object, seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not done():  # type: ignore[operator]
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.05)


@pytest.mark.slow
@stores.IN_THE_FOLDER
def test_the_job_of_a_server_that_was_killed_goes_on_at_another_once(
    space: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_file, runs = tmp_path / "job.py", tmp_path / "runs.txt"
    job_file.write_text(JOB)
    runs.touch()
    command = [sys.executable, "-c", SERVER, str(job_file), str(runs), made.add(space).id]
    first = {**os.environ, "PRESENCA_SERVER": "first"}
    with subprocess.Popen(command, cwd=ROOT, env=first, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        job_id = server.stdout.readline().strip()
        until(lambda: runs.read_text() == "first 0\n")
        assert job_recovery.take_up(space) == () and job_recovery.mark_orphans(space) == ()
        server.kill()
        os.killpg(job_records.get(space, job_id).pid, signal.SIGKILL)
    assert job_recovery.take_up(space) == ()  # on another machine nobody can see that it is dead: its silence must tell
    monkeypatch.setattr(job_owners, "STALE_SECONDS", 1.0)
    monkeypatch.setattr(job_launch, "_command", lambda one: [sys.executable, str(job_file), one, str(runs)])
    until(lambda: space.database.moment() - job_records.get(space, job_id).heartbeat > 1.0)
    with ThreadPoolExecutor(4) as servers:
        taken = list(servers.map(lambda _n: job_recovery.take_up(space), range(4)))
    assert sorted(taken) == [(), (), (), (job_id,)]
    monkeypatch.setattr(job_owners, "STALE_SECONDS", 60.0)
    until(lambda: job_queue.job(space, job_id).state not in ("queued", "running"))
    assert job_queue.job(space, job_id).state == "done", space.job_log(job_id).read_text()
    assert len(space.models()) == 1
    assert runs.read_text() == "first 0\nsecond 1\n"
    assert [entry.action for entry in entries(space)].count("job_taken_up") == 1


def test_an_attempt_that_was_replaced_has_no_more_say(
    space: Workspace, waiting: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that was cut off only, and comes back."""
    assert not job_queue.job(space, waiting).begun
    with job_worker.running(space, waiting) as job:
        assert job.begun >= job.created
        row = job_records.get(space, waiting)
        assert job_recovery._claim(space, row) and not job_recovery._claim(space, row)
        assert not job_queue.job(space, waiting).begun, "the next attempt has not begun"
        assert job_worker.is_cancelled(space, waiting)
        before = job_records.get(space, waiting)
        job_records.update(space, waiting, progress=json.dumps({}), heartbeat=0.0)
        assert not job_worker.finish(space, waiting) and not job_worker.fail(space, waiting, note("job.fault"))
        assert not job_worker.fail(space, waiting, note("job.stopped"), attempt=0)
        assert job_records.get(space, waiting) == before and before.state == "queued"
    monkeypatch.setattr(attempts, "_mine", {})  # the other server's process
    with job_worker.running(space, waiting):
        assert not job_worker.is_cancelled(space, waiting) and job_worker.finish(space, waiting)


def test_a_job_that_takes_its_servers_down_is_given_up(
    space: Workspace, waiting: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_owners, "STALE_SECONDS", -1.0)
    monkeypatch.setattr(Identity, "of", classmethod(lambda cls, pid: None))
    (space.home / "jobs" / f"{waiting}.owner").unlink(missing_ok=True)
    for attempt in range(1, attempts.MOST):
        assert job_recovery.mark_orphans(space) == () and job_recovery.take_up(space) == (waiting,)
        assert attempts.of(job_records.get(space, waiting).options) == attempt
    assert job_recovery.take_up(space) == () and job_recovery.mark_orphans(space) == (waiting,)
    assert job_queue.job(space, waiting).state == "orphaned"


def test_on_one_machine_nothing_is_taken_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.workspace.engine import address

    monkeypatch.setattr(address, "chosen", lambda _home: None)
    monkeypatch.setattr(processes, "start", lambda *_a, **_k: 2**22 + 1)
    monkeypatch.setattr(job_owners, "STALE_SECONDS", -1.0)
    alone = made.workspace(tmp_path)
    started = job_queue.start(alone, made.add(alone).id, kinds.TRAIN)
    assert job_recovery.take_up(alone) == () and job_queue.job(alone, started.id).state == "queued"
