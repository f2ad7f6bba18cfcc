"""How much of a file is read at most: every limit of the reading room.

What is uploaded has the set sizes of `LIMITS`; a path on this machine is read up to what its memory can hold
(`within`): what a table costs is estimated from its lines and columns, and held against that.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from pipeline.errors import UnreadableFile

MB = 1_000_000
_START = 250 * MB  # of a process that has its libraries
_ROW, _CELL, _DISTINCT = 60, 12, 300  # bytes: of each row, of each of its cells, of each distinct text


@dataclass(frozen=True)
class Limits:
    """Sizes in bytes, lengths in characters. A file over one of them is refused, and told which."""

    max_file_bytes: int = 300 * MB  # as it arrives
    max_unpacked_bytes: int = 600 * MB  # of a .gz, or of all the parts of a workbook together
    max_html_bytes: int = 40 * MB  # of a page, unpacked: taking it apart costs up to half a second for each megabyte
    max_part_bytes: int = 20 * MB  # of a part of a workbook that holds no cells, unpacked: styles, names, types
    max_part_marks: int = 1_000_000  # tags of the parts that are read whole: openpyxl takes some 8 µs for each
    max_part_ratio: int = 100  # unpacked over packed, of any part over `max_part_bytes`; real sheets have 8 to 40
    max_gzip_ratio: int = 100  # the same of a .gz beyond `trusted_bytes`; real tables have 5 to 30
    trusted_bytes: int = 600 * MB  # unpacked, up to which the ratio of a .gz says nothing
    max_rows: int = 2_000_000  # of a workbook's sheet also those that hold nothing
    max_lines: int = 20_000_000  # of a text file: blank ones too, and those within quotes
    max_shared_texts: int = 3_000_000  # distinct texts of a workbook
    max_repeated_cells: int = 3_000_000  # filled ones of an .ods, of all its sheets, beyond those that are written out
    max_columns: int = 500
    max_line_bytes: int = 1 * MB  # one record of a text file
    max_cell_chars: int = 200_000
    header_rows: int = 20  # rows at the top among which the header is looked for
    mapped_from: int = 32 * MB  # of text: from here on cells lie on disk, not in memory
    memory: int = 0  # bytes that a table may cost once it is read; 0: its rows are counted, not weighed


LIMITS = Limits()


def within(memory: int) -> Limits:
    """The limits of a file that lies on this machine: as many rows as `memory` bytes can hold, and no fewer than of an
    upload; never fewer bytes either. How long its text is does not matter: the disk must hold it.
    """
    rows = max(LIMITS.max_rows, memory // (_ROW + _CELL))
    most = max(LIMITS.max_unpacked_bytes, rows * 2_000)
    return replace(
        LIMITS,
        max_file_bytes=most,
        max_unpacked_bytes=most,
        max_rows=rows,
        max_lines=LIMITS.max_lines + rows,
        memory=memory,
    )


def of_other_kinds(limits: Limits) -> Limits:
    """The limits of what is no plain text: workbooks, pages and resources are read whole, wherever they lie."""
    return replace(
        limits,
        max_file_bytes=min(limits.max_file_bytes, LIMITS.max_file_bytes),
        max_unpacked_bytes=min(limits.max_unpacked_bytes, LIMITS.max_unpacked_bytes),
        max_rows=min(limits.max_rows, LIMITS.max_rows),
        max_lines=min(limits.max_lines, LIMITS.max_lines),
    )


def cost(rows: int, columns: int, distinct: int = 0) -> int:
    """Bytes that checking a table takes, estimated (measured: see docs/escala.md)."""
    return _START + rows * (_ROW + _CELL * columns) + _DISTINCT * distinct


def weigh(rows: int, columns: int, name: str, limits: Limits) -> None:
    """UnreadableFile where a table of so many rows and columns would not fit in the memory there is."""
    needed = cost(rows, columns)
    if limits.memory and rows > LIMITS.max_rows and needed > limits.memory:
        raise UnreadableFile("reading.too_much_memory", name=name, rows=rows, needed=needed, free=limits.memory)
