"""The audit log: verified, listed, handed out with the seal of each entry."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from pipeline.presentation import spreadsheets
from pipeline.records.privacy import ChainState
from pipeline.services.session import Permission, Session, needs
from pipeline.workspace.audit import AuditEntry, entries
from pipeline.workspace.audit import check as check_chain


@needs(Permission.MAINTAIN)
def check(session: Session) -> ChainState:
    """Whether the log is whole."""
    return check_chain(session.workspace)


@needs(Permission.MAINTAIN)
def latest(session: Session, limit: int = 200) -> tuple[AuditEntry, ...]:
    """The last entries, newest first."""
    return entries(session.workspace, limit)


@needs(Permission.MAINTAIN)
def jsonl(session: Session) -> bytes:
    """The whole log, oldest first, one JSON object a line, with its number and seal."""
    session.audit("audit_exported")
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in _lines(session)).encode()


@needs(Permission.MAINTAIN)
def csv(session: Session) -> bytes:
    """The whole log, oldest first, as CSV."""
    session.audit("audit_exported")
    lines = [line | {"facts": json.dumps(line["facts"], ensure_ascii=False)} for line in _lines(session)]
    return spreadsheets.csv_bytes(pd.DataFrame(lines))


def _lines(session: Session) -> list[dict[str, Any]]:
    made = []
    for number, seal, at, action, plain in session.workspace.audit_chain.sealed():
        facts = json.loads(plain)
        actor = facts.pop("actor", "")
        made.append({"id": number, "at": at, "actor": actor, "action": action, "facts": facts, "seal": seal})
    return made
