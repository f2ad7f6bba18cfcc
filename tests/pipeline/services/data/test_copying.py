"""Copies on the server: one at a time, never within the workspace, told when they are due; the key apart and once."""

from __future__ import annotations

import datetime as dt
import errno
import os
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import PresencaError, WorkspaceError
from pipeline.records import Role, User
from pipeline.records.privacy import PatientTarget
from pipeline.services import Session, open_workspace
from pipeline.services.data import copying, maintaining
from pipeline.workspace.audit import entries
from pipeline.workspace.maintenance import backup as backups
from pipeline.workspace.store import Workspace
from tests.refusals import refused


@pytest.fixture
def session(workspace_home: Path) -> Iterator[Session]:
    copying._MAKING.clear()
    yield Session(open_workspace())
    copying._MAKING.clear()


def _settled(session: Session) -> None:
    until = time.monotonic() + 20
    while copying.shelf(session).is_making:
        assert time.monotonic() < until
        threading.Event().wait(0.01)


def test_a_copy_is_made_beside_the_workspace_and_comes_back(session: Session, tmp_path: Path) -> None:
    before = copying.shelf(session)
    assert before.copies == () and before.is_due and not Path(before.folder).exists()
    assert copying.start(session)
    _settled(session)
    told = copying.shelf(session)
    (one,) = told.copies
    assert not told.is_due and told.failed is None and told.share is None
    assert Path(told.folder) == session.workspace.home.with_name(f"{session.workspace.home.name}-copias")
    assert (Path(told.folder) / one.name).stat().st_mode & 0o077 == 0
    out = tmp_path / "out.presenca"
    out.write_bytes(copying.content(session, one.name))
    assert out.stat().st_size == one.size and maintaining.restore(out, tmp_path / "new").datasets == 0
    assert [one.action for one in entries(session.workspace)][:2] == ["backup_downloaded", "backup_made"]


def test_of_two_at_once_one_makes_it(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two clicks, two people, two processes: the other sees that it is being made."""
    go, real, made = threading.Event(), maintaining.backup, []

    def slow(*arguments: Any, **more: Any) -> Any:
        more["tell"](0.5)
        go.wait(20)
        made.append(1)
        return real(*arguments, **more)

    monkeypatch.setattr(maintaining, "backup", slow)
    assert copying.start(session)
    other = replace(session, workspace=Workspace(session.workspace.home))
    assert not copying.start(session) and not copying.start(other)
    while copying.shelf(session).share != 0.5:
        threading.Event().wait(0.01)
    own = copying._MAKING.pop(session.workspace.home)
    assert copying.shelf(other).is_making and copying.shelf(other).share is None  # as another process sees it
    copying._MAKING[session.workspace.home] = own
    go.set()
    _settled(session)
    assert made == [1] and len(copying.shelf(other).copies) == 1
    assert copying.start(session)
    _settled(session)


def test_a_full_disk_is_a_sentence_and_leaves_nothing(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(backups, "_add", full)
    assert copying.start(session)
    _settled(session)
    told = copying.shelf(session)
    assert told.failed is not None and told.failed.code == "disk.refused" and told.is_due
    assert list(Path(told.folder).iterdir()) == [] and not list(session.workspace.staging.glob("backup-*"))
    monkeypatch.undo()


def test_what_nobody_foresaw_is_told_too(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maintaining, "backup", lambda *_a, **_k: 1 / 0)
    assert copying.start(session)
    _settled(session)
    told = copying.shelf(session).failed
    assert told is not None and told.code == "copy.failed"


def test_never_within_the_workspace(session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESENCA_COPIES", str(session.workspace.home / "copias"))
    for deed in (copying.start, copying.shelf):
        with refused(WorkspaceError, match="não pode ficar dentro"):
            deed(session)
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("PRESENCA_COPIES", str(tmp_path / "file" / "copias"))
    with refused(WorkspaceError, match="PRESENCA_COPIES"):
        copying.start(session)


def test_a_copy_is_due_after_seven_days(session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESENCA_COPIES", str(tmp_path))
    path = tmp_path / "a.presenca"
    path.write_bytes(b"x")
    now = session.now()
    for days, due in ((6.9, False), (7.1, True)):
        made = (now - dt.timedelta(days=days)).timestamp()
        os.utime(path, (made, made))
        assert copying.shelf(replace(session, now=lambda: now)).is_due is due


def test_a_copy_from_before_an_erasure_says_so(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRESENCA_COPIES", str(tmp_path))
    for name, minutes in (("old", -5), ("new", 5)):
        path = tmp_path / f"{name}.presenca"
        path.write_bytes(b"x")
        made = (dt.datetime.now(dt.UTC) + dt.timedelta(minutes=minutes)).timestamp()
        os.utime(path, (made, made))
    assert [one.outlived for one in copying.shelf(session).copies] == [False, False]
    session.workspace.end_erasure(session.workspace.begin_erasure(PatientTarget(("a" * 64,)), "ana"))
    assert [(one.name, one.outlived) for one in copying.shelf(session).copies] == [
        ("new.presenca", False),
        ("old.presenca", True),
    ]


def test_only_a_small_copy_of_the_folder_is_handed_out(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    monkeypatch.setenv("PRESENCA_COPIES", str(folder))
    (tmp_path / "secret.presenca").write_bytes(b"x")
    (folder / "link.presenca").symlink_to(tmp_path / "secret.presenca")
    with (folder / "large.presenca").open("wb") as file:
        file.truncate(copying.LARGEST_DOWNLOAD)
    for name in ("../secret.presenca", "link.presenca", str(tmp_path / "secret.presenca"), ""):
        with refused(WorkspaceError, match="não está mais"):
            copying.content(session, name)
    with refused(WorkspaceError, match="grande demais"):
        copying.content(session, "large.presenca")


def test_what_a_killed_copy_left_goes_with_the_next(session: Session, tmp_path: Path) -> None:
    old, new = (tmp_path / f".presenca-{name}.tmp" for name in ("old", "new"))
    for path in (old, new):
        path.write_bytes(b"x")
    os.utime(old, (1_600_000_000, 1_600_000_000))
    copying._sweep(tmp_path)
    assert not old.exists() and new.exists()


def test_the_key_is_told_once(session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with refused(WorkspaceError, match="PRESENCA_KEY"):
        copying.tell_key(session)
    monkeypatch.delenv("PRESENCA_KEY")
    monkeypatch.setenv("PRESENCA_KEY_FILE", str(tmp_path / "key"))
    place = copying.key_place(session)
    assert place.file == str(tmp_path / "key") and place.told is None
    assert bytes.fromhex(copying.tell_key(session)) == session.workspace.key
    assert copying.key_place(session).told is not None
    with refused(WorkspaceError, match="já foi mostrada"):
        copying.tell_key(session)
    (told,) = (one for one in entries(session.workspace) if one.action == "key_told")
    assert session.workspace.key.hex() not in str(told)


def test_only_an_admin_may(session: Session) -> None:
    manager = replace(session, user=User("0" * 12, "a", "A", Role.MANAGER))
    for deed in (copying.start, copying.shelf, copying.key_place, copying.tell_key, maintaining.mended):
        with pytest.raises(PresencaError):
            deed(manager)


def test_of_two_who_mend_one_does(session: Session) -> None:
    loose = session.workspace.staging / "half"
    loose.write_bytes(b"x")
    loose.chmod(0o600)
    os.utime(loose, (1_600_000_000, 1_600_000_000))
    assert [one.what.code for one in maintaining.examined(session).findings] == ["doctor.leftovers"]
    assert session.workspace.hold_lease("mending", "somebody", time.time(), 20.0)
    with refused(WorkspaceError, match="Outra pessoa"):
        maintaining.mended(session)
    session.workspace.end_lease("mending", "somebody")
    after = maintaining.mended(session)
    assert [one.what.code for one in after.mended] == ["doctor.leftovers"] and not after.findings
    assert maintaining.mended(session).mended == ()
    (told,) = (one for one in entries(session.workspace) if one.action == "workspace_mended")
    assert told.facts["actor"] == "person"
