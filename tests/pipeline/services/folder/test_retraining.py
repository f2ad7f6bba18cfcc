"""When a model is trained anew by the house itself: asked for, advised, once a week, and never beside a proposal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pipeline.errors import PresencaError
from pipeline.records import TRAIN_AGAIN
from pipeline.records.folder import FolderSettings
from pipeline.services import Workspace
from pipeline.services.data import folder_log
from pipeline.services.folder import retraining, working
from pipeline.services.folder.working import Round
from pipeline.services.session import Actor, Session
from tests.toy.products import LIBRARY


class House:
    """A series with one model in use and a newer file; what is advised, and what was begun of it."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.used = SimpleNamespace(id="model", dataset_id="old")
        self.files = [SimpleNamespace(id="new", usable_for=("scoring", "training"))]
        self.newer: Any = None
        self.running: Any = None
        self.advice: Any = TRAIN_AGAIN
        self.begun: list[tuple[str, str]] = []
        series = SimpleNamespace(id="s", model_id="model", is_sample=False)
        sample = SimpleNamespace(id="x", model_id="model", is_sample=True)
        patch.setattr(retraining.catalog, "products", lambda: (LIBRARY,))
        patch.setattr(retraining.series, "listed", lambda *_: (series, sample))
        patch.setattr(retraining.series, "members", lambda *_: self.files)
        patch.setattr(retraining.models, "models", lambda *_: [self.used])
        patch.setattr(retraining.models, "newer", lambda *_: self.newer)
        patch.setattr(retraining.models, "current_job", lambda *_: self.running)
        patch.setattr(retraining.models, "start_training", self._start)
        patch.setattr(retraining.watching, "watched", lambda *_: self._watched())

    def _watched(self) -> Any:
        if isinstance(self.advice, PresencaError):
            raise self.advice
        return None if self.advice is None else SimpleNamespace(advice=self.advice)

    def _start(self, _: Session, dataset_id: str, effort: str) -> Any:
        self.begun.append((dataset_id, effort))
        return SimpleNamespace(id="job")


@pytest.fixture
def space(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    monkeypatch.setenv("PRESENCA_TODAY", "2026-11-23")
    workspace = Workspace(tmp_path / "home")
    yield workspace
    workspace.close()


def wanted(folder: Path, *, retrain: bool = True) -> FolderSettings:
    """A folder that is watched."""
    folder.mkdir(exist_ok=True)
    return FolderSettings(str(folder), is_on=True, retrain=retrain)


def test_what_is_advised_is_trained_once_a_week(
    space: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house, session = House(monkeypatch), Session(space, Actor.FOLDER)
    folder_log.set_settings(space, wanted(tmp_path / "p", retrain=False))
    assert retraining.train_if_advised(session) == () and house.begun == []
    folder_log.set_settings(space, wanted(tmp_path / "p"))
    assert len(retraining.train_if_advised(session)) == 1 and house.begun == [("new", "standard")]
    for day, so_far in (("2026-11-23", 1), ("2026-11-29", 1), ("2026-11-30", 2)):
        monkeypatch.setenv("PRESENCA_TODAY", day)
        retraining.train_if_advised(session)
        assert len(house.begun) == so_far, day
    assert folder_log.was_retrained(space, "s", session.today())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("advice", None),
        ("advice", "level"),
        ("advice", PresencaError("bundle.unreadable")),
        ("newer", SimpleNamespace(id="waits")),  # a proposal that nobody has looked at
        ("running", SimpleNamespace(id="job")),
        ("files", []),
        ("files", [SimpleNamespace(id="new", usable_for=("scoring",))]),
        ("files", [SimpleNamespace(id="old", usable_for=("training",))]),  # the one in use learnt from it
        ("used", SimpleNamespace(id="another", dataset_id="old")),  # the series uses none that is here
    ],
)
def test_nothing_is_trained_where_it_is_not_advised_or_not_its_time(
    space: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: Any
) -> None:
    house = House(monkeypatch)
    setattr(house, name, value)
    folder_log.set_settings(space, wanted(tmp_path / "p"))
    assert retraining.train_if_advised(Session(space, Actor.FOLDER)) == () and house.begun == []
    assert folder_log.retrained(space, "s") is None


def test_it_is_asked_once_an_hour_and_as_soon_as_a_file_came(
    space: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[float] = []
    seconds = [100.0]
    monkeypatch.setattr(working.retraining, "train_if_advised", lambda _: asked.append(seconds[0]))
    rounds = Round(Session(space, Actor.FOLDER), wanted(tmp_path / "p"), clock=lambda: seconds[0])
    for now in (100.0, 102.0, 3_699.0, 3_700.0):
        seconds[0] = now
        rounds.once()
    assert asked == [100.0, 3_700.0]
    (tmp_path / "p" / "x.csv").write_bytes(b"")
    (tmp_path / "p" / "x.csv.pronto").touch()
    seconds[0] = 3_702.0
    assert len(rounds.once()) == 1 and asked == [100.0, 3_700.0, 3_702.0]
