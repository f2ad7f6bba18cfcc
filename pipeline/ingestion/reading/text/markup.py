"""A page of HTML taken apart in one pass: tags and text, whatever is left open in it.

Each mark is looked for from where the last one ended, and one that is not there is not looked for again, so that no
page takes longer than its length. A library would build a tree of the whole page while everybody else waits.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

_NAME = re.compile(r"[a-zA-Z][^\s/>]*")
_ATTRIBUTE = re.compile(r"[\s/]*+([^\s/>=]++)(?:\s*+=\s*+([\"']|[^\s>\"']*+))?")
_PLAIN_TAG = re.compile(r"<(/?[a-zA-Z][a-zA-Z0-9]{0,15}+)>")
_DECLARATIONS = re.compile(r"(?:<(?:\?|!(?!--))[^>]*+>)++")  # any number of them, next to each other
_BEFORE_ANOTHER = re.compile(r"<+(?=<)")
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});?")
_UNSEEN = {tag: re.compile(f"</{tag}", re.IGNORECASE) for tag in ("script", "style")}


_NONE: Mapping[str, str] = MappingProxyType({})


class Mark(NamedTuple):
    """A tag that opens (`tag`) or closes (`/tag`), or a piece of text (`tag` empty), as it stands."""

    tag: str
    text: str = ""
    attributes: Mapping[str, str] = _NONE


@lru_cache(maxsize=256)
def _plain(name: str) -> Mark:
    """A tag without attributes: most tags of a table are such, and alike."""
    return Mark(name.lower())


def readable(text: str) -> str:
    """Text with its references (`&nbsp;`, `&#233;`) in place."""
    return _REFERENCE.sub(lambda found: html.unescape(found[0]), text) if "&" in text else text


class Page:
    """Reads a page from its beginning to its end, once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._absent: set[str] = set()

    def marks(self) -> Iterator[Mark]:
        """Tags and text in their order; comments, declarations, scripts and styles are left out."""
        place = 0
        while (opened := self._find("<", place)) >= 0:
            if opened > place:
                yield Mark("", self._text[place:opened])
            mark, place = self._mark(opened)
            if mark is not None:
                yield mark
            if mark is not None and mark.tag in _UNSEEN:
                place = self._after_unseen(mark.tag, place)
        if place < len(self._text):
            yield Mark("", self._text[place:])

    def _mark(self, place: int) -> tuple[Mark | None, int]:
        """What begins with the `<` at a place, and where it ends."""
        plain = _PLAIN_TAG.match(self._text, place)
        if plain is not None:
            return _plain(plain[1]), plain.end()
        before = _BEFORE_ANOTHER.match(self._text, place)
        if before is not None:  # signs that open nothing
            return Mark("", before[0]), before.end()
        if self._text.startswith("<!--", place):
            return None, self._after("-->", place + 4, place + 4)
        closes = self._text.startswith("/", place + 1)
        name = _NAME.match(self._text, place + 1 + closes)
        if name is not None:
            attributes, end = self._attributes(name.end())
            return Mark("/" * closes + name[0].lower(), "", attributes), end
        if self._text[place + 1 : place + 2] in ("!", "?", "/"):
            many = None if ">" in self._absent else _DECLARATIONS.match(self._text, place)
            if many is not None:
                return None, many.end()
            return None, self._after(">", place + 1, place + 2)
        return Mark("", "<"), place + 1

    def _attributes(self, place: int) -> tuple[dict[str, str], int]:
        """The attributes of a tag and where it ends; a quote that nobody closes ends with the tag."""
        found: dict[str, str] = {}
        while part := _ATTRIBUTE.match(self._text, place):
            name, value, place = part[1].lower(), part[2] or "", part.end()
            if value in ('"', "'"):
                end = self._find(value, place)
                if end < 0:
                    continue
                value, place = self._text[place:end], end + 1
            found.setdefault(name, readable(value))
        return found, self._after(">", place, len(self._text))

    def _after_unseen(self, tag: str, place: int) -> int:
        """Where a script or style is over; one that never ends hides nothing."""
        end = None if tag in self._absent else _UNSEEN[tag].search(self._text, place)
        if end is None:
            self._absent.add(tag)
            return place
        return end.start()

    def _after(self, mark: str, place: int, otherwise: int) -> int:
        end = self._find(mark, place)
        return otherwise if end < 0 else end + len(mark)

    def _find(self, mark: str, place: int) -> int:
        """Where a mark stands from a place on; -1, at no cost, once it was found to be nowhere ahead."""
        if mark in self._absent:
            return -1
        found = self._text.find(mark, place)
        if found < 0:
            self._absent.add(mark)
        return found
