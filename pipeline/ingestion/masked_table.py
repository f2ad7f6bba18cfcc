"""A file's columns without what says who the patients are: ids as the workspace's pseudonyms, and no column of which
the product says nothing, since a name or a phone may stand in it.

What a column is called decides nothing. A field says what its cells are: whoever it identifies is a code, another
personal one (a postal code) is left out; free text is scrubbed as a comment is; where names of people have no place
(dates, closed sets) a cell with one is emptied, and from every other the numbers of somebody go.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.contract import Field, FieldKind, Role
from pipeline.ingestion.parsing.comments import read_comments
from pipeline.ingestion.reading import text_columns
from pipeline.privacy import code, pseudonym
from pipeline.scrubbing.labels import names_somebody, safe_header, without_numbers

_DAY = re.compile(r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?")  # holds no number of anybody


@dataclass(frozen=True)
class MaskedTable:
    """The table, and which columns of the whole one are left, rising."""

    table: pa.Table
    places: tuple[int, ...]


def masked_table(table: pa.Table, fields: Sequence[Field | None], key: bytes) -> MaskedTable:
    """The table without identities. `fields`: what each column is, None for one that the product does not know;
    `key`: the workspace's, of its pseudonyms.
    """
    known = zip(range(table.num_columns), fields, strict=False)  # what a recipe added behind is of no field
    places = tuple(place for place, item in known if item is not None and _stays(item))
    made = pa.table(
        [_column(table.column(place), _field(fields[place]), key) for place in places],
        names=_told_apart([safe_header(table.column_names[place]) for place in places]),
    )
    return MaskedTable(made, places)


def _field(found: Field | None) -> Field:
    assert found is not None, "columns of no field are left out"
    return found


def _stays(item: Field) -> bool:
    return not item.personal or item.role is Role.PATIENT


def _told_apart(names: Sequence[str]) -> list[str]:
    """Two headers that were alike but for somebody's number are told apart by their place."""
    return [name if names.index(name) == place else f"{name} ({place + 1})" for place, name in enumerate(names)]


def _column(cells: pa.ChunkedArray, item: Field, key: bytes) -> pa.ChunkedArray:
    """Each distinct text is read once."""
    coded = text_columns.coded(cells)
    made = _hiding(item, key)(coded.dictionary.to_pylist())
    return pa.chunked_array([pc.take(pa.array(made, pa.string()), coded.indices)], pa.string())


def _hiding(item: Field, key: bytes) -> Callable[[list[str]], list[str | None]]:
    if item.role is Role.PATIENT:
        return lambda texts: [code(pseudonym(text, key)) if text.strip() else text for text in texts]
    if item.kind is FieldKind.FREE_TEXT:
        return lambda texts: list(read_comments(texts).texts)
    named = item.kind is FieldKind.OPEN  # places and procedures are called after people
    return lambda texts: [_cell(text, named=named) for text in texts]


def _cell(text: str, *, named: bool) -> str | None:
    if _DAY.fullmatch(text):
        return text
    return None if not named and names_somebody(text) else without_numbers(text)
