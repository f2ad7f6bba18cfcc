"""Beside each data set's folder and each model's bundle, what the database says of it:
a lost database can be made again.

Nothing in them that the database does not hold, too: no rows, no cells.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from pipeline.workspace.engine.database import Database
from pipeline.workspace.engine.schema import DATASETS, MODELS, SERIES
from pipeline.workspace.storage import atomic_files

RECORD = "record.json"
DATASETS_FOLDER, MODELS_FOLDER = "datasets", "models"
_TABLES = {DATASETS_FOLDER: DATASETS, MODELS_FOLDER: MODELS}


def place(above: Path, kind: str, record_id: str) -> Path:
    """Where the record of a data set or model lies, below the folder that holds them all."""
    return above / record_id / RECORD if kind == DATASETS_FOLDER else above / f"{record_id}.json"


def read(path: Path) -> dict[str, Any] | None:
    """What `refresh` wrote; None where there is nothing that makes sense."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and isinstance(found.get("row"), dict) else None


def refresh(database: Database, home: Path, fingerprint: str, staging: Path) -> None:
    """Writes what is missing or no longer true; what can't be written now is written at the next start."""
    for path, content in _expected(database, home, fingerprint):
        try:
            if not path.exists() or path.read_bytes() != content:
                atomic_files.put(content, path, staging)
        except OSError:
            continue


def _expected(database: Database, home: Path, fingerprint: str) -> Iterator[tuple[Path, bytes]]:
    """Where each record lies and what it is to say; only beside what is there."""
    with database.read() as connection:
        series = {row.id: dict(row._mapping) for row in connection.execute(sa.select(SERIES))}
        rows = {
            kind: [dict(row._mapping) for row in connection.execute(sa.select(table))]
            for kind, table in _TABLES.items()
        }
    for kind, records in rows.items():
        for row in records:
            path = place(home / kind, kind, row["id"])
            held = path.parent if kind == DATASETS_FOLDER else path.with_suffix(".zip")
            if held.exists():
                said = {"row": row, "series": series.get(row["series_id"]), "key": fingerprint}
                yield path, json.dumps(said, ensure_ascii=False, sort_keys=True).encode()


def fitting(kind: str, row: dict[str, Any]) -> dict[str, Any]:
    """A row with the columns that the table has today; those of another version are left out."""
    return {key: value for key, value in row.items() if key in _TABLES[kind].c}
