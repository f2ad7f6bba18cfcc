"""A manifest that was lost, or emptied, is made again from the store: what records speak of, and nothing else."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from pipeline.errors import WorkspaceError
from pipeline.privacy import pseudonym
from pipeline.services import open_workspace
from pipeline.services.data import datasets, maintaining
from pipeline.services.data.placing import Into
from pipeline.services.privacy import patients
from pipeline.services.session import Session
from pipeline.workspace.engine.blob_tables import BLOBS
from pipeline.workspace.maintenance import manifest
from pipeline.workspace.storage import stored_files
from pipeline.workspace.storage.object_store import ObjectStore
from pipeline.workspace.store import Workspace
from tests.pipeline.services.privacy.test_patients import CPF, NO_SHOW, sheet
from tests.pipeline.workspace import made
from tests.refusals import refused


@pytest.fixture
def bucket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PRESENCA_STORE", f"file://{tmp_path / 'bucket'}")
    monkeypatch.setenv("PRESENCA_TODAY", "2026-03-20")
    return tmp_path / "bucket"


@pytest.fixture
def space(bucket: Path, workspace_home: Path) -> Iterator[Workspace]:
    with contextlib.closing(open_workspace()) as opened:
        yield opened


def objects(bucket: Path) -> set[Path]:
    return {p for p in bucket.rglob("*") if p.is_file() and p.name != "records.id"}


def lose(space: Workspace, whole_table: bool = False) -> None:
    with space.database.write() as connection:
        connection.execute(sa.text("DROP TABLE blobs") if whole_table else BLOBS.delete())
    shutil.rmtree(space.home / "datasets")
    shutil.rmtree(space.home / "models")


def found(home: Path) -> dict[str, bool]:
    return {one.what.code: one.is_loss for one in maintaining.examine(home).findings}


def mended(space: Workspace) -> set[str]:
    return {one.what.code for one in maintaining.mend(space.home).mended}


def listed(space: Workspace) -> dict[str, tuple[str, str, int]]:
    with space.database.read() as connection:
        rows = connection.execute(sa.select(BLOBS)).all()
    assert {row.state for row in rows} <= {"there"}
    return {row.object: (row.path, row.sha256, row.size) for row in rows}


def left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """The store erases nothing from now on, as one that is away at that moment."""

    def away(*_: object) -> None:
        raise WorkspaceError("store.away", variable="PRESENCA_STORE", why="ConnectTimeoutError")

    monkeypatch.setattr(ObjectStore, "erase", away)


@pytest.mark.parametrize("whole_table", [True, False])
def test_it_is_as_it_was(space: Workspace, bucket: Path, whole_table: bool) -> None:
    kept = made.add(space)
    model = made.add_model(space, kept.id)
    before, rows = listed(space), space.rows(kept.id)
    lose(space, whole_table)
    told = found(space.home)
    assert told.pop("doctor.part_missing", False) is False and told == {"doctor.manifest_lost": False}
    with refused(WorkspaceError, match="doctor --mend"):
        Workspace(space.home)
    assert "doctor.manifest_lost" in mended(space)
    assert listed(space) == before and found(space.home) == {} and len(objects(bucket)) == len(before) == 10
    assert space.rows(kept.id).equals(rows) and space.raw(kept.id) is not None
    assert space.bundle_path(model).read_bytes() == b"bundle"


def test_whose_record_is_lost_too_is_told_and_not_taken_in(space: Workspace, bucket: Path) -> None:
    kept = made.add(space)
    stranger = bucket / "datasets" / ("f" * 12) / "rows.parquet.0123456789abcdef"
    stranger.parent.mkdir(parents=True)
    stranger.write_bytes(b"of nobody here")
    (bucket / "datasets" / kept.id / "revision-9").mkdir()
    (bucket / "datasets" / kept.id / "revision-9" / "rows.parquet.0123456789abcdef").write_bytes(b"of no revision")
    (bucket / "datasets" / kept.id / "readme").write_bytes(b"of somebody else")
    lose(space)
    assert found(space.home) == {"doctor.manifest_lost": False, "doctor.objects_unknown": False}
    assert mended(space) == {"doctor.manifest_lost"}
    assert found(space.home) == {"doctor.objects_unknown": False} and stranger.exists() and len(listed(space)) == 9


def test_what_is_gone_from_the_store_too_is_told(space: Workspace, bucket: Path) -> None:
    kept = made.add(space)
    made.add_model(space, kept.id)
    for path in objects(bucket):
        if path.name.startswith("rows.parquet") or path.parent.name == "models":
            path.unlink()
    lose(space)
    told = {"doctor.dataset_damaged": True, "doctor.model_gone": True}
    assert found(space.home) == {"doctor.manifest_lost": False, **told}
    assert mended(space) == {"doctor.manifest_lost"} and found(space.home) == told


def test_who_was_erased_does_not_come_back(space: Workspace, bucket: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The store refused to erase the old objects, and the table that said they were going is lost."""
    session = Session(space)
    kept = datasets.keep(session, NO_SHOW, sheet(), "marco.csv", into=Into(name="Centro"))
    held, code = {p: p.read_bytes() for p in objects(bucket)}, pseudonym(CPF, space.key)
    for path in held:
        os.utime(path, (1e9, 1e9))
    target = patients.find(session, CPF)
    with monkeypatch.context() as patched, pytest.raises(WorkspaceError, match=r"store\.away"):
        left_behind(patched)
        patched.setattr(stored_files.StoredFiles, "_forget", _only_marked)
        patients.erase(session, target)
    assert held.keys() <= objects(bucket)  # all of them are there still
    lose(space)
    assert "doctor.manifest_lost" in mended(space)
    raw = space.raw(kept.id)
    assert raw is not None and CPF not in str(raw.to_pylist()) and raw.num_rows == 40
    assert not (space.rows(kept.id)["patient_id"] == code).any() and len(space.rows(kept.id)) == 40
    assert [one.done for one in space.erasures()] == [True]  # ended by the opening
    assert not [p for p in objects(bucket) & held.keys() if not p.name.startswith(("faults", "recipe"))]


def _only_marked(files: stored_files.StoredFiles, path: Path) -> None:
    """`_forget`, of which the second half does not come about."""
    with files.database.write() as connection:
        stored_files._set_state(connection, "going", files.database.moment(), files._within(path))


def test_an_original_that_was_to_be_erased_does_not_come_back(
    space: Workspace, bucket: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = made.add(space)
    with monkeypatch.context() as patched, pytest.raises(WorkspaceError, match=r"store\.away"):
        left_behind(patched)
        space.erase_raw(kept.id)
    assert [p for p in objects(bucket) if "raw.sealed" in p.name]
    lose(space)
    maintaining.mend(space.home)
    with contextlib.closing(open_workspace(space.home)) as again:
        assert again.raw(kept.id) is None and again.dataset(kept.id).vault_until is None
    assert not [p for p in objects(bucket) if ".sealed" in p.name] and len(space.rows(kept.id)) == 6


@pytest.mark.parametrize(("older", "newer", "wins"), [(1e9, 2e9, "second"), (2e9, 1e9, "first"), (1e9, 1e9, None)])
def test_of_two_under_one_name_the_newest_comes_back(
    space: Workspace, bucket: Path, older: float, newer: float, wins: str | None
) -> None:
    kept = made.add(space)
    for content, when, mark in ((b"first", older, "0"), (b"second", newer, "f")):
        path = bucket / "datasets" / kept.id / f"sense.sealed.{mark * 16}"
        path.write_bytes(content)
        os.utime(path, (when, when))
    lose(space)
    mended(space)
    path = space.dataset_folder(kept.id) / "sense.sealed"
    assert (path.read_bytes().decode() if path.exists() else None) == wins


def test_nothing_is_erased_as_unknown_while_the_manifest_is_lost(space: Workspace, bucket: Path) -> None:
    """A server that was open all the while tends the workspace."""
    made.add(space)
    lose(space)
    before = objects(bucket)
    for path in before:
        os.utime(path, (1e9, 1e9))
    space.tidy()
    with refused(WorkspaceError, match="perderam a lista"):
        space.blobs.erase_unknown()
    assert objects(bucket) == before


def test_the_store_of_others_is_not_taken_in(space: Workspace, bucket: Path) -> None:
    made.add(space)
    lose(space)
    (bucket / "records.id").unlink()
    assert found(space.home)["doctor.manifest_lost"] is True
    assert manifest.make(space.home) == 0 and listed(space) == {}
