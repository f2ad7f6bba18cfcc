"""A path in a resource → what stands there. `Row` is a resource with all that it can reach."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pipeline.ingestion.reading.fhir.index import Index, Node, Place, many, texts, type_of
from pipeline.resource_declarations import steps

steps_of = cache(steps)


@cache
def ways(path: str) -> tuple[tuple[str, str, str], ...]:
    """The steps of a path (kind, word), each with a name for the way so far: alike where paths begin alike."""
    whole = steps_of(path)
    names = [".".join(map(" ".join, whole[: place + 1])) for place in range(len(whole))]
    return tuple((name, kind, word) for name, (kind, word) in zip(names, whole, strict=True))


@dataclass
class Row:
    """A resource that is a row. `missing` grows: the types of what it points to and the file has not."""

    resource: Node
    place: Place
    index: Index
    missing: set[str] = field(default_factory=set)
    _known: dict[str, list[Any]] = field(default_factory=dict, repr=False)  # paths begin alike

    def __post_init__(self) -> None:
        self.contained = {
            texts(inner, "id"): inner for inner in many(self.resource, "contained") if isinstance(inner, dict)
        }

    def find(self, reference: Node) -> Node | None:
        """What a Reference points to; None, and noted down, where the file has it not."""
        found = self.index.find(reference, self.place, self.contained)
        if found is None and (texts(reference, "reference") or reference.get("identifier")):
            self.missing.add(type_of(reference) or "?")
        return found

    def points_to(self, reference: Node, kind: str) -> bool:
        """Whether a Reference is one to a resource of this type."""
        said = type_of(reference)
        if said:
            return said == kind
        found = self.index.find(reference, self.place, self.contained)
        return found is not None and texts(found, "resourceType") == kind

    def at(self, path: str) -> list[Any]:
        """What stands at a path, in order; empty where nothing does."""
        nodes: list[Any] = [self.resource]
        for so_far, kind, word in ways(path):
            known = self._known.get(so_far)
            nodes = self._known[so_far] = list(self._next(nodes, kind, word)) if known is None else known
            if not nodes:
                break
        return nodes

    def _next(self, nodes: list[Any], kind: str, word: str) -> Iterable[Any]:
        inner = (node for node in nodes if isinstance(node, dict))
        if kind == "name":
            return (found for node in inner for found in many(node, _named(node, word)) if found is not None)
        if kind == "is":
            return (node for node in inner if self.points_to(node, word))
        if kind == "url":
            return (node for node in inner if node.get("url") == word)
        if kind == "back":
            return (f for node in inner for f in self.index.back(word, node, self.place, self.contained))
        return (found for node in inner if (found := self.find(node)) is not None)


def _named(node: Node, word: str) -> str:
    """The key of an element: `value` of an extension is written with its type, `valueString`."""
    if word == "value" and word not in node:
        return next((key for key in node if key.startswith("value")), word)
    return word
