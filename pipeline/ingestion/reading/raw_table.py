"""What reading hands on: the cells of a file as text, and where each row stands in the spreadsheet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
import pyarrow as pa

from pipeline import per_row
from pipeline.ingestion.reading.cells_file import CellsFile
from pipeline.records import FileFacts, Note


@dataclass(frozen=True)
class RawTable:
    """A file as text, nothing interpreted.

    `table`: every column pa.string(), an empty cell is null; header names as in the file, made unique (a repeat
    gets " (2)"). `row_numbers`: the row of each line as a spreadsheet shows it (the file's first row is 1), in
    increasing order. `format`: csv, xlsx, xls, xlsb, ods, html, parquet, or "junção" of several. `notes`: what was odd
    about the file. `cells`: where the table lies on disk, to whoever reads; its columns are mapped then (`cells_file`).
    """

    table: pa.Table
    row_numbers: np.ndarray | range
    file_name: str
    sha256: str
    size: int
    format: str
    encoding: str | None
    delimiter: str | None
    sheet: str | None
    sheets: tuple[str, ...]
    notes: tuple[Note, ...]
    cells: CellsFile | None = None

    @classmethod
    def of_facts(cls, table: pa.Table, row_numbers: np.ndarray | range, facts: FileFacts) -> Self:
        """The table of a file that is known by its facts: what `facts` of the result gives back."""
        return cls(
            table,
            row_numbers,
            facts.name,
            facts.sha256,
            facts.size,
            facts.format,
            facts.encoding,
            facts.delimiter,
            facts.sheet,
            facts.sheets,
            facts.notes,
        )

    @property
    def rows(self) -> np.ndarray:
        """`row_numbers` as int64, shape (n,)."""
        if isinstance(self.row_numbers, range):
            first = self.row_numbers.start
            return per_row.made(
                len(self.row_numbers), "int64", lambda rows: np.arange(first + rows.start, first + rows.stop)
            )
        return np.asarray(self.row_numbers, "int64")

    @property
    def facts(self) -> FileFacts:
        """What the validation report says of the file."""
        return FileFacts(
            self.file_name,
            self.sha256,
            self.size,
            self.format,
            self.encoding,
            self.delimiter,
            self.sheet,
            self.sheets,
            self.notes,
        )
