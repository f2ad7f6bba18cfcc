"""A job as its process tells of it: taken and ended once, its signs of life, its progress, why it failed."""

from __future__ import annotations

import json
import time
from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import WorkspaceError
from pipeline.presentation.locale import messages
from pipeline.records import Progress, note, said
from pipeline.workspace.jobs import job_queue, job_records, job_worker, kinds, processes
from pipeline.workspace.store import Workspace
from tests.pipeline.workspace import made
from tests.refusals import refused


@pytest.fixture
def waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Workspace, str]:
    """A job whose process never comes: this test plays its part."""
    monkeypatch.setattr(processes, "start", lambda *_a, **_k: 2**22 + 1)
    space = made.workspace(tmp_path)
    return space, job_queue.start(space, made.add(space).id, kinds.TRAIN, effort="fast", seed=7).id


def test_a_heartbeat_however_long_a_step_takes(waiting: tuple[Workspace, str]) -> None:
    space, job_id = waiting
    job_records.update(space, job_id, heartbeat=0.0)
    with job_worker.beating(space, job_id, seconds=0.01):
        time.sleep(0.3)
    assert time.time() - job_records.get(space, job_id).heartbeat < 10


def test_progress_is_written_seldom_but_each_stage_and_the_end(waiting: tuple[Workspace, str]) -> None:
    space, job_id = waiting
    first, second = (note("training.learning_past", part=n, parts=2) for n in (1, 2))
    for share, stage, kept in [(0.1, first, 0.1), (0.2, first, 0.1), (0.3, second, 0.3), (1.0, second, 1.0)]:
        job_worker.report_progress(space, job_id, Progress(share, stage, rows=np.int64(5), best=np.float64(0.5)))  # type: ignore[arg-type]
        assert job_queue.job(space, job_id).progress.share == kept
    assert job_queue.job(space, job_id).state == "running"
    assert job_queue.job(space, job_id).progress.stage == second


def test_a_stage_that_an_earlier_version_kept_as_a_sentence_is_said_as_it_stands(
    waiting: tuple[Workspace, str],
) -> None:
    space, job_id = waiting
    kept = {"share": 0.5, "stage": "Aprendendo com o passado", "rows": 5, "rounds": 0, "best": None}
    job_records.update(space, job_id, progress=json.dumps(kept))
    assert messages.say(job_queue.job(space, job_id).progress.stage) == "Aprendendo com o passado"


def test_a_job_is_taken_once_and_ends_once(waiting: tuple[Workspace, str]) -> None:
    space, job_id = waiting
    with job_worker.running(space, job_id) as info:
        assert info.state == "running"
        with refused(WorkspaceError, match="já começou"), job_worker.running(space, job_id):
            pass
    assert job_worker.fail(space, job_id, note("job.out_of_memory")) is True
    assert job_worker.finish(space, job_id, "0" * 12) is False
    job_queue.cancel(space, job_id)
    assert (job_queue.job(space, job_id).state, job_queue.job(space, job_id).message) == (
        "failed",
        note("job.out_of_memory"),
    )


def test_failing_after_a_cancellation_is_being_cancelled(waiting: tuple[Workspace, str]) -> None:
    space, job_id = waiting
    job_queue.cancel(space, job_id, grace=30.0)
    assert job_queue.job(space, job_id).message == note("job.cancelling")
    job_worker.fail(space, job_id, note("job.stopped"))
    assert job_queue.job(space, job_id).state == "cancelled"


def test_what_an_earlier_version_said_of_a_job_is_told_as_it_was(waiting: tuple[Workspace, str]) -> None:
    space, job_id = waiting
    assert job_queue.job(space, job_id).message is None
    job_records.update(space, job_id, message="Treino cancelado.")
    assert job_queue.job(space, job_id).message == said("Treino cancelado.")


def test_what_is_said_of_a_job_is_kept_as_a_code_with_its_values(waiting: tuple[Workspace, str]) -> None:
    space, job_id = waiting
    why = note("disk.refused", doing=note("doing.save_model"), why=note("disk.full"))
    job_worker.fail(space, job_id, why)
    kept = job_queue.job(space, job_id).message
    assert kept == why and messages.told(kept).startswith("Não foi possível salvar o modelo: o disco está cheio.")
