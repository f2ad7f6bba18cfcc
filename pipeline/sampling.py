"""Writes the chunks of a sample generator as the CSV that Brazilian Excel opens."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from pipeline import atomic


def write_csv(chunks: Iterator[pa.Table], path: Path) -> int:
    """Streams `chunks` to `path`: `;`, UTF-8 with BOM, one header. Returns the rows written.

    Quotes are written only where a cell needs them; an empty cell is an empty text or a null. The file appears
    whole or not at all (OSError where it can't be written).
    """
    rows, header = 0, False
    with atomic.replacing(path) as unfinished, unfinished.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out, delimiter=";", lineterminator="\n")
        for chunk in chunks:
            if not header:
                writer.writerow(chunk.column_names)
                header = True
            writer.writerows(zip(*(column.to_pylist() for column in chunk.columns), strict=True))
            rows += chunk.num_rows
    return rows
