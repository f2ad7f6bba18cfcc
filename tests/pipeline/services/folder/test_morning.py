"""The morning: an agenda that is dropped into the folder at 06:50 is a list at 07:00, untouched by hands."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline import services
from pipeline.presentation.sentences import today_words
from pipeline.products.no_show import PRODUCT
from pipeline.records.folder import FolderSettings, FolderState
from pipeline.services import Workspace, catalog
from pipeline.services.clock import ZONE
from pipeline.services.data import folder_log, series
from pipeline.services.folder.working import Round
from pipeline.services.pages import call_queue, today
from pipeline.services.session import Actor, Session
from tests.toy.house import TODAY, move_in, own_clinic

DAY = dt.date.fromisoformat(TODAY)


@dataclass
class Hands:
    """A clock that only the test moves."""

    seconds: float = 0.0

    def clock(self) -> float:
        """Seconds since the beginning, which is 06:49."""
        return self.seconds

    def now(self) -> dt.datetime:
        """The time of day."""
        return dt.datetime.combine(DAY, dt.time(6, 49), ZONE) + dt.timedelta(seconds=self.seconds)

    def until(self, hour: int, minute: int) -> None:
        """Moves on."""
        self.seconds = 60.0 * (60 * (hour - 6) + minute - 49)


@pytest.fixture
def clinic(missed_home: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """A clinic with a file of its own and the model that learnt from it."""
    samples, filled = missed_home
    shutil.copytree(filled, tmp_path / "home")
    monkeypatch.setenv("PRESENCA_HOME", str(tmp_path / "home"))
    move_in(monkeypatch, samples, PRODUCT)
    space = services.open_workspace()
    own_clinic(space, PRODUCT.key, "Clínica")
    yield space
    space.close()


def test_an_agenda_of_ten_to_seven_is_a_list_at_seven(clinic: Workspace, tmp_path: Path) -> None:
    hands, folder = Hands(), tmp_path / "pasta"
    folder.mkdir()
    session = Session(clinic, Actor.FOLDER, now=hands.now)
    person = Session(clinic, now=hands.now)
    folder_log.set_settings(person, FolderSettings(str(folder), is_on=True))
    rounds = Round(session, clock=hands.clock)
    assert rounds.once() == []

    hands.until(6, 50)
    future = catalog.sample_file(PRODUCT.key, "future")
    assert future is not None
    (folder / "agenda.csv.part").write_bytes(b"half")
    shutil.copy(future, folder / "agenda.csv")
    assert rounds.once() == []  # it may still be growing
    hands.seconds += 5
    assert rounds.once() == []
    hands.seconds += 6
    (file,) = rounds.once()

    assert file.state is FolderState.TAKEN and file.to_call is not None and file.to_call > 0, file
    own = series.known(person, file.series)
    assert own is not None and own.name == "Clínica"
    assert sorted(p.name for p in folder.iterdir()) == ["agenda.csv.part", "lidos", "saida"]
    assert [p.name for p in (folder / "lidos" / "2026-11").iterdir()] == ["agenda.csv"]
    written = sorted(p.name for p in (folder / "saida").iterdir())
    assert written == [f"2026-11-23 agenda {name}" for name in ("lista.csv", "lista.xlsx", "relatório.html")]

    hands.until(7, 0)
    found = today.today(person, file.series)
    assert found.calls is not None and found.calls.left > 0 and not today_words.wants_list(found, PRODUCT)
    said = today_words.changes(found, PRODUCT)[0].replace("\u00a0", " ")
    assert said.startswith("agenda.csv chegou pela pasta às 06:50: 120 agendamentos, lista pronta: ")
    queue = call_queue.queue(person, file.series)
    assert queue is not None and queue.made.dataset_id == file.dataset_id
    shutil.copy(future, folder / "agenda.csv")  # once more: read once
    for _ in range(2):
        assert rounds.once() == []
        hands.seconds += 11
    assert rounds.once() == [] and len(list((folder / "lidos" / "2026-11").iterdir())) == 2
    assert len(clinic.call_lists(file.series)) == 1
