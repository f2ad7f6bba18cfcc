"""What the workspace remembers of how it is used, of each person by themselves: the product looked at last,
and who sits at which browser.
"""

from __future__ import annotations

import hashlib

from pipeline.presentation.escaping import visible
from pipeline.services.session import Permission, Session, needs

LONGEST_NAME = 60  # characters
_HASH = 24
SMALL_CELLS = "small_cells_hidden"  # a setting: pages hide small groups, too; files for a board always do


@needs(Permission.OPEN)
def hides_small_cells(session: Session) -> bool:
    """Whether pages hide small groups, as files for a board always do."""
    return bool(session.workspace.setting(SMALL_CELLS, False))


@needs(Permission.OPEN)
def get(session: Session, key: str) -> str | None:
    """What is remembered under a key; None where nothing is."""
    return session.workspace.setting(_own(session, key), None)


@needs(Permission.OPEN)
def keep(session: Session, key: str, value: str) -> None:
    """Remembers a value for the next visit."""
    session.workspace.set_setting(_own(session, key), value)


@needs(Permission.OPEN)
def name_of(session: Session, mark: str) -> str:
    """How whoever sits at a browser calls themselves; "" until they said. `mark`: as `keep_name` was told."""
    return str(session.workspace.setting(_named(mark), ""))


@needs(Permission.OPEN)
def keep_name(session: Session, mark: str, name: str) -> None:
    """Remembers a name for the next visit of the same browser. `mark`: what the browser alone knows; only its hash is
    kept.
    """
    session.workspace.set_setting(_named(mark), visible(name)[:LONGEST_NAME])


def _named(mark: str) -> str:
    return f"named:{hashlib.sha256(mark.encode()).hexdigest()[:_HASH]}"


def _own(session: Session, key: str) -> str:
    """The name of a setting: what one person chose is not what the next one finds, and no other setting is reached."""
    return f"choice:{key}:{session.user.id}" if session.user is not None else key
