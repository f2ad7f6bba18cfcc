"""The thread of a server that watches the folder: as it is set in the app, through what fails, until it is stopped."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline.api import mounting
from pipeline.errors import NotEnoughData
from pipeline.records.folder import FolderFile, FolderSettings, FolderState
from pipeline.services import Workspace, workers
from pipeline.services.data import folder_log
from pipeline.services.folder import looking, taking, working
from pipeline.services.folder.places import Whole
from pipeline.services.session import Session


@pytest.fixture
def space(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """A workspace in which files are taken without being read: that is tried elsewhere."""

    def take(session: Session, whole: Whole, _: FolderSettings) -> taking.Judged:
        at = session.now().isoformat(timespec="seconds")
        return taking.Judged(FolderFile(whole.name, whole.sha256, at, FolderState.TAKEN))

    monkeypatch.setattr(taking, "take", take)
    monkeypatch.setattr(working, "LOOKS_EVERY", 0.01)
    monkeypatch.setattr(workers, "_LATER", 0.01)
    workspace = Workspace(tmp_path / "home")
    yield workspace
    workspace.close()


def until(done: Callable[[], object]) -> None:
    """Waits for what another thread does."""
    last = time.monotonic() + 20
    while not done():
        assert time.monotonic() < last, "nobody did it"
        time.sleep(0.01)


def drop(folder: Path, name: str) -> None:
    """A file and the mark that it is whole."""
    (folder / name).write_bytes(name.encode())
    (folder / f"{name}.pronto").touch()


def watchers() -> set[threading.Thread]:
    """Threads that watch."""
    return {one for one in threading.enumerate() if one.name == looking.NAME}


def test_a_server_watches_the_folder_that_is_set_while_it_runs(
    space: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, looks, settings = tmp_path / "pasta", [], folder_log.settings
    folder.mkdir()
    drop(folder, "a.csv")

    def noted(session: Session) -> FolderSettings:
        looks.append(settings(session))
        return looks[-1]

    async def looked(as_set: bool) -> None:
        """Waits for a look that has begun since, as the folder is set, and has ended: the next one has begun, too."""
        before = len(looks)
        await asyncio.to_thread(until, lambda: [one.is_on for one in looks[before:]].count(as_set) > 1)

    monkeypatch.setattr(folder_log, "settings", noted)
    others = watchers()  # of a server of another test that is still ending

    async def served() -> None:
        async with mounting.reading(lambda: space):
            assert len(watchers() - others) == 1
            await looked(False)
            assert (folder / "a.csv").exists(), "no folder is set"
            folder_log.set_settings(space, FolderSettings(str(folder), is_on=True))
            await asyncio.to_thread(until, lambda: folder_log.files(space))
            folder_log.set_settings(space, FolderSettings(str(folder)))
            await looked(False)
            drop(folder, "b.csv")
            await looked(False)

    asyncio.run(served())
    assert not watchers() - others and not (folder / "a.csv").exists() and (folder / "b.csv").exists()


def test_a_share_that_is_away_ends_no_watch(space: Workspace, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder, away = tmp_path / "pasta", tmp_path / "fora"
    folder.mkdir()
    folder_log.set_settings(space, FolderSettings(str(folder), is_on=True))
    folder.rename(away)
    worker = working.start(lambda: space)
    until(lambda: "folder: PresencaError" in caplog.text)
    away.rename(folder)
    drop(folder, "Ana Souza.csv")
    until(lambda: folder_log.files(space))
    worker.stop()
    assert "Ana" not in caplog.text and str(folder) not in caplog.text


def test_once_ends_when_all_that_lies_there_was_judged(space: Workspace, tmp_path: Path) -> None:
    folder, seconds = tmp_path / "pasta", [0.0]
    folder.mkdir()

    def sleep(wanted: float) -> None:
        seconds[0] += wanted

    settings = FolderSettings(str(folder), is_on=True)
    rounds = working.Round(Session(space), settings, lambda: seconds[0], sleep)
    assert list(rounds.settled()) == [[]] and seconds == [0.0]
    drop(folder, "a.csv")
    (folder / "b.csv").write_bytes(b"b")
    told = [[one.name for one in found] for found in rounds.settled()]
    assert told == [["a.csv"], ["b.csv"]] and seconds == [10.0]


def test_training_that_fails_keeps_no_file_from_being_told_of(
    space: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: Session) -> None:
        raise NotEnoughData("level.few_rows")

    monkeypatch.setattr(working.retraining, "train_if_advised", fails)
    folder = tmp_path / "pasta"
    folder.mkdir()
    drop(folder, "a.csv")
    assert len(working.Round(Session(space), FolderSettings(str(folder), is_on=True)).once()) == 1
