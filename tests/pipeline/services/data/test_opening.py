"""What is put in order at a start and on each new day is told and noted; retention needs no restart."""

from __future__ import annotations

import datetime as dt
import gc
import os
import shutil
import sys
import time
from pathlib import Path

import pytest

from pipeline.errors import WorkspaceError
from pipeline.presentation.locale import messages
from pipeline.records import note
from pipeline.services import Session, open_workspace
from pipeline.services.data import opening, recovery
from pipeline.workspace.audit import entries
from pipeline.workspace.store import Workspace
from tests.pipeline.workspace import made
from tests.refusals import refused


def test_a_start_says_what_it_put_in_order_until_it_is_read(workspace_home: Path) -> None:
    space = Workspace()
    cut, expired = made.add(space), made.add(space, sha256="b" * 64)
    (space.dataset_folder(cut.id) / "raw.sealed").unlink()
    left = space.staging / "half"
    left.write_bytes(b"x")
    os.utime(left, (0, 0))
    session = Session(open_workspace())
    told = [messages.say(item) for item in recovery.repairs(session)]
    assert told == [
        "1\xa0arquivo temporário, deixado por uma interrupção, foi apagado.",
        "1\xa0planilha original, cuja exclusão tinha sido interrompida, foi apagada.",
    ]
    assert {e.action for e in entries(session.workspace)} >= {"repaired_swept", "repaired_erasures_ended"}
    recovery.repairs_read(session)
    assert recovery.repairs(session) == () and recovery.repairs(Session(open_workspace())) == ()
    assert session.workspace.dataset(expired.id).vault_until is not None


def test_retention_runs_while_the_server_runs(workspace_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The day changes under an open workspace; the thread ends with it."""
    monkeypatch.setenv("PRESENCA_TODAY", "2026-11-23")
    workspace = open_workspace()
    info = made.add(workspace)
    days = [dt.date(2026, 11, 23)]
    thread = opening.tend_daily(workspace, every=0.01, today=lambda: days[0])
    time.sleep(0.05)
    assert workspace.raw(info.id) is not None
    monkeypatch.setenv("PRESENCA_TODAY", "2027-03-01")
    days[0] = dt.date(2027, 3, 1)
    for _ in range(500):
        if workspace.raw(info.id) is None:
            break
        time.sleep(0.01)
    assert workspace.raw(info.id) is None
    for _ in range(500):
        if workspace.repairs:
            break
        time.sleep(0.01)
    assert workspace.repairs == (note("repair.expired", count=1),)
    workspace.close()
    del workspace
    gc.collect()
    thread.join(5)
    assert not thread.is_alive()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere only what is a day old is swept")
def test_what_a_killed_reading_left_goes_while_the_workspace_is_open(workspace_home: Path) -> None:
    """On the same day, though nobody reads another file."""
    workspace = open_workspace()
    left, mine = (workspace.staging / f"presenca-{pid}-ab" for pid in (2**22 + 1, os.getpid()))
    for folder in (left, mine):
        folder.mkdir()
        (folder / "upload").write_text("Ana")
    opening.tend_daily(workspace, every=0.005, today=lambda: dt.date(2026, 1, 1))
    for _ in range(500):
        if not left.exists():
            break
        time.sleep(0.01)
    assert not left.exists() and mine.exists()
    shutil.rmtree(mine)


def test_a_day_on_which_it_fails_is_tried_again(workspace_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace, tried = open_workspace(), []

    def fails(_space: Workspace) -> None:
        tried.append(1)
        raise WorkspaceError("records.disk_full")

    monkeypatch.setattr(opening, "tend", fails)
    days = iter([dt.date(2026, 1, 1)])
    thread = opening.tend_daily(workspace, every=0.005, today=lambda: next(days, dt.date(2026, 1, 2)))
    for _ in range(500):
        if len(tried) > 2:
            break
        time.sleep(0.01)
    assert len(tried) > 2 and thread.is_alive()


@pytest.mark.parametrize("key", ["a" * 64, "01" * 32, "QUJD" * 11, "minha senha " * 4, "0123456789" * 3, "a" * 30])
def test_a_weak_key_begins_nothing_new(workspace_home: Path, monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("PRESENCA_KEY", key)
    with refused(WorkspaceError, match="fácil de adivinhar.*Nada foi escrito"):
        Workspace()
    assert not workspace_home.exists()


def test_what_an_earlier_version_began_with_a_weak_key_still_opens(
    workspace_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.add(Workspace(key=b"\xaa" * 32))
    monkeypatch.setenv("PRESENCA_KEY", "a" * 64)
    session = Session(open_workspace())
    assert [item.code for item in recovery.repairs(session)] == ["key.weak_in_use"]
    assert session.workspace.datasets()[0].rows == 6


def test_a_changed_key_is_said_before_anything_is_written(
    workspace_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even an older database is brought forward with the wrong key in hand."""
    made.add(Workspace())
    before = {p: (p.stat().st_mtime_ns, p.stat().st_size) for p in workspace_home.rglob("*") if "-shm" not in p.name}
    monkeypatch.setenv("PRESENCA_KEY", made.OTHER_KEY.hex())
    with refused(WorkspaceError, match="outra chave"):
        Workspace()
    monkeypatch.delenv("PRESENCA_KEY")
    monkeypatch.setenv("PRESENCA_KEY_FILE", str(workspace_home.parent / "no" / "key"))
    with refused(WorkspaceError, match="não foi encontrada"):
        Workspace()
    files = {p: (p.stat().st_mtime_ns, p.stat().st_size) for p in before if p.is_file()}
    assert files == {p: before[p] for p in files}
    assert len(files) == sum(p.is_file() for p in workspace_home.rglob("*") if "-shm" not in p.name)
