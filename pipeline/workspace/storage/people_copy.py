"""Persons copied beside the database, so that whoever loses or deletes its file does not open the gate.

Logins and invitations are not copied: everybody comes in anew. The hashes are as protected as in the database: a file
of its owner alone, in the same folder.
"""

from __future__ import annotations

import json
from pathlib import Path

import sqlalchemy as sa

from pipeline.errors import WorkspaceError
from pipeline.workspace.engine.database import Database
from pipeline.workspace.engine.people_tables import USERS
from pipeline.workspace.storage import atomic_files

FILE = "people.json"


def keep(database: Database, home: Path, staging: Path) -> None:
    """Writes what the database says of persons where the copy says otherwise; nothing while there is nobody.

    It is read and written within one write transaction, so that of two processes the later one has the last word.
    """
    with database.write() as connection:
        people = [dict(row) for row in connection.execute(sa.select(USERS).order_by(USERS.c.id)).mappings()]
        content = json.dumps(people, ensure_ascii=False).encode()
        path = home / FILE
        if people and not (path.exists() and path.read_bytes() == content):
            with atomic_files.explained("doing.open_workspace"):
                atomic_files.put(content, path, staging)


def take_back(database: Database, home: Path) -> int:
    """Puts the copied persons into a database that knows nobody; how many.

    WorkspaceError where the copy can't be read: the workspace stays shut rather than open to everybody.
    """
    path = home / FILE
    if not path.exists():
        return 0
    try:
        people = json.loads(path.read_bytes())
        with database.write() as connection:
            if connection.execute(sa.select(USERS.c.id).limit(1)).first() is not None:
                return 0
            connection.execute(USERS.insert(), people)
    except (OSError, ValueError, TypeError, sa.exc.SQLAlchemyError) as error:
        raise WorkspaceError("people.copy_damaged") from error
    return len(people)
