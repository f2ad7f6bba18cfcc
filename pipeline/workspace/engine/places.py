"""Where the records of a workspace lie, and that they are those of its folder.

Rows and bundles rest in the folder, records in its file or in a PostgreSQL. There, the two are held together by an id
that both keep (`records.id` in the folder): records of another folder would put aside everything in this one.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from pipeline.errors import WorkspaceError
from pipeline.workspace.engine import address, postgres_records, sqlite_records, statements
from pipeline.workspace.engine.address import DATABASE_VARIABLE, Address
from pipeline.workspace.engine.database import Database, Glance
from pipeline.workspace.engine.postgres_records import PostgresDatabase
from pipeline.workspace.engine.schema import SETTINGS
from pipeline.workspace.engine.sqlite_records import SqliteDatabase
from pipeline.workspace.engine.transfer import HOME_ID
from pipeline.workspace.storage import atomic_files

FILE = "presenca.sqlite"
ID_FILE = "records.id"
BACKUPS = "backups"


def are_known(home: Path) -> bool:
    """Whether a workspace in `home` has had records, wherever they lie; asks no server."""
    return (home / FILE).exists() or (home / ID_FILE).exists()


@dataclass(frozen=True)
class Place:
    """The records of the workspace in `home`: in a file there, or at an address."""

    home: Path
    address: Address | None

    @classmethod
    def of(cls, home: Path) -> Place:
        """As the environment says. WorkspaceError for an address that makes no sense."""
        return cls(home, address.chosen(home))

    @property
    def file(self) -> Path:
        """The file of records, there or not."""
        return self.home / FILE

    @property
    def is_file(self) -> bool:
        """Whether the records lie in a file of the folder."""
        return self.address is None

    def has_file(self) -> bool:
        """Whether a file of records lies in the folder and is not empty."""
        return self.file.exists() and bool(self.file.stat().st_size)

    def glance(self, key_setting: str) -> Glance:
        """What the records say of themselves. WorkspaceError where no server answers, and for another folder's."""
        if self.address is None:
            seen = sqlite_records.glance(self.file, key_setting)
        else:
            seen = postgres_records.glance(self.address, key_setting, HOME_ID)
        self._refuse_others(seen)
        return seen

    def holds_others(self) -> bool:
        """Whether a server has records already, whosever they are. WorkspaceError where none answers."""
        return self.address is not None and bool(postgres_records.glance(self.address, "", HOME_ID).version)

    def is_empty(self, seen: Glance) -> bool:
        """Whether there are no records yet, or none any more."""
        return not self.has_file() if self.is_file else not seen.version

    def open(self) -> Database:
        """The records at the newest version. WorkspaceError as they say."""
        backups = self.home / BACKUPS
        if self.address is None:
            return SqliteDatabase(self.file, backups)
        database = PostgresDatabase(self.address, backups)
        self._bind(database)
        return database

    @contextlib.contextmanager
    def looked_at(self) -> Iterator[sa.Connection]:
        """A connection that can change nothing, to records that need not be whole."""
        place = self.address
        engine = sqlite_records.looking(self.file) if place is None else postgres_records.looking(place)
        try:
            with engine.connect() as connection:
                yield connection
        finally:
            engine.dispose()

    def _refuse_others(self, seen: Glance) -> None:
        mine = self._id()
        if self.is_file:
            if mine and not self.has_file():
                raise WorkspaceError("records.elsewhere", variable=DATABASE_VARIABLE)
            return
        if not seen.version and self.has_file():
            raise WorkspaceError("records.in_file", variable=DATABASE_VARIABLE)
        if seen.home and seen.home != mine:
            raise WorkspaceError("records.of_other_folder", variable=DATABASE_VARIABLE)

    def _bind(self, database: Database) -> None:
        """The folder's id first: cut short there, new records take it over at the next start."""
        mine = self._id() or self._new_id()
        with database.write() as connection:
            statements.add_if_new(connection, SETTINGS, {"key": HOME_ID, "value": json.dumps(mine)})
            kept = connection.execute(sa.select(SETTINGS.c.value).where(SETTINGS.c.key == HOME_ID)).scalar_one()
        if json.loads(kept) != mine:
            database.close()
            raise WorkspaceError("records.of_other_folder", variable=DATABASE_VARIABLE)

    def _id(self) -> str:
        with contextlib.suppress(OSError):
            return (self.home / ID_FILE).read_text("ascii", "replace").strip()
        return ""

    def _new_id(self) -> str:
        """A new id, unless another server has just made one."""
        with atomic_files.explained("doing.open_workspace"):
            draft = self.home / "tmp" / f"{ID_FILE}.{secrets.token_hex(6)}"
            atomic_files.write_new(draft, secrets.token_hex(16).encode())
            with contextlib.suppress(FileExistsError):
                os.link(draft, self.home / ID_FILE)  # unlike rename, fails if there is one
            draft.unlink()
        return self._id()
