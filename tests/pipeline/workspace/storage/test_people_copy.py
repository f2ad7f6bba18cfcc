"""A database that is lost takes nobody's password away, and gives nobody back who was removed."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from pipeline.errors import WorkspaceError
from pipeline.records import Role
from pipeline.workspace.storage import atomic_files, people_copy
from pipeline.workspace.storage.people_copy import FILE
from pipeline.workspace.store import Workspace
from tests.pipeline.workspace import made

KEY = b"k" * 31 + b"x"
NOW = 1_800_000_000.0
CHANGES: dict[str, Callable[[Workspace], object]] = {
    "add": lambda space: space.add_user("bia", "Bia", Role.ATTENDANT),
    "password": lambda space: space.set_password(_id(space), "new"),
    "rehash": lambda space: space.rehash_password(_id(space), "old", "new"),
    "remove": lambda space: space.change_user(_id(space), role=Role.ATTENDANT, units=(), active=False),
    "invitation": lambda space: space.take_invitation("digest", NOW, "new"),
}


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    """Ana the admin, and Caio with a password and an invitation."""
    made = Workspace(tmp_path, KEY)
    made.add_user("ana", "Ana", Role.ADMIN)
    caio = made.add_user("caio", "Caio", Role.ATTENDANT)
    made.set_password(caio.id, "old")
    made.invite(caio.id, "digest", NOW + 60)
    return made


def _id(space: Workspace) -> str:
    found = space.user_of_login("caio")
    assert found is not None
    return found.id


def _copied(space: Workspace) -> dict[str, str]:
    return {one["login"]: one["password"] for one in json.loads((space.home / FILE).read_bytes())}


def _held(space: Workspace) -> dict[str, str]:
    return {one.login: space.password_of(one.id) for one in space.users() if one.active}


def _lost(home: Path) -> None:
    kept = Workspace(home, b"k" * 31 + b"x")
    someone = kept.add_user("ana", "Ana", Role.ADMIN)
    kept.set_password(someone.id, "hash")
    kept.close()
    made.lose_records(home)


def test_people_outlive_the_database(tmp_path: Path) -> None:
    """The gate stays shut, with the same password."""
    _lost(tmp_path)
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0
    again = Workspace(tmp_path, b"k" * 31 + b"x")
    assert again.has_users()
    assert [again.password_of(user.id) for user in again.users()] == ["hash"]
    again.close()


@pytest.mark.parametrize("content", [b"", b"[{", b'[{"id": 1}]', b"7"])
def test_a_copy_cut_short_keeps_the_workspace_shut(tmp_path: Path, content: bytes) -> None:
    """Rather shut than open to everybody."""
    _lost(tmp_path)
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(WorkspaceError):
        Workspace(tmp_path, b"k" * 31 + b"x")


@pytest.mark.parametrize("change", CHANGES)
def test_each_change_is_in_the_copy_when_it_is_acknowledged(space: Workspace, change: str) -> None:
    before = _copied(space)
    CHANGES[change](space)
    assert _copied(space) == _held(space) != before
    assert change != "remove" or "Caio" not in (space.home / FILE).read_text("utf-8")


def _full(*_: Any, **__: Any) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("change", CHANGES)
def test_a_full_disk_refuses_the_change_whole(space: Workspace, change: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = (_copied(space), _held(space))
    with monkeypatch.context() as patch, pytest.raises(WorkspaceError) as refused:
        patch.setattr(atomic_files, "put", _full)
        CHANGES[change](space)
    assert atomic_files.is_full(refused.value)
    assert (_copied(space), _held(space)) == before == (_held(space), _copied(space))


def _no_commit(_: Any) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("change", CHANGES)
def test_a_kill_before_the_commit_leaves_a_copy_that_opening_puts_right(space: Workspace, change: str) -> None:
    """Ahead by what nobody was told of; never behind."""
    before = _held(space)
    sa.event.listen(space.database._engine, "commit", _no_commit)
    with pytest.raises(KeyboardInterrupt):
        CHANGES[change](space)
    sa.event.remove(space.database._engine, "commit", _no_commit)
    assert _copied(space) != before
    space.close()
    again = Workspace(space.home, KEY)
    assert _copied(again) == _held(again) == before
    again.close()


def test_a_commit_that_is_refused_puts_the_copy_back(space: Workspace) -> None:
    before = _copied(space)

    def refuse(_: Any) -> None:
        sa.event.remove(space.database._engine, "commit", refuse)
        raise WorkspaceError("records.disk_full")

    sa.event.listen(space.database._engine, "commit", refuse)
    with pytest.raises(WorkspaceError):
        CHANGES["remove"](space)
    assert _copied(space) == _held(space) == before


def test_a_damaged_copy_is_written_anew_where_the_database_is_there(space: Workspace) -> None:
    before = _held(space)
    space.close()
    (space.home / FILE).write_bytes(b"[{")
    again = Workspace(space.home, KEY)
    assert _copied(again) == _held(again) == before
    again.close()


def test_a_full_disk_keeps_nobody_from_opening(space: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    space.close()
    (space.home / FILE).unlink()
    monkeypatch.setattr(people_copy.atomic_files, "put", _full)
    people_copy.keep_if_room(space.database, space.home, space.staging)
    with pytest.raises(WorkspaceError):
        people_copy.keep(space.database, space.home, space.staging)
