"""What a JSON text holds: one resource, a Bundle, or one resource a line (Bulk Data); and each of its resources.

A text is looked at through memory that the system maps, and taken apart resource by resource: a Bundle of a hundred
megabytes is never whole in memory as objects.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from pipeline.errors import UnreadableFile
from pipeline.ingestion.reading.fhir import json_text
from pipeline.ingestion.reading.fhir.json_text import Unfit

_START = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*(?:\{\s*[\"}]|\[\s*[\[{\]])")
_ENTRY = re.compile(rb'"entry"\s*:')
_SHOWN = re.compile(r"^[A-Za-z]{1,40}$")
_NESTED = 2  # Bundles within a Bundle
BUNDLE = "Bundle"


class _Head(msgspec.Struct):
    resourceType: str | None = None  # noqa: N815 - FHIR's own word


class _Entry(msgspec.Struct):
    fullUrl: str | None = None  # noqa: N815
    resource: _Head | None = None


class _Bundle(msgspec.Struct):
    resourceType: str | None = None  # noqa: N815
    entry: list[msgspec.Raw] | None = None


_HEAD = msgspec.json.Decoder(_Head)
_ENTRIES = msgspec.json.Decoder(_Bundle)
_AN_ENTRY = msgspec.json.Decoder(_Entry)


@dataclass(frozen=True)
class Located:
    """A resource as bytes. `scope` tells Bundles apart (their `urn:` addresses are their own), `url` is its fullUrl;
    `within`: whether `text` is the entry of a Bundle that holds it. `kind` is None where the text is no JSON.
    """

    kind: str | None
    text: bytes
    scope: int = 0
    url: str = ""
    within: bool = False

    def content(self) -> dict[str, Any]:
        """The resource. Unfit where it can't be read."""
        found = json_text.parsed(self.text)
        if not self.within:
            return found
        resource = found.get("resource")
        if not isinstance(resource, dict):
            raise Unfit("broken")
        return resource


def looks_like_json(head: bytes) -> bool:
    """Whether a text that begins so is JSON: an object, or a list of such."""
    return _START.match(head) is not None


@contextmanager
def opened(path: Path) -> Iterator[mmap.mmap]:
    """The bytes of a file that is not empty."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text:
        yield text


def kind_of(text: mmap.mmap, name: str) -> str:
    """ "lines" (NDJSON), or the type of the one resource. UnreadableFile where it is no FHIR."""
    try:
        kind = _HEAD.decode(text).resourceType
    except RecursionError:
        raise UnreadableFile("reading.json_deep", name=name) from None
    except msgspec.ValidationError:
        kind = None
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _of_lines(text, name)
    if not kind:
        raise UnreadableFile("reading.json_no_fhir", name=name)
    return kind


def _of_lines(text: mmap.mmap, name: str) -> str:
    """Where the whole is no JSON, its first line may be."""
    first = next(_lines(text), b"")
    try:
        kind = _HEAD.decode(first).resourceType
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise UnreadableFile("reading.json_broken", name=name) from None
    if not kind:
        raise UnreadableFile("reading.json_no_fhir", name=name)
    return "lines"


def resources(text: mmap.mmap, name: str, scope: int = 0) -> Iterator[Located]:
    """The resources of a text, in its order; those of Bundles in place of these. UnreadableFile where it is no FHIR."""
    kind = kind_of(text, name)
    if kind != "lines":
        yield from _of(kind, text[:], name, scope, 0)
        return
    for number, line in enumerate(_lines(text)):
        try:
            kind = _HEAD.decode(line).resourceType or ""
        except RecursionError:
            raise UnreadableFile("reading.json_deep", name=name) from None
        except (msgspec.DecodeError, UnicodeDecodeError):
            yield Located(None, b"", scope)
            continue
        yield from _of(kind, line, name, scope + number + 1, 0)


def _of(kind: str, text: bytes, name: str, scope: int, level: int) -> Iterator[Located]:
    if kind != BUNDLE:
        yield Located(kind, text, scope)
        return
    if level > _NESTED:
        raise UnreadableFile("reading.json_deep", name=name)
    _no_second_list(text, name)
    try:
        entries = _ENTRIES.decode(text).entry or []
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise UnreadableFile("reading.json_broken", name=name) from None
    for raw in entries:
        yield from _of_entry(bytes(raw), name, scope, level)


def _of_entry(text: bytes, name: str, scope: int, level: int) -> Iterator[Located]:
    try:
        entry = _AN_ENTRY.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError):
        yield Located(None, b"", scope)
        return
    if entry.resource is None:  # a deletion, or what a server answered
        return
    kind = entry.resource.resourceType or ""
    if kind == BUNDLE:
        inner = msgspec.json.decode(text, type=dict[str, msgspec.Raw])["resource"]
        yield from _of(kind, bytes(inner), name, scope, level + 1)
        return
    yield Located(kind, text, scope, entry.fullUrl or "", within=True)


def _no_second_list(text: bytes, name: str) -> None:
    """UnreadableFile where the Bundle has two lists of entries: one would be read, the other lost."""
    if len(_ENTRY.findall(text)) > 1 and json_text.times_of_key(text, b"entry") > 1:
        raise UnreadableFile("reading.json_twice", name=name)


def _lines(text: mmap.mmap) -> Iterator[bytes]:
    place, end = 3 if text[:3] == b"\xef\xbb\xbf" else 0, len(text)
    while place < end:
        after = text.find(b"\n", place)
        after = end if after < 0 else after
        line = text[place:after].strip()
        if line:
            yield line
        place = after + 1


def shown(kind: str | None) -> str:
    """A type of resource as it may be said: what is none stays unsaid."""
    return kind if kind and _SHOWN.match(kind) else "?"
