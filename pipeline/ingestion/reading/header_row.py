"""Where the header stands among the first rows, and headers as names of columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pipeline.ingestion.reading.vocabulary import NO_HEADER
from pipeline.records import Note, note

Record = Sequence[str | None]


def filled(record: Record) -> list[str]:
    """The cells that hold something, in order."""
    return [cell for cell in record if cell and not cell.isspace()]


def usual_width(records: Sequence[Record]) -> int:
    """The most frequent number of cells among records that hold something (the widest, where two tie)."""
    widths = Counter(len(r) for r in records if filled(r))
    return max(widths, key=lambda w: (widths[w], w)) if widths else 0


def find_header(records: Sequence[Record], among: int) -> int:
    """The place of the header in `records`: nearly always the first row that holds something.

    A title or legend above it fills less than half of the usual number of cells; a row of groups (merged cells
    written out) repeats itself, and the row below is all text.
    """
    top = [(i, filled(r)) for i, r in enumerate(records[:among])]
    usual = Counter(len(filled(r)) for r in records if filled(r))
    width = max(usual, key=lambda w: (usual[w], w)) if usual else 0
    first = next((i for i, cells in top if cells), 0)
    if width < 3:
        return first
    place = next((i for i, cells in top if len(cells) >= max(2, width / 2)), first)
    cells = filled(records[place])
    below = filled(records[place + 1]) if place + 1 < min(len(records), among) else []
    groups = len(set(cells)) <= len(cells) / 2
    names = len(below) >= 0.8 * width and len(set(below)) == len(below) and not any(map(_has_digit, below))
    return place + 1 if groups and names else place


def second_header(header: Record, below: Sequence[Record]) -> bool:
    """Whether the first row under the header reads like a header too: words where the other rows have numbers."""
    if (
        len(below) < 3
        or len(filled(below[0])) < max(2, len(filled(header)) / 2)
        or any(map(_has_digit, filled(below[0])))
    ):
        return False
    rest = below[1:]
    columns = range(min(len(header), len(below[0])))
    numeric = sum(
        sum(len(r) > i and _has_digit(r[i]) for r in rest) >= 0.5 * len(rest) and bool(below[0][i]) for i in columns
    )
    return numeric >= 2


def _has_digit(cell: str | None) -> bool:
    return any(c.isdigit() for c in cell or "")


def names_of(header: Record, width: int) -> list[str]:
    """`width` names, as in the file; a blank one gets a name, a repeated one a number."""
    names: list[str] = []
    taken: set[str] = {cell for cell in header if cell}
    used: set[str] = set()
    for i in range(width):
        cell = header[i] if i < len(header) else None
        name = cell if cell and not cell.isspace() else NO_HEADER
        candidate, n = name, 1
        while candidate in used or (n > 1 and candidate in taken):
            n += 1
            candidate = f"{name} ({n})"
        used.add(candidate)
        names.append(candidate)
    return names


def header_notes(header: Record, row: int, above: int, below: Sequence[Record]) -> list[Note]:
    """What is unusual about a header; `above` counts the rows over it that hold something."""
    notes = []
    if above:
        notes.append(note("reading.header_at", row=row, above=above))
    if second_header(header, below):
        notes.append(note("reading.second_header", row=row + 1))
    repeated = sum(n > 1 for n in Counter(filled(header)).values())
    if repeated:
        notes.append(note("reading.repeated_names", count=repeated))
    return notes
