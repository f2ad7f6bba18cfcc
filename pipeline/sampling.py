"""Writes the chunks of a sample generator as the CSV that Brazilian Excel opens, or as resources of FHIR."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipeline import atomic

FHIR_ENDINGS = (".ndjson", ".json")


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


def write_fhir(chunks: Iterator[pa.Table], resources: Callable[..., Iterator[dict[str, Any]]], path: Path) -> int:
    """The same as resources of FHIR: one a line, or where the name ends in .json a Bundle of type collection."""
    rows = [row for chunk in chunks for row in chunk.to_pylist()]
    lines = [json.dumps(resource, ensure_ascii=False) for resource in resources(rows)]
    if path.suffix.lower() == FHIR_ENDINGS[0]:
        text = "".join(f"{line}\n" for line in lines)
    else:
        entries = ",\n".join(f'{{"resource": {line}}}' for line in lines)
        text = f'{{"resourceType": "Bundle", "type": "collection", "entry": [\n{entries}\n]}}\n'
    atomic.write(path, text.encode())
    return len(rows)
