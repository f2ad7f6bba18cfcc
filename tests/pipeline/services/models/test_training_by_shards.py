"""A data set of the workspace teaches by shards what it teaches whole: the same model, the same risks of the past."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipeline import services
from pipeline.modeling import columns_on_disk, drawing
from pipeline.modeling.bundle import bundle
from pipeline.modeling.training import boosting
from pipeline.products.no_show import PRODUCT
from pipeline.records import Note, Progress, note
from pipeline.services.data import contacted, event_keys
from pipeline.services.large import kept_rows, train_shard
from pipeline.services.models import models, training
from pipeline.services.session import Session
from pipeline.shards import store
from pipeline.workspace.jobs import job_records, job_work, job_worker, processes
from tests.conftest import TEST_KEY
from tests.toy.house import move_in

MOST = 700


@pytest.fixture
def session(missed_home: tuple[Path, Path], tmp_path: Path) -> Iterator[Session]:
    samples, filled = missed_home
    shutil.copytree(filled, tmp_path / "home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRESENCA_KEY", TEST_KEY)
        patch.setenv("PRESENCA_HOME", str(tmp_path / "home"))
        move_in(patch, samples, PRODUCT)
        patch.setattr(drawing, "LEAST_EVENTS", 100)
        patch.setattr(columns_on_disk, "BLOCK", 200)
        quick = replace(boosting.EFFORTS["fast"], most_rows=MOST, rounds=4, resamples=10, learns_all=True)
        patch.setitem(boosting.EFFORTS, "fast", quick)
        yield Session(services.open_workspace())


def past_of(session: Session) -> str:
    return next(one.id for one in session.workspace.datasets(PRODUCT.key) if one.purpose == "past")


def answered(
    session: Session, number: int | None, folder: Path
) -> tuple[bytes, np.ndarray, pd.DataFrame, list[Progress]]:
    told: list[Progress] = []
    heard = training.Hearing(told.append, lambda: False, lambda: False)
    model, past = training.trained(session, past_of(session), "fast", 3, heard, number)
    timeless = replace(model, card=replace(model.card, created="2026-01-01T00:00:00+00:00"))
    bundle.save(timeless, folder / "model.zip", product=PRODUCT)
    return (folder / "model.zip").read_bytes(), past, told


def test_by_shards_as_whole(session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dataset_id = past_of(session)
    keys = event_keys.named(session, dataset_id)
    called = {keys[row]: np.datetime64("2020-01-01") for row in sorted(keys)[:40]}
    monkeypatch.setattr(contacted, "first", lambda *_: called)
    whole = answered(session, None, tmp_path)
    parts = answered(session, 3, tmp_path)
    assert parts[0] == whole[0] and np.array_equal(parts[1].risk, whole[1].risk)
    pd.testing.assert_frame_equal(parts[1].points, whole[1].points)
    stages = [one.stage.code for one in parts[2] if isinstance(one.stage, Note)]
    assert "large.cutting" in stages and "large.parts" in stages
    shares = [one.share for one in parts[2]]
    assert shares == sorted(shares) and shares[-1] == 1.0
    assert not list(session.workspace.staging.glob("presenca-*")), "nothing of it stays"


class Killed(BaseException):
    """What ends a process amid its work: nothing is said and nothing put in order."""


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the results that shards gave."""
    done: list[str] = []
    make = train_shard.make

    def noted(*given: Any) -> None:
        done.append(given[-1])
        make(*given)

    monkeypatch.setattr(train_shard, "make", noted)
    return done


def named(samples: Path) -> set[str]:
    """The patients as the clinic's file names them."""
    sheet = pd.read_csv(samples / "no_show_passado.csv", sep=";", dtype=str, encoding="utf-8-sig")
    return {*sheet["ID único do paciente"].dropna()}


@pytest.mark.slow  # large/test_training_law.py goes on, too
def test_a_second_run_goes_on_where_the_first_was_killed(
    session: Session,
    missed_home: tuple[Path, Path],
    tmp_path: Path,
    made: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole, heard = answered(session, 3, tmp_path), training.Hearing(lambda _: None, lambda: False, lambda: False)
    every, names = len(made), sorted(made)
    assert every > 5 and not session.workspace.work_places()
    make = train_shard.make

    def dies(*given: Any) -> None:
        if len(made) == every + 4:
            raise Killed
        make(*given)

    with monkeypatch.context() as patch:
        patch.setattr(train_shard, "make", dies)
        with pytest.raises(Killed):
            training.trained(session, past_of(session), "fast", 3, heard, 3)
    (work,) = session.workspace.work_places()
    kept = store.opened(str(next(work.glob("work-*/rows"))))
    assert kept is not None and not {*kept.read(0)["patient_id"].dropna()} & named(missed_home[0])
    finished = sorted(path for path in work.glob("work-*/columns-*.parquet"))
    assert len(finished) == 4
    finished[1].write_bytes(finished[1].read_bytes()[:-1] + b"\0")  # damaged since: made again
    made.clear()
    monkeypatch.setattr(kept_rows, "written", lambda *_: pytest.fail("the rows were there"))
    again = answered(session, 3, tmp_path)
    assert again[0] == whole[0] and np.array_equal(again[1].risk, whole[1].risk)
    assert sorted(made) == sorted({*names} - {path.name for path in finished} | {finished[1].name})
    assert any(isinstance(one.stage, Note) and one.stage.code == "large.went_on" for one in again[2])
    assert not session.workspace.work_places()


@pytest.mark.parametrize("way", ["cancelled", "failed", "lost", "done"])
def test_what_was_finished_stays_only_where_somebody_may_go_on(
    session: Session, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    space, dataset_id = session.workspace, past_of(session)
    monkeypatch.setattr(processes, "start", lambda *_, **__: 2**22 + 1)
    job = models.start_training(session, dataset_id, effort="fast")
    folder = job_work.place(space, dataset_id)
    (folder / "work-1").mkdir(parents=True)
    match way:
        case "cancelled":
            job_worker.mark_cancelled(space, job.id)
        case "failed":
            job_worker.fail(space, job.id, note("job.out_of_memory"))
        case "lost":
            job_records.end(space, job.id, "orphaned", note("job.orphaned"))
        case "done":
            job_worker.finish(space, job.id)
    assert folder.exists() == (way in ("failed", "lost"))
    assert job_work.sweep(space) == 0 and folder.exists() == (way in ("failed", "lost"))
    monkeypatch.setattr(job_work, "KEPT_SECONDS", -1.0)
    assert job_work.sweep(space) == (way in ("failed", "lost")) and not folder.exists()


def test_what_was_finished_goes_with_the_rows(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    space, dataset_id = session.workspace, past_of(session)
    monkeypatch.setattr(processes, "start", lambda *_, **__: 2**22 + 1)
    job_worker.fail(space, models.start_training(session, dataset_id, effort="fast").id, note("job.fault"))
    for revision in (space.revision(dataset_id), 7):
        space.work_place(dataset_id, revision).mkdir()
    assert job_work.sweep(space) == 1, "of a revision that is no more"
    space.delete_dataset(dataset_id)
    assert not space.work_places()


def test_who_was_sought_is_found_by_the_keys_of_events(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    dataset_id = past_of(session)
    rows, keys = session.workspace.rows(dataset_id), event_keys.named(session, dataset_id)
    day = rows[PRODUCT.time.key].to_numpy("datetime64[D]")
    early, late = rows["row"].iloc[3], rows["row"].iloc[8]
    moments = {keys[early]: day[3] - 1, keys[late]: day[8], "f" * 16: day[0]}
    monkeypatch.setattr(contacted, "first", lambda *_: moments)
    found = contacted.mask(session, dataset_id, rows, PRODUCT)
    assert rows["row"].to_numpy()[found].tolist() == [early]
