"""Who asks, of which workspace, by which clock and in which language: what every use case is handed.

A use case says what it needs with `@needs(Permission…)`; today everything is granted to everybody who reaches the app.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from pipeline.errors import PresencaError
from pipeline.services import clock
from pipeline.workspace.audit import Fact, audit
from pipeline.workspace.store import Workspace

P = ParamSpec("P")
T = TypeVar("T")
PORTUGUESE = "pt_BR"


class Actor(StrEnum):
    """Who acts, as the audit log names them."""

    PERSON = "person"  # at a page; the app knows no names yet
    COMMAND_LINE = "command_line"
    TRAINING = "training"  # the process of a job
    MAINTENANCE = "maintenance"  # what is done by itself: retention, erasures that were cut short


class Permission(StrEnum):
    """What a use case needs: an action on a resource."""

    READ_DATA = "data.read"
    CHANGE_DATA = "data.change"
    DELETE_DATA = "data.delete"
    READ_MODELS = "models.read"
    CHANGE_MODELS = "models.change"
    READ_RISKS = "risks.read"
    READ_COMMENTS = "comments.read"
    ANSWER_COMMENTS = "comments.answer"
    CALL_PATIENTS = "patients.call"
    READ_IDENTITIES = "identities.read"
    MAINTAIN = "workspace.maintain"


@dataclass(frozen=True)
class Session:
    """A workspace as somebody uses it. `now` gives the time in São Paulo; it serves rules such as "in the future"."""

    workspace: Workspace
    actor: Actor = Actor.PERSON
    now: Callable[[], dt.datetime] = clock.now
    locale: str = PORTUGUESE

    @classmethod
    def of(cls, asked: Session | Workspace) -> Session:
        """A session as it is; a bare workspace as a person's session of it."""
        return asked if isinstance(asked, Session) else cls(asked)

    def today(self) -> dt.date:
        """The day in São Paulo, by the session's own clock."""
        return self.now().date()

    def may(self, permission: Permission) -> bool:
        """Whether the actor has a permission: everybody has them all, until there are users."""
        return permission in Permission

    def audit(self, action: str, **facts: Fact) -> None:
        """Adds an entry to the audit log, with who did it."""
        audit(self.workspace, action, actor=str(self.actor), **facts)


def needs(
    permission: Permission,
) -> Callable[[Callable[Concatenate[Session, P], T]], Callable[Concatenate[Session | Workspace, P], T]]:
    """Names the permission of a use case, in its attribute `permission`; PresencaError where the session lacks it."""

    def guard(use_case: Callable[Concatenate[Session, P], T]) -> Callable[Concatenate[Session | Workspace, P], T]:
        @wraps(use_case)
        def guarded(asked: Session | Workspace, *args: P.args, **kwargs: P.kwargs) -> T:
            session = Session.of(asked)
            if not session.may(permission):
                raise PresencaError("session.not_allowed")
            return use_case(session, *args, **kwargs)

        marked: Any = guarded
        marked.permission = permission
        return guarded

    return guard
