"""Use cases of whoever looks after the people of a workspace: add, invite, change, remove."""

from __future__ import annotations

import datetime as dt
import os
import re
import unicodedata
from collections.abc import Sequence
from weakref import WeakKeyDictionary

from pipeline.access import logins, passwords
from pipeline.access.oidc import settings
from pipeline.contract import Role as Told
from pipeline.errors import PresencaError
from pipeline.folding import fold
from pipeline.records import DatasetInfo, Invitation, Permission, Role, User
from pipeline.services import catalog
from pipeline.services.session import HIDDEN_RISK, Session, needs
from pipeline.workspace.store import Workspace

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,79}")
_LONGEST_NAME, _MOST_UNITS, _LONGEST_UNIT = 80, 200, 120


@needs(Permission.MANAGE_PEOPLE)
def listed(session: Session) -> tuple[User, ...]:
    """Everybody, by name; those who were removed are among them."""
    return session.workspace.users()


@needs(Permission.MANAGE_PEOPLE)
def add(session: Session, login: str, name: str, role: Role, units: Sequence[str] = ()) -> User:
    """A new person, who comes in by the organisation's provider where there is one (`by_provider`: the login is then
    what it calls them), or can't before `invite` or a password. The first one is an admin, or nobody could add
    the second. WorkspaceError if the login is taken, PresencaError if it is none.
    """
    if role is not Role.ADMIN and not session.workspace.has_users():
        raise PresencaError("people.first_is_admin")
    user = session.workspace.add_user(login_name(login), full_name(name), role, _units(units, role))
    session.audit("person_added", person=user.id, role=str(role), units=len(user.units))
    return user


@needs(Permission.MANAGE_PEOPLE)
def add_invited(session: Session, login: str, name: str, role: Role, units: Sequence[str] = ()) -> Invitation:
    """A new person with their way in; PresencaError "oidc.only", and nobody is added, where a password is none."""
    if not may_use_passwords(role):
        raise PresencaError("oidc.only")
    return invite(session, add(session, login, name, role, units).id)


@needs(Permission.MANAGE_PEOPLE)
def begin(session: Session, login: str, name: str, password: str) -> User:
    """The first person, an admin with a password: from now on everybody logs in, whoever did this too.

    PresencaError for a weak password, or where somebody was faster.
    """
    if session.workspace.has_users():
        raise PresencaError("people.begun")
    own = login_name(login), full_name(name)
    passwords.refuse_weak(password, *own)
    user = session.workspace.add_user(*own, Role.ADMIN, (), passwords.hashed(password))
    session.audit("person_added", person=user.id, role=str(user.role), units=0)
    return user


@needs(Permission.MANAGE_PEOPLE)
def invite(session: Session, user_id: str) -> Invitation:
    """A link for one person to set a password with, once, within seven days; the one before holds no more.

    It also serves whoever forgot a password: the old one holds until the new one is set. PresencaError "oidc.only"
    for whom a password would not let in.
    """
    user = session.workspace.user(user_id)
    if not user.active:
        raise PresencaError("people.removed")
    if not may_use_passwords(user.role):
        raise PresencaError("oidc.only")
    token, until = logins.new_token(), session.now() + dt.timedelta(seconds=logins.INVITATION)
    session.workspace.invite(user_id, logins.digest(token), until.timestamp())
    session.audit("person_invited", person=user_id)
    return Invitation(user, token, until)


@needs(Permission.MANAGE_PEOPLE)
def change(session: Session, user_id: str, role: Role, units: Sequence[str] = ()) -> User:
    """Gives a person another role and other units, from the next request on; WorkspaceError for the last admin's."""
    before = session.workspace.user(user_id)
    user = session.workspace.change_user(user_id, role=role, units=_units(units, role), active=before.active)
    session.audit("person_changed", person=user_id, before=str(before.role), role=str(role), units=len(user.units))
    return user


@needs(Permission.MANAGE_PEOPLE)
def remove(session: Session, user_id: str) -> User:
    """Takes a person's way in, at once and in every browser. The record stays: the audit log names its id."""
    before = session.workspace.user(user_id)
    user = session.workspace.change_user(user_id, role=before.role, units=before.units, active=False)
    session.audit("person_removed", person=user_id)
    return user


@needs(Permission.MANAGE_PEOPLE)
def restore(session: Session, user_id: str) -> User:
    """Lets a removed person in again, who needs a new invitation for it or comes by the provider."""
    before = session.workspace.user(user_id)
    user = session.workspace.change_user(user_id, role=before.role, units=before.units, active=True)
    session.audit("person_restored", person=user_id)
    return user


@needs(Permission.MANAGE_PEOPLE)
def hide_risk(session: Session, hidden_from: Sequence[Role]) -> None:
    """Names the roles that do not see the risk of whom they call; the order of a list tells it all the same."""
    chosen = [str(role) for role in Role if role in hidden_from]
    session.workspace.set_setting(HIDDEN_RISK, chosen)
    session.audit("risk_hidden", roles=tuple(chosen))


@needs(Permission.MANAGE_PEOPLE)
def known_units(session: Session) -> tuple[str, ...]:
    """The units that the files here name, each as it is written first, by name."""
    found: dict[str, str] = {}
    for info in session.workspace.datasets():
        for unit in _units_of(session.workspace, info):
            found.setdefault(fold(unit), unit)
    return tuple(sorted(found.values(), key=fold))


# by data set and revision, while the workspace is open: the page is drawn at each press
_NAMED: WeakKeyDictionary[Workspace, dict[tuple[str, int], tuple[str, ...]]] = WeakKeyDictionary()


def _units_of(workspace: Workspace, info: DatasetInfo) -> tuple[str, ...]:
    held, asked = _NAMED.setdefault(workspace, {}), (info.id, workspace.revision(info.id))
    if asked not in held:
        field = catalog.product(info.product).by_role(Told.UNIT)
        rows = workspace.rows(info.id, ["row"], if_there=[field.key]) if field is not None else None
        told = rows[field.key].dropna() if rows is not None and field is not None and field.key in rows else ()
        held[asked] = tuple(dict.fromkeys(map(str, told)))
    return held[asked]


def may_use_passwords(role: Role) -> bool:
    """Whether somebody may come in by a password: admins always, the others unless the provider is the only way."""
    return role is Role.ADMIN or not settings.closes_passwords(os.environ)


def login_name(typed: str) -> str:
    """A login as it is kept and compared: small letters, no accents. PresencaError where nothing usable is left."""
    plain = unicodedata.normalize("NFKD", typed.strip().casefold())
    found = "".join(char for char in plain if not unicodedata.combining(char))
    if not _LOGIN.fullmatch(found):
        raise PresencaError("people.login_malformed")
    return found


def full_name(typed: str) -> str:
    """A person's name as it is kept: one line. PresencaError where nothing is left, or too much."""
    name = " ".join("".join(char if char.isprintable() else " " for char in typed).split())
    if not 1 <= len(name) <= _LONGEST_NAME:
        raise PresencaError("people.name_malformed", longest=_LONGEST_NAME)
    return name


def _units(units: Sequence[str], role: Role) -> tuple[str, ...]:
    found = dict.fromkeys(" ".join(unit.split()) for unit in units)
    kept = tuple(unit for unit in found if unit)
    if len(kept) > _MOST_UNITS or any(len(unit) > _LONGEST_UNIT for unit in kept):
        raise PresencaError("people.too_many_units", most=_MOST_UNITS)
    if kept and role is Role.ADMIN:
        raise PresencaError("people.admin_of_units")
    return kept
