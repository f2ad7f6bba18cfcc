"""A database that is lost takes nobody's password away."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import WorkspaceError
from pipeline.records import Role
from pipeline.workspace.base import DATABASE
from pipeline.workspace.storage.people_copy import FILE
from pipeline.workspace.store import Workspace


def _lost(home: Path) -> None:
    kept = Workspace(home, b"k" * 31 + b"x")
    someone = kept.add_user("ana", "Ana", Role.ADMIN)
    kept.set_password(someone.id, "hash")
    kept.close()
    for path in home.glob(f"{DATABASE}*"):
        path.unlink()


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
