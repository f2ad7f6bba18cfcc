"""Erasing on a full disk, erasing cut short, and reading while another process erases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import WorkspaceError
from pipeline.workspace.engine.database import Database
from pipeline.workspace.storage import atomic_files
from pipeline.workspace.store import Workspace
from tests import stores
from tests.pipeline.workspace import made
from tests.refusals import refused


@pytest.fixture
def fill(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """A disk with no room for a record as long as a file or a file of a folder is there."""
    write = Database.write

    def begin(there: Path) -> None:
        @contextmanager
        def no_room(self: Database) -> Iterator[Any]:
            if there.is_file() or (there.is_dir() and any(there.iterdir())):
                raise WorkspaceError("records.disk_full")
            with write(self) as connection:
                yield connection

        monkeypatch.setattr(Database, "write", no_room)

    return begin


def test_a_full_disk_does_not_keep_what_is_to_go(tmp_path: Path, fill: Callable[[Path], None]) -> None:
    space = made.workspace(tmp_path)
    info = made.add(space)
    model = made.add_model(space, info.id)
    fill(space.bundle_file(model))
    space.delete_model(model)
    assert space.models() == () and not list((space.home / "models").iterdir())
    fill(space.dataset_folder(info.id))
    space.delete_dataset(info.id)
    assert space.datasets() == () and not list((space.home / "datasets").iterdir())


@stores.IN_THE_FOLDER
def test_a_deletion_whose_files_went_first_is_ended_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    space = made.workspace(tmp_path)
    info, other = made.add(space), made.add(space, sha256="b" * 64)

    @contextmanager
    def full(self: Database) -> Iterator[Any]:
        raise WorkspaceError("records.disk_full")
        yield

    with monkeypatch.context() as patched:
        patched.setattr(Database, "write", full)
        with refused(WorkspaceError, match="disco está cheio"):
            space.delete_dataset(info.id)
    assert not space.dataset_folder(info.id).exists()
    again = made.workspace(tmp_path)
    assert [d.id for d in again.datasets()] == [other.id] == [p.name for p in (again.home / "datasets").iterdir()]


def test_a_refusal_that_is_not_of_a_full_disk_erases_nothing(tmp_path: Path) -> None:
    def busy() -> None:
        raise WorkspaceError("records.busy")

    with pytest.raises(WorkspaceError):
        atomic_files.erasing(busy, lambda: pytest.fail("erased"))


@stores.IN_THE_FOLDER
@pytest.mark.parametrize("step", ["sheet", "recipe", "record"])
def test_an_erasure_that_was_cut_short_is_told_as_one_and_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Killed before each of its steps: until the sheet is gone it is kept and can be read; from then on it is not."""
    space = made.workspace(tmp_path)
    info = made.add(space)
    with monkeypatch.context() as patched:
        _killed_before(step, patched)
        with pytest.raises(KeyboardInterrupt):
            space.erase_raw(info.id)
    again = made.workspace(tmp_path)
    kept = step == "sheet"
    for told in (again.dataset(info.id), *again.datasets()):
        assert (told.vault_until is not None) == kept == (again.raw(info.id) is not None)
    assert again.end_erasures() == (() if kept else (info.id,)) and again.end_erasures() == ()
    assert bool(list(space.home.rglob("*.sealed"))) == kept


def _killed_before(step: str, patched: pytest.MonkeyPatch) -> None:
    remove, left = atomic_files.remove, {"sheet": 0, "recipe": 1, "record": 2}[step]

    def removed(path: Path) -> None:
        nonlocal left
        if not left:
            raise KeyboardInterrupt
        left -= 1
        remove(path)

    patched.setattr(atomic_files, "remove", removed)
    if step == "record":
        patched.setattr(Database, "write", lambda self: (_ for _ in ()).throw(KeyboardInterrupt))


def test_reading_what_another_process_erases_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between finding the record and reading on, the other one was faster."""
    space, other = made.workspace(tmp_path), made.workspace(tmp_path)
    readers: tuple[Callable[[Workspace, str], object], ...] = (
        Workspace.report, Workspace.rows, Workspace.faults, Workspace.recipe, Workspace.mapping, Workspace.left_out,
        Workspace.sense_whole, Workspace.revision,
    )  # fmt: skip
    for number, read in enumerate(readers):
        info = made.add(space, sha256=f"{number:064x}")
        found = space.dataset(info.id)
        other.delete_dataset(info.id)
        with monkeypatch.context() as patched:
            patched.setattr(Workspace, "dataset", lambda _self, _id, found=found: found)
            with refused(WorkspaceError, match="não existe mais|não está mais lá"):
                read(space, info.id)


@stores.IN_THE_FOLDER
def test_a_report_that_was_cut_short_is_a_sentence(tmp_path: Path) -> None:
    space = made.workspace(tmp_path)
    info = made.add(space)
    report = space.dataset_folder(info.id) / "report.json"
    report.write_bytes(report.read_bytes()[:20])
    with refused(WorkspaceError, match="relatório guardado.*danificado"):
        space.report(info.id)
