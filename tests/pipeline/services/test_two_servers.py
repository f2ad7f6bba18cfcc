"""Servers with a folder each, one PostgreSQL, one S3: what one makes another reads, and ends where the first died."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pytest

from pipeline import services
from pipeline.records.integration import ArrivalKind
from pipeline.services.arrivals import receiving, working
from pipeline.services.data import datasets, maintaining
from pipeline.services.data.placing import Into
from pipeline.services.models import models, taking_up
from pipeline.services.pages import agenda
from pipeline.services.session import Session
from pipeline.workspace.audit import entries
from pipeline.workspace.jobs import attempts, job_owners, job_queue, job_records, job_worker
from pipeline.workspace.store import Workspace
from tests.conftest import ROOT

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.slow(seconds=300),
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="the system tells no process' start"),
]
PRODUCT = "no_show"
SERVER = """
import sys, time
from pipeline import services
from pipeline.services.arrivals import working
from pipeline.services.models import models
from pipeline.services.pages import list_job
from pipeline.services.session import Session

kind, *told = sys.argv[1:]
session = Session(services.open_workspace())
if kind == "train":
    print(models.start_training(session, told[0], effort="fast").id, flush=True)
elif kind == "list":
    print(list_job.start(session, *told).id, flush=True)
else:
    working.read_waiting(session.workspace)
time.sleep(300)
"""


@pytest.fixture
def three(
    moto: str, on_postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Workspace, Workspace, Workspace]]:
    """The folders of three servers. The first dies, time and again; the others, in this process, look on."""
    monkeypatch.setenv("PRESENCA_TODAY", "2026-11-23")
    monkeypatch.setenv("PRESENCA_STORE", moto)
    monkeypatch.setenv("PRESENCA_SERVER", "b")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setattr(job_owners, "STALE_SECONDS", 3 * job_worker.BEAT_SECONDS)
    with contextlib.ExitStack() as ends:
        opened = [services.open_workspace(tmp_path / name) for name in "abc"]
        for one in opened:
            ends.callback(one.close)
        yield opened[0], opened[1], opened[2]


def until(done: Callable[[], bool], seconds: float = 240.0) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.02)


@contextlib.contextmanager
def server(home: Path, *told: str) -> Iterator[subprocess.Popen[str]]:
    """The first server; it is killed at the end."""
    environment = {**os.environ, "PRESENCA_HOME": str(home), "PRESENCA_SERVER": "a"}
    command = [sys.executable, "-c", SERVER, *told]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def state(space: Workspace, job_id: str) -> str:
    return job_queue.job(space, job_id).state


def killed(home: Path, space: Workspace, *told: str) -> str:
    """The id of a job that the first server began, and died with."""
    with server(home, *told) as first:
        assert first.stdout is not None
        job_id = first.stdout.readline().strip()
        until(lambda: state(space, job_id) == "running")
        first.kill()
        os.killpg(job_records.get(space, job_id).pid, signal.SIGKILL)
    return job_id


def taken_up(job_id: str, *looking: Workspace) -> Workspace:
    """Waits until one of the servers has taken a job up and ended it; gives which. Both look all the while."""

    def is_over(threads: ThreadPoolExecutor) -> bool:
        list(threads.map(taking_up.look, looking))
        return state(looking[0], job_id) not in job_records.ACTIVE

    with ThreadPoolExecutor(len(looking)) as threads:
        until(lambda: is_over(threads))
    took = [space for space in looking if space.job_log(job_id).exists()]
    assert len(took) == 1 and state(looking[0], job_id) == "done", took[0].job_log(job_id).read_text()
    assert attempts.of(job_records.get(looking[0], job_id).options) == 1
    told = [one for one in entries(looking[0]) if one.action == "job_taken_up" and job_id in str(one)]
    assert len(told) == 1
    return took[0]


def sample(tmp_path: Path, rows: int, *, future: bool = False) -> bytes:
    path = tmp_path / f"{rows}.csv"
    services.write_sample(PRODUCT, path, rows, 7, future=future, errors=False)
    return path.read_bytes()


def sent(session: Session, body: bytes, model: str) -> str:
    to_score = receiving.ToScore(ArrivalKind.CSV, model)
    return receiving.receive_to_score(session, to_score, io.BytesIO(body)).arrival.id


def test_what_one_server_makes_another_reads_and_ends(
    three: tuple[Workspace, Workspace, Workspace], tmp_path: Path
) -> None:
    first, second, third = three
    mine, other = Session(first), Session(second)
    past = datasets.keep(mine, PRODUCT, sample(tmp_path, 2_000), "passado.csv", into=Into(name="Centro"))
    coming = datasets.keep(mine, PRODUCT, sample(tmp_path, 300, future=True), "futuro.csv", into=Into(past.series))
    begun = models.start_training(mine, past.id, effort="fast")
    until(lambda: state(first, begun.id) not in job_records.ACTIVE)
    trained = job_queue.job(second, begun.id)
    assert trained.state == "done" and trained.model_id, first.job_log(begun.id).read_text()

    # read, scored and listed on the other
    model = trained.model_id
    assert second.rows(past.id).equals(first.rows(past.id)) and second.past_risks(model, past.id) is not None
    assert models.card(other, model) == models.card(mine, model)
    made = _numbers(other, agenda.score(other, coming.id, model))
    assert len(made) > 200
    body = sample(tmp_path, 1_500, future=True)
    expected = sent(other, body, model)
    assert working.read_waiting(second) == 1
    assert second.arrival(expected).note is None and second.score_piece(expected, 1) is not None

    # a training, a list, a scoring: each dies with the first server, and is ended by one of the others, once
    taken_up(killed(first.home, second, "train", past.id), second, third)
    assert len(models.models(other, PRODUCT)) == 2
    where = taken_up(killed(first.home, second, "list", coming.id, model), second, third)
    elsewhere = Session(third if where is second else second)
    again = agenda.made(elsewhere, coming.id, model)
    assert again is not None
    pd.testing.assert_frame_equal(_numbers(elsewhere, again), made, check_dtype=False)
    arrival = sent(mine, body, model)
    with server(first.home, "score"):
        until(lambda: str(second.arrival(arrival).state) == "reading")
    with ThreadPoolExecutor(2) as servers:
        assert sorted(servers.map(lambda space: working.read_waiting(space), (second, third))) == [0, 1]
    pieces = [[one.score_piece(which, n) for n in (0, 1)] for one, which in ((second, expected), (third, arrival))]
    assert pieces[0] == pieces[1]
    assert not [one for one in maintaining.examine(second.home).findings if one.is_loss]


def _numbers(session: Session, found: agenda.Agenda) -> pd.DataFrame:
    kept = agenda.kept(session, found)
    return kept.sort_values("row")[["row", "risk"]].reset_index(drop=True)
