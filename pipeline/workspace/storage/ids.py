"""Ids of records: made here, and checked before one touches a path, since they also come from addresses."""

from __future__ import annotations

import re
import uuid

from pipeline.errors import WorkspaceError

_ID = re.compile(r"[0-9a-f]{12}")


def new_id() -> str:
    """Twelve hexadecimal digits of a random UUID."""
    return uuid.uuid4().hex[:12]


def is_id(value: object) -> bool:
    """Whether `value` is written as an id: safe as the name of a file."""
    return isinstance(value, str) and bool(_ID.fullmatch(value))


def checked(value: str) -> str:
    """`value` if it is an id; WorkspaceError, which does not repeat it, if not."""
    if not is_id(value):
        raise WorkspaceError("workspace.unknown_id")
    return value
