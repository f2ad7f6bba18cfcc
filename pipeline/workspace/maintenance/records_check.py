"""What the file of records says when it is asked, without changing it: whole, of this version, its own key."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from pipeline.errors import WorkspaceError
from pipeline.privacy import fingerprint
from pipeline.records import Finding, note
from pipeline.workspace.base import DATABASE, KEY_FINGERPRINT
from pipeline.workspace.engine import schema
from pipeline.workspace.engine.database import glance
from pipeline.workspace.secrets import keys
from pipeline.workspace.storage import people_copy, shelf

_MOST_NAMED = 5
Rows = list[sqlite3.Row]


class Reading:
    """The records, open for reading only. WorkspaceError where SQLite can't make sense of the file."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        self._connection.row_factory = sqlite3.Row

    def ask(self, query: str, *values: object) -> Rows:
        """All rows of an answer."""
        try:
            return self._connection.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise WorkspaceError("records.damaged") from error

    def close(self) -> None:
        """Lets go of the file."""
        self._connection.close()


@contextlib.contextmanager
def reading(home: Path) -> Iterator[Reading]:
    """The records of a workspace, for as long as the block runs."""
    records = Reading(home / DATABASE)
    try:
        yield records
    finally:
        records.close()


def of_place(home: Path) -> list[Finding]:
    """What keeps the records from being asked at all; empty where they can be."""
    path = home / DATABASE
    if not home.is_dir():
        return [Finding(note("doctor.no_workspace"), is_loss=True)]
    if not path.exists() or not path.stat().st_size:
        if not people_copy.is_whole(home):
            return [Finding(note("doctor.people_copy_damaged"), is_loss=True)]
        held = any(shelf.held(home).values()) or (home / people_copy.FILE).exists()
        mend = note("doctor.recover") if held else None
        return [Finding(note("doctor.no_records"), mend, is_loss=held)]
    try:
        with reading(home) as records:
            told = [str(row[0]) for row in records.ask("PRAGMA integrity_check(3)")]
    except WorkspaceError:
        told = ["damaged"]
    if told != ["ok"]:
        return [Finding(note("doctor.records_damaged"), is_loss=True)]
    version = glance(path, KEY_FINGERPRINT).version
    newest = schema.MIGRATIONS[-1].version
    if version > newest:
        return [Finding(note("workspace.newer", found=version, newest=newest), is_loss=True)]
    return []


def of_version(records: Reading) -> Iterator[Finding]:
    """An older version, what is missing of its tables, references to nothing, gaps in the audit log."""
    found = int(records.ask("SELECT max(version) FROM schema_version")[0][0] or 0)
    newest = schema.MIGRATIONS[-1].version
    if found < newest:
        yield Finding(note("doctor.older", found=found, newest=newest), note("doctor.bring_forward", newest=newest))
    there = {str(row[0]) for row in records.ask("SELECT name FROM sqlite_master")}
    for kind, name in _parts(found):
        if name not in there:
            mendable = kind in ("trigger", "index")
            code = "doctor.audit_unguarded" if name.startswith("audit_is") else "doctor.part_missing"
            yield Finding(note(code, name=name), note("doctor.make_part") if mendable else None, is_loss=not mendable)
    broken = len(records.ask("PRAGMA foreign_key_check"))
    if broken:
        yield Finding(note("doctor.references", count=broken), is_loss=True)
    first, last, count = records.ask("SELECT min(id), max(id), count(*) FROM audit")[0]
    if count and (last - first + 1 != count or first != 1):
        yield Finding(note("doctor.audit_gaps", count=last - count), is_loss=True)


def of_key(home: Path, records: Reading) -> tuple[bytes | None, list[Finding]]:
    """The key that the data were sealed with, or None and why not; a weak one is told."""
    held = bool(records.ask("SELECT 1 FROM datasets LIMIT 1"))
    known = glance(home / DATABASE, KEY_FINGERPRINT).key
    try:
        key, is_weak = keys.load(home, may_create=False)
    except WorkspaceError as error:
        return None, [Finding(error.note, is_loss=held)]
    if held and known and known != fingerprint(key):
        told = note("key.of_others", known=known, current=fingerprint(key), variable=keys.HOME_VARIABLE)
        return None, [Finding(told, is_loss=True)]
    return key, [Finding(note("key.weak_in_use"))] if is_weak else []


@cache
def _parts(version: int) -> tuple[tuple[str, str], ...]:
    """The tables, indexes and triggers of a version: (kind, name)."""
    with contextlib.closing(_model(version)) as model:
        query = "SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY rowid"
        return tuple((str(kind), str(name)) for kind, name in model.execute(query))


def statement_of(name: str) -> str:
    """The statement that makes an index or trigger of the newest version."""
    with contextlib.closing(_model(schema.MIGRATIONS[-1].version)) as model:
        return str(model.execute("SELECT sql FROM sqlite_master WHERE name = ?", (name,)).fetchone()[0])


def missing_parts(records: Reading) -> list[str]:
    """Names of the indexes and triggers that the newest version has and these records lack."""
    there = {str(row[0]) for row in records.ask("SELECT name FROM sqlite_master")}
    wanted = _parts(schema.MIGRATIONS[-1].version)
    return [name for kind, name in wanted if name not in there and kind in ("trigger", "index")]


def _model(version: int) -> sqlite3.Connection:
    """An empty database of a version, in memory."""
    model = sqlite3.connect(":memory:")
    for migration in schema.MIGRATIONS:
        if migration.version <= version:
            for statement in migration.statements:
                model.execute(statement)
    return model
