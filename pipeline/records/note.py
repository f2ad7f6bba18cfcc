"""Something to be said, as a code with its values: presentation has the words (`locale.messages`)."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SAID = "said"  # the code of a sentence that an earlier version kept whole: its only value is `text`

_PACKED = '{"code": '


@dataclass(frozen=True)
class Note:
    """What is said, by code, and the values it is said with: text, numbers, days, lists of these, or other notes.

    Values are plain (what JSON can hold): a day is ISO text, a note among the values is a dict of `code` and `params`.
    """

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash((self.code, repr(sorted(self.params.items()))))


def note(code: str, **params: Any) -> Note:
    """A note with its values made plain."""
    return Note(code, {name: _plain(value) for name, value in params.items()})


def said(text: str) -> Note:
    """A sentence that was kept whole, as a note."""
    return Note(SAID, {"text": text})


def pack(item: Note) -> str:
    """A note as one text, for a column of a frame; equal notes give equal texts. Inverse of `unpack`."""
    return json.dumps({"code": item.code, "params": dict(item.params)}, ensure_ascii=False)


def unpack(text: str) -> Note:
    """What `pack` wrote; text that is none is a sentence of an earlier version."""
    if not text.startswith(_PACKED):
        return said(text)
    plain = json.loads(text)
    return Note(plain["code"], plain["params"])


def _plain(value: Any) -> Any:
    if isinstance(value, Note):
        return {"code": value.code, "params": dict(value.params)}
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.item() if hasattr(value, "item") else value
