"""Every use case says what it needs, a session that lacks it is refused, and the audit log knows who acted."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from functools import cache
from pathlib import Path

import pytest

import pipeline.services as services
from pipeline.access.roles import GRANTED
from pipeline.errors import PresencaError
from pipeline.records import Role, User
from pipeline.services.data import datasets
from pipeline.services.session import Actor, Permission, Session, needs
from pipeline.workspace.audit import entries
from pipeline.workspace.store import Workspace
from tests.refusals import refused


@cache
def use_cases() -> dict[str, object]:
    """Every public function of services whose first argument is a session, by its full name."""
    found = {}
    for module in pkgutil.walk_packages(services.__path__, "pipeline.services."):
        for name, value in vars(importlib.import_module(module.name)).items():
            own = inspect.isfunction(value) and value.__module__ == module.name and not name.startswith("_")
            if own and next(iter(inspect.signature(value).parameters), "") == "session":
                found[f"{module.name}.{name}"] = value
    return found


def test_every_use_case_names_its_permission() -> None:
    cases = use_cases()
    assert len(cases) > 80
    assert [name for name, case in cases.items() if getattr(case, "permission", None) not in Permission] == []
    used = {case.permission for case in cases.values()}  # type: ignore[attr-defined]
    assert used == set(Permission)


def _somebody(workspace: Workspace, role: Role) -> Session:
    return Session(workspace, user=User("0" * 12, "a", "A", role))


@pytest.mark.parametrize("role", Role)
def test_every_use_case_refuses_a_role_that_lacks_it(role: Role, workspace_home: Path) -> None:
    """The table is the code: each use case against each role. No body runs: what is refused is refused before it, and
    what is granted is only asked about.
    """
    session, refused_, granted = _somebody(Workspace(), role), 0, 0
    for name, case in use_cases().items():
        needed: Permission = case.permission  # type: ignore[attr-defined]
        assert session.allows(case) is (needed in GRANTED[role]), name  # type: ignore[arg-type]
        if needed in GRANTED[role]:
            granted += 1
            continue
        with pytest.raises(PresencaError) as caught:
            case(session)  # type: ignore[operator]
        assert caught.value.note.code == "session.not_allowed", name
        refused_ += 1
    assert granted > 25 and (refused_ > 0) is (role is not Role.ADMIN)


ROWS = re.compile(r"DataFrame|ndarray|RawTable|CommentPage|CommentItem|RowsPage|AgendaPage|Table\b|Contact\b|Entry\b")


def test_nothing_that_gives_rows_is_open_to_a_reader() -> None:
    open_ = {
        name: str(inspect.signature(case).return_annotation)  # type: ignore[arg-type]
        for name, case in use_cases().items()
        if case.permission in GRANTED[Role.READER]  # type: ignore[attr-defined]
    }
    files = {name.rpartition(".")[2] for name, told in open_.items() if told == "bytes"}
    assert len(open_) > 25 and files == {"card_html", "metrics", "board_html", "json", "csv", "export"}
    assert {name: told for name, told in open_.items() if ROWS.search(told)} == {}


def test_what_is_granted_may_use_others_for_its_own_work_but_never_identities(workspace_home: Path) -> None:
    @needs(Permission.READ_DATA)
    def rows(session: Session) -> int:
        return 3

    @needs(Permission.READ_IDENTITIES)
    def names(session: Session) -> str:
        return "a name"

    @needs(Permission.READ_AGGREGATES)
    def count(session: Session, whose: bool = False) -> int:
        return len(names(session)) if whose else rows(session)

    reader = _somebody(Workspace(), Role.READER)
    assert count(reader) == 3 and not reader.lent
    for case in (lambda: rows(reader), lambda: count(reader, True)):
        with refused(PresencaError, match="não tem permissão"):
            case()


def test_whoever_was_removed_may_nothing_and_a_bare_person_neither_once_there_are_users(workspace_home: Path) -> None:
    workspace = Workspace()
    assert Session(workspace).may(Permission.OPEN)
    workspace.add_user("ana", "Ana", Role.ADMIN)
    assert not any(Session(workspace).may(one) for one in Permission)
    assert all(Session(workspace, Actor.TRAINING).may(one) for one in Permission)
    gone = Session(workspace, user=User("0" * 12, "a", "A", Role.ADMIN, active=False))
    assert not any(gone.may(one) for one in Permission)
    with refused(PresencaError, match="não tem permissão"):
        datasets.datasets(workspace, "no_show")


def test_a_session_that_lacks_it_is_refused(workspace_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Session, "may", lambda self, permission, **_: permission is not Permission.DELETE_DATA)
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
