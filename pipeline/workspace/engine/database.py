"""The records, whatever engine holds them: `read()` and `write()` give connections; migrations run when it is opened.

What the house relies on, and each engine gives in its own way (`sqlite_records`, `postgres_records`): one writer at a
time, who waits for the one before; all of a write or nothing; a reader sees one moment and waits for nobody; what was
acknowledged is on the disk.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from pipeline import atomic
from pipeline.errors import WorkspaceError
from pipeline.workspace.engine import schema
from pipeline.workspace.storage import atomic_files

BUSY_SECONDS = 30  # for which a writer waits for the one before


def now() -> str:
    """The time for records, as it is in the clinic's country."""
    return dt.datetime.now(ZoneInfo("America/Sao_Paulo")).isoformat(timespec="seconds")


@dataclass(frozen=True)
class Glance:
    """What records say of themselves before anything is opened for writing."""

    version: int = 0  # of their tables; 0 where there are none yet, or nothing can be made out
    key: str = ""  # fingerprint of the key that their data were sealed with
    holds_data: bool = False
    home: str = ""  # the id of the folder that they belong to; "" where they name none


def refuse_newer(found: int) -> None:
    """WorkspaceError for tables of a later version than this one knows."""
    if found > schema.MIGRATIONS[-1].version:
        raise WorkspaceError("workspace.newer", found=found, newest=schema.MIGRATIONS[-1].version)


class Database(ABC):
    """The records of a workspace, open."""

    is_shared = False  # whether servers on other machines may have them open, too
    refusals: tuple[type[sa.exc.DBAPIError], ...] = (sa.exc.DatabaseError,)
    address = ""  # for a process of ours that is to open them; "" where the folder says it all
    migrated_from = 0  # the version that was found; 0 for new records

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    @contextlib.contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """One consistent view; never waits for a writer."""
        with self._explained(), self._reader().connect() as connection:
            yield connection

    @contextlib.contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """All or nothing; waits for other writers."""
        with self._explained(), self._engine.begin() as connection:
            self._queue_up(connection)
            yield connection

    def close(self) -> None:
        """Closes the connections that are not in use; another read or write opens new ones."""
        self._engine.dispose()

    @abstractmethod
    def settle(self) -> None:
        """Takes what was erased out of where the engine still keeps it. WorkspaceError while others are in the way."""

    @abstractmethod
    def moment(self) -> float:
        """Seconds since 1970, by the one clock that all servers of these records share."""

    @abstractmethod
    def copy_out(self, target: Path, version: int | None = None) -> None:
        """Writes the records as they are committed, of this version or an earlier one, into a new SQLite file."""

    @abstractmethod
    def statements(self, migration: schema.Migration) -> tuple[str, ...]:
        """The statements of a migration in the engine's own words."""

    @abstractmethod
    def _reader(self) -> sa.Engine:
        """Gives connections that see one moment."""

    @abstractmethod
    def _queue_up(self, connection: sa.Connection) -> None:
        """Waits, at the beginning of a write, for the writer before."""

    @abstractmethod
    def _reason(self, error: sa.exc.DBAPIError) -> str:
        """The code of a refusal, by what the engine says of it."""

    def migrate(self, backups: Path) -> None:
        """Brings the records to the newest version, after a copy in `backups` of what an earlier version wrote.

        WorkspaceError for records of a later version, and where a step can't be done: then nothing has changed.
        """
        with self.write() as connection:  # holds the lock: a second process that starts now waits, then finds it done
            self._prepare_tables(connection)
            found = connection.execute(sa.select(sa.func.max(schema.VERSIONS.c.version))).scalar() or 0
            refuse_newer(found)
            self.migrated_from = found
            for migration in schema.MIGRATIONS:
                if migration.version > found:
                    if found:
                        self._back_up(backups, migration.version - 1)
                    self._apply(connection, migration)

    def _prepare_tables(self, connection: sa.Connection) -> None:
        created = "version INTEGER NOT NULL PRIMARY KEY, applied VARCHAR NOT NULL"
        connection.execute(sa.text(f"CREATE TABLE IF NOT EXISTS schema_version ({created})"))

    def _apply(self, connection: sa.Connection, migration: schema.Migration) -> None:
        for statement in self.statements(migration):
            connection.execute(sa.text(statement))
        connection.execute(schema.VERSIONS.insert().values(version=migration.version, applied=now()))

    def _back_up(self, backups: Path, version: int) -> None:
        """A copy of the records as they are committed, beside the transaction that is about to change them."""
        target = backups / f"v{version}-{now().replace(':', '')}.sqlite"
        with (
            atomic_files.explained("doing.back_up"),
            atomic.replacing(target, staging=backups.parent / "tmp", mode=atomic.PRIVATE) as unfinished,
        ):
            self.copy_out(unfinished, version)

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        """Turns what the engine refuses into a refusal of ours. A broken constraint is the caller's to handle."""
        try:
            yield
        except sa.exc.IntegrityError:
            raise
        except sa.exc.NoResultFound as error:  # another process was faster and removed the record
            raise WorkspaceError("records.no_access") from error
        except self.refusals as error:
            raise WorkspaceError(self._reason(error)) from error
