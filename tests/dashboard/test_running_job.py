"""What the card of a running job says of the time that it takes yet."""

from __future__ import annotations

import datetime as dt

import pytest

from dashboard.components import running_job
from pipeline.presentation import console
from pipeline.records import JobInfo, Note, Progress

_MADE = "2026-11-23T07:00:00-03:00"  # an hour before its process took it
_BEGUN = dt.datetime.fromisoformat("2026-11-23T08:00:00-03:00")


def _left(seconds: float, share: float) -> float | None:
    job = JobInfo("0" * 12, "train", "no_show", "", "running", _MADE, Progress(share), None, None, _BEGUN.isoformat())
    return running_job.seconds_left(job, _BEGUN.astimezone(dt.UTC) + dt.timedelta(seconds=seconds))


def test_the_pace_so_far_tells_how_long_the_rest_takes() -> None:
    assert _left(60, 0.25) == pytest.approx(180) and _left(60, 0.75) == pytest.approx(20)


def test_one_that_waits_says_nothing() -> None:
    job = JobInfo("0" * 12, "train", "no_show", "", "queued", _MADE, Progress(0.5), None, None)
    assert running_job.seconds_left(job, _BEGUN) is None


@pytest.mark.parametrize(("seconds", "share"), [(2, 0.5), (60, 0.0), (60, 0.01), (60, 1.0), (-30, 0.5)])
def test_a_guess_is_not_told(seconds: float, share: float) -> None:
    assert _left(seconds, share) is None


@pytest.mark.parametrize(
    ("left", "end"),
    [
        (None, "1.234 linhas"),
        (3, "faltam uns 10 segundos"),
        (89, "faltam uns 90 segundos"),
        (91, "faltam uns 2 minutos"),
        (5399, "faltam uns 90 minutos"),
        (5401, "faltam umas 2 horas"),
    ],
)
def test_a_wait_is_told_no_more_exactly_than_it_is_known(left: float | None, end: str) -> None:
    said = console.on_page(Progress(0.5, Note("checking.finding_columns"), rows=1234), left)
    assert said.startswith("50% · ") and said.replace("\u00a0", " ").endswith(end)
