"""The resources of a file → its table: a row of each that a product declares, with what it points to."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from pipeline.errors import UnreadableFile
from pipeline.ingestion.reading.fhir import cells
from pipeline.ingestion.reading.fhir.documents import Located, shown
from pipeline.ingestion.reading.fhir.elements import Row, steps_of
from pipeline.ingestion.reading.fhir.identity import local_system
from pipeline.ingestion.reading.fhir.index import Index, Node, Place, many, texts, version
from pipeline.ingestion.reading.fhir.json_text import LONGEST, Unfit
from pipeline.ingestion.reading.fhir.judge import Judge
from pipeline.ingestion.reading.fhir.vocabulary import RESOURCE, SITUATION, SITUATIONS, SUBJECT
from pipeline.ingestion.reading.limits import Limits
from pipeline.records import Note, note
from pipeline.resource_declarations import Aside, ReadAs, ResourceTable

Read = Callable[[], Iterator[Located]]
_ALWAYS = frozenset({"resourceType", "id", "meta", "identifier", "name", "status", "order"})
_TYPES_NAMED, _FAULTS_NAMED = 6, 5


@dataclass
class _Found:
    """What grows while rows are read."""

    cells: list[list[str | None]]
    aside: list[Aside | None] = field(default_factory=list)
    resources: list[str | None] = field(default_factory=list)
    subjects: list[str | None] = field(default_factory=list)
    newest: dict[str, tuple[dt.datetime | None, int]] = field(default_factory=dict)
    missing: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)


def table_of(read: Read, tables: Sequence[ResourceTable], name: str, limits: Limits) -> tuple[pa.Table, list[Note]]:
    """The table of the resources that `read` gives (twice), and what was odd about them.

    UnreadableFile where none is of a declared type.
    """
    kinds = Counter(shown(one.kind) for one in read())
    chosen = next((table for table in tables if kinds[table.resource]), None)
    if chosen is None:
        raise UnreadableFile(
            "reading.fhir_no_rows",
            name=name,
            found=sorted(kind for kind in kinds if kind != "?")[:_TYPES_NAMED],
            wanted=[table.resource for table in tables],
        )
    if kinds[chosen.resource] > limits.max_rows:
        raise UnreadableFile("reading.too_many_rows", name=name, limit=limits.max_rows)
    index = _index(read, chosen)
    system = local_system(index.all("Patient"))
    found = _Found([[] for _ in chosen.columns])
    judge = Judge(chosen.resource)
    for one in read():
        if one.kind == chosen.resource or one.kind is None:
            _row(one, chosen, index, system, judge, found)
    return _table(chosen, found)


def _index(read: Read, table: ResourceTable) -> Index:
    """Everything that rows may point to; of two versions the newer."""
    words = [step for _, element in table.columns for path in element.paths for step in steps_of(path)]
    backs = {word for kind, word in words if kind == "back"}
    kept = _ALWAYS | {word for kind, word in words if kind == "name"} | {word.partition(":")[2] for word in backs}
    index = Index(frozenset(kept))
    for one in read():
        if one.kind in (None, table.resource, ""):
            continue
        try:
            resource = one.content()
        except Unfit:
            continue  # what points to it is told as missing
        place = Place(one.scope, one.url)
        before = index.at(str(one.kind), resource, place)
        index.add(str(one.kind), resource, place, newer=before is None or _moment(resource) >= _moment(before))
    for what in sorted(backs):
        kind, _, element = what.partition(":")
        index.point_back(kind, element)
    return index


_EARLIEST = dt.datetime.min.replace(tzinfo=dt.UTC)


def _moment(resource: Node) -> dt.datetime:
    """When this version was made; the earliest moment where it isn't said."""
    try:
        found = dt.datetime.fromisoformat(version(resource))
    except ValueError:
        return _EARLIEST
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)


def _row(one: Located, table: ResourceTable, index: Index, system: str, judge: Judge, found: _Found) -> None:
    place = Place(one.scope, one.url)
    try:
        resource = one.content() if one.kind else {}
        faults = judge.faults(resource) if one.kind else ("?",)
    except Unfit as error:
        resource, faults = {}, (f"json_{error.why}",)
    row = Row(resource, place, index)
    profiles = [p for p in many(resource.get("meta"), "profile") if isinstance(p, str)]
    for column, (header, element) in zip(found.cells, table.columns, strict=True):
        cell = cells.text_of(element, row, system, profiles)
        if cell and len(cell) > LONGEST:
            cell, faults = None, (*faults, header)
        column.append(cell)
    found.resources.append(_address(table.resource, resource, place))
    found.subjects.append(_subject(row, table))
    found.aside.append(_aside(resource, table, faults))
    found.faults.update(faults)
    if not faults:
        found.missing.update(row.missing)
        _supersede(resource, place, found)


def _aside(resource: Node, table: ResourceTable, faults: tuple[str, ...]) -> Aside | None:
    if faults:
        return Aside.INVALID
    return dict(table.aside).get(texts(resource, table.status))


def _supersede(resource: Node, place: Place, found: _Found) -> None:
    """Of two versions the newer stays; where they don't say, the later in the file."""
    key = _key(resource, place)
    if not key:
        return
    here, moment = len(found.aside) - 1, _moment(resource)
    known = found.newest.get(key)
    if known is None:
        found.newest[key] = (moment, here)
        return
    older = here if known[0] is not None and moment < known[0] else known[1]
    found.aside[older] = Aside.OLDER
    if older != here:
        found.newest[key] = (moment, here)


def _key(resource: Node, place: Place) -> str:
    url = place.url.partition("/_history/")[0]
    if "://" in url:
        return url
    name = texts(resource, "id")
    return name or (f"{place.scope}|{url}" if url else "")


def _address(kind: str, resource: Node, place: Place) -> str | None:
    """How the resource is pointed to from elsewhere."""
    name = texts(resource, "id")
    return f"{kind}/{name}" if name else place.url or None


def _subject(row: Row, table: ResourceTable) -> str | None:
    """The reference to the patient, as it came: an address, or "system|value"."""
    for _, element in table.columns:
        if element.read is not ReadAs.PATIENT:
            continue
        for path in element.paths:
            for node in row.at(path):
                named = node.get("identifier") if isinstance(node, dict) else None
                value = texts(named, "value")
                told = texts(node, "reference") or (f"{texts(named, 'system')}|{value}" if value else "")
                if told and not told.startswith("#"):
                    return told
    return None


def _table(table: ResourceTable, found: _Found) -> tuple[pa.Table, list[Note]]:
    notes = [note("reading.fhir", resource=table.resource, rows=len(found.aside))]
    columns: dict[str, pa.Array] = {}
    for (header, element), column in zip(table.columns, found.cells, strict=True):
        if element.read is ReadAs.DATE:
            column, days = cells.dates(column)
            if days:
                notes.append(note("reading.fhir_midnight", column=header))
        if any(cell is not None for cell in column):
            columns[header] = pa.array(column, pa.string())
    situations = [SITUATIONS[why] if why else None for why in found.aside]
    columns[RESOURCE] = pa.array(found.resources, pa.string())
    for header, own in ((SUBJECT, found.subjects), (SITUATION, situations)):
        if any(own):
            columns[header] = pa.array(own, pa.string())
    return pa.table(columns), notes + _odd(found)


def _odd(found: _Found) -> list[Note]:
    notes = []
    invalid = sum(why is Aside.INVALID for why in found.aside)
    if invalid:
        named = [place for place, _ in found.faults.most_common(_FAULTS_NAMED)]
        notes.append(note("reading.fhir_invalid", count=invalid, places=named))
    notes += [
        note("reading.fhir_missing", resource=kind, rows=rows)
        for kind, rows in sorted(found.missing.items(), key=lambda pair: (-pair[1], pair[0]))[:_TYPES_NAMED]
        if kind != "?"
    ]
    return notes
