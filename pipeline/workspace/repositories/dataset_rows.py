"""A data set's row in the database, to and from its record."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import sqlalchemy as sa

from pipeline.records import DatasetInfo
from pipeline.workspace.engine.schema import DATASETS


def revision_name(revision: int) -> str:
    return f"revision-{revision}"


def set_values(connection: sa.Connection, dataset_id: str, **values: Any) -> None:
    connection.execute(DATASETS.update().where(DATASETS.c.id == dataset_id).values(**values))


def canonical(mapping_json: str) -> str:
    return json.dumps(json.loads(mapping_json), ensure_ascii=False, sort_keys=True)


def iso(date: dt.date | None) -> str | None:
    return None if date is None else date.isoformat()


def from_iso(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(text)


def info_of(row: Any) -> DatasetInfo:
    return DatasetInfo(
        id=row.id,
        product=row.product,
        name=row.name,
        created=row.created,
        rows=row.rows,
        is_sample=row.is_sample,
        purpose=row.purpose,
        first_date=from_iso(row.first_date),
        last_date=from_iso(row.last_date),
        usable_for=tuple(json.loads(row.usable_for)),
        vault_until=from_iso(row.vault_until),
        sha256=row.sha256,
        series=row.series_id,
    )
