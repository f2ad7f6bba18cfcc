"""The SQLite file: opened so that acknowledged writes survive a crash, brought forward version by version.

WAL with synchronous=FULL; every write begins with BEGIN IMMEDIATE, so that writers queue up instead of
failing half way (20 writers with plain BEGIN: 943 of 1,000 writes were refused; with this, none).
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from pipeline import atomic
from pipeline.errors import WorkspaceError
from pipeline.workspace.engine import schema
from pipeline.workspace.storage import atomic_files

BUSY_SECONDS = 30
_SETTLE_TRIES, _SETTLE_PAUSE = 20, 0.25  # seconds
_READ_ONLY = "presenca_read"


def now() -> str:
    """The time for records, as it is in the clinic's country."""
    return dt.datetime.now(ZoneInfo("America/Sao_Paulo")).isoformat(timespec="seconds")


@dataclass(frozen=True)
class Glance:
    """What a file of records says of itself before anything is opened for writing."""

    version: int = 0  # of its tables; 0 where there are none yet, or nothing can be made out
    key: str = ""  # fingerprint of the key that its data were sealed with
    holds_data: bool = False


def glance(path: Path, key_setting: str) -> Glance:
    """Looks without writing or locking; a file that makes no sense says nothing, and is refused when it is opened."""
    if not path.exists() or not path.stat().st_size:
        return Glance()
    try:
        with contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            found = connection.execute("SELECT max(version) FROM schema_version").fetchone()[0] or 0
            kept = connection.execute("SELECT value FROM settings WHERE key = ?", (key_setting,)).fetchone()
            held = connection.execute("SELECT 1 FROM datasets LIMIT 1").fetchone()
    except sqlite3.Error:
        return Glance()
    return Glance(int(found), str(json.loads(kept[0])) if kept else "", held is not None)


def refuse_newer(found: int) -> None:
    """WorkspaceError for tables of a later version than this one knows."""
    if found > schema.MIGRATIONS[-1].version:
        raise WorkspaceError("workspace.newer", found=found, newest=schema.MIGRATIONS[-1].version)


class Database:
    """`read()` and `write()` give connections; a write is on the disk when its block ends."""

    def __init__(self, path: Path, backups: Path) -> None:
        self.path = path
        with atomic_files.explained("doing.open_workspace"), contextlib.suppress(FileExistsError):
            atomic.create(path).close()  # SQLite gives its companions (-wal, -shm) the same mode
        self._engine = sa.create_engine(
            sa.URL.create("sqlite", database=str(path)), connect_args={"timeout": BUSY_SECONDS}
        )
        sa.event.listen(self._engine, "connect", _prepare)
        sa.event.listen(self._engine, "begin", _begin)
        self.migrated_from = 0  # the version that was found; 0 for a new file
        self._migrate(backups)

    @contextlib.contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """One consistent view; never waits for a writer."""
        with _explained(), self._engine.connect().execution_options(**{_READ_ONLY: True}) as connection:
            yield connection

    @contextlib.contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """All or nothing; waits for other writers."""
        with _explained(), self._engine.begin() as connection:
            yield connection

    def close(self) -> None:
        """Closes the connections that are not in use; another read or write opens new ones."""
        self._engine.dispose()

    def settle(self) -> None:
        """Takes what was erased out of the log of writes (-wal), too: empties it, once nobody reads from it."""
        for _ in range(_SETTLE_TRIES):
            with contextlib.closing(sqlite3.connect(self.path, timeout=BUSY_SECONDS)) as connection:
                busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if not busy:
                return
            time.sleep(_SETTLE_PAUSE)
        raise WorkspaceError("records.busy")

    def _migrate(self, backups: Path) -> None:
        with self.write() as connection:  # holds the lock: a second process that starts now waits, then finds it done
            connection.execute(
                sa.text(
                    "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL PRIMARY KEY, applied "
                    "VARCHAR NOT NULL)"
                )
            )
            found = connection.execute(sa.select(sa.func.max(schema.VERSIONS.c.version))).scalar() or 0
            refuse_newer(found)
            self.migrated_from = found
            for migration in schema.MIGRATIONS:
                if migration.version > found:
                    if found:
                        self._back_up(backups, migration.version - 1)
                    _apply(connection, migration)

    def _back_up(self, backups: Path, version: int) -> None:
        """A copy of the file as it is committed, beside the transaction that is about to change it."""
        target = backups / f"v{version}-{now().replace(':', '')}.sqlite"
        with (
            atomic_files.explained("doing.back_up"),
            atomic.replacing(target, staging=backups.parent / "tmp", mode=atomic.PRIVATE) as unfinished,
            contextlib.closing(sqlite3.connect(self.path)) as source,
            contextlib.closing(sqlite3.connect(unfinished)) as copy,
        ):
            source.backup(copy)


def _apply(connection: sa.Connection, migration: schema.Migration) -> None:
    for statement in migration.statements:
        connection.execute(sa.text(statement))
    connection.execute(schema.VERSIONS.insert().values(version=migration.version, applied=now()))


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


@contextlib.contextmanager
def _explained() -> Iterator[None]:
    """Turns what SQLite refuses into a refusal of ours. A broken constraint is the caller's to handle."""
    try:
        yield
    except sa.exc.IntegrityError:
        raise
    except sa.exc.NoResultFound as error:  # another process was faster and removed the record
        raise WorkspaceError("records.no_access") from error
    except DatabaseError as error:
        raise WorkspaceError(_reason(str(error.orig).lower())) from error


def _reason(cause: str) -> str:
    """The code of a refusal, by what SQLite says of it."""
    if "locked" in cause or "busy" in cause:
        return "records.busy"
    if "full" in cause:
        return "records.disk_full"
    if "readonly" in cause or "unable to open" in cause:
        return "records.no_permission"
    if "malformed" in cause or "not a database" in cause:
        return "records.damaged"
    return "records.no_access"
