"""Taking a workspace back from a sealed copy: everything is checked beside its place before it is put there."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import shutil
import sqlite3
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

from pipeline import atomic
from pipeline.errors import WorkspaceError
from pipeline.records import Restored
from pipeline.workspace.base import DATABASE
from pipeline.workspace.engine import transfer
from pipeline.workspace.engine.address import DATABASE_VARIABLE
from pipeline.workspace.engine.database import refuse_newer
from pipeline.workspace.engine.places import BACKUPS, Place
from pipeline.workspace.engine.postgres_records import PostgresDatabase
from pipeline.workspace.engine.sqlite_records import SqliteDatabase
from pipeline.workspace.maintenance import stored_copy
from pipeline.workspace.maintenance.backup import ABOUT, FORMAT, MANIFEST
from pipeline.workspace.maintenance.sealed_stream import CHUNK, Opener, Secret, needs_phrase
from pipeline.workspace.storage import atomic_files, shelf
from pipeline.workspace.storage.object_store import STORE_VARIABLE

_OF_THE_DISK = frozenset({"lost+found"})  # what an empty disk holds
_LARGEST_NOTE = 64 << 20  # bytes of about.json and manifest.json


def restore(source: Path, home: Path, secret_of: Callable[[bool], Secret], key: str) -> Restored:
    """Takes the copy back into `home`, which must be empty or not there.

    `secret_of` is told whether a phrase opens it; `key`: fingerprint of the key that its data will be read with. In
    every refusal (another secret, a cut or altered file, a newer version, a full disk) nothing is left behind. Where
    the records of `home` lie in a PostgreSQL, the copy's go there, too, which must hold none; and so do its files,
    where they are to rest in a store.
    """
    _refuse_taken(home)
    place = Place.of(home)
    _refuse_records(place)
    _refuse_objects(place)
    with atomic_files.explained("doing.restore"), source.open("rb") as file:
        phrased = needs_phrase(file.read(64))
        file.seek(0)
        opener = Opener(file, secret_of(phrased))
        with _beside(home) as staged:
            taken = _Taken(staged)
            taken.take(opener, key)
            found, newest = _bring_forward(staged)
            if not place.is_file and place.store is not None and shelf.items(staged):
                raise WorkspaceError("restore.aside_with_store")  # other servers could not erase from there
            ended = _end_ways_in(staged / DATABASE)
            counted = _counted(staged / DATABASE)
            with stored_copy.sent(staged, place), _sent_on(staged, place):
                _settle(staged)
                _put_in_place(staged, home)
    size = sum(size for size, _ in taken.files.values())
    return Restored(taken.about["created"], *counted, len(taken.files), size, found, newest, *ended)


def _refuse_taken(home: Path) -> None:
    with atomic_files.explained("doing.restore"):
        if home.exists() and (not home.is_dir() or {entry.name for entry in home.iterdir()} - _OF_THE_DISK):
            raise WorkspaceError("restore.not_empty")


def _refuse_records(place: Place) -> None:
    """WorkspaceError where there are records already, or no server answers."""
    if place.holds_others():
        raise WorkspaceError("restore.records_there", variable=DATABASE_VARIABLE)


def _refuse_objects(place: Place) -> None:
    """WorkspaceError where the store holds something, or does not answer."""
    if place.store is not None and (place.store.listing() or place.store.id()):
        raise WorkspaceError("restore.store_there", variable=STORE_VARIABLE)


@contextlib.contextmanager
def _sent_on(staged: Path, place: Place) -> Iterator[None]:
    """The records go to their server, and stay there if the block, which puts the files in place, comes to its end."""
    if place.address is None:
        yield
        return
    database = PostgresDatabase(place.address, staged / BACKUPS)
    try:
        with database.write() as connection:
            if transfer.holds_anything(connection):  # of a server that was started meanwhile
                raise WorkspaceError("restore.records_there", variable=DATABASE_VARIABLE)
            with Place(staged, None).looked_at() as copied:
                transfer.copy_in(copied, connection)
            for path in staged.glob(f"{DATABASE}*"):
                path.unlink()
            yield
    except BaseException:
        database.forget()  # a second try must find none
        raise
    finally:
        database.close()


@contextlib.contextmanager
def _beside(home: Path) -> Iterator[Path]:
    """A folder beside the place, or within it where that is a disk of its own; gone if anything fails."""
    home.parent.mkdir(parents=True, exist_ok=True)
    above = home if os.path.ismount(home) else home.parent
    staged = atomic_files.private_folder(above / f".presenca-restoring-{secrets.token_hex(6)}")
    try:
        yield staged
    finally:
        shutil.rmtree(staged, ignore_errors=True)


@dataclass
class _Taken:
    """What is taken out of the copy: the files by name, with their size and hash as they were written here."""

    folder: Path
    files: dict[str, tuple[int, str]] = field(default_factory=dict)
    about: dict[str, Any] = field(default_factory=dict)

    def take(self, opener: Opener, key: str) -> None:
        """Takes everything out and checks it against the manifest."""
        try:
            with tarfile.open(fileobj=opener, mode="r|", bufsize=CHUNK) as tar:
                manifest = self._members(tar, key)
            while opener.read(CHUNK):  # to its sealed end
                continue
        except (tarfile.TarError, ValueError, KeyError, TypeError, EOFError) as error:
            raise WorkspaceError("backup.altered") from error
        if manifest != {name: list(facts) for name, facts in self.files.items()} or DATABASE not in self.files:
            raise WorkspaceError("backup.altered")

    def _members(self, tar: tarfile.TarFile, key: str) -> object:
        """Every file in turn; gives the manifest, which comes last."""
        manifest: object = None
        for member in tar:
            content = tar.extractfile(member)
            if not member.isreg() or content is None or manifest is not None:
                raise WorkspaceError("backup.altered")
            if member.name == MANIFEST:
                manifest = json.loads(content.read(_LARGEST_NOTE))
            elif not self.about:
                self._begin(member.name, json.loads(content.read(_LARGEST_NOTE)), key)
            else:
                target = self.folder / _safe(member.name)
                atomic_files.private_folders(self.folder, target.parent)
                self.files[member.name] = _written(content, target)
        return manifest

    def _begin(self, name: str, about: dict[str, Any], key: str) -> None:
        """What can be refused is refused before anything large is written."""
        if name != ABOUT:
            raise WorkspaceError("backup.altered")
        if about["format"] != FORMAT:
            raise WorkspaceError("backup.newer")
        refuse_newer(about["schema"])
        if about["key"] != key:
            raise WorkspaceError("backup.key_of_others", known=about["key"], current=key)
        self.about = about


def _safe(name: str) -> PurePosixPath:
    """A name within the folder. Ours are; one that isn't was made by somebody who has the key."""
    path = PurePosixPath(name)
    if path.is_absolute() or not path.parts or any(part in ("..", ".") or ":" in part for part in path.parts):
        raise WorkspaceError("backup.altered")
    return path


def _written(content: IO[bytes], target: Path) -> tuple[int, str]:
    """Writes a file; gives its size and its SHA-256."""
    digest, size = hashlib.sha256(), 0
    with atomic.create(target) as file:
        while part := content.read(CHUNK):
            file.write(part)
            digest.update(part)
            size += len(part)
        atomic.settle(file)
    return size, digest.hexdigest()


def _bring_forward(staged: Path) -> tuple[int, int]:
    """The records, brought to this version; the versions before and after. WorkspaceError if they are damaged."""
    try:
        with contextlib.closing(sqlite3.connect(staged / DATABASE)) as connection:
            told = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(1)")]
    except sqlite3.Error as error:
        raise WorkspaceError("backup.records_damaged") from error
    if told != ["ok"]:
        raise WorkspaceError("backup.records_damaged")
    for name in (BACKUPS, "tmp"):
        atomic_files.private_folder(staged / name)
    database = SqliteDatabase(staged / DATABASE, staged / BACKUPS)
    database.close()
    with contextlib.closing(sqlite3.connect(staged / DATABASE)) as connection:
        newest = connection.execute("SELECT max(version) FROM schema_version").fetchone()[0]
    return database.migrated_from, int(newest)


def _end_ways_in(records: Path) -> tuple[int, int]:
    """Ends the logins and the invitations of the day of the copy, and says how many of each: who went out, lost a
    session or used a link up since then must not find it alive again.
    """
    with contextlib.closing(sqlite3.connect(records)) as connection, connection:
        logins = connection.execute("DELETE FROM logins").rowcount
        return logins, connection.execute("DELETE FROM invitations").rowcount


def _counted(records: Path) -> tuple[int, int]:
    """How many data sets and models the records know."""
    with contextlib.closing(sqlite3.connect(records)) as connection:
        datasets = connection.execute("SELECT count(*) FROM datasets WHERE state = 'ready'").fetchone()[0]
        return int(datasets), int(connection.execute("SELECT count(*) FROM models").fetchone()[0])


def _settle(staged: Path) -> None:
    for folder in (staged, *(path for path in staged.rglob("*") if path.is_dir())):
        atomic.settle_folder(folder)


def _put_in_place(staged: Path, home: Path) -> None:
    """In one step; where the place is a disk of its own, entry by entry, the records last: without them nothing starts
    as if it were new.
    """
    _refuse_taken_meanwhile(staged, home)
    if os.path.ismount(home):
        for entry in sorted(staged.iterdir(), key=lambda entry: entry.name == DATABASE):
            entry.rename(home / entry.name)
        home.chmod(0o700)
        atomic.settle_folder(home)
        return
    if home.exists():
        home.rmdir()  # refuses if somebody has filled it meanwhile
    staged.rename(home)
    atomic.settle_folder(home.parent)


def _refuse_taken_meanwhile(staged: Path, home: Path) -> None:
    if home.is_dir() and {entry.name for entry in home.iterdir()} - _OF_THE_DISK - {staged.name}:
        raise WorkspaceError("restore.not_empty")
