"""The audit log: when, what, which ids, how many; never who the patients are.

Rows can be added and not changed: SQLite itself refuses (triggers in schema.py), and a chain of keyed seals shows
what was changed past it (`engine/audit_chain.py`).
"""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from pipeline.records.privacy import ChainState
from pipeline.scrubbing.labels import safe_file_name
from pipeline.workspace.engine.audit_chain import STARTED
from pipeline.workspace.engine.schema import AUDIT

if TYPE_CHECKING:
    from pipeline.workspace.store import Workspace


@dataclass(frozen=True)
class FileName:
    """A file's name, or its way below a folder ("/"); it is written where no part of it names somebody."""

    text: str


Fact = FileName | str | int | float | bool | dt.date | None | tuple[str, ...]

_SAFE = re.compile(r"[a-z][a-z_]{0,39}|[0-9a-f]{12}|[0-9a-f]{64}|\d{4}-\d\d-\d\d")
_LONGEST_PATH = 300  # characters
OMITTED = "(omitido)"


@dataclass(frozen=True)
class AuditEntry:
    """`facts` are ids, counts, dates and key words."""

    at: str
    action: str
    facts: dict[str, object]


def audit(workspace: Workspace, action: str, **facts: Fact) -> None:
    """Adds an entry. A text that is not an id, a date or a key word is left out: it could name somebody."""
    with workspace.database.write() as connection:
        record(workspace, connection, action, **facts)
    workspace.audit_chain.publish()


def record(workspace: Workspace, connection: sa.Connection, action: str, **facts: Fact) -> None:
    """As `audit`, within a transaction of the caller: the deed and its entry are saved together or not at all."""
    plain = json.dumps({key: _safe(value) for key, value in facts.items()}, ensure_ascii=False)
    workspace.audit_chain.append(connection, action, plain)


def check(workspace: Workspace) -> ChainState:
    """Whether the log is whole: nothing altered, taken out, added from outside, or cut at its end."""
    return workspace.audit_chain.check()


def _safe(value: Fact) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, tuple):
        return [_safe(item) for item in value]
    if isinstance(value, FileName):
        return value.text if _is_nameless(value.text) else OMITTED
    text = value.isoformat() if isinstance(value, dt.date) else str(value)
    return text if _SAFE.fullmatch(text) else OMITTED


def _is_nameless(path: str) -> bool:
    parts = path.split("/")
    return len(path) <= _LONGEST_PATH and path.isprintable() and all(safe_file_name(part) == part for part in parts)


def entries(workspace: Workspace, limit: int | None = 100) -> tuple[AuditEntry, ...]:
    """The last entries, newest first; None: all of them. The entry with which the chain began is none of a person."""
    query = sa.select(AUDIT).where(AUDIT.c.action != STARTED).order_by(AUDIT.c.id.desc()).limit(limit)
    with workspace.database.read() as connection:
        return tuple(AuditEntry(r.at, r.action, json.loads(r.facts)) for r in connection.execute(query))
