"""Every use case says what it needs, a session that lacks it is refused, and the audit log knows who acted."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from pathlib import Path

import pytest

import pipeline.services as services
from pipeline.errors import PresencaError
from pipeline.services.data import datasets
from pipeline.services.session import Actor, Permission, Session, needs
from pipeline.workspace.audit import entries
from pipeline.workspace.store import Workspace
from tests.refusals import refused


def _use_cases() -> dict[str, object]:
    """Every public function of services whose first argument is a session, by its full name."""
    found = {}
    for module in pkgutil.walk_packages(services.__path__, "pipeline.services."):
        for name, value in vars(importlib.import_module(module.name)).items():
            own = inspect.isfunction(value) and value.__module__ == module.name and not name.startswith("_")
            if own and next(iter(inspect.signature(value).parameters), "") == "session":
                found[f"{module.name}.{name}"] = value
    return found


def test_every_use_case_names_its_permission() -> None:
    cases = _use_cases()
    assert len(cases) > 80
    assert [name for name, case in cases.items() if getattr(case, "permission", None) not in Permission] == []
    used = {case.permission for case in cases.values()}  # type: ignore[attr-defined]
    assert used == set(Permission)


def test_a_session_that_lacks_it_is_refused(workspace_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Session, "may", lambda self, permission: permission is not Permission.DELETE_DATA)
    session = services.open_session()
    assert datasets.datasets(session, "no_show") == ()
    with refused(PresencaError, match="não tem permissão"):
        datasets.delete(session, "0" * 12)


def test_the_audit_log_knows_the_actor(workspace_home: Path) -> None:
    workspace = Workspace()
    Session(workspace, Actor.COMMAND_LINE).audit("dataset_added", rows=3)
    Session.of(workspace).audit("dataset_added", rows=4)
    assert [e.facts["actor"] for e in entries(workspace)] == ["person", "command_line"]


def test_the_clock_is_the_sessions_own(workspace_home: Path) -> None:
    import datetime as dt

    day = dt.datetime(2031, 5, 6, 12)
    assert Session(Workspace(), now=lambda: day).today() == dt.date(2031, 5, 6)


def test_a_bare_workspace_stands_for_a_person(workspace_home: Path) -> None:
    workspace = Workspace()
    asked: list[Session] = []

    @needs(Permission.READ_DATA)
    def case(session: Session) -> None:
        asked.append(session)

    case(workspace)
    assert asked[0].actor is Actor.PERSON and asked[0].workspace is workspace
