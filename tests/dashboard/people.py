"""Persons at the pages of a test: added without the time that a password takes."""

from __future__ import annotations

import time

import pytest

from dashboard import who
from pipeline.access import logins
from pipeline.records import Role, User
from pipeline.services import Workspace


def comes_in(workspace: Workspace, role: Role, patch: pytest.MonkeyPatch, name: str = "") -> User:
    """Somebody of this role sits at the pages that are opened next; an admin is there beside them."""
    if not workspace.has_users():
        workspace.add_user("chefe", "Quem administra", Role.ADMIN)
    login = name or str(role)
    user = workspace.user_of_login(login) or workspace.add_user(login, f"Pessoa {login}", role)
    token = logins.new_token()
    workspace.add_login(user.id, logins.digest(token), time.time())
    patch.setattr(who, "token", lambda: token)
    return user
