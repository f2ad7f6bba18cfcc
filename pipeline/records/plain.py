"""Records as dicts, lists, strings and numbers, and back."""

from __future__ import annotations

import dataclasses
import datetime as dt
import types
import typing
from enum import Enum
from typing import Any


def to_plain(record: Any) -> Any:
    """A record as dicts, lists, strings and numbers; dates as ISO text. Inverse of `from_plain`."""
    if dataclasses.is_dataclass(record) and not isinstance(record, type):
        return {f.name: to_plain(getattr(record, f.name)) for f in dataclasses.fields(record)}
    if isinstance(record, Enum):
        return record.value
    if isinstance(record, dt.date | dt.datetime):
        return record.isoformat()
    if isinstance(record, dict):
        return {str(k): to_plain(v) for k, v in record.items()}
    if isinstance(record, list | tuple):
        return [to_plain(item) for item in record]
    return record


def from_plain(kind: Any, plain: Any) -> Any:
    """Builds a record of type `kind` from what `to_plain` gave; TypeError/KeyError/ValueError if it doesn't fit."""
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        if plain is None:
            return None
        return from_plain(next(a for a in typing.get_args(kind) if a is not type(None)), plain)
    if origin is tuple:
        inner = typing.get_args(kind)
        if len(inner) == 2 and inner[1] is Ellipsis:
            return tuple(from_plain(inner[0], item) for item in plain)
        return tuple(from_plain(k, item) for k, item in zip(inner, plain, strict=True))
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        return kind(**{name: from_plain(hints[name], value) for name, value in plain.items()})  # type: ignore[operator]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(plain)
    if kind is dt.date:
        return dt.date.fromisoformat(plain)
    if kind is float:
        return float(plain)
    if not isinstance(plain, kind) or (kind is int and isinstance(plain, bool)):
        raise TypeError(f"{plain!r} is not {kind.__name__}")
    return plain
