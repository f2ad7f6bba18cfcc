"""Files in a store of objects: sent before the record, fetched whole, erased everywhere, and nothing in between."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa

from pipeline.errors import WorkspaceError
from pipeline.workspace.engine.blob_tables import BLOBS
from pipeline.workspace.storage import atomic_files, columns, frames, object_store, stored_files
from pipeline.workspace.storage.object_store import ObjectStore
from pipeline.workspace.storage.stored_files import StoredFiles
from pipeline.workspace.store import Workspace
from tests import stores
from tests.pipeline.workspace import made
from tests.refusals import refused


@pytest.fixture
def bucket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "bucket"
    monkeypatch.setenv("PRESENCA_STORE", f"file://{folder}/clinic")
    return folder


@pytest.fixture
def space(bucket: Path, tmp_path: Path) -> Iterator[Workspace]:
    with contextlib.closing(made.workspace(tmp_path)) as opened:
        yield opened


def objects(bucket: Path) -> list[str]:
    above = bucket / "clinic"
    return sorted(p.relative_to(above).as_posix() for p in above.rglob("*") if p.is_file() and p.name != "records.id")


def other(space: Workspace, tmp_path: Path) -> StoredFiles:
    """The cache of another server of the same records."""
    home = atomic_files.private_folder(tmp_path / "other")
    staging = atomic_files.private_folder(home / "tmp")
    assert isinstance(space.blobs, StoredFiles)
    return StoredFiles(home, staging, space.database, space.blobs.store)


def cached(files: StoredFiles) -> dict[str, bytes]:
    found = (p for p in files.home.rglob("*") if p.is_file() and p.parent != files.staging)
    return {p.relative_to(files.home).as_posix(): p.read_bytes() for p in found}


def states(space: Workspace) -> list[str]:
    with space.database.read() as connection:
        return list(connection.execute(sa.select(BLOBS.c.state)).scalars())


def test_what_is_kept_on_one_server_is_whole_on_another(space: Workspace, bucket: Path, tmp_path: Path) -> None:
    info = made.add(space)
    model = made.add_model(space, info.id)
    elsewhere = other(space, tmp_path)
    for mine in (space.dataset_place(info.id), space.bundle_place(model)):
        elsewhere.fetched(elsewhere.home / mine.relative_to(space.home))
    kept = {p.relative_to(space.home).as_posix(): p.read_bytes() for p in space.home.glob("[dm]*/**/*") if p.is_file()}
    assert cached(elsewhere) == kept and len(kept) == len(objects(bucket)) == 10
    assert all(one.startswith(("datasets/", "models/")) for one in objects(bucket))
    assert {p.stat().st_mode & 0o077 for p in bucket.rglob("*")} == {0}


def test_a_cache_that_is_lost_is_fetched_again(space: Workspace) -> None:
    info = made.add(space)
    before = space.rows(info.id)
    shutil.rmtree(space.home / "datasets")
    assert [one.vault_until for one in space.datasets()] == [info.vault_until]  # asked of the manifest
    assert space.rows(info.id).equals(before) and space.raw(info.id) is not None


def test_no_more_is_fetched_than_is_opened(space: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    info = made.add(space)
    model = made.add_model(space, info.id)
    space.save_scored(info.id, model, made.TODAY, pd.DataFrame({"row": [1, 2]}), {"said": 1})
    shutil.rmtree(space.home / "datasets")
    bring, brought = ObjectStore.bring, list[str]()

    def told(store: ObjectStore, name: str, target: Path) -> str:
        brought.append("/".join(name.split("/")[2:]).rpartition(".")[0])
        return bring(store, name, target)

    monkeypatch.setattr(ObjectStore, "bring", told)
    assert space.report(info.id) and brought == ["report.json"]
    assert space.scored_meta(info.id, model, made.TODAY) == {"said": 1} and brought == ["report.json"]
    assert len(space.rows(info.id)) == 6
    assert sorted(brought[1:]) == ["rows.categories.parquet", "rows.parquet"]
    found = space.scored(info.id, model, made.TODAY)
    assert found is not None and len(found[0]) == 2 and brought[3].endswith("/risks.parquet") and len(brought) == 4
    assert space.raw(info.id) is not None and brought[4:] == ["raw.sealed"]
    space.save_scored(info.id, model, made.TODAY, pd.DataFrame({"row": [3]}), {})  # into a folder that lacks the rest
    assert len(brought) == 5 and space.recipe(info.id) is not None and brought[5:] == ["recipe.sealed"]


def test_nothing_is_asked_of_the_store_where_nothing_changed(space: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    info = made.add(space)
    monkeypatch.setattr(ObjectStore, "_place", lambda *_: pytest.fail("asked"))
    assert len(space.rows(info.id)) == 6 and space.report(info.id)


def test_what_is_erased_goes_from_the_store_and_from_other_caches(
    space: Workspace, bucket: Path, tmp_path: Path
) -> None:
    info = made.add(space)
    model = made.add_model(space, info.id)
    elsewhere = other(space, tmp_path)
    folder = elsewhere.home / "datasets" / info.id
    for path in (folder, elsewhere.home / "models" / f"{model}.zip"):
        elsewhere.fetched(path)
    (folder / "columns").mkdir()
    (folder / "columns" / "000.npy").write_bytes(b"made of the rows")
    space.erase_raw(info.id)
    assert not [one for one in objects(bucket) if ".sealed" in one]
    elsewhere.fetched(folder)  # at its next use
    assert (folder / "columns" / "000.npy").exists() and not list(folder.glob("*.sealed"))
    space.delete_model(model)
    space.delete_dataset(info.id)
    assert objects(bucket) == [] == states(space)
    assert elsewhere.drop_stale() and cached(elsewhere) == {}  # at its next look
    assert list((elsewhere.home / "datasets").iterdir()) == []


def test_columns_of_rows_that_are_others_in_the_store_leave_a_cache(space: Workspace, tmp_path: Path) -> None:
    info = made.add(space)
    elsewhere = other(space, tmp_path)
    folder = elsewhere.fetched(elsewhere.home / "datasets" / info.id)
    for name in columns.FOLDERS:
        columns.write_columns(
            [("a", np.arange(3))], {}, folder, elsewhere.staging, name=name, of=frames.files_of("rows")
        )
    assert not elsewhere.drop_stale() and all((folder / name).is_dir() for name in columns.FOLDERS)
    space.blobs.put(b"of another revision of this number", space.home / "datasets" / info.id / "rows.parquet")
    assert elsewhere.drop_stale() and not any((folder / name).exists() for name in columns.FOLDERS)


def test_what_is_put_in_another_place_of_the_same_size_is_seen(space: Workspace, tmp_path: Path) -> None:
    info = made.add(space)
    elsewhere, name = other(space, tmp_path), Path("datasets") / info.id / "sense.sealed"
    for content in (b"first", b"other"):
        space.blobs.put(content, space.home / name)
        assert elsewhere.fetched(elsewhere.home / name).read_bytes() == content
    space.blobs.put(b"third", space.home / name)
    assert elsewhere.drop_stale() == 1 and not (elsewhere.home / name).exists()


@pytest.mark.parametrize("nth", [0, 3])
def test_a_store_that_fails_in_the_middle_leaves_nothing(
    space: Workspace, bucket: Path, monkeypatch: pytest.MonkeyPatch, nth: int
) -> None:
    send, sent = ObjectStore.send, []

    def failing(store: ObjectStore, source: Path, name: str) -> None:
        sent.append(name)
        if len(sent) > nth:
            raise WorkspaceError("store.away", variable="PRESENCA_STORE", why="EndpointConnectionError")
        send(store, source, name)

    with monkeypatch.context() as patched:
        patched.setattr(ObjectStore, "send", failing)
        with refused(WorkspaceError, match="não respondeu como devia"):
            made.add(space)
    assert space.datasets() == () and objects(bucket) == [] == states(space)
    assert list((space.home / "datasets").iterdir()) == [] == list(space.staging.iterdir())
    assert made.add(space)


def test_what_a_kill_leaves_half_sent_is_swept_after_a_while(
    space: Workspace, bucket: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise SystemError

    with monkeypatch.context() as patched:
        patched.setattr(StoredFiles, "_listed", killed)
        patched.setattr(StoredFiles, "_end", killed)
        with pytest.raises(SystemError):
            made.add(space)
    assert len(objects(bucket)) == 9 and set(states(space)) == {"coming"}
    space.tidy()
    assert len(objects(bucket)) == 9  # another process may be at it
    with monkeypatch.context() as patched:
        patched.setattr(atomic_files, "LEFTOVER_SECONDS", -1.0)
        space.tidy()
    assert objects(bucket) == [] == states(space)


def test_what_no_record_came_to_know_is_swept_and_not_put_aside(
    space: Workspace, bucket: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stays = made.add(space)
    space.blobs.put(b"bundle", space.bundle_place("0" * 12))
    with space.blobs.new_folder(space.dataset_place(stays.id) / "revision-9") as draft:
        atomic_files.write_new(draft / "report.json", b"{}")
    monkeypatch.setattr(atomic_files, "LEFTOVER_SECONDS", -1.0)
    space.tidy()
    assert len(objects(bucket)) == 9 and space.shelved() == () and len(space.rows(stays.id)) == 6


def test_an_erasure_cut_short_is_gone_for_readers_and_ended_by_the_sweep(
    space: Workspace, bucket: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = made.add(space)
    elsewhere = other(space, tmp_path)
    vault = elsewhere.fetched(elsewhere.home / "datasets" / info.id) / "raw.sealed"
    assert vault.exists()

    def away(*_: object) -> None:
        raise WorkspaceError("store.away", variable="PRESENCA_STORE", why="ConnectTimeoutError")

    with monkeypatch.context() as patched:
        patched.setattr(ObjectStore, "erase", away)
        with pytest.raises(WorkspaceError, match=r"store\.away"):
            space.erase_raw(info.id)
    assert space.raw(info.id) is None and space.dataset(info.id).vault_until is None
    assert elsewhere.drop_stale() == 1 and not vault.exists()
    assert [one for one in objects(bucket) if "raw.sealed" in one]
    assert space.end_erasures() == (info.id,)
    assert not [one for one in objects(bucket) if ".sealed" in one] and "going" not in states(space)


def test_an_object_that_was_altered_is_not_used(space: Workspace, bucket: Path) -> None:
    info = made.add(space)
    found = next(p for p in bucket.rglob("rows.parquet.*"))
    found.write_bytes(bytes(len(found.read_bytes())))
    shutil.rmtree(space.home / "datasets")
    with refused(WorkspaceError, match="foi alterado ou está danificado"):
        space.rows(info.id)
    found.unlink()
    with refused(WorkspaceError, match="não está mais no armazém"):
        space.rows(info.id)
    assert list(space.staging.iterdir()) == []


def test_two_that_fill_one_place_do_not_mix(space: Workspace, bucket: Path, tmp_path: Path) -> None:
    info, elsewhere = made.add(space), other(space, tmp_path)
    with space.blobs.new_folder(space.dataset_place(info.id) / "revision-1") as draft:
        (draft / "report.json").write_bytes(b"mine")
    elsewhere.fetched(elsewhere.home / "datasets" / info.id)
    with (
        refused(WorkspaceError, match="Outro servidor mudou"),
        elsewhere.new_folder(elsewhere.home / "datasets" / info.id / "revision-1") as draft,
    ):
        (draft / "report.json").write_bytes(b"other")
    assert (space.dataset_folder(info.id) / "revision-1" / "report.json").read_bytes() == b"mine"
    assert len(objects(bucket)) == 10


def test_objects_of_newer_records_stay_for_a_while_but_not_past_an_erasure(space: Workspace, bucket: Path) -> None:
    stranger = bucket / "clinic" / "datasets" / "abcdefabcdef" / "rows.parquet.0123456789abcdef"
    stranger.parent.mkdir(parents=True)
    stranger.write_bytes(b"of a patient")
    space.tidy()
    assert stranger.exists()
    assert space.blobs.erase_unknown() == 1 and not stranger.exists()


# ---------------------------------------------------------------- whose store it is


def test_empty_records_over_a_full_store_are_refused(space: Workspace, bucket: Path, tmp_path: Path) -> None:
    made.add(space)
    for recovering in (False, True):
        with refused(WorkspaceError, match="guarda 9 arquivos e os registros estão vazios"):
            Workspace(tmp_path / f"new-{recovering}", key=made.KEY, recovering=recovering)
    assert len(objects(bucket)) == 9


@stores.RECORDS_OF_THE_FOLDER
def test_a_store_must_be_told_and_be_the_records_own(
    space: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.add(space)
    with monkeypatch.context() as patched:
        patched.delenv("PRESENCA_STORE")
        patched.setattr(object_store, "chosen", lambda _home: None)
        with refused(WorkspaceError, match="ficam num armazém: diga qual"):
            made.workspace(tmp_path)
    monkeypatch.setenv("PRESENCA_STORE", f"file://{tmp_path}/another")
    with refused(WorkspaceError, match="não é o destes registros"):
        made.workspace(tmp_path)


def test_a_folder_that_has_files_of_its_own_does_not_become_a_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(object_store, "chosen", lambda _home: None)
    with contextlib.closing(made.workspace(tmp_path)) as space:
        info = made.add(space)
    store = ObjectStore(f"file://{tmp_path}/bucket")
    monkeypatch.setattr(object_store, "chosen", lambda _home: store)
    with refused(WorkspaceError, match="ficam na pasta de dados"):
        made.workspace(tmp_path)
    assert (space.home / "datasets" / info.id / "raw.sealed").exists()


@pytest.mark.parametrize("text", ["s3:/x", "bucket/x", "s3://", "memory://x", "simplecache::s3://x/y"])
def test_what_is_no_address_is_refused_and_not_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("PRESENCA_STORE", text)
    with refused(WorkspaceError, match="não tem o endereço de um armazém") as told:
        made.workspace(tmp_path)
    assert text not in str(told.value)


def test_a_secret_in_an_address_is_said_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESENCA_STORE", "ftp://ana:segredo@127.0.0.1:9/clinica")
    with refused(WorkspaceError, match="PRESENCA_STORE não respondeu como devia") as told:
        made.workspace(tmp_path)
    shown = repr(told.value) + repr(told.value.__cause__) + repr(object_store.chosen(tmp_path))
    assert "segredo" not in shown and told.value.__suppress_context__


def test_the_mark_of_an_object_is_a_time_that_every_disk_can_keep() -> None:
    assert all(0 <= stored_files._stamp(stored_files.new_name("models/x.zip")) < 2**31 for _ in range(200))
