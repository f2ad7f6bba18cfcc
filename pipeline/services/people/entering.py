"""Use cases of coming in and going out. They take a workspace: who comes in has no session yet."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import BoundedSemaphore

from pipeline.access import lockout, logins, passwords
from pipeline.errors import PresencaError, WorkspaceError
from pipeline.records import Login, Permission, User
from pipeline.services.people.persons import login_name, may_use_passwords
from pipeline.services.session import Actor, Session, needs
from pipeline.workspace.store import Workspace

_AT_ONCE = BoundedSemaphore(2)  # each check of a password takes 64 MiB


@dataclass(frozen=True)
class Entered:
    """Somebody who came in: the token for the cookie, told once."""

    user: User
    token: str


@dataclass(frozen=True)
class Inside:
    """A session of somebody who is in, and the login that it stands on."""

    session: Session
    login: Login


def is_open(workspace: Workspace) -> bool:
    """Whether one person sits here alone: nobody was added yet."""
    return not workspace.has_users()


def log_in(workspace: Workspace, login: str, password: str, address: str = "") -> Entered:
    """Lets somebody in by name and password. PresencaError that says the same whether or not there is such a person:
    "login.refused", or "login.wait" with the seconds after too many tries of a name or from an address.
    """
    try:
        name = login_name(login)
    except PresencaError:
        name = ""  # nobody's: tried all the same, so that it takes as long
    tried = [f"name/{name}", f"address/{address}"]
    moment = begin_try(workspace, tried)
    user = workspace.user_of_login(name) if name else None
    kept = workspace.password_of(user.id) if user is not None and user.active else ""
    with _AT_ONCE:
        right = passwords.matches(kept, password)
    if not right or user is None or not may_use_passwords(user.role):
        Session(workspace).audit("login_refused", person=user.id if user else None)
        raise PresencaError("login.refused")
    workspace.end_try(tried, moment)
    if passwords.outdated(kept):
        workspace.rehash_password(user.id, kept, passwords.hashed(password))
    return enter(workspace, user, moment, "password")


def accept(workspace: Workspace, token: str, password: str, address: str = "") -> Entered:
    """Uses an invitation up: sets the password of whom it is for, and lets them in. PresencaError for a weak password
    (the invitation holds on) or an invitation that doesn't hold.
    """
    user = invited(workspace, token, address)
    passwords.refuse_weak(password, user.login, user.name)
    with _AT_ONCE:
        hashed = passwords.hashed(password)
    moment = time.time()
    if workspace.take_invitation(logins.digest(token), moment, hashed) != user.id:
        raise PresencaError("invitation.over")
    workspace.end_try([f"name/{user.login}"], moment)
    Session(workspace, user=user).audit("invitation_accepted", person=user.id)
    return enter(workspace, workspace.user(user.id), moment, "invitation")


def invited(workspace: Workspace, token: str, address: str = "") -> User:
    """Whom an invitation is for; PresencaError where it doesn't hold, and a wait after many that didn't."""
    found = workspace.invited(logins.digest(token), time.time()) if logins.is_token(token) else ""
    if not found:
        begin_try(workspace, [f"invitation/{address}"], free=(lockout.FREE_TRIES_ADDRESS,))
        raise PresencaError("invitation.over")
    user = workspace.user(found)
    if not may_use_passwords(user.role):
        raise PresencaError("oidc.only")
    return user


def inside(workspace: Workspace, token: str) -> Inside | None:
    """The session of whoever holds this token; None where the login is over or never was."""
    login = workspace.login_of(logins.digest(token)) if logins.is_token(token) else None
    moment = time.time()
    if login is None:
        return None
    if logins.ended(login, moment):
        workspace.end_login(login.id)
        return None
    if moment - login.seen >= logins.SEEN_EVERY:
        with suppress(WorkspaceError):  # a full disk must not throw out whoever could make room on it
            workspace.seen_login(login.id, moment)
    return Inside(Session(workspace, Actor.PERSON, user=workspace.user(login.user_id)), login)


def log_out(workspace: Workspace, token: str) -> None:
    """Ends the login of a token, here and wherever else its cookie is; nothing where there is none."""
    login = workspace.login_of(logins.digest(token)) if logins.is_token(token) else None
    if login is not None:
        workspace.end_login(login.id)
        Session(workspace, user=workspace.user(login.user_id)).audit("login_ended")


@needs(Permission.OWN_ACCOUNT)
def change_password(session: Session, before: str, password: str, token: str = "") -> None:
    """One's own: asks for the one before, ends all other logins. PresencaError for a wrong or weak one."""
    if session.user is None:
        raise PresencaError("people.no_account")
    user, tried = session.user, [f"name/{session.user.login}"]
    moment = begin_try(session.workspace, tried)
    with _AT_ONCE:
        if not passwords.matches(session.workspace.password_of(user.id), before):
            raise PresencaError("password.wrong")
    session.workspace.end_try(tried, moment)
    passwords.refuse_weak(password, user.login, user.name)
    own = session.workspace.login_of(logins.digest(token)) if token else None
    session.workspace.set_password(user.id, passwords.hashed(password), but=own.id if own else "")
    session.audit("password_changed", person=user.id)


@needs(Permission.MANAGE_PEOPLE)
def set_password(session: Session, user_id: str, password: str) -> None:
    """Somebody's password, from the command line; ends all of their logins. PresencaError for a weak one."""
    user = session.workspace.user(user_id)
    if not user.active:
        raise PresencaError("people.removed")
    passwords.refuse_weak(password, user.login, user.name)
    session.workspace.set_password(user_id, passwords.hashed(password))
    session.audit("password_set", person=user_id)


def sweep(workspace: Workspace) -> None:
    """Forgets logins that are over and tries that count no more; when the workspace is opened."""
    moment = time.time()
    workspace.sweep_logins(
        created_before=moment - logins.LONGEST,
        seen_before=moment - logins.IDLE,
        failed_before=moment - lockout.WINDOW,
    )


def begin_try(workspace: Workspace, tried: Sequence[str], free: Sequence[int] = ()) -> float:
    """The moment of a try that may be made; PresencaError "login.wait" for one that may not yet. `tried`: what the try
    is counted against, as a name and an address; `free`: how many failures of each are.
    """
    allowed = tuple(free) or (lockout.FREE_TRIES, lockout.FREE_TRIES_ADDRESS)
    moment, wait = workspace.begin_try(
        tried, time.time, lambda place, found, now: lockout.wait(found, now, allowed[place])
    )
    if wait > 0:
        raise PresencaError("login.wait", seconds=int(wait) + 1)
    return moment


def enter(workspace: Workspace, user: User, moment: float, way: str) -> Entered:
    """Somebody who proved to be `user` is in. `way`: "password" | "invitation" | "oidc", for the audit log."""
    token = logins.new_token()
    workspace.add_login(user.id, logins.digest(token), moment)
    Session(workspace, user=user).audit("login", person=user.id, way=way)
    return Entered(user, token)
