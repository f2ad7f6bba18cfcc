"""How much of a file is read at most: every limit of the reading room."""

from __future__ import annotations

from dataclasses import dataclass

MB = 1_000_000


@dataclass(frozen=True)
class Limits:
    """Sizes in bytes, lengths in characters. A file over one of them is refused, and told which."""

    max_file_bytes: int = 300 * MB  # as it arrives
    max_unpacked_bytes: int = 600 * MB  # of a .gz, or of all the parts of a workbook together
    max_html_bytes: int = 40 * MB  # of a page, unpacked: taking it apart costs up to half a second for each megabyte
    max_part_bytes: int = 20 * MB  # of a part of a workbook that holds no cells, unpacked: styles, names, types
    max_part_marks: int = 1_000_000  # tags of the parts that are read whole: openpyxl takes some 8 µs for each
    max_part_ratio: int = 100  # unpacked over packed, of any part over `max_part_bytes`; real sheets have 8 to 40
    max_rows: int = 2_000_000  # of a workbook's sheet also those that hold nothing
    max_lines: int = 20_000_000  # of a text file: blank ones too, and those within quotes
    max_shared_texts: int = 3_000_000  # distinct texts of a workbook
    max_repeated_cells: int = 3_000_000  # filled ones of an .ods, of all its sheets, beyond those that are written out
    max_columns: int = 500
    max_line_bytes: int = 1 * MB  # one record of a text file
    max_cell_chars: int = 200_000
    header_rows: int = 20  # rows at the top among which the header is looked for


LIMITS = Limits()
