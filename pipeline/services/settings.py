"""What the workspace remembers of how it is used: the product looked at last, and who sits at which browser."""

from __future__ import annotations

import hashlib

from pipeline.presentation.escaping import visible
from pipeline.services.session import Permission, Session, needs

LONGEST_NAME = 60  # characters
_HASH = 24


@needs(Permission.READ_DATA)
def get(session: Session, key: str) -> str | None:
    """What is remembered under a key; None where nothing is."""
    return session.workspace.setting(key, None)


@needs(Permission.READ_DATA)
def keep(session: Session, key: str, value: str) -> None:
    """Remembers a value for the next visit."""
    session.workspace.set_setting(key, value)


@needs(Permission.READ_DATA)
def name_of(session: Session, mark: str) -> str:
    """How whoever sits at a browser calls themselves; "" until they said. `mark`: as `keep_name` was told."""
    return str(session.workspace.setting(_named(mark), ""))


@needs(Permission.READ_DATA)
def keep_name(session: Session, mark: str, name: str) -> None:
    """Remembers a name for the next visit of the same browser. `mark`: what the browser alone knows; only its hash is
    kept.
    """
    session.workspace.set_setting(_named(mark), visible(name)[:LONGEST_NAME])


def _named(mark: str) -> str:
    return f"named:{hashlib.sha256(mark.encode()).hexdigest()[:_HASH]}"
