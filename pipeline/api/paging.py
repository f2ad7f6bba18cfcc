"""Lists in parts: each part says where the next begins, by a cursor that its reader need not understand."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Generic, Protocol, TypeVar

from fastapi import Query
from pydantic import BaseModel, Field

from pipeline import services
from pipeline.api.problems import Refused
from pipeline.services import Session

MOST = 200
CURSOR = "^[A-Za-z0-9_-]*$"
Limit = Annotated[int, Query(ge=1, le=MOST)]
Cursor = Annotated[str, Query(max_length=200, pattern=CURSOR)]


class _Kept(Protocol):
    """What is kept of a product, in a series or in none (None or "")."""

    @property
    def id(self) -> str:
        """Names it."""
        ...

    @property
    def series(self) -> str | None:
        """The series' id."""
        ...

    @property
    def created(self) -> str:
        """ISO 8601."""
        ...


T = TypeVar("T")
U = TypeVar("U")
K = TypeVar("K", bound=_Kept)


class Part(BaseModel):
    """Which part of a list is asked for."""

    cursor: str = Field(default="", max_length=200, pattern=CURSOR)
    limit: int = Field(default=50, ge=1, le=MOST)


class PartOfKept(Part):
    """Which part of what is kept is asked for: of a product, or of a series, or of all of them."""

    product: str = Field(default="", max_length=60)
    series: str = Field(default="", max_length=12)


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


def newest(
    caller: Session, kept: Callable[[Session, str], Iterable[K]], asked: PartOfKept
) -> tuple[Sequence[K], str | None]:
    """As `page`, of what `kept` gives of each product (by its key), the newest first. PresencaError for a product that
    is none.
    """
    keys = [services.product(asked.product).key] if asked.product else [one.key for one in services.products()]
    found = [one for key in keys for one in kept(caller, key) if asked.series in ("", one.series)]
    found.sort(key=lambda one: one.created, reverse=True)
    return page(found, lambda one: one.id, asked.cursor, asked.limit)


def written(name: str) -> str:
    """A cursor that stands for a name."""
    return base64.urlsafe_b64encode(name.encode()).decode().rstrip("=")


def _read(cursor: str) -> str:
    try:
        return base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (binascii.Error, ValueError):
        raise Refused("api.cursor") from None
