"""Records in a PostgreSQL, which the app servers of a workspace share.

A write takes the workspace's advisory lock first, which goes with its transaction: the repositories read, decide and
write in one block, and were made for one writer at a time, as SQLite's BEGIN IMMEDIATE gives it. SERIALIZABLE would
let them run at once and refuse some at the end, who would all have to be written so that they can begin again; and
while the lock is waited for, no row is locked, so that no two writers can wait for each other. A write reads what is
committed (READ COMMITTED), not one moment: its moment would be that of the lock's own statement, before the waiting,
and nobody else writes meanwhile. Readers see one moment (REPEATABLE READ) and take no lock.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from functools import cached_property
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from typing_extensions import override

from pipeline.errors import WorkspaceError
from pipeline.workspace.engine import schema, transfer
from pipeline.workspace.engine.address import DATABASE_VARIABLE, Address
from pipeline.workspace.engine.database import BUSY_SECONDS, Database, Glance
from pipeline.workspace.engine.translation import FUNCTIONS, translated

_CONNECT_SECONDS = 10
_FORGOTTEN_SECONDS = 900  # after which the server ends a transaction of a process that is silent within it
_AWAY = (  # what PostgreSQL's own library says, in English always, where no server answers
    "connection refused",
    "could not translate host name",
    "failed to resolve host",
    "no such file or directory",
    "timeout expired",
    "connection timeout",
    "is not responding",
    "unreachable",
    "name or service not known",
    "network is down",
)
_BUSY = {"55P03", "40001", "40P01", "57014", "53300"}  # a lock, a conflict, a statement's time, connections


class PostgresDatabase(Database):
    """The records in a schema of a PostgreSQL, at the newest version. `backups` as `SqliteDatabase` takes it.

    WorkspaceError where the driver is not installed, no server answers, or it does not let us in.
    """

    is_shared = True
    refusals = (sa.exc.DatabaseError, sa.exc.InterfaceError)  # the latter: a connection that was lost

    def __init__(self, address: Address, backups: Path) -> None:
        self.address, self._schema = address.text, address.schema
        super().__init__(_engine(address))
        self.migrate(backups)

    @override
    def settle(self) -> None:
        """Writes the tables anew, without what was erased; the server's own log and copies are its keeper's."""
        with self._explained(), self._engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            for table in schema.TABLES.sorted_tables:
                connection.execute(sa.text(f'VACUUM (FULL) "{table.name}"'))  # names of ours

    def forget(self) -> None:
        """Takes the tables away, where they hold nothing: a copy could not be taken back as a whole."""
        with self.write() as connection:
            for table in [] if transfer.holds_anything(connection) else reversed(schema.TABLES.sorted_tables):
                connection.execute(sa.text(f'DROP TABLE IF EXISTS "{table.name}"'))  # names of ours

    @override
    def moment(self) -> float:
        with self._explained(), self._engine.connect() as connection:
            return float(connection.execute(sa.text("SELECT extract(epoch FROM clock_timestamp())")).scalar_one())

    @override
    def copy_out(self, target: Path, version: int | None = None) -> None:
        with self.read() as connection:
            transfer.copy_out(connection, target, version or schema.MIGRATIONS[-1].version)

    @override
    def statements(self, migration: schema.Migration) -> tuple[str, ...]:
        return tuple(made for one in migration.statements for made in translated(one))

    @override
    def _prepare_tables(self, connection: sa.Connection) -> None:
        if self._schema and not _has_schema(connection, self._schema):
            connection.execute(sa.text(f'CREATE SCHEMA "{self._schema}"'))
        if connection.execute(sa.text("SELECT current_schema()")).scalar() is None:
            raise WorkspaceError("records.no_schema")
        super()._prepare_tables(connection)
        for function in FUNCTIONS:
            connection.execute(sa.text(function))

    @override
    def _reader(self) -> sa.Engine:
        return self._readers

    @cached_property
    def _readers(self) -> sa.Engine:
        return self._engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    @override
    def _queue_up(self, connection: sa.Connection) -> None:
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": self._turn})

    @cached_property
    def _turn(self) -> int:
        """The lock of this schema's writers; locks count within one database."""
        with self._engine.connect() as connection:
            named = self._schema or connection.execute(sa.text("SELECT current_schema()")).scalar()
        return int.from_bytes(hashlib.sha256(f"presenca:{named}".encode()).digest()[:8], signed=True)

    @override
    def _reason(self, error: sa.exc.DBAPIError) -> str:
        return reason(error)


def glance(address: Address, key_setting: str, home_setting: str) -> Glance:
    """As of a file: looks without writing. WorkspaceError as `PostgresDatabase`."""
    engine = _engine(address)
    try:
        with engine.connect() as connection:
            if connection.execute(sa.text("SELECT to_regclass('schema_version')")).scalar() is None:
                return Glance()
            found = connection.execute(sa.select(sa.func.max(schema.VERSIONS.c.version))).scalar() or 0
            if not found:
                return Glance()
            held = connection.execute(sa.select(schema.DATASETS.c.id).limit(1)).first()
            query = sa.select(schema.SETTINGS.c.key, schema.SETTINGS.c.value)
            wanted = schema.SETTINGS.c.key.in_([key_setting, home_setting])
            kept = {row.key: str(json.loads(row.value)) for row in connection.execute(query.where(wanted))}
    except sa.exc.DBAPIError as error:
        raise WorkspaceError(reason(error)) from error
    finally:
        engine.dispose()
    return Glance(int(found), kept.get(key_setting, ""), held is not None, kept.get(home_setting, ""))


def looking(address: Address) -> sa.Engine:
    """Gives connections that can change nothing."""
    return _engine(address).execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def _has_schema(connection: sa.Connection, name: str) -> bool:
    query = sa.text("SELECT 1 FROM pg_namespace WHERE nspname = :name")
    return connection.execute(query, {"name": name}).first() is not None


def _engine(address: Address) -> sa.Engine:
    settings = [f"-c lock_timeout={BUSY_SECONDS}s", f"-c idle_in_transaction_session_timeout={_FORGOTTEN_SECONDS}s"]
    settings += [f"-c search_path={address.schema}"] if address.schema else []
    told = address.url.query.get("options", "")
    arguments: dict[str, Any] = {"options": " ".join([*settings, str(told)]).strip()}
    if "connect_timeout" not in address.url.query:
        arguments["connect_timeout"] = _CONNECT_SECONDS
    if "application_name" not in address.url.query:
        arguments["application_name"] = "presenca"
    try:
        # hide_parameters: what an error of SQLAlchemy says ends in logs; pre_ping: a server that was started anew
        return sa.create_engine(
            address.url.difference_update_query(["options"]),
            connect_args=arguments,
            hide_parameters=True,
            pool_pre_ping=True,
        )
    except ModuleNotFoundError:
        raise WorkspaceError("records.no_driver", variable=DATABASE_VARIABLE) from None


def reason(error: sa.exc.DBAPIError) -> str:
    """The code of what PostgreSQL refused. Its words are in the server's language: only those of its library, which
    are English, and its five-letter codes are asked.
    """
    state = str(getattr(error.orig, "sqlstate", None) or "")
    if state in _BUSY:
        return "records.busy"
    if state == "53100":
        return "records.server_full"
    if state in ("42501", "25006", "3F000"):
        return "records.no_grant"
    if state in ("XX001", "XX002"):
        return "records.server_damaged"
    if state.startswith(("08", "57P")):
        return "records.server_away"
    if isinstance(error, sa.exc.OperationalError) and not state:
        return _without_state(error)
    return "records.server_refused"


def _without_state(error: sa.exc.OperationalError) -> str:
    """No connection came about, or one was lost."""
    with contextlib.suppress(UnicodeError):
        said = str(error.orig).lower()
        if error.connection_invalidated or any(one in said for one in _AWAY):
            return "records.server_away"
        if "connection failed" in said or "fatal" in said:
            return "records.login_refused"
    return "records.server_away"
