"""What the records say when they are asked, without changing them: whole, of this version, its own key."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from pipeline.errors import WorkspaceError
from pipeline.privacy import fingerprint
from pipeline.records import Finding, Note, note
from pipeline.workspace.base import KEY_FINGERPRINT
from pipeline.workspace.engine import inspection, schema
from pipeline.workspace.engine.inspection import Part
from pipeline.workspace.engine.places import Place
from pipeline.workspace.secrets import keys
from pipeline.workspace.storage import people_copy, shelf


class Reading:
    """The records, open for reading only. WorkspaceError where the engine can't make sense of them."""

    def __init__(self, connection: sa.Connection, damaged: str) -> None:
        self.connection, self._damaged = connection, damaged

    def ask(self, query: str, **values: object) -> Sequence[Any]:
        """All rows of an answer; `values` stand in the query as `:name`."""
        try:
            return self.connection.execute(sa.text(query), values).all()
        except sa.exc.DBAPIError as error:
            raise WorkspaceError(self._damaged) from error


@contextlib.contextmanager
def reading(home: Path) -> Iterator[Reading]:
    """The records of a workspace, for as long as the block runs."""
    place = Place.of(home)
    with place.looked_at() as connection:
        yield Reading(connection, "records.damaged" if place.is_file else "records.server_refused")


def of_place(home: Path) -> list[Finding]:
    """What keeps the records from being asked at all; empty where they can be."""
    if not home.is_dir():
        return [Finding(note("doctor.no_workspace"), is_loss=True)]
    try:
        place = Place.of(home)
        seen = place.glance(KEY_FINGERPRINT)
    except WorkspaceError as error:
        return [Finding(error.note, is_loss=True)]
    if place.is_empty(seen):
        return [_no_records(home, "doctor.no_records" if place.is_file else "doctor.no_records_there")]
    try:
        with reading(home) as records:
            is_whole = inspection.is_whole(records.connection)
    except (WorkspaceError, sa.exc.DBAPIError):
        is_whole = False
    if not is_whole:
        return [Finding(note("doctor.records_damaged"), is_loss=True)]
    newest = schema.MIGRATIONS[-1].version
    if seen.version > newest:
        return [Finding(note("workspace.newer", found=seen.version, newest=newest), is_loss=True)]
    return []


def _no_records(home: Path, code: str) -> Finding:
    if not people_copy.is_whole(home):
        return Finding(note("doctor.people_copy_damaged"), is_loss=True)
    held = any(shelf.held(home).values()) or (home / people_copy.FILE).exists()
    return Finding(note(code), note("doctor.recover") if held else None, is_loss=held)


def unseen(home: Path) -> tuple[Note, ...]:
    """What is not looked at here."""
    return () if Place.of(home).is_file else (note("doctor.server_unseen"),)


def of_version(records: Reading) -> Iterator[Finding]:
    """An older version, what is missing of its tables, references to nothing, gaps in the audit log."""
    found = int(records.ask("SELECT max(version) FROM schema_version")[0][0] or 0)
    newest = schema.MIGRATIONS[-1].version
    if found < newest:
        yield Finding(note("doctor.older", found=found, newest=newest), note("doctor.bring_forward", newest=newest))
    there = inspection.names(records.connection)
    for part in inspection.parts(records.connection, found):
        if part.name not in there:
            code = "doctor.audit_unguarded" if part.name.startswith("audit_is") else "doctor.part_missing"
            mend = note("doctor.make_part") if part.can_be_made else None
            yield Finding(note(code, name=part.name), mend, is_loss=not part.can_be_made)
    broken = inspection.broken_references(records.connection)
    if broken:
        yield Finding(note("doctor.references", count=broken), is_loss=True)
    first, last, count = records.ask("SELECT min(id), max(id), count(*) FROM audit")[0]
    if count and (last - first + 1 != count or first != 1):
        yield Finding(note("doctor.audit_gaps", count=last - count), is_loss=True)


def of_key(home: Path, records: Reading) -> tuple[bytes | None, list[Finding]]:
    """The key that the data were sealed with, or None and why not; a weak one is told."""
    held = bool(records.ask("SELECT 1 FROM datasets LIMIT 1"))
    known = Place.of(home).glance(KEY_FINGERPRINT).key
    try:
        key, is_weak = keys.load(home, may_create=False)
    except WorkspaceError as error:
        return None, [Finding(error.note, is_loss=held)]
    if held and known and known != fingerprint(key):
        told = note("key.of_others", known=known, current=fingerprint(key), variable=keys.HOME_VARIABLE)
        return None, [Finding(told, is_loss=True)]
    return key, [Finding(note("key.weak_in_use"))] if is_weak else []


def missing_parts(records: Reading) -> list[Part]:
    """The indexes and triggers that the newest version has and these records lack."""
    there = inspection.names(records.connection)
    wanted = inspection.parts(records.connection, schema.MIGRATIONS[-1].version)
    return [part for part in wanted if part.name not in there and part.can_be_made]
