"""What the resources of a file point to: by address, by type and id, by contained id, or by a business identifier."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pipeline.ingestion.reading.fhir.vocabulary import TYPE_OF_SYSTEM

Node = dict[str, Any]
_LITERAL = re.compile(r"(?:^|/)([A-Z][A-Za-z]{1,39})/([A-Za-z0-9\-.]{1,64})(?:/_history/[^/]*)?$")


@dataclass(frozen=True)
class Place:
    """Where a resource stands: in which Bundle, and its fullUrl there."""

    scope: int = 0
    url: str = ""


def literal(address: str) -> tuple[str, str] | None:
    """(type, id) of "Patient/45" or "https://…/Patient/45"; None for another address."""
    match = _LITERAL.search(address)
    return (match[1], match[2]) if match else None


def texts(node: Any, name: str) -> str:
    """The text that an element holds, "" where it has none or something else."""
    found = node.get(name) if isinstance(node, dict) else None
    return found.strip() if isinstance(found, str) else ""


def many(node: Any, name: str) -> list[Any]:
    """What an element holds as a list; a single one as a list of it."""
    found = node.get(name) if isinstance(node, dict) else None
    return found if isinstance(found, list) else [] if found is None else [found]


def version(resource: Node) -> str:
    """When this version was made, as it stands; "" where it isn't said."""
    return texts(resource.get("meta"), "lastUpdated")


@dataclass
class Index:
    """The resources of a file that rows may point to, reduced to the elements in `kept`."""

    kept: frozenset[str]
    _by_address: dict[str, Node] = field(default_factory=dict)
    _by_identifier: dict[tuple[str, str, str], Node] = field(default_factory=dict)
    _back: dict[tuple[str, str], list[tuple[str, Node]]] = field(default_factory=lambda: defaultdict(list))
    types: set[str] = field(default_factory=set)

    def add(self, kind: str, resource: Node, place: Place, newer: bool = True) -> None:
        """Puts a resource in; `newer`: whether it takes the place of one with the same address."""
        reduced = {key: value for key, value in resource.items() if key in self.kept}
        self.types.add(kind)
        for address in _addresses(kind, resource, place):
            if newer or address not in self._by_address:
                self._by_address[address] = reduced
        for item in many(resource, "identifier"):
            key = (kind, texts(item, "system"), texts(item, "value"))
            if key[2] and (newer or key not in self._by_identifier):
                self._by_identifier[key] = reduced

    def at(self, kind: str, resource: Node, place: Place) -> Node | None:
        """The resource that stands at the same address already."""
        return next((found for a in _addresses(kind, resource, place) if (found := self._by_address.get(a))), None)

    def all(self, kind: str) -> Iterator[Node]:
        """Each resource of a type once."""
        seen: set[int] = set()
        for found in [*self._by_address.values(), *self._by_identifier.values()]:
            if found.get("resourceType") == kind and id(found) not in seen:
                seen.add(id(found))
                yield found

    def find(self, reference: Node, place: Place, contained: dict[str, Node]) -> Node | None:
        """What a Reference points to; None where the file has it not."""
        address = texts(reference, "reference")
        if address.startswith("#"):
            return contained.get(address[1:])
        if address:
            found = next((n for a in _tried(address, place) if (n := self._by_address.get(a)) is not None), None)
            if found is not None:
                return found
        named = reference.get("identifier")
        key = (type_of(reference), texts(named, "system"), texts(named, "value"))
        return self._by_identifier.get(key) if key[2] else None

    def point_back(self, kind: str, element: str) -> None:
        """Makes ready what `back` answers."""
        for resource in self.all(kind):
            for reference in many(resource, element):
                for key in _keys(reference, self.find(reference, Place(), {})):
                    self._back[f"{kind}:{element}", key].append((texts(resource, "id"), resource))

    def back(self, what: str, reference: Node, place: Place, contained: dict[str, Node]) -> list[Node]:
        """The resources whose element points to the same as a Reference; `what`: "Coverage:beneficiary"."""
        found: dict[int, tuple[str, Node]] = {}
        for key in _keys(reference, self.find(reference, place, contained)):
            found |= {id(resource): (name, resource) for name, resource in self._back.get((what, key), ())}
        return [resource for _, resource in sorted(found.values(), key=_rank)]


def type_of(reference: Node) -> str:
    """The type of what a Reference points to, as far as it says so itself; "" where it doesn't."""
    known = literal(texts(reference, "reference"))
    if known:
        return known[0]
    system = texts(reference.get("identifier"), "system")
    return texts(reference, "type") or next((kind for sign, kind in TYPE_OF_SYSTEM if sign in system), "")


def _rank(named: tuple[str, Node]) -> tuple[bool, int, str]:
    """Those in force first, then by the order that they say, then by their ids: never by their place in the file."""
    name, resource = named
    order = resource.get("order")
    first = order if isinstance(order, int) else 1_000
    return texts(resource, "status") not in ("", "active"), first, name


def _keys(reference: Node, found: Node | None) -> set[str]:
    """What tells a target from others, whether or not the file holds it."""
    known, keys = literal(texts(reference, "reference")), set()
    if found is not None:
        keys |= {f"{texts(found, 'resourceType')}/{texts(found, 'id')}"} if texts(found, "id") else {f"#{id(found)}"}
    if known:
        keys.add("/".join(known))
    value = texts(reference.get("identifier"), "value")
    return keys | ({f"|{value}"} if value else set())


def _addresses(kind: str, resource: Node, place: Place) -> list[str]:
    """Under which addresses a resource is found, the surest first."""
    found = []
    if place.url:
        found.append(f"{place.scope}|{place.url}" if place.url.startswith("urn:") else _plain(place.url))
    name = texts(resource, "id")
    return [*found, f"{kind}/{name}"] if name else found


def _tried(address: str, place: Place) -> list[str]:
    """The addresses that a reference may mean: within its Bundle, at its server, by type and id."""
    if address.startswith("urn:"):
        return [f"{place.scope}|{address}"]
    known = literal(address)
    here = literal(place.url)
    if known is None:
        return [address]
    short = "/".join(known)
    if "://" in address:
        return [_plain(address), short]
    base = _plain(place.url)[: -len("/".join(here))] if here and "://" in place.url else ""
    return [base + short, short] if base else [short]


def _plain(address: str) -> str:
    """An address without its version."""
    return address.partition("/_history/")[0]
