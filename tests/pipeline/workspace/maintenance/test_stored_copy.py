"""Copies, and the examination, of a workspace whose files rest in a store of objects."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.errors import WorkspaceError
from pipeline.services import Session, open_workspace
from pipeline.services.data import maintaining
from pipeline.workspace.storage import object_store
from pipeline.workspace.storage.object_store import ObjectStore
from pipeline.workspace.store import Workspace
from tests.pipeline.workspace import made
from tests.refusals import refused


@pytest.fixture
def bucket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PRESENCA_STORE", f"file://{tmp_path / 'bucket'}")
    return tmp_path / "bucket"


@pytest.fixture
def space(bucket: Path, workspace_home: Path) -> Iterator[Workspace]:
    with contextlib.closing(open_workspace()) as opened:
        made.add_model(opened, made.add(opened).id)
        yield opened


def objects(bucket: Path) -> list[Path]:
    return sorted(p for p in bucket.rglob("*") if p.is_file() and p.name != "records.id")


def found(home: Path) -> dict[str, bool]:
    return {one.what.code: one.is_loss for one in maintaining.examine(home).findings}


@pytest.mark.parametrize("into", ["store", "folder"])
def test_a_copy_holds_what_the_cache_lacks_and_comes_back_into_either(
    space: Workspace, bucket: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, into: str
) -> None:
    before = space.rows(space.datasets()[0].id)
    shutil.rmtree(space.home / "datasets")
    out, home = tmp_path / "copia.presenca", tmp_path / "back"
    maintaining.backup(Session(space), out)
    with refused(WorkspaceError, match="já tem arquivos"):
        maintaining.restore(out, home)
    assert not home.exists()
    monkeypatch.setenv("PRESENCA_STORE", f"file://{tmp_path / 'other'}")
    if into == "folder":
        monkeypatch.setattr(object_store, "chosen", lambda _home: None)
    told = maintaining.restore(out, home)
    assert (told.datasets, told.models, len(objects(tmp_path / "other"))) == (1, 1, 10 if into == "store" else 0)
    if into == "store":
        shutil.rmtree(home / "datasets")
    with contextlib.closing(open_workspace(home)) as again:
        dataset = again.datasets()[0]
        assert again.rows(dataset.id).equals(before) and again.raw(dataset.id) is not None
        assert again.bundle_path(again.models()[0].id).read_bytes() == b"bundle" and again.shelved() == ()
    assert found(home) == {}


def test_a_store_that_fails_in_the_middle_of_a_return_is_left_empty(
    space: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, send, sent = tmp_path / "copia.presenca", ObjectStore.send, list[str]()
    maintaining.backup(Session(space), out)

    def failing(store: ObjectStore, source: Path, name: str) -> None:
        sent.append(name)
        if len(sent) == 4:
            raise WorkspaceError("store.away", variable="PRESENCA_STORE", why="ConnectTimeoutError")
        send(store, source, name)

    monkeypatch.setenv("PRESENCA_STORE", f"file://{tmp_path / 'other'}")
    monkeypatch.setattr(ObjectStore, "send", failing)
    with refused(WorkspaceError, match="não respondeu como devia"):
        maintaining.restore(out, tmp_path / "back")
    assert objects(tmp_path / "other") == [] and not (tmp_path / "back").exists()


def test_a_whole_store_is_found_whole_and_each_fault_is_told(space: Workspace, bucket: Path) -> None:
    home = space.home
    assert found(home) == {}
    vault, rows = (next(p for p in objects(bucket) if name in p.name) for name in ("raw.sealed", "rows.parquet"))
    rows.rename(bucket / "elsewhere")
    assert found(home) == {"doctor.objects_missing": True, "doctor.objects_unknown": False}
    (bucket / "elsewhere").rename(rows)
    kept = vault.read_bytes()
    vault.write_bytes(kept + b"x")
    assert found(home) == {"doctor.objects_changed": True}
    vault.write_bytes(kept)
    shutil.rmtree(home / "datasets")
    assert found(home) == {}  # a cache need hold nothing


def test_what_differs_in_the_cache_is_found_by_its_hash_and_fetched_again(space: Workspace) -> None:
    path = space.dataset_folder(space.datasets()[0].id) / "report.json"
    facts, before = path.stat(), path.read_bytes()
    path.write_bytes(bytes(len(before)))
    os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    assert found(space.home) == {"doctor.cache_changed": False}
    assert [one.what.code for one in maintaining.mend(space.home).mended] == ["doctor.cache_changed"]
    assert space.report(space.datasets()[0].id).encode() == before


def test_an_erasure_that_the_store_refused_is_told_and_ended(
    space: Workspace, bucket: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise WorkspaceError("store.away", variable="PRESENCA_STORE", why="ConnectTimeoutError")

    with monkeypatch.context() as patched:
        patched.setattr(ObjectStore, "erase", away)
        with pytest.raises(WorkspaceError, match=r"store\.away"):
            space.delete_dataset(space.datasets()[0].id)
    assert found(space.home) == {"doctor.objects_cut": False, "doctor.deletions_cut": False}
    maintaining.mend(space.home)
    assert found(space.home) == {} and len(objects(bucket)) == 1  # the model stays
