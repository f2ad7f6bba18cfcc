"""Every kind of job has its work, and what is said of it."""

from __future__ import annotations

import threading

import pytest

from pipeline.errors import WorkspaceError
from pipeline.presentation.locale import messages
from pipeline.records import note
from pipeline.services import job_process
from pipeline.workspace.jobs import heartbeat
from pipeline.workspace.jobs.kinds import KINDS


def test_each_kind_has_its_work_and_its_words() -> None:
    assert job_process._WORK.keys() == KINDS.keys()
    assert all(messages.told(note(kind.busy)).endswith(".") for kind in KINDS.values())
    assert len({kind.ended for kind in KINDS.values()}) == len(KINDS)


def test_signs_of_life_go_on_after_one_that_failed_and_end_with_the_block(caplog: pytest.LogCaptureFixture) -> None:
    beats, third = list[int](), threading.Event()

    def beat() -> None:
        beats.append(len(beats))
        if len(beats) == 1:
            raise WorkspaceError("records.busy")
        if len(beats) == 3:
            third.set()

    with heartbeat.beating("beat-x", beat, 0.001):
        assert third.wait(30)
    seen = len(beats)
    assert "beat-x" not in {one.name for one in threading.enumerate()} and len(beats) == seen
    assert "records.busy" in caplog.text
