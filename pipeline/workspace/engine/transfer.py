"""Records from one engine to the other, row by row: a SQLite file is what a copy of them is, whatever holds them."""

from __future__ import annotations

import contextlib
import datetime as dt
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from pipeline.workspace.engine import schema
from pipeline.workspace.engine.statements import ARRIVAL

_AT_ONCE = 2_000  # rows
HOME_ID = "home_id"
OF_THE_PLACE = frozenset({HOME_ID})  # settings that say where records lie, and not what they say


def copy_out(connection: sa.Connection, target: Path, version: int) -> None:
    """Writes the records of a version, as the connection sees them, into a SQLite file that is new or empty."""
    with contextlib.closing(sqlite3.connect(target)) as file, file:
        file.execute("CREATE TABLE schema_version (version INTEGER NOT NULL PRIMARY KEY, applied VARCHAR NOT NULL)")
        for statement in statements(version):
            file.execute(statement)
        tables = file.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY rowid").fetchall()
        for (name,) in tables:
            columns = [str(row[1]) for row in file.execute(f'PRAGMA table_info("{name}")')]
            marks, named = ", ".join("?" * len(columns)), ", ".join(f'"{column}"' for column in columns)
            rows = _rows(connection, sa.table(name, *(sa.column(column) for column in columns)), name)
            file.executemany(f'INSERT INTO "{name}" ({named}) VALUES ({marks})', rows)  # names of ours


def statements(version: int) -> Iterator[str]:
    """The statements that make the tables of a version in SQLite."""
    for migration in schema.MIGRATIONS:
        if migration.version <= version:
            yield from migration.statements


def _rows(connection: sa.Connection, table: sa.TableClause, name: str) -> Iterator[tuple[Any, ...]]:
    query = sa.select(table)
    query = query.order_by(table.c.version if name == schema.VERSIONS.name else ARRIVAL)
    for row in connection.execution_options(yield_per=_AT_ONCE).execute(query):
        kept = row._mapping.get("key") not in OF_THE_PLACE if name == schema.SETTINGS.name else True
        if kept:
            yield tuple(value.isoformat() if isinstance(value, dt.date) else value for value in row)


def copy_in(source: sa.Connection, target: sa.Connection) -> None:
    """Puts all records of the newest version into tables of the same version that hold nothing."""
    for table in schema.TABLES.sorted_tables:
        if table is schema.VERSIONS:
            continue
        result = source.execution_options(yield_per=_AT_ONCE).execute(sa.select(table).order_by(ARRIVAL))
        for part in result.partitions():
            rows = [dict(row._mapping) for row in part]
            if table is schema.SETTINGS:
                rows = [row for row in rows if row["key"] not in OF_THE_PLACE]
            if rows:
                target.execute(table.insert(), rows)


def holds_anything(connection: sa.Connection) -> bool:
    """Whether a row of ours is there, but for what says where the records lie."""
    for table in schema.TABLES.sorted_tables:
        query = sa.select(sa.literal(1)).select_from(table).limit(1)
        query = query.where(schema.SETTINGS.c.key.not_in(OF_THE_PLACE)) if table is schema.SETTINGS else query
        if table is not schema.VERSIONS and connection.execute(query).first() is not None:
            return True
    return False
