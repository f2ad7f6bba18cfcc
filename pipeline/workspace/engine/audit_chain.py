"""The chain of the audit log: each entry's seal covers the entry and the seal before it.

Seals are HMAC-SHA-256 under a subkey of the workspace's key: whoever drops the triggers and rewrites rows can't make
them anew. The head (how many entries, and the last seal) is sealed, too, and kept twice: in the settings, written in
the entry's own transaction, and in a file beside the database, written after it. The file may lag behind the database
(a process that was killed), never run ahead of it: then entries are missing at the end.
"""

from __future__ import annotations

import contextlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from pipeline.privacy import audit_subkey
from pipeline.records.privacy import ChainState
from pipeline.workspace.engine import inspection, statements
from pipeline.workspace.engine.database import Database, now
from pipeline.workspace.engine.privacy_tables import AUDIT_CHAIN
from pipeline.workspace.engine.schema import AUDIT, SETTINGS
from pipeline.workspace.storage import atomic_files

HEAD_SETTING, HEAD_FILE, LOST_FILE = "audit_head", "audit.head", "audit.head.lost"
STARTED, CUT = "audit_chain_started", "audit_cut"


@dataclass(frozen=True)
class Head:
    """How many entries there are and the seal of the last one; `mark` proves that the workspace wrote it."""

    count: int
    seal: str
    mark: str


@dataclass(frozen=True)
class AuditChain:
    """The chain of a workspace. `key` is the workspace's own: subkeys are made here."""

    database: Database
    home: Path
    staging: Path
    key: bytes

    def append(self, connection: sa.Connection, action: str, facts: str) -> None:
        """Adds an entry with its seal, within the caller's transaction; `publish` once that is over."""
        connection.execute(AUDIT.insert().values(at=now(), action=action, facts=facts))
        self._extend(connection, _last(connection))

    def publish(self) -> None:
        """Writes the head beside the database, as it is committed; where that fails, the next entry writes it."""
        with self.database.read() as connection:
            head = _kept_head(connection)
        if head is not None:
            with contextlib.suppress(OSError):
                atomic_files.put(_plain(head).encode(), self.home / HEAD_FILE, self.staging)

    def adopt(self) -> None:
        """At opening: seals what an earlier version wrote, once; and says so where the end of the log is missing."""
        with self.database.write() as connection:
            if _kept_head(connection) is None:
                self._start(connection)
            beside = self._beside()
            missing = beside is not None and self._is_mine(beside) and beside.count > _last(connection)
            if missing and beside is not None:
                found = _last(connection)
                with atomic_files.explained("doing.save_audit"):
                    atomic_files.put(_plain(beside).encode(), self.home / LOST_FILE, self.staging)
                self.append(connection, CUT, json.dumps({"expected": beside.count, "found": found}))
        self.publish()

    def _start(self, connection: sa.Connection) -> None:
        sealed = set(connection.execute(sa.select(AUDIT_CHAIN.c.id)).scalars())
        ids = connection.execute(sa.select(AUDIT.c.id).order_by(AUDIT.c.id)).scalars().all()
        for entry in ids if not sealed else ():
            self._extend(connection, entry)
        self.append(connection, STARTED, json.dumps({"adopted": len(ids)}))

    def _extend(self, connection: sa.Connection, entry: int) -> None:
        row = connection.execute(sa.select(AUDIT).where(AUDIT.c.id == entry)).one()
        before = connection.execute(sa.select(AUDIT_CHAIN).order_by(AUDIT_CHAIN.c.id.desc()).limit(1)).first()
        sealed = self._seal(row, before.seal if before else "")
        connection.execute(AUDIT_CHAIN.insert().values(id=entry, seal=sealed))
        plain = _plain(Head(entry, sealed, self._mark(entry, sealed)))
        statements.put(connection, SETTINGS, {"key": HEAD_SETTING}, {"value": plain})

    def _seal(self, row: Any, before: str) -> str:
        told = json.dumps([row.id, row.at, row.action, row.facts, before], ensure_ascii=False)
        return hmac.digest(audit_subkey(self.key, "entry"), told.encode(), "sha256").hex()

    def _mark(self, count: int, seal: str) -> str:
        return hmac.digest(audit_subkey(self.key, "head"), f"{count}:{seal}".encode(), "sha256").hex()

    def _is_mine(self, head: Head) -> bool:
        return hmac.compare_digest(head.mark, self._mark(head.count, head.seal))

    def _beside(self) -> Head | None:
        try:
            return _head(json.loads((self.home / HEAD_FILE).read_text("utf-8")))
        except (OSError, ValueError):
            return None

    def check(self) -> ChainState:
        """Reads the whole log: entries altered, missing, added without a seal, or cut at the end."""
        with self.database.read() as connection:
            entries = connection.execute(sa.select(AUDIT).order_by(AUDIT.c.id)).all()
            seals = {row.id: row.seal for row in connection.execute(sa.select(AUDIT_CHAIN))}
            head, unguarded = _kept_head(connection), inspection.missing_guards(connection)
        faults = list(self._broken(entries, seals))
        faults += [("trigger", 0)] if unguarded else []
        faults += self._heads(head, seals, entries[-1].id if entries else 0)
        started = next((row.at for row in entries if row.action == STARTED), None)
        return ChainState(len(entries), started, tuple(faults))

    def sealed(self) -> Iterator[tuple[int, str, str, str, str]]:
        """(Number, seal, at, action, facts as JSON) of every entry, oldest first; "" for one without a seal."""
        with self.database.read() as connection:
            joined = sa.select(AUDIT, AUDIT_CHAIN.c.seal).join(
                AUDIT_CHAIN, AUDIT_CHAIN.c.id == AUDIT.c.id, isouter=True
            )
            for row in connection.execute(joined.order_by(AUDIT.c.id)).all():
                yield row.id, row.seal or "", row.at, row.action, row.facts

    def _broken(self, entries: Any, seals: dict[int, str]) -> Any:
        before, expected = "", 1
        for row in entries:
            if row.id != expected:
                yield "missing", expected
            sealed = seals.get(row.id)
            if sealed is None:
                yield "unsealed", row.id
            elif not hmac.compare_digest(sealed, self._seal(row, before)):
                yield "altered", row.id
            before, expected = sealed or "", row.id + 1

    def _heads(self, head: Head | None, seals: dict[int, str], last: int) -> list[tuple[str, int]]:
        beside = self._beside()
        faults = []
        if head is None or not self._is_mine(head) or (head.count, head.seal) != (last, seals.get(last)):
            faults.append(("head", 0))
        if beside is None or not self._is_mine(beside):
            faults.append(("head_beside", 0))
        elif beside.count > last:
            faults.append(("cut", last + 1))
        elif seals.get(beside.count) != beside.seal:
            faults.append(("head_beside", 0))
        if (self.home / LOST_FILE).exists():
            faults.append(("cut_before", 0))
        return faults


def _last(connection: sa.Connection) -> int:
    return connection.execute(sa.select(sa.func.max(AUDIT.c.id))).scalar() or 0


def _kept_head(connection: sa.Connection) -> Head | None:
    found = connection.execute(sa.select(SETTINGS.c.value).where(SETTINGS.c.key == HEAD_SETTING)).scalar()
    return None if found is None else _head(json.loads(found))


def _head(plain: Any) -> Head | None:
    if not isinstance(plain, dict) or not isinstance(plain.get("count"), int):
        return None
    return Head(plain["count"], str(plain.get("seal", "")), str(plain.get("mark", "")))


def _plain(head: Head) -> str:
    return json.dumps({"count": head.count, "seal": head.seal, "mark": head.mark})
