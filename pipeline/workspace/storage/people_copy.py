"""Persons copied beside the database, so that whoever loses or deletes its file does not open the gate.

The copy is written before the change is committed, under the lock of that change: what the database has said once, the
copy says. A kill between the two leaves it ahead by a change that nobody was told of, until the workspace is opened.
Whoever was removed is not in it, nor are logins and invitations: everybody comes in anew. The hashes are as protected
as in the database: a file of its owner alone, in the same folder. A sealed copy of the workspace need not carry it.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from pipeline.errors import WorkspaceError
from pipeline.workspace.engine.database import Database
from pipeline.workspace.engine.people_tables import USERS
from pipeline.workspace.storage import atomic_files

FILE = "people.json"


@contextlib.contextmanager
def changing(database: Database, home: Path, staging: Path) -> Iterator[sa.Connection]:
    """A change of persons: the database and the copy say it, or neither does and it is refused, as on a full disk."""
    written = False
    try:
        with database.write() as connection:
            yield connection
            _write(connection, home, staging)
            written = True
    except Exception:
        if written:  # the commit was refused; the copy goes back into the room that it has just left
            with contextlib.suppress(WorkspaceError):
                keep(database, home, staging)
        raise


def keep(database: Database, home: Path, staging: Path) -> None:
    """Writes the copy anew where it says otherwise than the database; nothing while there is nobody."""
    with database.write() as connection:
        _write(connection, home, staging)


def keep_up(database: Database, home: Path, staging: Path) -> None:
    """`keep_if_room` where other servers change persons, too; makes nobody wait where nothing changed."""
    with database.read() as connection:
        people = connection.execute(sa.select(USERS).order_by(USERS.c.id)).mappings().all()
    wanted = content([dict(row) for row in people])
    if wanted and differs(home, wanted):
        keep_if_room(database, home, staging)


def keep_if_room(database: Database, home: Path, staging: Path) -> None:
    """`keep`, but a full disk keeps nobody from opening the workspace, so that something can be erased."""
    try:
        keep(database, home, staging)
    except WorkspaceError as error:
        if not atomic_files.is_full(error):
            raise


def take_back(database: Database, home: Path) -> int:
    """Puts the copied persons into a database that knows nobody; how many.

    WorkspaceError where the copy can't be read: the workspace stays shut rather than open to everybody.
    """
    path = home / FILE
    if not path.exists():
        return 0
    try:
        with database.write() as connection:
            if connection.execute(sa.select(USERS.c.id).limit(1)).first() is not None:
                return 0
            people = json.loads(path.read_bytes())
            connection.execute(USERS.insert(), people)
    except (OSError, ValueError, TypeError, sa.exc.SQLAlchemyError) as error:
        raise WorkspaceError("people.copy_damaged") from error
    return len(people)


def content(people: Sequence[Mapping[str, Any]]) -> bytes:
    """What the copy holds of persons as the database has them, in the order of their ids; b"" for nobody."""
    columns = USERS.c.keys()
    kept = [{name: one[name] for name in columns} | {"active": True} for one in people if one["active"]]
    return json.dumps(kept, ensure_ascii=False).encode() if kept else b""


def differs(home: Path, wanted: bytes) -> bool:
    """Whether the copy is not there, or is another than `content` says."""
    path = home / FILE
    return not path.exists() or path.read_bytes() != wanted


def is_whole(home: Path) -> bool:
    """Whether persons could be taken back from the copy; a workspace of nobody has none, and needs none."""
    path = home / FILE
    try:
        people = json.loads(path.read_bytes()) if path.exists() else []
        return isinstance(people, list) and all(set(USERS.c.keys()) <= set(one) for one in people)
    except (OSError, ValueError, TypeError):
        return False


def _write(connection: sa.Connection, home: Path, staging: Path) -> None:
    people = connection.execute(sa.select(USERS).order_by(USERS.c.id)).mappings().all()
    wanted = content([dict(row) for row in people])
    with atomic_files.explained("doing.save_people"):
        if wanted and differs(home, wanted):
            atomic_files.put(wanted, home / FILE, staging)
