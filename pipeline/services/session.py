"""Who asks, of which workspace, by which clock and in which language: what every use case is handed.

A use case says what it needs with `@needs(Permission…)`; the role of whoever asks decides (`pipeline.access.roles`).
While a workspace has no users, one person sits at it and may do everything. Whoever is of some units alone keeps what
can be told of these (`roles.OF_UNITS`), and is given their rows alone (`pipeline.services.data.own_units`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from pipeline.access import roles
from pipeline.errors import PresencaError
from pipeline.folding import fold
from pipeline.records import Permission, Role, User
from pipeline.records.integration import ApiKey
from pipeline.services import clock
from pipeline.workspace.audit import Fact, audit
from pipeline.workspace.store import Workspace

P = ParamSpec("P")
T = TypeVar("T")
PORTUGUESE = "pt_BR"
HIDDEN_RISK = "risk_hidden_from"  # setting: the roles that do not see the risk of whom they call

__all__ = ["Actor", "HIDDEN_RISK", "Permission", "Session", "needs"]


class Actor(StrEnum):
    """Who acts, as the audit log names them."""

    PERSON = "person"  # at a page; of a workspace with users the id of the user stands instead
    COMMAND_LINE = "command_line"
    TRAINING = "training"  # the process of a job
    SYSTEM = "system"  # another system, by a key, whose id stands in the log
    FOLDER = "folder"  # what arrives in the watched folder
    HOUSE = "house"  # what puts a workspace in order: when it is opened, by the day, what was cut short


@dataclass(frozen=True)
class Session:
    """A workspace as somebody uses it. `now` gives the time in São Paulo; it serves rules such as "in the future"."""

    workspace: Workspace
    actor: Actor = Actor.PERSON
    now: Callable[[], dt.datetime] = clock.now
    locale: str = PORTUGUESE
    user: User | None = None
    key: ApiKey | None = None  # by which another system asks; it is nobody's then
    lent: bool = field(default=False, compare=False)  # whether a use case that was granted asks, for its own work

    @classmethod
    def of(cls, asked: Session | Workspace) -> Session:
        """A session as it is; a bare workspace as a person's session of it."""
        return asked if isinstance(asked, Session) else cls(asked)

    def today(self) -> dt.date:
        """The day in São Paulo, by the session's own clock."""
        return self.now().date()

    @property
    def units(self) -> frozenset[str] | None:
        """The units, folded, whose rows are all that whoever asks is given; None for those of every unit."""
        told = self.key.units if self.key is not None else self.user.units if self.user is not None else ()
        return frozenset(filter(None, map(fold, told))) if told else None

    def may(self, permission: Permission, *, by_unit: bool = False) -> bool:
        """Whether whoever asks has a permission, by their role and, where they are of some units alone, by what can be
        told of these: `by_unit` says that what is asked for is, whatever else asks for this permission. A key by its
        scopes.

        Without a user, a person may do everything in a workspace that has none, and nothing in one that has; the
        command line and jobs are the house's own.
        """
        if self.key is not None:
            of_units = self.units is None or by_unit or permission in roles.OF_UNITS
            return of_units and permission in roles.of_scopes(self.key.scopes)
        if self.user is not None:
            hidden = self.hidden() if permission is Permission.SEE_RISK else ()
            of_units = self.units is None or by_unit or permission in roles.OF_UNITS
            return self.user.active and of_units and roles.may(self.user.role, permission, hidden)
        return self.actor is not Actor.PERSON or not self.workspace.has_users()

    def allows(self, use_case: Callable[..., object]) -> bool:
        """Whether a page may offer a use case; it refuses by itself all the same."""
        needed: Permission = use_case.permission  # type: ignore[attr-defined]
        open_ = self.may(needed, by_unit=use_case.by_unit)  # type: ignore[attr-defined]
        return open_ and not (self.units is not None and use_case.whole)  # type: ignore[attr-defined]

    def hidden(self) -> tuple[Role, ...]:
        """The roles that do not see the risk of whom they call."""
        return tuple(Role(one) for one in self.workspace.setting(HIDDEN_RISK, ()))

    @property
    def who(self) -> str:
        """Who acts, as the audit log names them: the id of a user or key, or else the kind of actor."""
        if self.key is not None:
            return self.key.id
        return self.user.id if self.user is not None else str(self.actor)

    def audit(self, action: str, **facts: Fact) -> None:
        """Adds an entry to the audit log, with who did it."""
        audit(self.workspace, action, actor=self.who, **facts)

    def refusal(self, permission: Permission) -> str:
        """The code of why a permission is not granted: by the role or the key, or for want of all units."""
        if self.key is not None:
            return "session.not_in_scope"
        by_role = self.user is not None and self.units is not None and roles.may(self.user.role, permission)
        return "session.only_units" if by_role else "session.not_allowed"

    def grants(self, permission: Permission, *, by_unit: bool = False) -> bool:
        """Whether a use case that needs this may be carried out: asked for itself, or by another that was granted."""
        return (self.lent and permission not in roles.NEVER_LENT) or self.may(permission, by_unit=by_unit)


def needs(
    permission: Permission, *, whole: bool = False, by_unit: bool = False
) -> Callable[[Callable[Concatenate[Session, P], T]], Callable[Concatenate[Session | Workspace, P], T]]:
    """Names the permission of a use case, in its attribute `permission`; PresencaError where the session lacks it.
    `whole`: what it gives can't be parted by unit, and is refused to whoever is of some units alone; `by_unit`: all
    that it gives is of the units of whoever asks, so that it is open to them though others of its permission are not.

    What is asked for is what is judged: a use case that was granted may call others for its own work, so that counts
    can be made of rows that nobody may read. `roles.NEVER_LENT` is asked for each time.
    """

    def guard(use_case: Callable[Concatenate[Session, P], T]) -> Callable[Concatenate[Session | Workspace, P], T]:
        @wraps(use_case)
        def guarded(asked: Session | Workspace, *args: P.args, **kwargs: P.kwargs) -> T:
            session = Session.of(asked)
            if not session.grants(permission, by_unit=by_unit) or (whole and session.units is not None):
                raise PresencaError(session.refusal(permission))
            return use_case(session if session.lent else replace(session, lent=True), *args, **kwargs)

        marked: Any = guarded
        marked.permission, marked.whole, marked.by_unit = permission, whole, by_unit
        return guarded

    return guard
