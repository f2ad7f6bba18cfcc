"""Themes of comments that were read lately: a click on a theme does not read a hundred thousand comments again.

What stays in memory are places and numbers under a hash of the texts, never a text.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

from pipeline.contract import Opinions, Theme
from pipeline.insight.comments import theme_reading
from pipeline.insight.comments.theme_reading import ThemeReading
from pipeline.modeling.text.text_model import Reader

_MOST = 4
_held: OrderedDict[tuple[bytes, tuple[Theme, ...], Opinions | None, str], ThemeReading] = OrderedDict()
_lock = Lock()


@dataclass(frozen=True)
class ReadFor:
    """What comments are read for, and by which reader."""

    themes: tuple[Theme, ...]
    opinions: Opinions | None
    reader: Reader | None


def of(comments: Sequence[str], asked: ReadFor, model_id: str) -> ThemeReading:
    """The reading of n comments; `model_id` tells readers apart."""
    key = (_digest(comments), asked.themes, asked.opinions, model_id)
    with _lock:
        found = _held.get(key)
        if found is not None:
            _held.move_to_end(key)
            return found
    made = theme_reading.read(comments, asked.themes, asked.opinions, asked.reader)
    with _lock:
        _held[key] = made
        while len(_held) > _MOST:
            _held.popitem(last=False)
    return made


def _digest(comments: Sequence[str]) -> bytes:
    found = hashlib.blake2b(digest_size=32)
    for comment in comments:
        found.update(len(comment).to_bytes(8, "little"))
        found.update(comment.encode("utf-8", "surrogatepass"))
    return found.digest()
