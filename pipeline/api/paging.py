"""Lists in parts: each part says where the next begins, by a cursor that its reader need not understand."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Annotated, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel, Field

from pipeline.api.problems import Refused

T = TypeVar("T")
U = TypeVar("U")
MOST = 200

Limit = Annotated[int, Query(ge=1, le=MOST)]
CURSOR = "^[A-Za-z0-9_-]*$"
Cursor = Annotated[str, Query(max_length=200, pattern=CURSOR)]


class Page(BaseModel, Generic[T]):
    """A part of a list. `next`: the cursor of the part after it; null in the last."""

    items: list[T]
    next: str | None = Field(default=None, examples=["MTIzNDU2Nzg5YWJj"])


def page(found: Sequence[U], named: Callable[[U], str], cursor: str, limit: int) -> tuple[Sequence[U], str | None]:
    """The part of a list that begins after the item that a cursor names, and the cursor of the next one.
    Refused "api.cursor" for what is no cursor, or names what is not in the list (any more).
    """
    start = 0
    if cursor:
        last = _read(cursor)
        at = next((place for place, one in enumerate(found) if named(one) == last), None)
        if at is None:
            raise Refused("api.cursor")
        start = at + 1
    shown = found[start : start + limit]
    more = start + limit < len(found)
    return shown, written(named(shown[-1])) if more and shown else None


def written(name: str) -> str:
    """A cursor that stands for a name."""
    return base64.urlsafe_b64encode(name.encode()).decode().rstrip("=")


def _read(cursor: str) -> str:
    try:
        return base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (binascii.Error, ValueError):
        raise Refused("api.cursor") from None
