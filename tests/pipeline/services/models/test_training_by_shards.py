"""A data set of the workspace teaches by shards what it teaches whole: the same model, the same risks of the past."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline import services
from pipeline.errors import Cancelled
from pipeline.modeling import columns_on_disk, drawing
from pipeline.modeling.bundle import bundle
from pipeline.modeling.training import boosting
from pipeline.products.no_show import PRODUCT
from pipeline.records import Note, Progress
from pipeline.services.data import contacted, event_keys
from pipeline.services.models import training
from pipeline.services.session import Session
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


def test_a_cancelled_one_leaves_nothing(session: Session) -> None:
    heard = training.Hearing(lambda _: None, lambda: True, lambda: False)
    with pytest.raises(Cancelled):
        training.trained(session, past_of(session), "fast", 3, heard, 3)
    assert not list(session.workspace.staging.glob("presenca-*"))


def test_who_was_sought_is_found_by_the_keys_of_events(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    dataset_id = past_of(session)
    rows, keys = session.workspace.rows(dataset_id), event_keys.named(session, dataset_id)
    day = rows[PRODUCT.time.key].to_numpy("datetime64[D]")
    early, late = rows["row"].iloc[3], rows["row"].iloc[8]
    moments = {keys[early]: day[3] - 1, keys[late]: day[8], "f" * 16: day[0]}
    monkeypatch.setattr(contacted, "first", lambda *_: moments)
    found = contacted.mask(session, dataset_id, rows, PRODUCT)
    assert rows["row"].to_numpy()[found].tolist() == [early]
