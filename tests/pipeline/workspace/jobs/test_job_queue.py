"""A training in a process of its own, as the page sees it: one at a time, followed, cancelled, failed."""

from __future__ import annotations

import os
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.errors import WorkspaceError
from pipeline.records import JobInfo, Progress, note
from pipeline.workspace.audit import entries
from pipeline.workspace.jobs import job_launch, job_queue, job_records, job_worker, kinds, processes
from pipeline.workspace.store import Workspace
from tests.pipeline.workspace import made
from tests.refusals import refused

OPENING = """
import sys, time
from pipeline.records import Progress
from pipeline.workspace.jobs import job_worker as jobs
from pipeline.workspace.repositories.models import Origin
from pipeline.workspace.store import Workspace
space, job_id = Workspace(), sys.argv[1]
"""
TRAINS = """
with jobs.running(space, job_id) as job:
    assert jobs.settings(space, job_id) == {"effort": "fast", "seed": 7}
    jobs.report_progress(space, job_id, Progress(0.5, "Dobra 2 de 4", 1204, 30, 0.7))
    last = space.dataset(job.dataset_id).last_date
    model = space.add_model(b"m", Origin(job.product, job.dataset_id, "x", "{}", last, auc_ahead=0.7))
    jobs.finish(space, job_id, model.id)
"""
LISTENS = """
with jobs.running(space, job_id):
    while not jobs.is_cancelled(space, job_id):
        time.sleep(0.02)
    jobs.mark_cancelled(space, job_id)
"""
SETTLES = """
with jobs.running(space, job_id):
    while not jobs.is_settled(space, job_id):
        time.sleep(0.02)
    jobs.finish(space, job_id, None)
"""
DEAF = """
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
with jobs.running(space, job_id):
    time.sleep(60)
"""
CRASHES = """
import json
import os
with jobs.running(space, job_id):
    print("Dobra 1", flush=True)
    os._exit(9)
"""


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], tuple[Workspace, JobInfo]]:
    """Starts a job whose process runs the given lines in place of the command line."""

    def begin(body: str, space: Workspace | None = None) -> tuple[Workspace, JobInfo]:
        script = tmp_path / "job.py"
        script.write_text(OPENING + textwrap.dedent(body), "utf-8")
        monkeypatch.setenv("PYTHONPATH", str(job_launch.PROJECT))
        monkeypatch.setattr(job_launch, "_command", lambda job_id: [sys.executable, str(script), job_id])
        space = space or made.workspace(tmp_path)
        return space, job_queue.start(space, made.add(space).id, kinds.TRAIN, effort="fast", seed=7)

    return begin


def until(space: Workspace, job_id: str, *states: str) -> JobInfo:
    for _ in range(1000):
        info = job_queue.job(space, job_id)
        if info.state in states:
            return info
        time.sleep(0.02)
    raise AssertionError(f"{info} after 20 s: {space.job_log(job_id).read_text()}")


def test_the_hidden_command_is_the_command_line() -> None:
    assert job_launch._command("0" * 12)[1:] == ["-m", "pipeline", "run-job", "0" * 12]


def test_a_training_runs_beside_and_leaves_a_model(start: Callable[..., tuple[Workspace, JobInfo]]) -> None:
    space, job = start(TRAINS)
    assert job.state in ("queued", "running") and job.product == "toy"
    done = until(space, job.id, "done", "failed")
    assert done.state == "done" and done.model_id == space.models()[0].id
    assert done.progress == Progress(0.5, "Dobra 2 de 4", 1204, 30, 0.7)
    assert (
        job_queue.current(space) is None
        and job_queue.last(space, "toy") == done
        and job_queue.last(space, "other") is None
    )
    assert entries(space)[0].facts == {"job": job.id, "state": "done", "model": done.model_id}
    if os.name == "posix":
        assert space.job_log(job.id).stat().st_mode & 0o077 == 0


def test_one_at_a_time(start: Callable[..., tuple[Workspace, JobInfo]]) -> None:
    space, job = start(LISTENS)
    with refused(WorkspaceError, match="Já há um treino"):
        start(LISTENS, space)
    assert job_queue.current(space, "toy") is not None and job_queue.current(space, "other") is None
    job_queue.cancel(space, job.id)
    assert until(space, job.id, "cancelled").message == note("job.cancelled")
    space, second = start(TRAINS, space)
    until(space, second.id, "done")


@pytest.mark.slow
def test_a_search_hears_that_its_best_shall_do(start: Callable[..., tuple[Workspace, JobInfo]]) -> None:
    space, job = start(SETTLES)
    until(space, job.id, "running")
    assert not job_worker.is_settled(space, job.id)
    job_queue.settle(space, job.id)
    until(space, job.id, "done")
    job_queue.settle(space, job.id)  # too late: nothing happens
    assert job_worker.settings(space, job.id)["effort"] == "fast"


@pytest.mark.slow  # by the clock
@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX")
def test_who_does_not_listen_is_ended(start: Callable[..., tuple[Workspace, JobInfo]]) -> None:
    space, job = start(DEAF)
    until(space, job.id, "running")
    pid = job_records.get(space, job.id).pid
    assert processes.is_alive(pid) and pid != os.getpid()
    job_queue.cancel(space, job.id, grace=2)
    assert processes.is_alive(pid)  # the page does not wait until it has ended
    until(space, job.id, "cancelled")
    for _ in range(500):
        if not processes.is_alive(pid):
            break
        time.sleep(0.02)
    assert not processes.is_alive(pid) and job_queue.job(space, job.id).state == "cancelled"


def test_a_process_that_dies_has_failed(start: Callable[..., tuple[Workspace, JobInfo]]) -> None:
    space, job = start(CRASHES)
    assert until(space, job.id, "failed").message == note("job.stopped")
    assert space.job_log(job.id).read_text() == "Dobra 1\n"


def test_a_command_that_cannot_start_has_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    space = made.workspace(tmp_path)
    monkeypatch.setattr(job_launch, "_command", lambda _job: [str(tmp_path / "no-such-program")])
    with refused(WorkspaceError, match="começar o treino"):
        job_queue.start(space, made.add(space).id, kinds.TRAIN, effort="fast", seed=7)
    last = job_queue.last(space)
    assert last is not None and last.state == "failed" and job_queue.current(space) is None
