"""JSON of somebody else's, one resource at a time: no key twice, not nested without end, not without measure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

DEEPEST = 60  # levels; FHIR's own deepest examples have some 20
LARGEST = 5_000_000  # bytes of one resource: a photograph may be within
MOST_CONTAINED = 200  # resources within one
LONGEST = 200_000  # characters of a text that becomes a cell
_FEW = 120  # brackets that need no counting
# a string that never ends is one token, too: else each quote in it would be tried as the beginning of another
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)
_BLANK = re.compile(rb"\s*")


class Unfit(Exception):
    """A text that is no JSON, or none that is read. `why`: "broken", "twice", "deep" or "large"."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def parsed(text: bytes) -> dict[str, Any]:
    """The object that `text` holds. Unfit where it is none, or none that is read."""
    if len(text) > LARGEST:
        raise Unfit("large")
    if text.count(b"[") + text.count(b"{") > _FEW and depth(text) > DEEPEST:
        raise Unfit("deep")
    try:
        found = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_number)
    except RecursionError:
        raise Unfit("deep") from None
    except (ValueError, UnicodeDecodeError):
        raise Unfit("broken") from None
    if not isinstance(found, dict):
        raise Unfit("broken")
    return found


def _unique(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unfit("twice")
    return found


def _no_number(_: str) -> None:
    raise Unfit("broken")


def depth(text: bytes) -> int:
    """How deep brackets are nested, those within strings not counted. Linear in the length of `text`."""
    return max((level for level, _ in _tokens(text)), default=0)


def times_of_key(text: bytes, key: bytes) -> int:
    """How often the outermost object has a key. Linear in the length of `text`."""
    quoted = b'"' + key + b'"'
    return sum(
        level == 1 and token[0] == quoted and _followed_by_colon(text, token.end()) for level, token in _tokens(text)
    )


def _followed_by_colon(text: bytes, place: int) -> bool:
    blank = _BLANK.match(text, place)
    return blank is not None and text.startswith(b":", blank.end())


def _tokens(text: bytes) -> Iterator[tuple[int, re.Match[bytes]]]:
    """The strings and brackets of a text, with the level on which what follows them stands."""
    level = 0
    for token in _TOKEN.finditer(text):
        sign = token[0][:1]
        if sign != b'"':
            level += 1 if sign in b"[{" else -1
        yield level, token
