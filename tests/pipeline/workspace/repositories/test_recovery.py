"""A database that was lost, emptied or restored from an older copy loses nothing of what the folder holds."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from pipeline.errors import LostRecords, WorkspaceError
from pipeline.workspace.storage import sidecars
from pipeline.workspace.store import Workspace
from tests import stores
from tests.pipeline.workspace import made
from tests.refusals import refused


def settle(home: Path) -> None:
    """As if everything had been written long ago."""
    for path in home.rglob("*"):
        os.utime(path, (1.0, 1.0))


def filled(folder: Path) -> Workspace:
    """Two data sets of a series, two models, one of them in use."""
    space = made.workspace(folder)
    series = space.add_series("toy", "Clínica A")
    one = made.add(space, series=series.id, mapping_json='{"a": 1}')
    made.add(space, sha256="b" * 64, series=series.id)
    space.first_model(series.id, made.add_model(space, one.id))
    made.add_model(space, None, b"another")
    return space


def facts(space: Workspace) -> object:
    return (
        space.datasets(),
        space.models(),
        space.series(),
        [space.mapping(d.id) for d in space.datasets()],
        [space.rows(d.id).to_csv() for d in space.datasets()],
        [space.raw(d.id) for d in space.datasets()],
        [space.bundle_path(m.id).read_bytes() for m in space.models()],
    )


def delete(path: Path) -> None:
    made.lose_records(path.parent)


def truncate(path: Path) -> None:
    path.write_bytes(b"")


def empty(path: Path) -> None:
    with made.records(path.parent) as records:
        for name in ("datasets", "models", "series"):
            records.execute(f"DELETE FROM {name}")


def delete_only_the_file(path: Path) -> None:
    path.unlink()


@stores.IN_THE_FOLDER
@pytest.mark.parametrize(
    "lose",
    [
        delete,
        pytest.param(truncate, marks=made.IN_A_FILE),
        empty,
        pytest.param(delete_only_the_file, marks=made.IN_A_FILE),
    ],
)
def test_lost_records_over_full_folders_are_refused_and_made_again(
    tmp_path: Path, lose: Callable[[Path], None]
) -> None:
    space = filled(tmp_path)
    before = facts(space)
    space.keep_records()
    space.close()
    settle(space.home)
    lose(space.home / "presenca.sqlite")
    for _ in range(2):  # the refusal changes nothing
        with refused(LostRecords, match="2 conjuntos de dados e 2 modelos.*pipeline recover"):
            made.workspace(tmp_path)
    again = Workspace(space.home, key=made.KEY, recovering=True)
    again.shelve()
    taken = again.shelved()
    assert [item.kind for item in taken] == ["datasets", "datasets", "models", "models"] and again.datasets() == ()
    for item in taken:
        record = sidecars.read(item.record)
        assert record is not None
        again.take_back(item, record)
    assert sorted(map(repr, again.datasets())) == sorted(map(repr, before[0])) and set(again.models()) == set(before[1])  # type: ignore[index]
    assert again.series() == before[2] and not (space.home / "set_aside").exists()  # type: ignore[index]
    again.close()
    assert len(made.workspace(tmp_path).datasets()) == 2


@stores.IN_THE_FOLDER
def test_what_an_older_database_does_not_know_is_put_aside_and_comes_back(tmp_path: Path) -> None:
    space = made.workspace(tmp_path)
    first = made.add(space)
    space.close()
    put_back = made.older_records(made.workspace(tmp_path), tmp_path / "yesterday")
    space = made.workspace(tmp_path)
    second = made.add(space, sha256="b" * 64)
    model = made.add_model(space, second.id)
    space.save_past_risks(model, second.id, pd.DataFrame({"risk": [0.5]}))
    space.close()
    settle(space.home)
    put_back()

    space = made.workspace(tmp_path)
    assert space.datasets() == (first,) and space.models() == ()
    assert {(i.kind, i.id) for i in space.shelved()} == {("datasets", second.id), ("models", model)}
    for item in space.shelved():
        space.take_back(item, sidecars.read(item.record) or {})
    assert space.datasets() == (second, first) and space.model(model).dataset_id == second.id and space.shelved() == ()
    assert len(space.rows(second.id)) == 6 and space.past_risks(model, second.id) is None
    assert not [p for p in space.dataset_folder(second.id).iterdir() if p.is_dir()]


def test_what_is_just_being_saved_is_not_put_aside(tmp_path: Path) -> None:
    space = made.workspace(tmp_path)
    made.add(space)
    (space.home / "datasets" / "0123456789ab").mkdir()
    assert made.workspace(tmp_path).shelved() == () and (space.home / "datasets" / "0123456789ab").exists()


def shelf_of_one(tmp_path: Path, **other: object) -> Workspace:
    """A workspace that knows one data set and has another aside."""
    space = made.workspace(tmp_path)
    made.add(space)
    gone = made.add(space, sha256="b" * 64, **other)
    with space.database.write() as connection:
        connection.exec_driver_sql(f"DELETE FROM datasets WHERE id = '{gone.id}'")
    settle(space.home)
    return made.workspace(tmp_path)


@stores.IN_THE_FOLDER
def test_the_same_file_sent_meanwhile_stays_aside(tmp_path: Path) -> None:
    space = shelf_of_one(tmp_path)
    (item,) = space.shelved()
    made.add(space, sha256="b" * 64)
    with refused(WorkspaceError, match="já está guardado"):
        space.take_back(item, sidecars.read(item.record) or {})
    assert len(space.datasets()) == 2 and [i.id for i in space.shelved()] == [item.id]
    space.erase_shelved(space.shelved()[0])
    assert item.id not in "".join(map(str, space.home.rglob("*")))


@stores.IN_THE_FOLDER
def test_another_key_says_so_and_changes_nothing(tmp_path: Path) -> None:
    space = filled(tmp_path)
    settle(space.home)
    delete(space.home / "presenca.sqlite")
    other = Workspace(space.home, key=made.OTHER_KEY, recovering=True)
    other.shelve()
    for item in other.shelved():
        for forget in (False, True):  # as its record says, and as its sealed files say
            if forget and item.kind == "datasets":
                item.record.unlink()
            if not forget or item.kind == "datasets":
                with refused(WorkspaceError, match="outra chave"):
                    other.check_key(item)


@stores.IN_THE_FOLDER
def test_what_lies_aside_loses_its_original_on_the_same_day(tmp_path: Path) -> None:
    space = shelf_of_one(tmp_path)
    (item,) = space.shelved()
    until = str((sidecars.read(item.record) or {})["row"]["vault_until"])
    space.expire_shelved(until)
    assert (item.path / "raw.sealed").exists()
    space.expire_shelved("2027-01-01")
    assert not list(item.path.rglob("*.sealed"))
    space.take_back(item, sidecars.read(item.record) or {})
    assert space.dataset(item.id).vault_until is None and space.raw(item.id) is None


@stores.IN_THE_FOLDER
def test_a_deletion_cut_short_is_not_undone_by_a_lost_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    space = filled(tmp_path)
    data, model = space.datasets()[0], space.models()[0]

    def crash(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    for target, delete_it in (
        ("shutil.rmtree", lambda: space.delete_dataset(data.id)),
        ("pipeline.workspace.storage.shelf.delete_bundle", lambda: space.delete_model(model.id)),
    ):
        with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
            patched.setattr(target, crash)
            delete_it()
    settle(space.home)
    empty(space.home / "presenca.sqlite")
    again = Workspace(space.home, key=made.KEY, recovering=True)
    again.shelve()
    held = {item.id for item in again.shelved()}
    assert data.id not in held and model.id not in held and len(held) == 2
    assert (
        data.id not in "".join(map(str, again.home.rglob("*")))
        and not (again.home / "models" / f"{model.id}.zip").exists()
    )


def test_a_model_whose_deletion_had_not_begun_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    space = filled(tmp_path)
    model = space.models()[0]
    (space.home / "models" / f"{model.id}.deleting").write_bytes(b"")
    again = made.workspace(tmp_path)
    assert (
        again.model(model.id) == model
        and again.bundle_path(model.id).exists()
        and not list((again.home / "models").glob("*.deleting"))
    )


@stores.IN_THE_FOLDER
def test_records_whose_files_are_gone_are_named(tmp_path: Path) -> None:
    space = filled(tmp_path)
    data, model = space.datasets()[0], space.models()[0]
    shutil.rmtree(space.dataset_folder(data.id))
    space.bundle_path(model.id).unlink()
    space = made.workspace(tmp_path)
    assert space.lost_files() == ((data.id,), (model.id,))
    for ask in (space.rows, space.report, space.left_out):
        with refused(WorkspaceError, match="não está mais lá"):
            ask(data.id)
    space.delete_dataset(data.id)
    space.delete_model(model.id)
    assert space.lost_files() == ((), ())
