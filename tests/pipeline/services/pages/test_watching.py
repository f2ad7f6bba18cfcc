"""A model watched in its series: later files alone, whoever was contacted before the day left out, kept once made."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.errors import NotEnoughData
from pipeline.insight import evaluation
from pipeline.modeling.model import TrainedModel
from pipeline.products.no_show import PRODUCT
from pipeline.records import Asked, FollowUpChange, FollowUpState, Importance, ModelInfo
from pipeline.services import Session, open_workspace
from pipeline.services.clock import ZONE
from pipeline.services.data import datasets, event_keys
from pipeline.services.data.placing import Into
from pipeline.services.models import models
from pipeline.services.pages import follow_ups, risk, watching
from tests.pipeline.insight.judged import saved, trained_early, written
from tests.pipeline.insight.typed import typed_rows

ROWS = typed_rows(3_000)


@cache
def early() -> TrainedModel:
    found = trained_early(ROWS, 15)
    weights = (Importance("unit", 3.0), Importance("lead_time", 7.0))
    return replace(found, card=replace(found.card, importance=weights))


@pytest.fixture
def session(workspace_home: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    monkeypatch.setattr(evaluation, "references", lambda *_: {})  # takes long, and is not watched
    return Session(open_workspace(), now=lambda: dt.datetime(2026, 4, 10, 9, tzinfo=ZONE))


@pytest.fixture
def data(session: Session, tmp_path: Path) -> str:
    written(ROWS, tmp_path / "tudo.csv")
    raw = (tmp_path / "tudo.csv").read_bytes()
    return datasets.keep(session, PRODUCT.key, raw, "tudo.csv", into=Into(name="Daqui")).id


@pytest.fixture
def model(session: Session, data: str, tmp_path: Path) -> ModelInfo:
    source = models.Source(None, "m.csv", session.workspace.dataset(data).series)
    return models.add(session, saved(early(), tmp_path / "m.zip"), early().card, source)


def test_it_is_made_once_and_anew_when_something_was_answered(
    session: Session, data: str, model: ModelInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = watching.watched(session, model.id)
    assert first is not None and first.skill is not None and first.contacted == 0
    assert {item.field for item in first.fields} >= {"unit"}
    keys, days = event_keys.named(session, data), session.workspace.rows(data).set_index("row")["scheduled_date"]
    known = session.workspace.rows(data).set_index("row")["outcome"].notna()
    after = list(days.index[(days >= "2026-04-12") & known])[:5]
    before = list(days.index[(days >= "2026-03-22") & (days < "2026-04-09") & known])[:3]
    for row in (*after, *before):
        change = FollowUpChange(FollowUpState.ANSWERED, "Ana", "", "Ana")
        follow_ups.change(session, data, Asked(keys[row], row, 24), change, expected_version=0)
    again = watching.watched(session, model.id)
    assert again is not None and again.contacted == len(after)  # an answer after the day changed nothing
    assert again.skill is not None and again.skill.rows < first.skill.rows
    monkeypatch.setattr(risk, "past_risks", None)  # nothing is worked out again
    assert watching.watched(session, model.id) == again


def test_of_a_few_columns_it_is_told_what_is_told_of_whole_rows(
    session: Session, data: str, model: ModelInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    info, whole = session.workspace.model(model.id), session.workspace.rows
    asked: list[int] = []

    def telling(session: Session, dataset_id: str, columns: Sequence[str]) -> pd.DataFrame:
        asked.append(len(columns))
        return whole(dataset_id)

    narrow = watching._watched(session, info)
    monkeypatch.setattr(event_keys, "telling", telling)
    assert narrow is not None and watching._watched(session, info) == narrow and asked


def test_a_model_of_no_series_is_not_watched(session: Session, data: str, tmp_path: Path) -> None:
    stranger = models.add(session, saved(early(), tmp_path / "m.zip"), early().card, models.Source(None, "m.csv", ""))
    assert watching.watched(session, stranger.id) is None


def test_the_level_is_set_by_what_came_without_whoever_was_contacted(
    session: Session, data: str, model: ModelInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = watching.watched(session, model.id)
    rows = session.workspace.rows(data)
    reached = np.zeros(len(rows), dtype=bool)
    late = (rows["outcome"] == 0).to_numpy() & (rows["scheduled_date"] > found.since.isoformat()).to_numpy()
    reached[np.flatnonzero(late)[:200]] = True  # they came, as somebody had called them
    monkeypatch.setattr(watching.contacted, "mask", lambda *_: reached)
    made = watching.set_level(session, model.id, found)
    told = models.card(session, made.id).notes[-1]
    later = (rows["scheduled_date"] > found.since.isoformat()).to_numpy() & rows["outcome"].notna().to_numpy()
    own = rows["outcome"].to_numpy()[later & ~reached]
    assert told.params["rows"] == len(own) and told.params["observed"] == pytest.approx(own.mean())
    assert models.card(session, made.id).levelled_on == "tudo.csv"


def test_without_a_later_file_no_level_is_set(session: Session, data: str, model: ModelInfo) -> None:
    found = watching.watched(session, model.id)
    session.workspace.delete_dataset(data)
    with pytest.raises(NotEnoughData):
        watching.set_level(session, model.id, found)
