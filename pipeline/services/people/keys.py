"""Use cases of the keys by which other systems come in: one for each system, told once, ended when not needed."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from contextlib import suppress

from pipeline.access import logins, roles
from pipeline.errors import PresencaError, WorkspaceError
from pipeline.records import Permission
from pipeline.records.integration import ApiKey, KeyScope, MadeKey
from pipeline.services.people.persons import full_name
from pipeline.services.session import Actor, Session, needs
from pipeline.workspace.storage.ids import new_id
from pipeline.workspace.store import Workspace

PREFIX = "prs_"
DAYS, LONGEST_DAYS = 365, 730
_TEXT = re.compile(r"prs_[A-Za-z0-9_-]{43}")  # 256 bits
_SHOWN = len(PREFIX) + 6
_DAY = 86_400.0


@needs(Permission.MANAGE_PEOPLE, whole=True)
def make(session: Session, name: str, scopes: Sequence[KeyScope], days: int = DAYS) -> MadeKey:
    """A key for one system, which holds for so many days. PresencaError without a name or a scope, or for too long."""
    told = tuple(scope for scope in KeyScope if scope in scopes)
    if not told:
        raise PresencaError("keys.no_scope")
    if not 1 <= days <= LONGEST_DAYS:
        raise PresencaError("keys.days", longest=LONGEST_DAYS)
    text, moment = PREFIX + logins.new_token(), time.time()
    key = ApiKey(new_id(), full_name(name), text[:_SHOWN], told, session.who, moment, moment + days * _DAY)
    session.workspace.add_api_key(key, logins.digest(text))
    session.audit("key_made", key=key.id, scopes=tuple(map(str, told)), days=days)
    return MadeKey(key, text)


@needs(Permission.MANAGE_PEOPLE, whole=True)
def listed(session: Session) -> tuple[ApiKey, ...]:
    """Every key, the newest first; those that are over are among them."""
    return session.workspace.api_keys()


@needs(Permission.MANAGE_PEOPLE, whole=True)
def revoke(session: Session, key_id: str) -> ApiKey:
    """Ends a key at once. WorkspaceError if there is none with this id."""
    found = session.workspace.revoke_api_key(key_id, time.time())
    session.audit("key_revoked", key=found.id)
    return found


def admitted(workspace: Workspace, text: str) -> Session | None:
    """The session of the system that calls with this key; None where the key opens nothing (any more)."""
    key = workspace.api_key_of(logins.digest(text)) if _TEXT.fullmatch(text) else None
    moment = time.time()
    if key is None or not key.holds(moment):
        return None
    if key.used is None or not 0 <= moment - key.used < logins.SEEN_EVERY:
        with suppress(WorkspaceError):  # a full disk must not shut a system out
            workspace.used_api_key(key.id, moment)
    return Session(workspace, Actor.SYSTEM, key=key)


def scopes_with(permission: Permission) -> tuple[KeyScope, ...]:
    """The scopes that give a permission."""
    return tuple(scope for scope in KeyScope if permission in roles.OF_SCOPE[scope])
