"""The statements that SQLite and PostgreSQL have alike, but SQLAlchemy under two names; and the order of arrival."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

ARRIVAL: sa.ColumnElement[int] = sa.literal_column("rowid")
"""Rises as rows are added. SQLite gives it to every table by itself; PostgreSQL's get it in `translation`."""


def insert(connection: sa.Connection, table: sa.Table) -> Any:
    """An insert that can say what is done on a conflict (`on_conflict_do_update`, `on_conflict_do_nothing`)."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


def put(connection: sa.Connection, table: sa.Table, key: dict[str, Any], values: dict[str, Any]) -> None:
    """Adds a row under the columns of `key`, or gives the one that is there these values."""
    made = insert(connection, table).values(**key, **values)
    connection.execute(made.on_conflict_do_update(index_elements=list(key), set_=values))


def add_if_new(connection: sa.Connection, table: sa.Table, values: dict[str, Any]) -> bool:
    """Adds a row, unless one is there that a unique index or key holds to be the same; whether it did."""
    return added(connection, insert(connection, table).values(**values).on_conflict_do_nothing()) > 0


def added(connection: sa.Connection, made: Any) -> int:
    """Carries out an `insert`; how many rows it added or changed.

    Inline, since one that is asked for its new number counts nothing; and SQLAlchemy keeps the count if told to.
    """
    return int(connection.execute(made.inline(), execution_options={"preserve_rowcount": True}).rowcount)


def update_where_free(connection: sa.Connection, table: sa.Table, rows: Any, values: dict[str, Any]) -> None:
    """Changes rows (a condition) one by one, but for those whose new place another has: they stay as they are."""
    for row_id in connection.execute(sa.select(table.c.id).where(rows)).scalars().all():
        try:
            with connection.begin_nested():
                connection.execute(table.update().where(table.c.id == row_id).values(**values))
        except sa.exc.IntegrityError:
            continue
