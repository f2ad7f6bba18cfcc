"""What a product declares of FHIR: which resource is one of its rows, and in which elements its fields stand.

Paths are FHIRPath, of which only a little is spoken: names of elements, `resolve()`, `where(resolve() is Location)`,
`where(url='…')` of an extension, and `revinclude(Coverage:beneficiary)` (the resources that point back, as FHIR's
search says it). The first path that gives something counts, and of what it gives the first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from pipeline.declaring import require, unique

STEP = re.compile(
    r"where\(resolve\(\) is ([A-Z][A-Za-z]+)\)|where\(url='([^']+)'\)|revinclude\(([A-Z][A-Za-z]+):([a-z][A-Za-z]*)\)"
    r"|(resolve\(\))|([a-z][A-Za-z]*)"
)
_TYPE = re.compile(r"^[A-Z][A-Za-z]{1,39}$")


class ReadAs(StrEnum):
    """How what stands at a path becomes the text of a cell."""

    TEXT = "text"  # a string or code, as it stands
    CONCEPT = "concept"  # CodeableConcept: its text, else what its first code is called, else the code
    DATE = "date"  # dateTime, instant or date: d/m/y with the time, on the wall clock of Brazil
    NAME = "name"  # Reference: the name of what it points to, else how it is called there, else its identifier
    PATIENT = "patient"  # Reference to a patient: the id that tells this patient from others


class Aside(StrEnum):
    """Why a resource is no row that can be used."""

    INVALID = "invalid"  # the library that knows FHIR refuses it
    WITHDRAWN = "withdrawn"  # it says of itself that it was entered in error
    OTHER = "other"  # its status is of something that is no row of the product
    OLDER = "older"  # the same file holds a newer version


@dataclass(frozen=True)
class Element:
    """Where a field stands. `words`: codes → how the product writes them, also names of types where a Reference is
    read. `profiled`: (profile, code, word), where a national profile means something else by a code. `without`: systems
    of codes that say nothing of the field. Without a `field` it is a column of the file that is only handed through,
    under `header`.
    """

    field: str
    paths: tuple[str, ...]
    read: ReadAs = ReadAs.TEXT
    words: tuple[tuple[str, str], ...] = ()
    profiled: tuple[tuple[str, str, str], ...] = ()
    without: tuple[str, ...] = ()
    header: str = ""
    remark: str = ""  # for the documentation

    def __post_init__(self) -> None:
        require(bool(self.field) != bool(self.header), f"element {self.paths}: a field or a header of its own")
        require(bool(self.paths), f"element {self.field or self.header}: no path")
        unique([code for code, _ in self.words], f"element {self.field or self.header}: words")
        for path in self.paths:
            steps(path)


@dataclass(frozen=True)
class ResourceMapping:
    """A type of resource as a product's rows. `aside`: (status, reason) of those that are none;
    `event`: (system, code) of what is predicted.
    """

    resource: str
    elements: tuple[Element, ...]
    status: str = "status"
    aside: tuple[tuple[str, Aside], ...] = ()
    event: tuple[str, str] | None = None

    def __post_init__(self) -> None:
        require(bool(_TYPE.match(self.resource)), f"{self.resource!r} is no type of resource")
        unique([e.field or e.header for e in self.elements], f"{self.resource}: elements")


@dataclass(frozen=True)
class ResourceTable:
    """A mapping as reading needs it: the headers of the columns in place of the product's fields."""

    resource: str
    columns: tuple[tuple[str, Element], ...]
    status: str = "status"
    aside: tuple[tuple[str, Aside], ...] = ()


def steps(path: str) -> tuple[tuple[str, str], ...]:
    """A path as steps (kind, word): name, is, url, resolve, back ("Coverage:beneficiary"). ContractError for others."""
    found: list[tuple[str, str]] = []
    place = 0
    while place < len(path):
        match = STEP.match(path, place)
        require(match is not None, f"path {path!r} can't be read at {path[place:][:20]!r}")
        assert match is not None
        of_type, url, back, element, resolves, name = match.groups()
        found.append(
            ("is", of_type)
            if of_type
            else ("url", url)
            if url
            else ("back", f"{back}:{element}")
            if back
            else ("resolve", "")
            if resolves
            else ("name", name)
        )
        place = match.end()
        require(place == len(path) or path[place] == ".", f"path {path!r} goes on without a point")
        place += 1
    require(bool(found) and not path.endswith("."), f"path {path!r} ends too early")
    return tuple(found)
