"""Where the records of a workspace lie, and that they are those of its folder.

Rows and bundles rest in the folder, records in its file or in a PostgreSQL. There, the two are held together by an id
that both keep (`records.id` in the folder): records of another folder would put aside everything in this one. With a
store of objects the folder is a cache, and the id lies in the store.
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
from pipeline.workspace.engine import address, inspection, postgres_records, sqlite_records, statements
from pipeline.workspace.engine.address import DATABASE_VARIABLE, Address
from pipeline.workspace.engine.blob_tables import BLOBS
from pipeline.workspace.engine.database import Database, Glance
from pipeline.workspace.engine.postgres_records import PostgresDatabase
from pipeline.workspace.engine.schema import DATASETS, MODELS, SETTINGS
from pipeline.workspace.engine.sqlite_records import SqliteDatabase
from pipeline.workspace.engine.transfer import HOME_ID
from pipeline.workspace.storage import atomic_files, object_store
from pipeline.workspace.storage.object_store import STORE_VARIABLE, ObjectStore

FILE = "presenca.sqlite"
ID_FILE = "records.id"
BACKUPS = "backups"


def are_known(home: Path) -> bool:
    """Whether a workspace in `home` has had records, wherever they lie; asks no server."""
    return (home / FILE).exists() or (home / ID_FILE).exists()


@dataclass(frozen=True)
class Place:
    """The records of the workspace in `home`: in a file there, or at an address; and where its files rest beside it."""

    home: Path
    address: Address | None
    store: ObjectStore | None = None

    @classmethod
    def of(cls, home: Path) -> Place:
        """As the environment says. WorkspaceError for an address that makes no sense."""
        return cls(home, address.chosen(home), object_store.chosen(home))

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
            seen = sqlite_records.glance(self.file, key_setting, HOME_ID)
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
        database = self.unbound()
        try:
            if self.store is not None:
                self._bind_store(database, self.store)
            elif self.address is not None:
                self._bind(database)
        except BaseException:
            database.close()
            raise
        return database

    def unbound(self) -> Database:
        """The records at the newest version, whosever files they speak of: for who mends them."""
        backups = self.home / BACKUPS
        return SqliteDatabase(self.file, backups) if self.address is None else PostgresDatabase(self.address, backups)

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
        if self.store is not None:
            if not seen.version and self.is_file and self._id():
                raise WorkspaceError("records.elsewhere", variable=DATABASE_VARIABLE)
            self._refuse_other_store(seen)
            return
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
            raise WorkspaceError("records.of_other_folder", variable=DATABASE_VARIABLE)

    def _refuse_other_store(self, seen: Glance) -> None:
        """Records say whose objects they speak of; a store that says nothing is one that was just begun, or the wrong
        one, which `_bind_store` tells apart.
        """
        if not seen.version and not self.is_file and self.has_file():
            raise WorkspaceError("records.in_file", variable=DATABASE_VARIABLE)
        said = self.store.id() if self.store is not None else ""
        if seen.home and said and said != seen.home:
            raise WorkspaceError("store.of_others", variable=STORE_VARIABLE)

    def _bind_store(self, database: Database, store: ObjectStore) -> None:
        """The records' id first, then the store's, under the lock of those who write. Records whose files rest in the
        folder, or in another store, are refused.
        """
        said = store.id()
        with database.write() as connection:
            new = said or secrets.token_hex(16)
            is_new = statements.add_if_new(connection, SETTINGS, {"key": HOME_ID, "value": json.dumps(new)})
            kept = connection.execute(sa.select(SETTINGS.c.value).where(SETTINGS.c.key == HOME_ID)).scalar_one()
            mine = json.loads(kept)
            if said and said != mine:
                raise WorkspaceError("store.of_others", variable=STORE_VARIABLE)
            in_store = _has_manifest(connection)
            if not in_store and _hold_files(connection):
                code = "store.manifest_lost" if said else "store.files_in_folder"
                raise WorkspaceError(code, variable=STORE_VARIABLE)
            if not said:
                if in_store and not is_new:  # another bucket, or one that was emptied
                    raise WorkspaceError("store.of_others", variable=STORE_VARIABLE)
                store.set_id(mine)

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


def _has_manifest(connection: sa.Connection) -> bool:
    """Whether the table of what lies in a store is there, and not empty."""
    there = BLOBS.name in inspection.names(connection)
    return there and connection.execute(sa.select(BLOBS.c.object).limit(1)).first() is not None


def _hold_files(connection: sa.Connection) -> bool:
    """Whether records speak of a data set or model, which have files."""
    return any(connection.execute(sa.select(table.c.id).limit(1)).first() is not None for table in (DATASETS, MODELS))
