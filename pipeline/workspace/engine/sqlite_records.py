"""Records in a SQLite file: opened so that acknowledged writes survive a crash.

WAL with synchronous=FULL; every write begins with BEGIN IMMEDIATE, so that writers queue up instead of
failing half way (20 writers with plain BEGIN: 943 of 1,000 writes were refused; with this, none).
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from typing_extensions import override

from pipeline import atomic
from pipeline.errors import WorkspaceError
from pipeline.workspace.engine import schema
from pipeline.workspace.engine.database import BUSY_SECONDS, Database, Glance
from pipeline.workspace.storage import atomic_files

_SETTLE_TRIES, _SETTLE_PAUSE = 20, 0.25  # seconds
_READ_ONLY = "presenca_read"


def glance(path: Path, key_setting: str, home_setting: str) -> Glance:
    """Looks without writing or locking; a file that makes no sense says nothing, and is refused when it is opened."""
    if not path.exists() or not path.stat().st_size:
        return Glance()
    try:
        with contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            found = connection.execute("SELECT max(version) FROM schema_version").fetchone()[0] or 0
            asked = connection.execute(
                "SELECT key, value FROM settings WHERE key IN (?, ?)", (key_setting, home_setting)
            )
            kept = {key: str(json.loads(value)) for key, value in asked}
            held = connection.execute("SELECT 1 FROM datasets LIMIT 1").fetchone()
    except sqlite3.Error:
        return Glance()
    return Glance(int(found), kept.get(key_setting, ""), held is not None, kept.get(home_setting, ""))


def looking(path: Path) -> sa.Engine:
    """Gives connections that can change nothing."""
    return sa.create_engine(f"sqlite:///{path.absolute().as_uri()}?mode=ro&uri=true", poolclass=sa.pool.NullPool)


class SqliteDatabase(Database):
    """The records in a file, at the newest version. `backups`: where a copy of an earlier version's is kept."""

    def __init__(self, path: Path, backups: Path) -> None:
        self.path = path
        with atomic_files.explained("doing.open_workspace"), contextlib.suppress(FileExistsError):
            atomic.create(path).close()  # SQLite gives its companions (-wal, -shm) the same mode
        engine = sa.create_engine(
            sa.URL.create("sqlite", database=str(path)), connect_args={"timeout": BUSY_SECONDS}, hide_parameters=True
        )
        sa.event.listen(engine, "connect", _prepare)
        sa.event.listen(engine, "begin", _begin)
        super().__init__(engine)
        self.migrate(backups)

    @override
    def settle(self) -> None:
        """Empties the log of writes (-wal), which still has what was erased, once nobody reads from it."""
        for _ in range(_SETTLE_TRIES):
            with contextlib.closing(sqlite3.connect(self.path, timeout=BUSY_SECONDS)) as connection:
                busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if not busy:
                return
            time.sleep(_SETTLE_PAUSE)
        raise WorkspaceError("records.busy")

    @override
    def moment(self) -> float:
        return time.time()

    @override
    def copy_out(self, target: Path, version: int | None = None) -> None:
        # SQLite copies its own file: whoever opened and closed it here would drop its locks
        source, kept = sqlite3.connect(self.path), sqlite3.connect(target)
        with contextlib.closing(source), contextlib.closing(kept):
            source.backup(kept)

    @override
    def statements(self, migration: schema.Migration) -> tuple[str, ...]:
        return migration.statements

    @override
    def _reader(self) -> sa.Engine:
        return self._engine.execution_options(**{_READ_ONLY: True})

    @override
    def _queue_up(self, connection: sa.Connection) -> None:
        """BEGIN IMMEDIATE has seen to it."""

    @override
    def _reason(self, error: sa.exc.DBAPIError) -> str:
        cause = str(error.orig).lower()
        if "locked" in cause or "busy" in cause:
            return "records.busy"
        if "full" in cause:
            return "records.disk_full"
        if "readonly" in cause or "unable to open" in cause:
            return "records.no_permission"
        if "malformed" in cause or "not a database" in cause:
            return "records.damaged"
        return "records.no_access"


def _prepare(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we begin transactions ourselves
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",  # what is deleted is overwritten
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: sa.Connection) -> None:
    mode = "DEFERRED" if connection.get_execution_options().get(_READ_ONLY) else "IMMEDIATE"
    connection.exec_driver_sql(f"BEGIN {mode}")
