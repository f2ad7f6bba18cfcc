"""A file's columns as they came, but for its free text: what identifies people is taken out of that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.ingestion.parsing.comments import read_comments
from pipeline.ingestion.reading import text_columns
from pipeline.scrubbing.staff import StaffNumbers

_LOOKED_AT = 2_000  # filled cells, the first
_MANY_WORDS = 8  # an address has fewer, as has a full name
_SHARE = 0.05  # of cells with so many words, from which a column is text


@dataclass(frozen=True)
class ScrubbedTable:
    """The table, the places of the columns that were read as text, and how much of each kind was taken out."""

    table: pa.Table
    columns: tuple[int, ...]
    counts: Mapping[str, int]


def scrubbed_table(
    table: pa.Table,
    comments: Collection[str],
    fields: Collection[str] = (),
    *,
    staff: StaffNumbers | None = None,
    progress: Callable[[float], None] | None = None,
) -> ScrubbedTable:
    """The table with free text scrubbed: columns with a header in `comments`, and all other long text but `fields`.

    `fields`: headers of columns that are something else, and stay as they came. `staff`: see `scrub_comment`.
    `progress` is told the share of the columns that is done.
    """
    counts: Counter[str] = Counter()
    chosen = []
    for place, header in enumerate(table.column_names):
        column = table.column(place)
        if _is_text(column) and (header in comments or (header not in fields and holds_long_text(column))):
            chosen.append(place)
            table = table.set_column(place, table.schema.field(place), _scrubbed(column, staff, counts))
        if progress is not None:
            progress((place + 1) / table.num_columns)
    return ScrubbedTable(table, tuple(chosen), dict(counts))


def _is_text(column: pa.ChunkedArray) -> bool:
    return pa.types.is_string(column.type) or pa.types.is_large_string(column.type)


def holds_long_text(column: pa.ChunkedArray) -> bool:
    """Whether a column of strings holds sentences: some of its cells have more words than a name or an address."""
    filled = column.drop_null().slice(0, _LOOKED_AT).to_pylist()
    long = sum(len(text.split(None, _MANY_WORDS)) >= _MANY_WORDS for text in filled)
    return long > _SHARE * len(filled)


def _scrubbed(column: pa.ChunkedArray, staff: StaffNumbers | None, counts: Counter[str]) -> pa.ChunkedArray:
    """Each distinct text is read once, in the order of the file, and counted as often as it stands there."""
    coded = text_columns.coded(column)
    found = read_comments(coded.dictionary.to_pylist(), staff)
    times = [0] * len(found.texts)
    for pair in pc.value_counts(coded.indices.drop_null()).to_pylist():
        times[pair["values"]] = pair["counts"]
    for kind, taken in found.scrubs.items():
        counts[kind] += sum(n * int(of_text) for n, of_text in zip(times, taken, strict=True))
    return pa.chunked_array([pc.take(pa.array(found.texts, column.type), coded.indices)], column.type)
