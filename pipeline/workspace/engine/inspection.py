"""What an engine says of its tables, indexes and triggers when it is asked: SQLite and PostgreSQL, each in its way."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from dataclasses import dataclass
from functools import cache

import sqlalchemy as sa

from pipeline.workspace.engine import transfer
from pipeline.workspace.engine.blob_tables import BLOBS
from pipeline.workspace.engine.translation import REFUSING, translated

_MADE = re.compile(
    r"CREATE (?:UNIQUE )?(?P<kind>TABLE|INDEX|TRIGGER) (?P<name>\w+)(?:.+? ON (?P<table>\w+))?", re.DOTALL
)
_RENAMED = re.compile(r"ALTER TABLE (\w+) RENAME TO (\w+)")
_THERE = """SELECT tablename FROM pg_tables WHERE schemaname = current_schema()
    UNION ALL SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()
    UNION ALL SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
        WHERE relnamespace = current_schema()::regnamespace AND NOT tgisinternal AND tgenabled <> 'D'"""
_GUARDS = f"""SELECT count(*) FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
        JOIN pg_proc ON pg_proc.oid = tgfoid
    WHERE relnamespace = current_schema()::regnamespace AND relname IN ('audit', 'audit_chain') AND tgenabled <> 'D'
        AND proname = '{REFUSING}' AND prosrc LIKE '%RAISE EXCEPTION%'"""
_GUARDS_OF_FILE = """SELECT count(*) FROM sqlite_master
    WHERE type = 'trigger' AND tbl_name IN ('audit', 'audit_chain') AND sql LIKE '%RAISE(ABORT%'"""


@dataclass(frozen=True)
class Part:
    """A table, index or trigger, and the statements that make it anew."""

    kind: str  # "table" | "index" | "trigger"
    name: str
    statements: tuple[str, ...]

    @property
    def can_be_made(self) -> bool:
        """Whether nothing is lost with it: the manifest of a store is made again of what lies there."""
        return self.kind != "table" or self.name == BLOBS.name


def _is_server(connection: sa.Connection) -> bool:
    return connection.dialect.name == "postgresql"


def names(connection: sa.Connection) -> set[str]:
    """Of the tables, indexes and triggers that are there and at work."""
    query = _THERE if _is_server(connection) else "SELECT name FROM sqlite_master"
    return set(connection.execute(sa.text(query)).scalars())


def is_whole(connection: sa.Connection) -> bool:
    """Whether a file of records holds together; a server's files are its keeper's to look at (`pg_amcheck`)."""
    if _is_server(connection):
        return True
    return connection.execute(sa.text("PRAGMA integrity_check(3)")).scalars().all() == ["ok"]


def broken_references(connection: sa.Connection) -> int:
    """How many rows speak of what is not there. PostgreSQL lets nobody write one."""
    return 0 if _is_server(connection) else len(connection.execute(sa.text("PRAGMA foreign_key_check")).all())


def missing_guards(connection: sa.Connection) -> int:
    """How many of the triggers that keep the audit log as it is were taken off."""
    if _is_server(connection):
        return max(6 - int(connection.execute(sa.text(_GUARDS)).scalar_one()), 0)
    return max(4 - int(connection.execute(sa.text(_GUARDS_OF_FILE)).scalar_one()), 0)


def parts(connection: sa.Connection, version: int) -> tuple[Part, ...]:
    """The tables, indexes and triggers that a version has in this engine."""
    return _of_server(version) if _is_server(connection) else _of_file(version)


@cache
def _of_file(version: int) -> tuple[Part, ...]:
    with contextlib.closing(sqlite3.connect(":memory:")) as model:
        for statement in transfer.statements(version):
            model.execute(statement)
        query = "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY rowid"
        return tuple(Part(str(kind), str(name), (str(made),)) for kind, name, made in model.execute(query))


@cache
def _of_server(version: int) -> tuple[Part, ...]:
    found: dict[str, Part] = {}
    for statement in (made for one in transfer.statements(version) for made in translated(one)):
        made, renamed = _MADE.match(statement), _RENAMED.match(statement)
        if renamed:
            found[renamed[2]] = Part("table", renamed[2], found.pop(renamed[1]).statements)
        elif made:
            again = [f"DROP TRIGGER IF EXISTS {made['name']} ON {made['table']}"] if made["kind"] == "TRIGGER" else []
            found[made["name"]] = Part(made["kind"].lower(), made["name"], (*again, statement))
    return tuple(found.values())
