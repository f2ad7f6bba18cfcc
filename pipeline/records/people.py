"""Who uses a workspace, and what one may do in it: permissions, roles, persons, and the ways in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class Permission(StrEnum):
    """What a use case needs: an action on a resource. Which role has which: `pipeline.access.roles`."""

    OPEN = "workspace.open"  # the frame of every page: names of files and models, the series, one's own choices
    READ_AGGREGATES = "aggregates.read"  # counts, rates, charts, measures: never a row
    READ_DATA = "data.read"  # rows and cells, and files of them
    CHANGE_DATA = "data.change"
    DELETE_DATA = "data.delete"
    READ_MODELS = "models.read"
    EXPORT_MODELS = "models.export"
    CHANGE_MODELS = "models.change"
    READ_LISTS = "lists.read"  # who is to be called, and which slots are free
    CALL_PATIENTS = "patients.call"
    FILL_SLOTS = "slots.fill"
    PLAN_CALLS = "calls.plan"  # what a list is made by, and what is said in a call
    SEE_RISK = "risk.see"  # patient by patient, with reasons; a workspace may hide it from a role
    READ_COMMENTS = "comments.read"
    ANSWER_COMMENTS = "comments.answer"
    READ_IDENTITIES = "identities.read"
    MAINTAIN = "workspace.maintain"
    KEEP_COPIES = "copies.keep"  # sealed copies of everything, the key that opens them, what is mended
    MANAGE_PEOPLE = "people.manage"
    OWN_ACCOUNT = "account.own"
    SEND_RECORDS = "records.send"  # hands records in; gives nothing back but what was wrong with them
    SCORE_RECORDS = "records.score"  # asks for the risk of records that it brings; nothing of them is kept


class FileUse(StrEnum):
    """What a file with rows of patients is taken out for."""

    CALLS = "calls"  # to reach the patients: lists to call, messages
    OTHER = "other"  # to look at, mend, count, keep


class Role(StrEnum):
    """What somebody is here for."""

    ADMIN = "admin"
    MANAGER = "gestor"
    ANALYST = "analista"
    ATTENDANT = "atendente"
    READER = "leitor"


@dataclass(frozen=True)
class User:
    """A person who may come in. `login` is what they type, folded; `units`: the ones whose rows are all they are
    given, whatever their role; none for all. `has_password` is False until the invitation was accepted.
    """

    id: str
    login: str
    name: str
    role: Role
    units: tuple[str, ...] = ()
    active: bool = True
    has_password: bool = False
    created: str = ""


@dataclass(frozen=True)
class Login:
    """Somebody who is in. Moments are seconds since 1970; the token is not kept, its SHA-256 is."""

    id: str
    user_id: str
    created: float
    seen: float


@dataclass(frozen=True)
class Invitation:
    """A way in for one person, once, until `until`; `token` is told once and not kept."""

    user: User
    token: str
    until: dt.datetime
