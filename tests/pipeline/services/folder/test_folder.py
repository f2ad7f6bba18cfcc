"""The folder, with a product of the tests: what is whole, what is refused and why, and a kill at every step."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pipeline import atomic
from pipeline.errors import PresencaError, WorkspaceError
from pipeline.ingestion.reading.raw_table import RawTable
from pipeline.presentation.locale import messages
from pipeline.presentation.sentences import folder_words
from pipeline.records.folder import FolderFile, FolderSettings, FolderState
from pipeline.services import Workspace, catalog
from pipeline.services.data import datasets, folder_log, reading
from pipeline.services.folder import places, taking
from pipeline.services.folder.looking import Watch
from pipeline.services.folder.places import Still
from pipeline.services.leasing import Lease
from pipeline.services.session import Actor, Session
from pipeline.workspace.engine.database import Database
from pipeline.workspace.storage import atomic_files
from tests.toy.products import GUESTBOOK, LIBRARY

KEY = bytes(range(32))
HEADER = "Carteirinha;Retirada;Prazo de devolução;Devolução;Estante\n"


class Killed(BaseException):
    """The process ends here."""


@dataclass
class Clock:
    """Seconds that the test moves."""

    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture(autouse=True)
def _products(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESENCA_TODAY", "2026-11-23")
    monkeypatch.setattr(catalog, "all_products", lambda: (LIBRARY, GUESTBOOK))


@pytest.fixture
def space(tmp_path: Path) -> Iterator[Workspace]:
    workspace = Workspace(tmp_path / "home")
    yield workspace
    workspace.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "pasta"
    made.mkdir()
    return made


def loans(first: int, count: int = 30) -> bytes:
    """A file of loans whose cards begin at `first`."""
    rows = (
        f"L{first + n:04d};01/09/2026;{n % 28 + 1:02d}/10/2026;{'Atrasado' if n % 3 else 'No prazo'};Poesia\n"
        for n in range(count)
    )
    return (HEADER + "".join(rows)).encode()


def watch(space: Workspace, folder: Path, **more: Any) -> tuple[Watch, Clock]:
    clock = Clock()
    wanted = folder_log.checked(space.home, FolderSettings(str(folder), is_on=True, **more))
    return Watch(Session(space, Actor.FOLDER), wanted, clock), clock


def judged(space: Workspace, folder: Path, **more: Any) -> list[FolderFile]:
    """What becomes of all that lies there, once it has stood still."""
    watcher, clock = watch(space, folder, **more)
    assert watcher.look() == []
    clock.seconds += 11
    return watcher.look()


def there(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_file_is_whole_once_it_stands_still_or_is_marked(folder: Path) -> None:
    clock = Clock()
    still = Still(10, clock)
    path = folder / "a.csv"
    path.write_bytes(b"1")
    for name in ("~$a.xlsx", ".a.csv", "b.csv.part", "c.TMP"):
        (folder / name).write_bytes(b"1")
    (folder / "link.csv").symlink_to(path)
    (folder / "sub").mkdir()
    assert still.whole(folder) == [] and still.names == ("a.csv",)
    clock.seconds = 9
    path.write_bytes(b"12")  # it grew
    assert still.whole(folder) == []
    clock.seconds = 18
    assert still.whole(folder) == []
    clock.seconds = 19
    assert still.whole(folder) == ["a.csv"]
    (folder / "d.csv").write_bytes(b"1")
    mark = folder / "d.csv.pronto"
    mark.touch()
    os.utime(mark, ns=(0, 0))  # of another file of that name
    assert still.whole(folder) == ["a.csv"]
    os.utime(mark)
    assert still.whole(folder) == ["a.csv", "d.csv"]
    places.to_read(folder, "d.csv", "2026-11")
    assert not mark.exists() and (folder / "lidos/2026-11/d.csv").exists()


def test_the_first_file_begins_a_series_and_the_next_one_continues_it(space: Workspace, folder: Path) -> None:
    (folder / "Biblioteca setembro.csv").write_bytes(loans(0))
    (first,) = judged(space, folder)
    (folder / "Biblioteca outubro.csv").write_bytes(loans(5))
    (second,) = judged(space, folder)
    assert first.state is second.state is FolderState.TAKEN and first.series == second.series
    assert there(folder) == [
        "lidos/2026-11/Biblioteca outubro.csv",
        "lidos/2026-11/Biblioteca setembro.csv",
        "saida/2026-11-23 Biblioteca outubro relatório.html",
        "saida/2026-11-23 Biblioteca setembro relatório.html",
    ]
    assert [one.dataset_id for one in folder_log.files(space)] == [second.dataset_id, first.dataset_id]
    assert "outubro.csv chegou pela pasta" in folder_words.line(second)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"a;b\n1;2\n", "folder.which_product"),
        (b"", None),
        (b"\x00\x01\x02" * 50, None),
        (loans(900), "folder.which_series"),  # nobody whom the series knows
    ],
)
def test_what_cannot_be_used_is_set_aside_with_why(
    space: Workspace, folder: Path, content: bytes, code: str | None
) -> None:
    datasets.keep(space, LIBRARY.key, loans(0), "Biblioteca.csv")
    (folder / "x.csv").write_bytes(content)
    (file,) = judged(space, folder)
    assert file.state is FolderState.REFUSED and file.note is not None and code in (None, file.note.code)
    assert there(folder) == ["recusados/x.csv", "recusados/x.csv.html", "recusados/x.csv.txt"]
    told = (folder / "recusados/x.csv.txt").read_text("utf-8-sig").strip()
    assert len(told) > 20 and escape(messages.say(file.note)) in (folder / "recusados/x.csv.html").read_text("utf-8")
    assert len(datasets.datasets(space, LIBRARY.key)) == 1
    (folder / "x.csv").write_bytes(loans(3))  # the same name, mended
    assert [one.state for one in judged(space, folder)] == [FolderState.TAKEN]


def test_a_file_of_another_product_is_not_read_as_this_one(space: Workspace, folder: Path) -> None:
    (folder / "x.csv").write_bytes(loans(0))
    (file,) = judged(space, folder, product=GUESTBOOK.key)
    assert file.note is not None and file.note.code == "folder.other_product"


def test_a_file_that_is_locked_is_tried_again_and_told_of_once(
    space: Workspace, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "x.csv").write_bytes(loans(0))
    watcher, clock = watch(space, folder)
    watcher.look()
    clock.seconds = 11
    with monkeypatch.context() as patch:
        patch.setattr(places.os, "open", lambda *_: (_ for _ in ()).throw(PermissionError("locked")))
        (file,) = watcher.look()
    assert file.state is FolderState.LATER and watcher.look() == [] and there(folder) == ["x.csv"]
    assert "ainda não pôde ser lido" in folder_words.line(folder_log.files(space)[0])
    clock.seconds = 72
    (file,) = watcher.look()
    assert file.state is FolderState.TAKEN and [one.state for one in folder_log.files(space)] == [FolderState.TAKEN]


def test_what_nobody_foresaw_stops_no_other_file(
    space: Workspace, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a.csv").write_bytes(loans(0))
    (folder / "b.csv").write_bytes(loans(2))
    kept = taking._kept

    def fails(session: Session, declared: Any, raw: RawTable) -> Any:
        if raw.file_name == "a.csv":
            raise ZeroDivisionError
        return kept(session, declared, raw)

    monkeypatch.setattr(taking, "_kept", fails)
    assert sorted(one.state for one in judged(space, folder)) == [FolderState.REFUSED, FolderState.TAKEN]


@contextmanager
def killed_at(step: int) -> Iterator[list[int]]:
    """The `step`-th write (of the records, of a file, a move out of the folder) does not happen."""
    count = [0]

    def counted() -> None:
        count[0] += 1
        if count[0] == step:
            raise Killed

    def before(real: Any) -> Any:
        def instead(*args: Any, **more: Any) -> Any:
            counted()
            return real(*args, **more)

        return instead

    with pytest.MonkeyPatch.context() as patch:
        for owner, name in (
            (Database, "write"),
            (atomic_files, "put"),
            (atomic, "write"),
            (atomic, "settle_folder"),
            (Path, "rename"),
        ):
            patch.setattr(owner, name, before(getattr(owner, name)))
        yield count


@pytest.mark.parametrize(
    ("good", "every"),
    [
        pytest.param(True, 1, id="taken", marks=pytest.mark.slow),
        pytest.param(False, 1, id="refused", marks=pytest.mark.slow),
        pytest.param(True, 15, id="taken, some"),
        pytest.param(False, 5, id="refused, some"),
    ],
)
def test_killed_at_each_step_nothing_is_lost_and_nothing_is_read_twice(
    tmp_path: Path, good: bool, every: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    once = cache(reading.read)  # in a process of its own each time: what is killed is not the reading
    monkeypatch.setattr(taking, "read", once)
    step, was_killed = 1 - every, True
    while was_killed:
        step += every
        folder, space = tmp_path / f"p{step}", Workspace(tmp_path / f"h{step}", KEY)
        folder.mkdir()
        content = loans(0) if good else b"a;b\n1;2\n"
        (folder / "x.csv").write_bytes(content)
        watcher, clock = watch(space, folder)
        watcher.look()
        clock.seconds = 11
        was_killed = False
        try:
            with killed_at(step):
                watcher.look()
        except Killed:
            was_killed = True
        copies = [path for path in folder.rglob("x.csv") if path.read_bytes() == content]
        assert len(copies) == 1, f"lost at {step}"
        space.close()
        again = Workspace(tmp_path / f"h{step}", KEY)
        judged(again, folder)
        kept = datasets.datasets(again, LIBRARY.key)
        assert len(kept) == int(good) and len(again.series(LIBRARY.key)) == int(good), step
        place = "lidos/2026-11" if good else "recusados"
        assert [path.name for path in folder.glob("*.csv")] == []
        assert [path.name for path in (folder / place).glob("*.csv")] == ["x.csv"], step
        assert [one.state for one in folder_log.files(again)] == [FolderState.TAKEN if good else FolderState.REFUSED], (
            step
        )
        again.close()
    assert step > 8, "the steps are no longer counted"


def test_a_folder_is_set_only_where_it_can_be_watched(space: Workspace, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(folder)
    inside = space.home / "pasta"
    inside.mkdir()
    for told, code in (
        ("", "folder.not_there"),
        ("pasta", "folder.not_there"),
        (str(tmp_path / "nada"), "folder.not_there"),
        (str(tmp_path / "link"), "folder.not_there"),
        (str(inside), "folder.of_workspace"),
        (str(tmp_path), "folder.of_workspace"),
        ("/", "folder.of_workspace"),
    ):
        with pytest.raises(PresencaError) as caught:
            folder_log.set_settings(space, FolderSettings(told, is_on=True))
        assert caught.value.note.code == code, told
    for more, code in (
        ({"out": str(folder)}, "folder.same"),
        ({"out": str(folder / "lidos")}, "folder.same"),
        ({"product": "nada"}, "folder.no_product"),
        ({"seconds": 0}, "folder.seconds"),
    ):
        (folder / "lidos").mkdir(exist_ok=True)
        with pytest.raises(PresencaError) as caught:
            folder_log.set_settings(space, FolderSettings(str(folder), is_on=True, **more))  # type: ignore[arg-type]
        assert caught.value.note.code == code, more
    (folder / "saida").symlink_to(tmp_path)
    with pytest.raises(PresencaError):
        folder_log.set_settings(space, FolderSettings(str(folder), is_on=True))
    assert not folder_log.settings(space).is_on


def test_a_marked_file_is_read_at_the_first_look_and_its_mark_goes_with_it(space: Workspace, folder: Path) -> None:
    (folder / "x.csv").write_bytes(b"a;b\n1;2\n")
    (folder / "x.csv.pronto").touch()
    (folder / "y.csv").write_bytes(b"a;b\n")  # without a mark: it may still be growing
    watcher, _ = watch(space, folder)
    assert [one.name for one in watcher.look()] == ["x.csv"]
    assert there(folder) == ["recusados/x.csv", "recusados/x.csv.html", "recusados/x.csv.txt", "y.csv"]


def test_one_process_looks_at_a_time(space: Workspace, folder: Path) -> None:
    (folder / "x.csv").write_bytes(b"a;b\n1;2\n")
    (folder / "x.csv.pronto").touch()
    watcher, _ = watch(space, folder)
    other = Lease(space, "folder")
    assert other.take()
    with other.kept():
        assert watcher.look() == [] and "x.csv" in there(folder)
    assert [one.name for one in watcher.look()] == ["x.csv"]


def test_a_file_is_read_once_a_day_and_the_next_day_is_that_days(
    space: Workspace, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[str] = []

    def take(session: Session, whole: places.Whole, _: FolderSettings) -> taking.Judged:
        taken.append(whole.name)
        at = session.now().isoformat(timespec="seconds")
        return taking.Judged(FolderFile(whole.name, whole.sha256, at, FolderState.TAKEN))

    monkeypatch.setattr(taking, "take", take)
    for day, so_far in (("2026-11-23", 1), ("2026-11-23", 1), ("2026-11-24", 2)):
        monkeypatch.setenv("PRESENCA_TODAY", day)
        (folder / "agenda.csv").write_bytes(b"same")
        judged(space, folder)
        assert len(taken) == so_far, day
    assert len(folder_log.files(space)) == 1
    assert len(there(folder)) == 3 and not list(folder.glob("*.csv"))


@pytest.mark.parametrize("knows", [True, False])
def test_a_model_that_does_not_know_the_file_makes_no_list(
    space: Workspace, monkeypatch: pytest.MonkeyPatch, knows: bool
) -> None:
    info = SimpleNamespace(id="d", series="s")
    scored = SimpleNamespace(looks_back=False)
    monkeypatch.setattr(taking.agenda, "candidates", lambda *_: (info,))
    monkeypatch.setattr(taking.list_job, "made_or_begun", lambda *_: scored)
    monkeypatch.setattr(taking.models, "suited", lambda *_: SimpleNamespace(id="m", series="s"))
    monkeypatch.setattr(taking.fit, "judge", lambda *_: SimpleNamespace(knows=knows))
    if knows:
        assert taking._scored(Session(space), LIBRARY, info) is scored  # type: ignore[arg-type]
        return
    with pytest.raises(PresencaError) as caught:
        taking._scored(Session(space), LIBRARY, info)  # type: ignore[arg-type]
    assert caught.value.note.code == "folder.stranger_model"


def test_a_link_in_the_out_folder_is_replaced_and_not_followed(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_bytes(b"mine")
    (folder / "list.csv").symlink_to(other)
    places.write(folder, "list.csv", b"new")
    assert other.read_bytes() == b"mine" and not (folder / "list.csv").is_symlink()


def test_a_full_disk_leaves_the_file_where_it_is(
    space: Workspace, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> Any:
        raise WorkspaceError("records.disk_full")

    monkeypatch.setattr(taking, "_kept", full)
    (folder / "x.csv").write_bytes(loans(0))
    assert [one.state for one in judged(space, folder)] == [FolderState.LATER] and there(folder) == ["x.csv"]


def test_the_log_tells_of_a_series_and_of_what_may_be_of_it(space: Workspace) -> None:
    told = [
        FolderFile("a.csv", "1", "2026-11-23T06:50:00-03:00", FolderState.TAKEN, "p", "one"),
        FolderFile("b.csv", "2", "2026-11-23T06:51:00-03:00", FolderState.TAKEN, "p", "two"),
        FolderFile("c.csv", "3", "2026-11-23T06:52:00-03:00", FolderState.REFUSED),
        FolderFile("d.csv", "4", "2026-11-20T06:52:00-03:00", FolderState.TAKEN, "p", "one"),
    ]
    for one in told:
        folder_log.note_file(space, one)
    moment = dt.datetime.fromisoformat("2026-11-22T00:00:00-03:00")
    assert [one.name for one in folder_log.since(space, "p", "one", moment)] == ["c.csv", "a.csv"]
